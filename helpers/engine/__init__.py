"""The engine: LocalStack in a local process, with the few plugins that let it do without Docker.

LocalStack loads `plugins` through the entry points in pyproject.toml; everything else here is
what those plugins stand on. `settings` is the one module that runs outside the engine.
"""
