"""The engine's secret: created once, private, and the source of every account's key."""

import base64
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.engine.lifetime.secret import SIZE, engine_secret, secret_access_key

TELL = """
import os, pathlib, sys
from helpers.engine.lifetime.secret import engine_secret

os.umask(0)
print(engine_secret(pathlib.Path(sys.argv[1])).hex())
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def secrets_of(*homes: Path) -> list[str]:
    """Return the secrets that several processes get, concurrently and without a umask."""
    processes = [
        subprocess.Popen([sys.executable, "-c", TELL, home], stdout=subprocess.PIPE, text=True)
        for home in homes
    ]
    return [process.communicate(timeout=20)[0].strip() for process in processes]


def test_the_secret_is_created_once_and_then_read(tmp_path: Path) -> None:
    secret = engine_secret(tmp_path)
    assert len(secret) == SIZE
    assert engine_secret(tmp_path) == secret
    assert (tmp_path / "secret").read_text() == secret.hex()
    assert engine_secret(tmp_path / "another") != secret


def test_concurrent_processes_get_the_same_secret(tmp_path: Path) -> None:
    secrets = secrets_of(*[tmp_path / "home"] * 5)
    assert set(secrets) == {engine_secret(tmp_path / "home").hex()}
    assert [file.name for file in (tmp_path / "home").iterdir()] == ["secret"]


def test_the_secret_and_the_home_are_private_whatever_the_umask(tmp_path: Path) -> None:
    secrets_of(tmp_path / "home")
    assert (mode(tmp_path / "home"), mode(tmp_path / "home" / "secret")) == (0o700, 0o600)


@pytest.mark.parametrize("wider", [0o640, 0o604, 0o620, 0o666])
def test_a_secret_that_others_could_have_read_or_written_is_replaced(
    tmp_path: Path, wider: int
) -> None:
    before = engine_secret(tmp_path)
    (tmp_path / "secret").chmod(wider)
    after = engine_secret(tmp_path)
    assert after != before
    assert engine_secret(tmp_path) == after
    assert mode(tmp_path / "secret") == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_another_user_s_secret_is_replaced(tmp_path: Path) -> None:
    before = engine_secret(tmp_path)
    os.chown(tmp_path / "secret", 65534, -1)
    assert engine_secret(tmp_path) != before
    assert (tmp_path / "secret").stat().st_uid == os.geteuid()


@pytest.mark.parametrize("text", ["", "ab" * (SIZE - 1), "ab" * (SIZE + 1), "zz" * SIZE, "ü"])
def test_a_damaged_secret_is_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / "secret").write_text(text)
    (tmp_path / "secret").chmod(0o600)
    assert engine_secret(tmp_path) == engine_secret(tmp_path)


def test_a_link_to_a_secret_elsewhere_is_replaced_and_not_followed(tmp_path: Path) -> None:
    elsewhere = engine_secret(tmp_path / "elsewhere")
    home = tmp_path / "home"
    home.mkdir()
    (home / "secret").symlink_to(tmp_path / "elsewhere" / "secret")
    assert engine_secret(home) != elsewhere
    assert engine_secret(tmp_path / "elsewhere") == elsewhere


def test_a_secret_access_key_has_the_format_of_aws_and_is_one_account_s() -> None:
    secret = bytes(range(SIZE))
    key = secret_access_key(secret, "123456789012")
    assert len(key) == 40
    assert len(base64.b64decode(key)) == 30
    assert key == secret_access_key(secret, "123456789012")
    others = {
        secret_access_key(secret, "123456789013"),
        secret_access_key(bytes(SIZE), "123456789012"),
    }
    assert key not in others


def test_a_secret_access_key_is_the_hmac_of_the_access_key() -> None:
    # test case 2 of RFC 4231
    digest = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    key = secret_access_key(b"Jefe", "what do ya want for nothing?")
    assert base64.b64decode(key).hex() == digest[:60]
