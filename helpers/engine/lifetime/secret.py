"""The engine's secret, from which the secret access keys of all accounts are derived.

Whoever can read the file controls the whole cloud; whoever has one secret access key controls that
account only. This module needs only the standard library, since the engine reads the secret, too.
"""

import base64
import errno
import hmac
import os
import secrets
import stat
import tempfile
from pathlib import Path

NAME = "secret"  # its file, in the home
SIZE = 32  # bytes
KEY_SIZE = 30  # bytes: 40 characters, as AWS's secret access keys have

NOT_PRIVATE = "{file} can't be kept from other users: its disk has no file permissions"


def engine_secret(home: Path) -> bytes:
    """Return the secret of the engine in `home`; create it if there is none.

    A secret that another user could have read or written is replaced. Raises OSError.
    """
    file = home / NAME
    secret = _read(file)
    if secret is None:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        _create(file)
        secret = _read(file)  # perhaps that of another process, created at the same moment
    if secret is None:
        raise PermissionError(errno.EPERM, NOT_PRIVATE.format(file=file))
    return secret


def secret_access_key(secret: bytes, access_key: str) -> str:
    """Return the secret access key for an access key ID, 40 characters."""
    digest = hmac.digest(secret, access_key.encode(), "sha256")
    return base64.b64encode(digest[:KEY_SIZE]).decode()


def _read(file: Path) -> bytes | None:
    """Return the secret, None if there is none that is private to this user."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        text = os.read(descriptor, 2 * SIZE + 1) if _is_private(os.fstat(descriptor)) else b""
        secret = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        return None
    finally:
        os.close(descriptor)
    return secret if len(secret) == SIZE else None


def _is_private(status: os.stat_result) -> bool:
    mode = status.st_mode
    is_narrow = stat.S_IMODE(mode) & ~0o600 == 0
    return stat.S_ISREG(mode) and is_narrow and status.st_uid == os.geteuid()


def _create(file: Path) -> None:
    """Create a secret, unless another process has just done so."""
    descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=f"{NAME}-")
    try:
        with open(descriptor, "w") as opened:
            os.fchmod(descriptor, 0o600)
            opened.write(secrets.token_hex(SIZE))
        try:
            os.link(draft, file)
        except FileExistsError:
            if _read(file) is None:
                os.replace(draft, file)
    finally:
        Path(draft).unlink(missing_ok=True)
