"""Interfaces of widgets; each also says as text how to do the same in code."""
