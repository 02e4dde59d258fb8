"""What can go wrong with sheets.

SheetError
├── SheetFault      a worked sheet is not written as sheets are; nothing was changed
└── SheetStopped    a cell raised, took too long, or its kernel died
NoWorkedAnswer      there is no worked sheet, or it does not hold that exercise
"""

from __future__ import annotations


class SheetError(Exception):
    """Where it is, what is wrong and what to do next, in words for the author of a lab."""


class SheetFault(SheetError):
    """A worked sheet is not written as sheets are."""


class SheetStopped(SheetError):
    """A sheet did not run to its end."""


class NoWorkedAnswer(LookupError):
    """There is no worked answer to show; in a class the teacher has it."""
