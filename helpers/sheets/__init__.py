"""Sheets and worked sheets: build them, run them, show them, find the worked answers in them.

This is cheap to import: nbformat, nbclient and nbconvert, which take seconds, are loaded on use.
"""

from helpers.sheets.answers import worked_answer
from helpers.sheets.build import build, differences
from helpers.sheets.errors import NoWorkedAnswer, SheetError, SheetFault, SheetStopped
from helpers.sheets.page import page, write_page
from helpers.sheets.run import CellRun, play

__all__ = [
    "CellRun",
    "NoWorkedAnswer",
    "SheetError",
    "SheetFault",
    "SheetStopped",
    "build",
    "differences",
    "page",
    "play",
    "worked_answer",
    "write_page",
]
