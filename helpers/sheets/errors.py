"""Errors of sheets.

SheetError
├── SheetFault      a worked sheet breaks the rules for sheets; nothing was changed
└── SheetStopped    a cell raised an error or took too long, or its kernel died
NoWorkedAnswer      there is no worked sheet, or it does not have that exercise
"""

from __future__ import annotations


class SheetError(Exception):
    """Its message tells the author of a lab where it is, what is wrong and what to do next."""


class SheetFault(SheetError):
    """A worked sheet breaks the rules for sheets."""


class SheetStopped(SheetError):
    """A sheet did not run to its end."""


class NoWorkedAnswer(LookupError):
    """There is no worked answer here; in a class the teacher has it."""
