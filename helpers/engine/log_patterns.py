"""Which log events a filter pattern finds; LocalStack leaves that to plugins, and finds all.

    ERROR timeout     both words                 ?ERROR ?WARN     either word
    "not found"       the phrase                 ERROR -retry     the first without the second

Patterns that look into fields, `{ $.status = 404 }` and `[ip, user, ...]`, still find every event.
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html, 2026-11-21)
"""

import re
from collections.abc import Callable
from typing import Any

from localstack.services.logs import provider

TERM = re.compile(r'(?P<sign>[?-]?)(?:"(?P<phrase>[^"]*)"|(?P<word>\S+))')

Matcher = Callable[[str, dict[str, Any]], bool]


def install() -> None:
    provider.get_pattern_matcher = matcher


def matcher(pattern: str) -> Matcher:
    """A function of the pattern and a log event, as LocalStack wants it."""
    return lambda pattern, event: matches(pattern, event["message"])


def matches(pattern: str, message: str) -> bool:
    """
    >>> matches('order -"not found"', "order 17: not found")
    False
    """
    if pattern.strip().startswith(("{", "[")):
        return True
    terms: dict[str, list[bool]] = {"": [], "?": [], "-": []}
    for term in TERM.finditer(pattern):
        terms[term["sign"]].append((term["phrase"] or term["word"] or "") in message)
    one_of = not terms["?"] or any(terms["?"])
    return all(terms[""]) and one_of and not any(terms["-"])
