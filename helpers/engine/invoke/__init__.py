"""Invocations: a function's process, its Runtime API, limits, recursion and logs."""
