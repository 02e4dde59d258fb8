"""The engine: LocalStack in a local process, with plugins that replace Docker.

LocalStack loads `plugins` through the entry points in pyproject.toml; it lists everything that is
changed in LocalStack and moto, each callable in one module:

gateway    authentication and authorization
invoke     a function's process, its invocations and their logs
rules      the clock, EventBridge's rules, and S3's notifications
streams    event source mappings
meter      what each account has used
lifetime   how the engine is found, and when it ends
"""
