"""The engine: LocalStack in a local process, with plugins that replace Docker.

LocalStack loads `plugins` through the entry points in pyproject.toml; it lists everything that is
changed in LocalStack and moto, each callable in one module:

gateway    who calls, and what they may do
invoke     a function's process, its invocations and their logs
rules      what leads to an invocation: the clock, rules and notifications
streams    event source mappings
meter      what each account has used
lifetime   how the engine is found, and when it ends
"""
