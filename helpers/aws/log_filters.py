"""Log filter patterns that look into JSON: `{ $.level = "ERROR" && $.ms > 100 }`.

    $.status = 404   $.ms >= 1e3          numbers
    $.level = "ERR*"   $.page != home     text, in which * stands for any
    $.error IS NULL   $.ok IS TRUE        also IS FALSE
    $.error NOT EXISTS                    the one that matches what has no such field
    $.items[0].id                         into lists and objects
    && || ( )                             && binds closer

An event that is not JSON matches none of them. Patterns with %regular expressions% are refused.
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html, 2026-11-21)
"""

import json
import operator
import re
from collections.abc import Callable
from typing import Any, NoReturn

Test = Callable[[Any], bool]  # of an event's JSON

TOKEN = re.compile(
    r"""\s*(?:(?P<selector>\$(?:\.[\w-]+|\[\d+\])+)
    |(?P<sign>&&|\|\||[()]|!=|>=|<=|[=<>])
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

WHAT_IS_KNOWN = (
    'This cloud reads JSON filter patterns such as {{ $.level = "ERROR" && ($.ms > 100 || '
    "$.user NOT EXISTS) }}: with = != > >= < <=, IS NULL, IS TRUE, IS FALSE and NOT EXISTS. "
    "It stopped at: {rest}"
)


class NotUnderstood(ValueError):
    """The pattern is wrong, or one that only AWS knows."""


def json_test(pattern: str) -> Callable[[str], bool]:
    """A test of messages. Raises NotUnderstood.

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
    """Reads a pattern from left to right; each method reads as far as its name says."""

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
        while self._take("sign", "||"):
            tests.append(self._both())
        return lambda event: any(test(event) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._take("sign", "&&"):
            tests.append(self._one())
        return lambda event: all(test(event) for test in tests)

    def _one(self) -> Test:
        if self._take("sign", "("):
            test = self._either()
            return test if self._take("sign", ")") else self._stop()
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
        sign = self._take("sign", *COMPARISONS) or self._stop()
        word = self._take("word")
        if word and NUMBER.fullmatch(word):
            number = float(word)
            return lambda event: _is_number(find(event, selector), sign, number)
        text = word or self._take("quoted")
        if text is None or sign not in ("=", "!="):
            self._stop()
        like = _like(text)
        return lambda event: _is_text(find(event, selector), like, sign == "=")

    def _take(self, kind: str, *wanted: str) -> str | None:
        """The next token, if it is of that kind, and one of those wanted."""
        found = TOKEN.match(self._rest)
        if not found or found[kind] is None or (wanted and found[kind] not in wanted):
            return None
        self._rest = self._rest[found.end() :]
        return found[kind]

    def _stop(self) -> NoReturn:
        raise NotUnderstood(WHAT_IS_KNOWN.format(rest=self._rest.strip() or "its end"))


def find(event: Any, selector: str) -> Any:
    """What the event has there: `$.items[0].id`; MISSING where it has nothing."""
    for step in STEP.finditer(selector):
        key = step["name"] if step["place"] is None else int(step["place"])
        try:
            event = event[key]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return event


def _is_number(value: Any, sign: str, number: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return bool(COMPARISONS[sign](value, number))


def _is_text(value: Any, like: "re.Pattern[str]", wanted: bool) -> bool:
    if value is MISSING or value is None:
        return False
    text = value if isinstance(value, str) else json.dumps(value)
    return bool(like.fullmatch(text)) is wanted


def _like(text: str) -> "re.Pattern[str]":
    """
    >>> bool(_like("ERR*").fullmatch("ERROR"))
    True
    """
    plain = re.sub(r"\\(.)", r"\1", text)
    return re.compile(".*".join(map(re.escape, plain.split("*"))), re.DOTALL)
