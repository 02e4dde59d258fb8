import re

import pytest
from botocore.exceptions import ClientError

from helpers.errors import NoSuchFunction
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import CantCheck
from tests.fakes import FakeTime, aws_error, no_cloud


@pytest.fixture
def probe(tmp_path) -> Probe:
    return Probe(no_cloud, tmp_path, clock=FakeTime().clock)


def failing(error: Exception):
    def clean_up() -> None:
        raise error

    return clean_up


def test_names_and_inputs_are_new_each_time_and_can_name_a_bucket(probe):
    names = {probe.unique("check") for _ in range(3)}
    assert len(names) == 3
    assert all(re.fullmatch(r"check-[0-9a-f-]{36}", name) for name in names)


def test_outside_of_a_notebook_there_are_no_variables(probe):
    assert probe.namespace == {}


def test_waiting_uses_the_probes_clock(probe):
    with pytest.raises(TimeoutError, match="A thumbnail did not happen within 3 s"):
        probe.wait_for(lambda: None, timeout=3, what="A thumbnail")


def test_what_is_gone_already_needs_no_removing(probe):
    with probe:
        probe.afterwards(failing(aws_error("NoSuchKey")))


def test_what_can_not_be_removed_is_no_secret(probe):
    with pytest.raises(ClientError, match="AccessDenied"), probe:
        probe.afterwards(failing(aws_error("AccessDenied")))


def test_the_checks_own_error_is_worth_more_than_one_while_removing(probe):
    probe.afterwards(failing(aws_error("AccessDenied")))
    with pytest.raises(CantCheck), probe:
        raise CantCheck("the reason")


def test_everything_is_removed_even_if_one_of_it_can_not_be(probe):
    removed: list[str] = []
    probe.afterwards(removed.append, "bucket")
    with pytest.raises(ClientError), probe:
        probe.afterwards(failing(aws_error("AccessDenied")))
    assert removed == ["bucket"]


def test_it_invokes_and_reads_logs_in_the_labs_cloud(client, tmp_path):
    probe = Probe(client, tmp_path)
    with pytest.raises(NoSuchFunction):
        probe.invoke("greeter")
    with pytest.raises(NoSuchFunction):
        probe.logs("greeter")
