"""Serverless Lab: all that a notebook needs, under one name.

from helpers import Lab
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpers.lab import Lab

__all__ = ["Lab"]


def __getattr__(name: str) -> Any:
    """Import Lab, and boto3 with it, on first use: `lab --help` needs neither."""
    if name != "Lab":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from helpers.lab import Lab

    return Lab
