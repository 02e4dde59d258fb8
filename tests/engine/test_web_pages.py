"""The cloud can run code, so only web pages of this machine may call it."""

import pytest
import requests

from helpers.cloud import Cloud


def list_functions_from(origin: str, cloud: Cloud) -> int:
    headers = {"Origin": origin, "Content-Type": "text/plain"}
    return requests.get(
        f"{cloud.endpoint}/2015-03-31/functions/", headers=headers, timeout=10
    ).status_code


@pytest.mark.parametrize("origin", ["https://evil.example", "http://evil.example:4566", "null"])
def test_a_page_of_another_origin_is_refused(cloud: Cloud, origin: str) -> None:
    assert list_functions_from(origin, cloud) == 403


def test_a_program_without_an_origin_is_served(cloud: Cloud) -> None:
    answer = requests.get(f"{cloud.endpoint}/_localstack/health", timeout=10)

    assert answer.status_code == 200
