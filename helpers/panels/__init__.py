"""Interfaces of widgets, in a lab; each says as text how to do the same in code."""

from helpers.panels.invoke import InvokePanel
from helpers.panels.photo import PhotoPanel
from helpers.panels.request import RequestPanel
from helpers.panels.schedule import SchedulePanel
from helpers.panels.sender import SenderPanel
from helpers.panels.stream import StreamPanel

__all__ = [
    "InvokePanel",
    "PhotoPanel",
    "RequestPanel",
    "SchedulePanel",
    "SenderPanel",
    "StreamPanel",
]
