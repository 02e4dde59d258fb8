"""Start JupyterLab, and report it if that fails."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.command.jupyter import (
    SETTINGS,
    JupyterDidNotStart,
    JupyterLab,
    can_open_browser,
    environment,
    recorded_url,
)


def server(tmp_path: Path, program: str) -> JupyterLab:
    """Start another program in place of JupyterLab."""
    log = tmp_path / "jupyter.log"
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-c", program], stderr=output)
    return JupyterLab(process, "token", "labs/00_welcome.ipynb", tmp_path / "record", log)


def test_the_log_of_a_server_that_ends_is_quoted(tmp_path: Path) -> None:
    broken = server(tmp_path, "import sys; sys.exit('No space left on device')")
    with pytest.raises(JupyterDidNotStart) as failure:
        broken.wait_until_answering()
    assert "exit code 1" in str(failure.value)
    assert "    No space left on device" in str(failure.value)
    assert "lab doctor" in str(failure.value)


def test_a_server_that_never_answers_is_given_up(tmp_path: Path) -> None:
    silent = server(tmp_path, "import time; time.sleep(60)")
    try:
        with pytest.raises(JupyterDidNotStart, match=r"did not answer within 0\.2 seconds"):
            silent.wait_until_answering(timeout=0.2)
    finally:
        silent.stop()
    assert silent.process.poll() is not None


def test_stopping_ends_what_the_server_had_started(tmp_path: Path) -> None:
    parent = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    family = server(tmp_path, parent)
    family.stop()
    assert family.process.poll() is not None


def test_the_courses_settings_precede_the_learners() -> None:
    path = environment({"JUPYTER_CONFIG_PATH": "/mine"}, "token")["JUPYTER_CONFIG_PATH"]
    assert path == f"{SETTINGS}{os.pathsep}/mine"
    assert environment({}, "token")["JUPYTER_CONFIG_PATH"] == str(SETTINGS)


def test_the_token_is_not_on_the_command_line(tmp_path: Path) -> None:
    assert environment({}, "secret")["LAB_JUPYTER_TOKEN"] == "secret"


def test_a_half_written_record_is_not_an_address_yet(tmp_path: Path) -> None:
    record = tmp_path / "jpserver-1.json"
    assert recorded_url(record) is None
    record.write_text('{"url": "http://127')
    assert recorded_url(record) is None
    record.write_text(json.dumps({"url": "http://127.0.0.1:8888/"}))
    assert recorded_url(record) == "http://127.0.0.1:8888/"


def test_without_a_screen_no_browser_is_tried() -> None:
    assert not can_open_browser({}, platform="linux")


def test_settings_name_what_jupyterlab_knows() -> None:
    """Look each setting up in JupyterLab's schemas, since it ignores a misspelled one silently."""
    schemas = Path(sys.prefix) / "share" / "jupyter" / "lab" / "schemas"
    overrides = json.loads((SETTINGS / "labconfig/default_setting_overrides.json").read_text())
    for plugin, settings in overrides.items():
        schema = json.loads((schemas / f"{plugin.replace(':', '/')}.json").read_text())
        assert settings.keys() <= schema["properties"].keys()
