"""Break everything that `lab doctor` diagnoses, as far as a test can."""

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from helpers.cloud.embedded import Engine
from helpers.command.doctor import (
    MEGABYTE,
    NEEDED,
    Finding,
    compiled,
    disk,
    engine,
    engine_status,
    examine,
    is_taken,
    kernel,
    packages,
    port,
    python,
    registered_kernel,
    writable,
    write_error,
)

ROOT = Path(__file__).parents[2]


def found(
    about: str, home: Path, environ: Mapping[str, str] | None = None, root: Path = ROOT
) -> Finding:
    """Return the finding on that subject from a whole examination."""
    return next(f for f in examine(root, home, environ or {}) if f.about == about)


@contextmanager
def as_ordinary_user() -> Iterator[None]:
    """Become an ordinary user for the block: root may write anywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


# Python


def test_a_python_that_the_lock_allows_is_fine() -> None:
    assert python("3.12.4", ">=3.11, <3.14").state == "fine"


@pytest.mark.parametrize("version", ["3.10.13", "3.14.0"])
def test_a_python_too_old_or_too_new_is_named(version: str) -> None:
    finding = python(version, ">=3.11, <3.14")
    assert finding.state == "wrong"
    assert version in finding.what
    assert "uv sync --python" in finding.fix


# packages


def test_the_installed_packages_are_those_of_the_lock(tmp_path: Path) -> None:
    assert found("packages", tmp_path).state == "fine"


def test_a_package_in_another_version_is_noticed(tmp_path: Path) -> None:
    lock = (ROOT / "uv.lock").read_text()
    newer = lock.replace('name = "boto3"\nversion = "', 'name = "boto3"\nversion = "9')
    (tmp_path / "uv.lock").write_text(newer)
    finding = found("packages", tmp_path, root=tmp_path)
    assert finding.state == "wrong"
    assert "boto3 is 1" in finding.what
    assert ", not 91" in finding.what
    assert finding.fix == "Run `uv sync`."


def test_a_missing_package_is_named() -> None:
    finding = packages({"boto3": "1.40", "rich": "15.0"}, {"rich": "15.0"}, "Run `uv sync`.")
    assert finding.what == "Packages differ from uv.lock: boto3 is missing."


def test_if_many_packages_differ_only_some_are_named() -> None:
    finding = packages({f"package-{n}": "1" for n in range(9)}, {}, "")
    assert finding.what.endswith("package-3 is missing; and 5 more.")


def test_in_a_conda_environment_the_fix_uses_conda(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").write_text((ROOT / "uv.lock").read_text().replace("boto3", "boto4"))
    finding = found("packages", tmp_path, {"CONDA_PREFIX": sys.prefix}, root=tmp_path)
    assert "conda env update" in finding.fix


def test_a_missing_lock_is_a_finding_and_stops_no_other(tmp_path: Path) -> None:
    findings = list(examine(tmp_path, tmp_path, {}))
    assert [f.about for f in findings if f.state == "wrong"] == ["Python", "packages"]
    assert "uv.lock" in findings[0].what
    assert findings[-1] == Finding("proxy", "fine", "No proxy is set.")


# byte-code


def test_a_module_is_compiled_when_its_byte_code_is_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "uncompiled.py").write_text("answer = 42\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert not compiled("uncompiled")
    subprocess.run([sys.executable, "-m", "compileall", "-q", tmp_path], check=True)
    assert compiled("uncompiled")


# kernel


def test_the_kernel_of_this_environment_is_fine(tmp_path: Path) -> None:
    assert found("kernel", tmp_path).state == "fine"


def test_a_kernel_of_another_python_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kernels" / "python3"
    folder.mkdir(parents=True)
    spec = '{"argv": ["/opt/other/bin/python", "-m", "ipykernel"], "display_name": "Python 3"}'
    (folder / "kernel.json").write_text(spec)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    finding = kernel(*registered_kernel(), sys.executable)
    assert finding.state == "wrong"
    assert "/opt/other/bin/python" in finding.what
    assert str(folder) in finding.fix


def test_a_missing_kernel_is_reported() -> None:
    finding = kernel(None, "", sys.executable)
    assert finding.state == "wrong"
    assert "No Python kernel is registered" in finding.what
    assert "--reinstall-package ipykernel" in finding.fix


# engine


def test_an_engine_that_never_ran_is_fine(tmp_path: Path) -> None:
    finding = found("engine", tmp_path)
    assert finding.state == "fine"
    assert "not running" in finding.what


def test_an_engine_that_hangs_and_one_that_died_are_distinguished(tmp_path: Path) -> None:
    cloud = Engine(tmp_path).start(say=print)
    assert cloud.pid is not None
    try:
        assert engine(engine_status(tmp_path)).state == "fine"
        os.kill(cloud.pid, signal.SIGSTOP)
        hangs = engine(engine_status(tmp_path))
        os.kill(cloud.pid, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(cloud.pid)], timeout=10)
        died = engine(engine_status(tmp_path))
    finally:
        Engine(tmp_path).stop()
    assert hangs.state == died.state == "wrong"
    assert f"({cloud.pid}) runs, but does not answer" in hangs.what
    assert "Run `lab stop`, then `lab start`." in hangs.fix
    assert "ended without being stopped" in died.what
    assert "Run `lab start` for a new one." in died.fix
    assert engine(engine_status(tmp_path)).state == "fine"


def test_an_attached_localstack_that_does_not_answer_is_reported(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        finding = found("engine", tmp_path, {"AWS_ENDPOINT_URL": address})
    assert finding.state == "wrong"
    assert address in finding.what
    assert "unset AWS_ENDPOINT_URL" in finding.fix


# port


def test_a_port_that_is_bound_is_noticed() -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        number = squatter.getsockname()[1]
        squatter.listen()
        assert is_taken(number)
    assert not is_taken(number)


def test_a_taken_port_is_no_reason_to_worry() -> None:
    finding = port(4566, taken=True, engines=None)
    assert finding.state == "note"
    assert "the cloud uses another, free port instead" in finding.fix
    assert "uses port 40123 instead" in port(4566, taken=True, engines=40123).fix


def test_a_port_that_is_free_or_the_clouds_is_fine() -> None:
    assert port(4566, taken=False, engines=None).what == "Port 4566 is free."
    assert port(4566, taken=True, engines=4566).what == "The cloud uses port 4566."


# folders and disk


@pytest.fixture
def read_only() -> Iterator[Path]:
    """A folder that an ordinary user can read, but not write to."""
    above = Path(tempfile.mkdtemp())
    above.chmod(0o755)
    folder = above / "labs of someone else"
    folder.mkdir(mode=0o555)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(above)


def test_a_folder_that_can_t_be_written_to_is_named(read_only: Path) -> None:
    with as_ordinary_user():
        finding = found("cloud's folder", read_only)
    assert finding.state == "wrong"
    assert finding.what == f"{read_only} can't be written to: permission denied."
    assert f"sudo chown -R $USER '{read_only}'" in finding.fix
    assert "LAB_HOME" in finding.fix


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_a_home_of_another_user_is_reported_even_if_all_may_write(
    read_only: Path,
) -> None:
    read_only.chmod(0o777)
    with as_ordinary_user():
        finding = found("cloud's folder", read_only)
    assert finding.state == "wrong"
    assert f"{read_only} belongs to another user" in finding.what
    assert "LAB_HOME" in finding.fix


def test_a_missing_folder_is_judged_by_the_one_above(read_only: Path) -> None:
    with as_ordinary_user():
        error = write_error(read_only / "to" / "be" / "made")
    assert error
    assert error.errno == errno.EACCES


def test_a_folder_that_can_be_written_to_is_left_as_it_was(tmp_path: Path) -> None:
    assert write_error(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_for_a_home_that_is_a_file_no_chown_is_suggested(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    finding = found("cloud's folder", tmp_path / "file")
    assert finding.state == "wrong"
    assert f"{tmp_path / 'file'} is a file" in finding.what
    assert "chown" not in finding.fix


def test_for_a_full_disk_no_chown_is_suggested(tmp_path: Path) -> None:
    finding = writable("cloud's folder", tmp_path, OSError(errno.ENOSPC, "No space left"))
    assert finding.what == f"The disk of {tmp_path} is full."
    assert finding.fix == "Free some space on it, and try again. Or set LAB_HOME to another folder."


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    finding = disk(tmp_path, NEEDED - 1)
    assert finding.state == "wrong"
    assert f"The disk of {tmp_path} is full: 299 MB are left." in finding.what
    assert disk(tmp_path, 20_000 * MEGABYTE).what == "20,000 MB are free."


def test_a_full_disk_is_noticed(tmp_path: Path) -> None:
    mounted = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-euc"]
    small = 'mount -t tmpfs -o size=2m tmpfs "$0"'
    if (
        shutil.which("unshare") is None
        or subprocess.run([*mounted, small, tmp_path], capture_output=True, check=False).returncode
    ):
        pytest.skip("no small disk can be made here: it takes Linux and user namespaces")
    done = subprocess.run(
        [*mounted, f'{small}; exec "$1" -m helpers doctor', tmp_path, sys.executable],
        capture_output=True,
        text=True,
        env={**os.environ, "LAB_HOME": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 1
    assert f"wrong  The disk of {tmp_path} is full: 2 MB are left." in done.stdout


# proxy


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_that_would_receive_calls_to_the_cloud_is_reported(
    name: str, tmp_path: Path
) -> None:
    finding = found("proxy", tmp_path, {name: "http://proxy.school:3128"})
    assert finding.state == "wrong"
    assert finding.what.startswith(name.upper())
    assert "NO_PROXY=127.0.0.1,localhost" in finding.fix


@pytest.mark.parametrize("spared", ["127.0.0.1,localhost", "localhost, 127.0.0.1, .school", "*"])
def test_a_proxy_that_excludes_this_machine_is_fine(spared: str, tmp_path: Path) -> None:
    environ = {"HTTP_PROXY": "http://proxy.school:3128", "no_proxy": spared}
    assert found("proxy", tmp_path, environ).state == "fine"


# the whole


def test_a_diagnosis_that_fails_does_not_silence_the_others(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").write_text("this is not a lock")
    findings = {f.about: f for f in examine(tmp_path, tmp_path, {})}
    assert findings["packages"].what.startswith("The packages can't be examined. TOMLDecodeError")
    assert findings["proxy"].state == "fine"


def test_a_finding_shows_its_state_and_below_it_what_to_do() -> None:
    finding = Finding("disk", "wrong", "The disk is full.", "Free some space.")
    assert finding.describe() == "wrong  The disk is full.\n       Free some space."
    assert Finding("disk", "fine", "9 MB are free.").describe() == "fine   9 MB are free."
