"""Which log events a filter pattern finds; LocalStack leaves that to plugins, and finds all.

    ERROR timeout     both words                 ?ERROR ?WARN     either word
    "not found"       the phrase                 ERROR -retry     the first without the second

    { $.ms > 100 }    see json_patterns.py

Patterns of fields, `[ip, user, ...]`, and `%regular expressions%` are refused, for to find
every event would be a lie.
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html, 2026-11-21)
"""

import re
from collections.abc import Callable
from typing import Any

from localstack.services.logs import provider
from localstack.utils.patch import patch
from moto.logs.exceptions import InvalidParameterException
from moto.logs.models import LogsBackend

from helpers.aws.log_filters import NotUnderstood, json_test

TERM = re.compile(r'(?P<sign>[?-]?)(?:"(?P<phrase>[^"]*)"|(?P<word>\S+))')
REFUSED = (
    "This cloud does not know filter patterns of this kind: {pattern} would work on AWS. "
    'Words, "phrases" and JSON patterns, {{ $.level = "ERROR" }}, work here too.'
)

Matcher = Callable[[str, dict[str, Any]], bool]


def install() -> None:
    provider.get_pattern_matcher = matcher
    patch(LogsBackend.filter_log_events)(_checking(6))
    patch(LogsBackend.put_metric_filter)(_checking(1))
    patch(LogsBackend.put_subscription_filter)(_checking(2))


def _checking(place: int) -> Callable[..., Any]:
    """Refuse a pattern (the argument of that number) where it is given.

    Later, when events come, nobody would hear of it.
    """

    def checked(call: Any, backend: LogsBackend, *arguments: Any) -> Any:
        try:
            test_of(arguments[place] or "")
        except NotUnderstood as error:
            raise InvalidParameterException(f"Invalid filter pattern. {error}") from None
        return call(backend, *arguments)

    return checked


def matcher(pattern: str) -> Matcher:
    """A function of the pattern and a log event, as LocalStack wants it."""
    test = test_of(pattern)
    return lambda pattern, event: test(event["message"])


def test_of(pattern: str) -> Callable[[str], bool]:
    """
    >>> test_of('order -"not found"')("order 17: not found")
    False
    """
    stripped = pattern.strip()
    if stripped.startswith("{"):
        return json_test(stripped)
    if stripped.startswith("[") or re.fullmatch("%.*%", stripped):
        raise NotUnderstood(REFUSED.format(pattern=stripped))
    return lambda message: _has_terms(stripped, message)


def _has_terms(pattern: str, message: str) -> bool:
    terms: dict[str, list[bool]] = {"": [], "?": [], "-": []}
    for term in TERM.finditer(pattern):
        terms[term["sign"]].append((term["phrase"] or term["word"] or "") in message)
    one_of = not terms["?"] or any(terms["?"])
    return all(terms[""]) and one_of and not any(terms["-"])
