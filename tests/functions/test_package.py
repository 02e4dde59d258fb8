import io
import os
import zipfile
from pathlib import Path

import pytest

from helpers.errors import NotPackaged
from helpers.functions.package import WORTH_COMPRESSING, Package, package


@pytest.fixture
def handler(tmp_path: Path) -> Path:
    file = tmp_path / "greeter.py"
    file.write_text("def handler(event, context):\n    return 1\n")
    return file


def opened(package: Package) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(package.data))


def test_the_same_code_gives_the_same_bytes_whatever_the_files_dates_and_rights(handler):
    first = package(handler)
    os.utime(handler, (1, 1))
    handler.chmod(0o600)
    assert package(handler).data == first.data


def test_a_small_package_has_the_same_sha_on_every_machine(handler):
    assert package(handler).sha256 == "7lhRyGW29rvs2EzSwPPybVCe+05mBRbRSyuhcyZRaCY="


def test_a_file_keeps_its_name_and_lambda_can_read_it(handler):
    entry = opened(package(handler)).infolist()[0]
    assert entry.filename == "greeter.py"
    assert entry.external_attr >> 16 == 0o100644


def test_a_program_stays_one(handler):
    handler.chmod(0o755)
    assert opened(package(handler)).infolist()[0].external_attr >> 16 == 0o100755


def test_a_folders_files_have_sorted_relative_paths_without_caches(tmp_path):
    for name in ("b.py", "a.py", "data/c.json", "__pycache__/a.cpython-311.pyc", ".lab", ".git/x"):
        file = tmp_path / "code" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    assert package(tmp_path / "code").names == ("a.py", "b.py", "data/c.json")


def test_several_paths_go_into_one_package(handler, tmp_path):
    (tmp_path / "prices.json").write_text("{}")
    assert package([handler, tmp_path / "prices.json"]).names == ("greeter.py", "prices.json")


def test_an_installed_package_is_included_beside_the_handler(handler):
    names = package(handler, packages=["iniconfig"]).names
    assert {"greeter.py", "iniconfig/__init__.py"} <= set(names)
    assert not any(name.endswith(".pyc") or ".." in name for name in names)


def test_large_packages_are_compressed(tmp_path):
    (tmp_path / "large.txt").write_text("a" * (WORTH_COMPRESSING + 1))
    assert len(package(tmp_path / "large.txt").data) < WORTH_COMPRESSING / 10


def test_a_missing_file_is_reported_with_the_nearest_name(handler):
    with pytest.raises(NotPackaged, match=r"greter\.py to package\. Did you mean 'greeter\.py'\?"):
        package(handler.with_name("greter.py"))


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(NotPackaged, match="nowhere does not exist either"):
        package(tmp_path / "nowhere" / "greeter.py")


def test_an_empty_folder_can_not_be_packaged(tmp_path):
    with pytest.raises(NotPackaged, match="Write the handler there first"):
        package(tmp_path)


def test_two_files_with_the_same_name_are_a_conflict(handler, tmp_path):
    other = tmp_path / "other" / "greeter.py"
    other.parent.mkdir()
    other.write_text("")
    with pytest.raises(NotPackaged, match=r"Two different files would be greeter\.py"):
        package([handler, other])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("inicnfig", "Did you mean 'iniconfig'"),
        ("qqqq-zz", "Install it with `uv add qqqq-zz`"),
        ("PIL", "a module of the distribution pillow"),
    ],
)
def test_a_package_that_is_not_installed_is_named_with_the_fix(handler, name, words):
    with pytest.raises(NotPackaged, match=words):
        package(handler, packages=[name])


def test_packages_as_a_string_are_shown_as_the_list_they_should_be(handler):
    with pytest.raises(NotPackaged, match=r"packages=\['iniconfig'\]"):
        package(handler, packages="iniconfig")
