"""CloudWatch Logs' filter patterns.

    ERROR timeout     both words                 ?ERROR ?WARN     either word
    "not found"       the phrase                 ERROR -retry     the first without the second

    { $.ms > 100 }    see helpers/aws/log_filters.py

Patterns of fields, `[ip, user, ...]`, and `%regular expressions%` are refused: matching every event
would be wrong.
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html, 2026-11-21)
"""

import re
from collections.abc import Callable
from typing import Any

from moto.logs.exceptions import InvalidParameterException

from helpers.aws.log_filters import UnsupportedPattern, json_test

TERM = re.compile(r'(?P<sign>[?-]?)(?:"(?P<phrase>[^"]*)"|(?P<word>\S+))')
REFUSED = (
    "This cloud does not know filter patterns of this kind: {pattern} would work on AWS. "
    'Words, "phrases" and JSON patterns, {{ $.level = "ERROR" }}, work here too.'
)

Matcher = Callable[[str, dict[str, Any]], bool]


def require_known_pattern(pattern: str | None) -> None:
    """Refuse a pattern that can't be matched here."""
    try:
        test_of(pattern or "")
    except UnsupportedPattern as error:
        raise InvalidParameterException(f"Invalid filter pattern. {error}") from None


def matcher(pattern: str) -> Matcher:
    """Return a function of the pattern and a log event, as LocalStack expects it."""
    test = test_of(pattern)
    return lambda pattern, event: test(event["message"])


def test_of(pattern: str) -> Callable[[str], bool]:
    """Return a test for log messages.

    >>> test_of('order -"not found"')("order 17: not found")
    False
    """
    stripped = pattern.strip()
    if stripped.startswith("{"):
        return json_test(stripped)
    if stripped.startswith("[") or re.fullmatch("%.*%", stripped):
        raise UnsupportedPattern(REFUSED.format(pattern=stripped))
    return lambda message: _has_terms(stripped, message)


def _has_terms(pattern: str, message: str) -> bool:
    terms: dict[str, list[bool]] = {"": [], "?": [], "-": []}
    for term in TERM.finditer(pattern):
        terms[term["sign"]].append((term["phrase"] or term["word"] or "") in message)
    one_of = not terms["?"] or any(terms["?"])
    return all(terms[""]) and one_of and not any(terms["-"])
