"""Sheets and worked sheets: build, run, show; and the worked answers in them.

Cheap to import: what takes seconds (nbformat, nbclient, nbconvert) is loaded where it is used.
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
