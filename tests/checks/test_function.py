"""What checks see of a deployed function, against the running engine."""

import pytest
import requests

from helpers.checks.function import other_function, result_of
from helpers.checks.package import is_same_code, package_files
from helpers.exercises.verdict import CantCheck, Incorrect
from tests.checks.desk import Shop, zip_of


@pytest.fixture
def shop(client, tmp_path):
    return Shop(client, tmp_path)


def test_a_result_is_what_the_function_returned(shop):
    shop.create("greeter", "def handler(event, context):\n    return event\n")
    assert result_of(shop.probe, "greeter", {"name": "Ada"}) == {"name": "Ada"}


FAILURES = {
    "function.raised": "def handler(event, context):\n    return event['name']\n",
    "function.syntax": "def handler(event, context)\n    return 1\n",
    "function.timed-out": "import time\ndef handler(event, context):\n    time.sleep(5)\n",
    "function.out-of-memory": "def handler(event, context):\n    bytearray(200_000_000)\n",
    "function.no-handler": "def handle(event, context):\n    return 1\n",
    "function.no-module": "import numpy\ndef handler(event, context):\n    return 1\n",
}


@pytest.mark.parametrize("diagnosis", FAILURES)
def test_a_failure_has_a_diagnosis(shop, diagnosis):
    shop.create("greeter", FAILURES[diagnosis], Timeout=1)
    with pytest.raises(Incorrect) as caught:
        result_of(shop.probe, "greeter", {})
    assert caught.value.id == diagnosis
    assert caught.value.evidence


def test_a_crash_is_told_with_the_line_of_the_learners_code(shop):
    shop.create("greeter", FAILURES["function.raised"])
    with pytest.raises(Incorrect, match=r"stopped in line 2 of `greeter\.py`") as caught:
        result_of(shop.probe, "greeter", {})
    assert caught.value.evidence == ("greeter.py, line 2:  return event['name']\nKeyError: 'name'")


def test_a_file_that_is_not_at_the_top_of_the_package_is_missed(shop):
    code = zip_of({"src/greeter.py": FAILURES["function.raised"]})
    shop.create("greeter", "", Code={"ZipFile": code})
    with pytest.raises(Incorrect, match=r"Yours holds: `src/greeter\.py`") as caught:
        result_of(shop.probe, "greeter", {})
    assert caught.value.id == "function.not-in-package"


def test_an_answer_that_does_not_come_is_not_waited_for(shop, monkeypatch):
    monkeypatch.setattr("helpers.checks.function.DEADLINE", 0.3)
    shop.create("greeter", FAILURES["function.timed-out"], Timeout=3)
    with pytest.raises(Incorrect, match=r"within 0\.3 seconds") as caught:
        result_of(shop.probe, "greeter", {})
    assert caught.value.id == "function.no-answer"


def test_a_package_shows_its_files_and_their_text(shop):
    files = {"greeter.py": "# café\n", "data/prices.csv": "1,2\n"}
    shop.create("greeter", "", Code={"ZipFile": zip_of(files)})
    assert package_files(shop.probe, "greeter") == files


def test_a_package_that_cannot_be_fetched_can_not_be_checked(shop, monkeypatch):
    shop.create("greeter", "")

    def fail(*_: object, **__: object) -> None:
        raise requests.ConnectionError("nobody listens")

    monkeypatch.setattr("helpers.checks.package.send", fail)
    with pytest.raises(CantCheck, match="could not be fetched"):
        package_files(shop.probe, "greeter")


def test_another_function_is_found_by_its_configuration(shop):
    shop.create("greeter", "", Timeout=9)
    shop.create("receipt", "", Timeout=8)
    assert other_function(shop.probe, "greeter", lambda each: each["Timeout"] == 8) == "receipt"
    assert other_function(shop.probe, "greeter", lambda each: each["Timeout"] == 9) is None
    assert other_function(shop.probe, "greeter", lambda each: True, ["slow_report"]) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a = 1", "a  =  1  # one", True),
        ("def f():\n    a()\n    pass\n", "def f():\n    a()\n", True),
        ("def f():\n    pass\n", "def f():\n    # a stub\n    pass\n", True),
        ("a = 1", "a = 2", False),
        ("a = ", "a = 1", False),
        ("a = ", "a = ", True),
    ],
)
def test_code_is_the_same_whatever_its_layout(one, other, same):
    assert is_same_code(one, other) is same
