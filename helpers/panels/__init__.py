"""Interfaces of widgets, in a lab; each says as text how to do the same in code."""

from helpers.panels.invoke import InvokePanel
from helpers.panels.request import RequestPanel

__all__ = ["InvokePanel", "RequestPanel"]
