"""CloudWatch Logs filter patterns for JSON: `{ $.level = "ERROR" && $.ms > 100 }`.

    $.status = 404   $.ms >= 1e3          numbers
    $.level = "ERR*"   $.page != home     strings, in which * stands for any characters
    $.error IS NULL   $.ok IS TRUE        also IS FALSE
    $.error NOT EXISTS                    the only test that a missing field passes
    $.items[0].id                         an item of an array, a field of an object
    && || ( )                             && binds more tightly than ||

A log event that is not JSON matches no pattern. Patterns with %regular expressions% are refused.
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html, 2026-11-21)
"""

import json
import operator
import re
from collections.abc import Callable
from typing import Any, NoReturn

Test = Callable[[Any], bool]  # of a log event's JSON

TOKEN = re.compile(
    r"""\s*(?:(?P<selector>\$(?:\.[\w-]+|\[\d+\])+)
    |(?P<operator>&&|\|\||[()]|!=|>=|<=|[=<>])
    |"(?P<quoted>(?:[^"\\]|\\.)*)"
    |(?P<word>[\w.*+:/@-]+))\s*""",
    re.VERBOSE,
)
STEP = re.compile(r"\.(?P<name>[\w-]+)|\[(?P<place>\d+)\]")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
COMPARISONS = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
CONSTANTS = {"NULL": None, "TRUE": True, "FALSE": False}
MISSING = object()

UNSUPPORTED = (
    'This cloud supports JSON filter patterns such as {{ $.level = "ERROR" && ($.ms > 100 || '
    "$.user NOT EXISTS) }}: with = != > >= < <=, IS NULL, IS TRUE, IS FALSE and NOT EXISTS. "
    "It could not read this part: {rest}"
)


class UnsupportedPattern(ValueError):
    """The pattern is wrong, or of a kind that only AWS supports."""


def json_test(pattern: str) -> Callable[[str], bool]:
    """Return a test of log messages. Raises UnsupportedPattern.

    >>> json_test("{ $.ms > 100 }")('{"ms": 250}')
    True
    """
    test = _Reader(pattern).read()

    def matches(message: str) -> bool:
        try:
            return test(json.loads(message))
        except ValueError:
            return False

    return matches


class _Reader:
    """A recursive descent parser; each method reads the part that it is named after."""

    def __init__(self, pattern: str) -> None:
        inside = re.fullmatch(r"\{(.*)\}", pattern.strip(), re.DOTALL)
        self._rest = inside[1] if inside else ""

    def read(self) -> Test:
        test = self._either()
        if self._rest:
            self._stop()
        return test

    def _either(self) -> Test:
        tests = [self._both()]
        while self._take("operator", "||"):
            tests.append(self._both())
        return lambda event: any(test(event) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._take("operator", "&&"):
            tests.append(self._one())
        return lambda event: all(test(event) for test in tests)

    def _one(self) -> Test:
        if self._take("operator", "("):
            test = self._either()
            return test if self._take("operator", ")") else self._stop()
        selector = self._take("selector") or self._stop()
        if self._take("word", "IS"):
            word = self._take("word", *CONSTANTS) or self._stop()
            return lambda event: find(event, selector) is CONSTANTS[word]
        if self._take("word", "NOT"):
            if not self._take("word", "EXISTS"):
                self._stop()
            return lambda event: find(event, selector) is MISSING
        return self._comparison(selector)

    def _comparison(self, selector: str) -> Test:
        comparison = self._take("operator", *COMPARISONS) or self._stop()
        word = self._take("word")
        if word and NUMBER.fullmatch(word):
            number = float(word)
            return lambda event: _compare_number(find(event, selector), comparison, number)
        text = word or self._take("quoted")
        if text is None or comparison not in ("=", "!="):
            self._stop()
        pattern = _with_wildcards(text)
        is_equal = comparison == "="
        return lambda event: _compare_string(find(event, selector), pattern, is_equal)

    def _take(self, kind: str, *allowed: str) -> str | None:
        """Return the next token if it is of that kind, and one of those allowed."""
        found = TOKEN.match(self._rest)
        if not found or found[kind] is None or (allowed and found[kind] not in allowed):
            return None
        self._rest = self._rest[found.end() :]
        return found[kind]

    def _stop(self) -> NoReturn:
        raise UnsupportedPattern(UNSUPPORTED.format(rest=self._rest.strip() or "its end"))


def find(event: Any, selector: str) -> Any:
    """Return the event's value at the selector, such as `$.items[0].id`; MISSING if none."""
    for step in STEP.finditer(selector):
        key = step["name"] if step["place"] is None else int(step["place"])
        try:
            event = event[key]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return event


def _compare_number(value: Any, comparison: str, number: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return bool(COMPARISONS[comparison](value, number))


def _compare_string(value: Any, pattern: "re.Pattern[str]", is_equal: bool) -> bool:
    if value is MISSING or value is None:
        return False
    text = value if isinstance(value, str) else json.dumps(value)
    return bool(pattern.fullmatch(text)) is is_equal


def _with_wildcards(text: str) -> "re.Pattern[str]":
    """
    >>> bool(_with_wildcards("ERR*").fullmatch("ERROR"))
    True
    """
    unescaped = re.sub(r"\\(.)", r"\1", text)
    return re.compile(".*".join(map(re.escape, unescaped.split("*"))), re.DOTALL)
