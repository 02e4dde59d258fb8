"""Wheels for another machine: their files, and when and how they are downloaded."""

import importlib.util
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from helpers.errors import NotPackaged
from helpers.functions import wheels
from helpers.functions.package import package
from helpers.functions.wheels import Target, Wheels, pip_options, run, uv_options

LAMBDA = Target("3.13")
BUILT = ("PIL/_imaging.cpython-313-x86_64-linux-gnu.so", "PIL/Image.py", "pillow.libs/libjpeg.so")


class Index:
    """Stands for pip or uv: it writes these files into the target folder, or fails."""

    def __init__(self, *files: str, error: Exception | None = None) -> None:
        self.files = files
        self.error = error
        self.commands: list[list[str]] = []

    def __call__(self, command) -> None:
        self.commands.append(list(command))
        if self.error:
            raise self.error
        (target,) = [word for word in command if word.startswith("--target=")]
        for name in self.files:
            file = Path(target.removeprefix("--target=")) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(name)


def test_wheels_for_the_functions_platform_are_packaged_and_not_the_installed_files(tmp_path):
    handler = tmp_path / "resize.py"
    handler.write_text("import PIL\n")
    find = Wheels(tmp_path / "wheels", LAMBDA, Index(*BUILT, "bin/x", "PIL/__pycache__/a.pyc"))
    made = package(handler, packages=["pillow"], find=find)
    assert set(made.names) == {"resize.py", *BUILT}
    assert repr(made) == "Package of resize.py with pillow"


def test_wheels_are_downloaded_once_in_the_installed_version(tmp_path):
    index = Index(*BUILT)
    first = list(Wheels(tmp_path, LAMBDA, index)("pillow"))
    assert list(Wheels(tmp_path, LAMBDA, index)("pillow")) == first
    assert len(index.commands) == 1
    assert f"pillow=={version('pillow')}" in index.commands[0]


def test_each_target_has_files_of_its_own(tmp_path):
    index = Index(*BUILT)
    for target in (LAMBDA, Target("3.12"), Target("3.13", "aarch64")):
        list(Wheels(tmp_path, target, index)("pillow"))
    assert len(index.commands) == 3


def test_without_a_network_the_download_is_reported_and_nothing_is_left(tmp_path):
    error = subprocess.CalledProcessError(1, "uv", stderr="a\nb\nc\nno route to host\n")
    with pytest.raises(NotPackaged, match=r"for Python 3\.13 on x86_64 Linux.*network") as caught:
        list(Wheels(tmp_path, LAMBDA, Index(error=error))("pillow"))
    assert str(caught.value).endswith("b\nc\nno route to host")
    assert list(tmp_path.iterdir()) == []
    assert list(Wheels(tmp_path, LAMBDA, Index(*BUILT))("pillow"))


def test_a_package_that_is_not_installed_is_not_downloaded(tmp_path):
    index = Index(*BUILT)
    with pytest.raises(NotPackaged, match="Did you mean 'pillow'"):
        list(Wheels(tmp_path, LAMBDA, index)("pilow"))
    assert index.commands == []


def test_pip_is_used_if_it_is_installed_and_uv_otherwise(tmp_path, monkeypatch):
    index = Index(*BUILT)
    monkeypatch.setattr(wheels.importlib.util, "find_spec", lambda name: object())
    list(Wheels(tmp_path / "pip", LAMBDA, index)("pillow"))
    monkeypatch.setattr(wheels.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(wheels.shutil, "which", lambda name: "/bin/uv")
    list(Wheels(tmp_path / "uv", LAMBDA, index)("pillow"))
    assert [command[:3] for command in index.commands] == [
        [sys.executable, "-m", "pip"],
        ["/bin/uv", "pip", "install"],
    ]


def test_without_pip_and_uv_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(wheels.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(wheels.shutil, "which", lambda name: None)
    with pytest.raises(NotPackaged, match="pip install uv"):
        list(Wheels(tmp_path, LAMBDA, Index())("pillow"))


def test_pip_gets_every_glibc_up_to_lambdas():
    options = pip_options(LAMBDA)
    for platform in ("manylinux_2_34", "manylinux_2_28", "manylinux_2_17", "manylinux2014"):
        assert f"--platform={platform}_x86_64" in options
    assert "--only-binary=:all:" in options


def test_uv_gets_lambdas_glibc():
    assert "--python-platform=aarch64-manylinux_2_34" in uv_options(Target("3.13", "aarch64"))


# With the network


@pytest.fixture
def network(tmp_path):
    """Skip the test if no package index can be reached, which a small package shows."""
    tool = (
        [sys.executable, "-m", "pip"] if importlib.util.find_spec("pip") else [shutil.which("uv")]
    )
    command = [*tool, *(["pip"] if tool[0] != sys.executable else []), "install", "--no-deps"]
    try:
        run([*map(str, command), f"--target={tmp_path / 'small'}", "iniconfig"])
    except (subprocess.SubprocessError, OSError):
        pytest.skip("no index of packages can be reached")


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_pillow_is_downloaded_for_lambdas_python(tmp_path, machine):
    names = [name for name, _ in Wheels(tmp_path / "wheels", Target("3.13", machine))("pillow")]
    assert f"PIL/_imaging.cpython-313-{machine}-linux-gnu.so" in names
    compiled = [name for name in names if name.startswith("PIL/") and name.endswith(".so")]
    assert all("cpython-313" in name for name in compiled)
