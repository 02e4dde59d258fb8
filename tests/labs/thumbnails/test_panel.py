"""The panel for photos: two buckets in memory, and a function of the test's own behind them."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from PIL import Image

from helpers.labs.thumbnails.panel import PhotoPanel
from tests.fakes import FakeTime, aws_error

NOON = datetime(2028, 1, 1, 12, tzinfo=UTC)
Function = Callable[["Buckets", str, bytes], None]


class Buckets:
    """As a client of S3: what is put into "photos" is given to the function."""

    def __init__(self, function: Function = lambda s3, key, data: None) -> None:
        self.function = function
        self.things: dict[tuple[str, str], dict[str, Any]] = {}

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, **more: Any) -> None:
        self.things[Bucket, Key] = {"ContentType": "binary/octet-stream", "Body": Body, **more}
        if Bucket == "photos":
            self.function(self, Key, Body)

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:
        thing = self.things[Bucket, Key]
        return thing | {"Body": io.BytesIO(thing["Body"])}

    def get_paginator(self, operation: str) -> "Buckets":
        assert operation == "list_objects_v2"
        return self

    def paginate(self, *, Bucket: str) -> list[dict[str, Any]]:
        keys = [{"Key": key} for bucket, key in self.things if bucket == Bucket]
        return [{"Contents": keys}] if keys else [{}]


def picture(width: int = 40, height: int = 30, kind: str = "JPEG") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(data, kind)
    return data.getvalue()


def makes_two(s3: Buckets, key: str, data: bytes) -> None:
    for size in (10, 20):
        s3.put_object(
            Bucket="thumbnails", Key=f"{size}/{key}", Body=picture(size), ContentType="image/jpeg"
        )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "cat.jpg").write_bytes(picture())
    (tmp_path / "notes.jpg").write_text("a <text>")
    (tmp_path / "README.md").write_text("whose they are")
    return tmp_path


def panel_of(s3: Any, folder, **more: Any) -> PhotoPanel:
    return PhotoPanel(s3, "photos", "thumbnails", folder, clock=FakeTime().clock, **more)


def test_the_button_puts_the_photo_and_shows_it_beside_what_followed(folder):
    s3 = Buckets(makes_two)
    panel = panel_of(s3, folder)
    panel.button.click()
    assert s3.things["photos", "cat.jpg"]["Body"] == (folder / "cat.jpg").read_bytes()
    assert s3.things["photos", "cat.jpg"]["ContentType"] == "image/jpeg"
    assert "cat.jpg: 2 new objects after" in panel.state.value
    assert panel.pictures.value.count("<img") == 3
    for size in ("40 x 30 px", "10 x 30 px", "20 x 30 px"):
        assert size in panel.pictures.value
    assert f"{(folder / 'cat.jpg').stat().st_size:,} bytes" in panel.pictures.value


def test_what_is_put_aside_with_a_reason_is_shown_as_text(folder):
    def puts_aside(s3: Buckets, key: str, data: bytes) -> None:
        s3.put_object(
            Bucket="thumbnails",
            Key=f"quarantine/{key}",
            Body=data,
            ContentType="text/plain",
            Metadata={"reason": "not an image"},
        )

    panel = panel_of(Buckets(puts_aside), folder)
    panel.photo.value = "notes.jpg"
    panel.button.click()
    assert "reason: not an image" in panel.pictures.value
    assert "a &lt;text&gt;" in panel.pictures.value
    assert "<img" not in panel.pictures.value


def test_where_nothing_follows_it_says_where_to_look(folder):
    panel = panel_of(Buckets(), folder)
    panel.button.click()
    assert "nothing followed within 10 seconds" in panel.state.value
    assert panel.pictures.value.count("<img") == 1


def test_the_same_photo_again_gets_a_key_of_its_own(folder):
    s3 = Buckets(makes_two)
    panel = panel_of(s3, folder, prefix="new/")
    panel.button.click()
    panel.button.click()
    assert ("photos", "new/cat.jpg") in s3.things
    assert ("photos", "new/cat (2).jpg") in s3.things
    assert "new/cat (2).jpg: 2 new objects" in panel.state.value


def test_an_upload_goes_before_the_photo_that_is_chosen_and_is_used_once(folder):
    s3 = Buckets(makes_two)
    panel = panel_of(s3, folder)
    own = {"name": "my own.png", "content": memoryview(picture(7, 8, "PNG"))}
    panel.upload.value = [own | {"type": "image/png", "size": 1, "last_modified": NOON}]
    panel.button.click()
    assert s3.things["photos", "my own.png"]["ContentType"] == "image/png"
    assert "7 x 8 px" in panel.pictures.value
    panel.button.click()
    assert ("photos", "cat.jpg") in s3.things


def test_a_function_that_triggers_itself_is_not_watched_for_ever(folder):
    s3 = Buckets()
    time = FakeTime()
    panel = PhotoPanel(s3, "photos", "photos", folder, clock=time.clock)
    looks = []

    def one_more(**asked: str) -> list[dict[str, Any]]:
        looks.append(asked)
        s3.things["photos", f"{len(looks)}.jpg"] = {"ContentType": "image/jpeg", "Body": b""}
        return Buckets.paginate(s3, **asked)

    s3.paginate = one_more
    panel.button.click()
    assert time.passed == pytest.approx(20, abs=1)


def test_photos_are_offered_without_the_note_about_them(folder):
    assert panel_of(Buckets(), folder).photo.options == ("cat.jpg", "notes.jpg")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (aws_error("NoSuchBucket", "The specified bucket does not exist"), "does not exist"),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), "The cloud did not answer"),
    ],
)
def test_a_call_that_fails_is_shown_and_not_raised(folder, error, words):
    class Closed(Buckets):
        def put_object(self, **arguments: Any) -> None:
            raise error

    panel = panel_of(Closed(), folder)
    panel.button.click()
    assert words in panel.state.value
    assert not panel.button.disabled


def test_what_keys_and_notes_say_is_text_and_never_markup(folder):
    def writes(s3: Buckets, key: str, data: bytes) -> None:
        s3.put_object(
            Bucket="thumbnails", Key='<b>"x', Body=picture(), ContentType="image/jpeg",
            Metadata={"reason": "<script>"},
        )  # fmt: skip

    panel = panel_of(Buckets(writes), folder)
    panel.button.click()
    assert "<b>" not in panel.pictures.value
    assert "<script" not in panel.pictures.value
    assert 'alt="&lt;b&gt;&quot;x"' in panel.pictures.value


def test_each_control_has_a_name_for_those_who_hear_it(folder):
    panel = panel_of(Buckets(), folder)
    parts = (panel.photo, panel.upload, panel.button)
    assert [part.description for part in parts] == ["Photo", "Upload your own", "Put"]


def test_without_widgets_it_says_how_to_do_the_same(folder):
    panel = panel_of(Buckets(), folder)
    assert panel._repr_mimebundle_()["text/plain"] == repr(panel)
    assert "s3.upload_file(path, 'photos', key)" in repr(panel)


def test_with_the_running_engine_a_photo_arrives_in_its_bucket(client, folder):
    s3 = client("s3")
    for bucket in ("photos", "thumbnails"):
        s3.create_bucket(Bucket=bucket)
    panel = panel_of(s3, folder)
    panel.button.click()
    stored = s3.get_object(Bucket="photos", Key="cat.jpg")
    assert stored["Body"].read() == (folder / "cat.jpg").read_bytes()
    assert stored["ContentType"] == "image/jpeg"
