"""Lab 00's checks, where a sheet can't show it; the proofs try wrong and right answers there."""

import math
from io import BytesIO
from uuid import uuid4

import pytest

from helpers.exercises.exercise import find_exercise
from helpers.exercises.verdict import Outcome
from tests.checks.desk import Desk
from tests.fakes import FakeService, no_cloud


@pytest.fixture
def album(tmp_path):
    """Checks a bucket with these objects. A bucket's name is one for all accounts, so a fake."""

    def album(*keys, text=b"serverless", kind="text/plain", buckets=("welcome-album-123",)):
        s3 = FakeService(
            list_objects_v2=[[{"Contents": [{"Key": key} for key in keys]}]] * len(buckets),
            list_buckets={"Buckets": [{"Name": name} for name in buckets]},
            get_object={"Body": BytesIO(text), "ContentType": kind},
        )
        return Desk("welcome", lambda service: s3, tmp_path).check("postcard")

    return album


@pytest.mark.parametrize(
    "text", [b"serverless " * 100_000, b"serverless " + "☁".encode() * 100_000]
)
def test_a_postcard_may_be_long(album, text):
    verdict = album("postcard.txt", text=text, kind="Text/Plain")
    assert verdict.correct
    assert len(verdict.message) < 200


def test_other_objects_are_no_attempt_at_a_postcard(album):
    verdict = album("hello.txt", "cat.png", "2026/holiday.jpg")
    assert verdict.outcome is Outcome.NOT_ATTEMPTED


def test_a_stray_object_beside_the_right_one_does_no_harm(album):
    assert album("Postcard.TXT", "postcard.txt").correct


def test_a_bucket_whose_name_is_only_like_the_albums_is_another(album):
    assert album("postcard.txt", buckets=("welcome-album", "welcome-album-123")).correct


def test_without_an_album_the_bucket_is_what_is_missing(album):
    verdict = album("postcard.txt", buckets=("welcome-album",))
    assert (verdict.outcome, verdict.link) == (Outcome.INCORRECT, "bucket")


def test_the_last_hint_does_what_was_asked_for_when_it_is_pasted_as_it_is(client, tmp_path):
    desk = Desk("welcome", client, tmp_path)
    names = {"s3": client("s3"), "album": f"welcome-album-{uuid4()}"}
    names["s3"].create_bucket(Bucket=names["album"])
    hint = find_exercise(desk.exercises, "postcard").hints[-1]
    exec(hint.split("`")[1], names)
    assert desk.check("postcard").correct


@pytest.fixture
def bill(tmp_path):
    desk = Desk("welcome", no_cloud, tmp_path)

    def bill(function):
        desk.namespace["monthly_bill"] = function
        return desk.check("bill")

    return bill


@pytest.mark.parametrize("answer", [math.nan, math.inf, "", [], (1, 2), True, 1j, object])
def test_whatever_a_function_gives_back_there_is_a_verdict(bill, answer):
    assert bill(lambda calls, price: answer).outcome is Outcome.INCORRECT


@pytest.mark.parametrize("function", [None, 3, max, print, int, math.pow, lambda *, a: 1])
def test_whatever_the_name_stands_for_there_is_a_verdict(bill, function):
    assert bill(function).outcome is Outcome.INCORRECT


def test_what_the_function_prints_is_not_shown_by_the_check(bill, capsys):
    assert bill(lambda calls, price: print(calls)).diagnosis == "bill.printed"
    assert capsys.readouterr().out == ""


def test_without_the_function_nothing_was_attempted(tmp_path):
    verdict = Desk("welcome", no_cloud, tmp_path).check("bill")
    assert verdict.outcome is Outcome.NOT_ATTEMPTED
