"""What checks see of a deployed function, against the running engine."""

import pytest

from helpers.checks.function import _reachable, other_function, result_of
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
    "code": "def handler(event, context):\n    return event['name']\n",
    "time-out": "import time\ndef handler(event, context):\n    time.sleep(5)\n",
    "memory": "def handler(event, context):\n    return len(bytearray(200_000_000))\n",
    "handler": "def handle(event, context):\n    return 1\n",
    "package": "import numpy\ndef handler(event, context):\n    return 1\n",
}


@pytest.mark.parametrize("link", FAILURES)
def test_a_failure_names_the_link_that_is_broken(shop, link):
    shop.create("greeter", FAILURES[link], Timeout=1)
    with pytest.raises(Incorrect) as caught:
        result_of(shop.probe, "greeter", {})
    assert caught.value.link == link
    assert caught.value.evidence


def test_a_function_that_is_gone_is_said_to_be_gone(shop):
    shop.create("greeter", FAILURES["code"])
    shop.aws.delete_function(FunctionName="greeter")
    verdict = shop.check("fix")
    assert verdict.outcome.value == "incorrect"


def test_a_package_shows_its_files_and_their_text(shop):
    files = {"greeter.py": "# café\n", "data/prices.csv": "1,2\n"}
    shop.create("greeter", "", Code={"ZipFile": zip_of(files)})
    assert package_files(shop.probe, "greeter") == files


def test_a_package_that_cannot_be_fetched_can_not_be_checked(shop, monkeypatch):
    shop.create("greeter", "")
    monkeypatch.setattr("helpers.checks.function._reachable", lambda *_: "http://127.0.0.1:9/")
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


def test_an_address_that_needs_dns_is_looked_up_at_the_cloud_itself():
    endpoint = "http://127.0.0.1:4571"
    named = "http://s3.us-east-1.localhost.localstack.cloud:4566/tasks/greeter?Signature=1"
    assert _reachable(named, endpoint) == f"{endpoint}/tasks/greeter?Signature=1"
    other = "https://awslambda-us-east-1-tasks.s3.us-east-1.amazonaws.com/greeter?Signature=1"
    assert _reachable(other, endpoint) == other
