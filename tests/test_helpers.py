"""The API that learners import must not change by accident."""

import subprocess
import sys

import pytest

import helpers
from helpers.lab import Lab


def test_the_package_exports_lab_and_nothing_else():
    imported: dict[str, object] = {}
    exec("from helpers import *", imported)
    assert set(imported) - {"__builtins__"} == {"Lab"}
    assert imported["Lab"] is Lab


def test_a_lab_has_these_methods_and_no_others():
    public = {name for name in vars(Lab) if not name.startswith("_")}
    verbs = {"advance", "carry_on", "check", "cost", "deploy", "hint", "invoke", "logs", "progress"}
    assert public == verbs | {"data", "now", "reset", "set_clock", "wait_for"}


def test_the_package_has_no_other_name():
    with pytest.raises(AttributeError, match="no attribute 'Labb'"):
        helpers.Labb  # noqa: B018


def test_importing_the_package_loads_neither_boto3_nor_ipython():
    script = "import helpers, sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "helpers" in loaded
    assert not {"boto3", "IPython", "requests"} & set(loaded)
