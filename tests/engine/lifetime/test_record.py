"""An engine's record, and damaged ones."""

import json
import stat
from pathlib import Path

import pytest

from helpers.engine.lifetime.record import Record, read, write

RECORD = {"pid": 12, "created": 1.0, "port": 4566, "version": "4.9.2"}


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    record = Record(12, 1.5, 4566, "")
    write(tmp_path / "engine.json", record)
    assert read(tmp_path / "engine.json") == record
    assert [file.name for file in tmp_path.iterdir()] == ["engine.json"]


def test_a_record_is_private(tmp_path: Path) -> None:
    (tmp_path / "engine.draft").touch(0o666)  # left by one that was killed while it wrote
    write(tmp_path / "engine.json", Record(12, 1.0, 4566, ""))
    assert stat.S_IMODE((tmp_path / "engine.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "wrong",
    [
        *({"pid": pid} for pid in ("x", -1, 0, None, 1.5, 10**20)),
        *({"created": when} for when in (None, "now", -1, 10**400, float("nan"))),
        *({"port": port} for port in ("zz", 99999, 0, None)),
        {"version": None},
    ],
    ids=str,
)
def test_a_record_with_wrong_types_is_ignored(tmp_path: Path, wrong: dict[str, object]) -> None:
    (tmp_path / "engine.json").write_text(json.dumps(RECORD | wrong))
    assert read(tmp_path / "engine.json") is None


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b'{"pid": 12', b"\xff\xfe", b"[" * 100_000])
def test_damaged_content_is_ignored(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "engine.json").write_bytes(text)
    assert read(tmp_path / "engine.json") is None


def test_without_a_folder_there_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    assert read(tmp_path / "nowhere" / "engine.json") is None
    assert read(tmp_path / "home" / "engine.json") is None
