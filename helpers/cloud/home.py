"""The folder where this user's engine and progress live."""

import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs


def lab_home(environ: Mapping[str, str] = os.environ) -> Path:
    """LAB_HOME if it is set, else the user's folder for application state. It may not exist yet."""
    named = environ.get("LAB_HOME")
    return Path(named).expanduser() if named else platformdirs.user_state_path("serverless-lab")
