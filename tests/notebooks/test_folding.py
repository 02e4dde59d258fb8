"""What helpers/sheets/sanitize.cfg folds, and what it must leave alone."""

import re

import pytest

from helpers.course.project import find_project
from helpers.sheets.build import read_rules

RULES = read_rules(find_project())


def folded(words: str) -> str:
    for pattern, replacement in RULES:
        words = re.sub(pattern, replacement, words)
    return words


@pytest.mark.parametrize(
    ("words", "result"),
    [
        ("Duration: 1.52 ms\tBilled Duration: 2 ms", "Duration: <ms>\tBilled Duration: <ms>"),
        ("cold   142 ms", "cold <ms>"),
        ("it took 1.25 s.", "it took <s>."),
        (
            "Memory Size: 128 MB\tMax Memory Used: 38 MB",
            "Memory Size: 128 MB\tMax Memory Used: <MB>",
        ),
        ("START RequestId: 6bc28136-8b0b-4b5a-9a9e-0d6b1a0e1b2c", "START RequestId: <id>"),
        ("'LastModified': '2026-01-31T10:20:30.123+0000'", "'LastModified': '<moment>'"),
        ("datetime.datetime(2026, 1, 31, 10, 20, 30, tzinfo=tzutc())", "<moment>"),
        ("'date': 'Sat, 31 Jan 2026 10:20:30 GMT'", "'date': '<moment>'"),
        ("2026/01/31/[$LATEST]0123456789abcdef0123456789abcdef", "<log stream>"),
        ("'RoleId': 'AROA3X7Q9ZK2M5N8P1R4T'", "'RoleId': '<id>'"),
        ("<function f at 0x7f4b1da19190>", "<function f at <address>>"),
        (
            "requests           1,200 ×  $0.20 a million      = $0.00024000",
            "requests <quantity> ×  $0.20 a million      = $<cost>",
        ),
        (
            '<td>      0.0123 ×</td><td style="a">$0.005 a thousand</td><td>= $0.00000006</td>',
            '<td> <quantity> ×</td><td style="a">$0.005 a thousand</td><td>= $<cost></td>',
        ),
        ("would have cost $0.00043167: less", "would have cost $<cost>: less"),
    ],
)
def test_what_varies_is_folded(words: str, result: str) -> None:
    assert folded(words) == result


@pytest.mark.parametrize(
    "words",
    [
        "Task timed out after 3.00 seconds",
        "Memory Size: 128 MB",
        "arn:aws:lambda:us-east-1:123456789012:function:hello:2",
        "CodeSha256: 'L5e1mXxvYbb0wFv5C6G3Cn3iRZ0Ye0v2l6mCz2p1c7E='",
        "StatusCode: 200, 3 items, version 2",
        "cron(0 3 * * ? *)",
        "3 × 4 = 12",
        "2 ×  tea at $2.50",
        "total $0.00043167, = $1.50",
        "$0.0000166667 each",
    ],
)
def test_what_is_the_answer_is_left_alone(words: str) -> None:
    assert folded(words) == words
