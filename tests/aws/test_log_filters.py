"""JSON filter patterns, log event by log event; tests/engine/invoke tests them in the engine."""

import json

import pytest

from helpers.aws.log_filters import UnsupportedPattern, json_test

EVENT = json.dumps(
    {
        "level": "ERROR",
        "status": 404,
        "ms": 12.5,
        "ok": False,
        "user": None,
        "note": 'said "no"',
        "items": [{"id": "a-1"}, {"id": "b 2"}],
        "source": {"ip": "123.123.4.5"},
    }
)


@pytest.mark.parametrize(
    "pattern",
    [
        '{ $.level = "ERROR" }',
        "{$.level=ERROR}",
        '{ $.level = "ERR*" }',
        "{ $.level = *R }",
        '{ $.level != "INFO" }',
        "{ $.status = 404 }",
        "{ $.status = 4* }",
        "{ $.status != 200 }",
        "{ $.status >= 4.04e2 }",
        "{ $.ms < 13 }",
        "{ $.ms > -1 }",
        "{ $.ms <= 12.5 }",
        "{ $.user IS NULL }",
        "{ $.ok IS FALSE }",
        "{ $.shop NOT EXISTS }",
        '{ $.note = "said \\"no\\"" }',
        '{ $.items[1].id = "b 2" }',
        "{ $.source.ip = 123.123.* }",
        "{ $.items[0].id = * }",
        "{ $.status = 404 && $.ms > 10 }",
        "{ $.status = 200 || $.ms > 10 }",
        "{ $.status = 404 || $.status = 500 && $.ms > 1000 }",
        "{ ($.status = 500 || $.status = 404) && ($.level = ERROR) }",
    ],
)
def test_a_matching_event_is_found(pattern: str) -> None:
    assert json_test(pattern)(EVENT)


@pytest.mark.parametrize(
    "pattern",
    [
        '{ $.level = "error" }',
        '{ $.level = "ERR" }',
        "{ $.level = E.*R }",
        "{ $.level != ERR* }",
        "{ $.status > 404 }",
        "{ $.status = 200 }",
        "{ $.level > 1 }",
        "{ $.ok = 0 }",
        "{ $.user NOT EXISTS }",
        "{ $.user = * }",
        "{ $.shop IS NULL }",
        "{ $.shop != 1 }",
        '{ $.shop != "a" }',
        "{ $.ok IS TRUE }",
        "{ $.items[2].id = * }",
        "{ $.level.deeper = * }",
        "{ $.status = 404 && $.ms > 1000 }",
        "{ ($.status = 404 || $.status = 500) && $.ms > 1000 }",
    ],
)
def test_an_event_without_a_match_is_not_found(pattern: str) -> None:
    assert not json_test(pattern)(EVENT)


@pytest.mark.parametrize("message", ["ERROR", "", "[1, 2]", "404", "null", '{"level": '])
def test_what_is_no_json_object_has_no_fields(message: str) -> None:
    assert not json_test("{ $.level = * }")(message)


@pytest.mark.parametrize(
    ("pattern", "rest"),
    [
        ("{}", "its end"),
        ("{ level = ERROR }", "level = ERROR"),
        ("{ $.level }", "its end"),
        ("{ $.level = }", "its end"),
        ("{ $.level > ERROR }", "its end"),
        ("{ $.level = ERROR $.ms > 1 }", "$.ms > 1"),
        ("{ ($.level = ERROR }", "its end"),
        ("{ $.level = %ERR% }", "%ERR%"),
        ("{ $.items[*].id = 1 }", "[*].id = 1"),
        ("{ $.ok IS MAYBE }", "MAYBE"),
        ("{ $.ok NOT TRUE }", "TRUE"),
        ("{ $.level = ERROR", "its end"),
    ],
)
def test_an_unsupported_pattern_is_refused_with_the_position(pattern: str, rest: str) -> None:
    with pytest.raises(UnsupportedPattern) as refused:
        json_test(pattern)
    assert str(refused.value).endswith(f"It could not read this part: {rest}")
