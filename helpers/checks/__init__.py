"""Building blocks for checks, shared by all labs.

What nearly every check uses is here by one import; the blocks are in modules of their own, and the
links of a trigger chain in links/.
"""

from helpers.checks.diagnosis import Diagnosis, first_of, require
from helpers.checks.evidence import compare
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import CantCheck, Incorrect, Link, NotAttempted

__all__ = [
    "CantCheck",
    "Diagnosis",
    "Incorrect",
    "Link",
    "NotAttempted",
    "Probe",
    "compare",
    "first_of",
    "require",
]
