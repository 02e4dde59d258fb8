"""Restrict a function's process to its own files, where Linux can (Landlock, kernel 5.13 or newer).

On AWS a function finds its package, the runtime and /tmp, and nothing else. Landlock does the same
without root, containers or cost: a thread restricts itself for good, and the processes that it
starts inherit that. Where it isn't available (macOS, an older kernel) functions run unrestricted;
the README says so.

Each version of the interface can restrict more, and all that the kernel's version can is used:

    1  files and folders                5  ioctl on devices
    2  links between two folders        6  signals to other processes, their abstract sockets
    3  truncate                         9  their sockets that are files
"""

import ctypes
import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

# https://docs.kernel.org/userspace-api/landlock.html, read 2026-11-27; the numbers are the same
# on x86-64 and arm64.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
CREATE_RULESET_VERSION = 1
RULE_PATH_BENEATH = 1
PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 38, 24
CAP_SYS_ADMIN, CAP_PERFMON = 21, 38
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
MAKE_CHAR, MAKE_BLOCK = 1 << 6, 1 << 11
REFER, TRUNCATE, IOCTL_DEV, RESOLVE_UNIX = 1 << 13, 1 << 14, 1 << 15, 1 << 16
SCOPE_ABSTRACT_UNIX_SOCKET, SCOPE_SIGNAL = 1, 2

# The rights and scopes, by the version of the interface that introduced them.
RIGHTS = {1: (1 << 13) - 1, 2: REFER, 3: TRUNCATE, 5: IOCTL_DEV, 9: RESOLVE_UNIX}
SCOPES = {6: SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL}

READ = EXECUTE | READ_FILE | READ_DIR
# A device created by root would give access to all disks. RESOLVE_UNIX isn't needed either: sockets
# that a function has created itself are always open to it.
WRITE = sum(RIGHTS.values()) & ~(MAKE_CHAR | MAKE_BLOCK | IOCTL_DEV | RESOLVE_UNIX)
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE


class _RulesetAttr(ctypes.Structure):
    """An older kernel accepts it too, as long as the fields unknown to it are zero."""

    _fields_ = [
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    ]


class _PathBeneathAttr(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


_libc = ctypes.CDLL(None, use_errno=True)


@cache
def version() -> int:
    """Return the version of this kernel's interface, 0 if there is none."""
    if sys.platform != "linux":
        return 0
    return max(0, int(_libc.syscall(CREATE_RULESET, None, 0, CREATE_RULESET_VERSION)))


def is_available() -> bool:
    return version() >= 1


def confine_this_thread(readable: Iterable[Path], writable: Iterable[Path]) -> None:
    """Restrict this thread, and everything it starts, to these folders and files.

    This can't be undone, so call it in a thread of its own. Raises OSError.
    """
    handled = known_to(version(), RIGHTS)
    attributes = _RulesetAttr(handled, 0, known_to(version(), SCOPES))
    ruleset = _call(CREATE_RULESET, ctypes.byref(attributes), ctypes.sizeof(attributes), 0)
    try:
        for path in readable:
            _allow(ruleset, path, READ & handled)
        for path in writable:
            _allow(ruleset, path, WRITE & handled)
        # With these, which only root has, it could read other processes' environment in /proc.
        for capability in (CAP_SYS_ADMIN, CAP_PERFMON):
            _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        if _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_NO_NEW_PRIVS)")
        _call(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def known_to(version: int, flags: dict[int, int]) -> int:
    """Return the flags, combined, that this version of the interface has."""
    return sum(flag for since, flag in flags.items() if since <= version)


def _allow(ruleset: int, path: Path, access: int) -> None:
    if not path.exists():
        return
    beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        allowed = access if path.is_dir() else access & ON_FILES
        rule = _PathBeneathAttr(allowed, beneath)
        _call(ADD_RULE, ruleset, RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(beneath)


def _call(number: int, *arguments: object) -> int:
    result: int = _libc.syscall(number, *arguments)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"Landlock: {os.strerror(error)}")
    return result
