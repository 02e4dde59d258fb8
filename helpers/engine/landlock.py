"""Keep a function's process to its own files, where Linux can (Landlock, kernel 5.13 or newer).

On AWS a function finds its package, the runtime and /tmp, and nothing else. Landlock gives the
same without root, without containers and without cost: a thread restricts itself for good, and the
processes it starts inherit that. Where it isn't there (macOS, an older kernel) functions run
without this wall; the README says so.
"""

import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

# https://docs.kernel.org/userspace-api/landlock.html, read 2026-11-21; the numbers are the same
# on x86-64 and arm64.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULE_PATH_BENEATH = 1
PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 38, 24
CAP_SYS_ADMIN, CAP_PERFMON = 21, 38
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
READ = EXECUTE | READ_FILE | READ_DIR
EVERYTHING = (1 << 13) - 1  # all rights of the first version of the interface
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE


class _RulesetAttr(ctypes.Structure):
    _fields_ = [("handled_access_fs", ctypes.c_uint64)]


class _PathBeneathAttr(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


_libc = ctypes.CDLL(None, use_errno=True)


def is_available() -> bool:
    return sys.platform == "linux" and bool(_libc.syscall(CREATE_RULESET, None, 0, 1) >= 1)


def confine_this_thread(readable: Iterable[Path], writable: Iterable[Path]) -> None:
    """From now on this thread and all it starts reach only these folders and files.

    It can't be undone, so call it in a thread made for the purpose. Raises OSError.
    """
    attributes = _RulesetAttr(EVERYTHING)
    ruleset = _call(CREATE_RULESET, ctypes.byref(attributes), ctypes.sizeof(attributes), 0)
    try:
        for path in readable:
            _allow(ruleset, path, READ)
        for path in writable:
            _allow(ruleset, path, EVERYTHING)
        # With these, which only root has, it could still read other processes' variables in /proc.
        for capability in (CAP_SYS_ADMIN, CAP_PERFMON):
            _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        if _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_NO_NEW_PRIVS)")
        _call(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


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
