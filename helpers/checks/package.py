"""What a function's package holds, as it was uploaded."""

import ast
import io
import zipfile

import requests

from helpers.cloud.http import send
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import CantCheck

UNAVAILABLE = "The package of `{name}` could not be fetched, so its files can't be seen: {error}"


def package_files(probe: Probe, name: str) -> dict[str, str]:
    """Return the files in the function's package: name and text."""
    with _open_package(probe, name) as package:
        return {file: package.read(file).decode(errors="replace") for file in package.namelist()}


def package_names(probe: Probe, name: str) -> list[str]:
    """Return the names of the files in the function's package."""
    with _open_package(probe, name) as package:
        return package.namelist()


def package_bytes(probe: Probe, name: str) -> bytes:
    """Return the function's package, as it was uploaded."""
    aws = probe.client("lambda")
    address = aws.get_function(FunctionName=name)["Code"]["Location"]
    try:
        answer = send("GET", address, timeout=10, endpoint=aws.meta.endpoint_url)
        answer.raise_for_status()
    except requests.RequestException as error:
        raise CantCheck(UNAVAILABLE.format(name=name, error=error)) from error
    return answer.content


def is_same_code(one: str, other: str) -> bool:
    """Return whether two texts are the same program; comments, layout and `pass` don't count."""
    try:
        return _program(one) == _program(other)
    except (SyntaxError, ValueError):  # ValueError: a null byte, to Python 3.11
        return one == other


def _open_package(probe: Probe, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(package_bytes(probe, name)))
    except zipfile.BadZipFile as error:
        raise CantCheck(UNAVAILABLE.format(name=name, error=error)) from error


def _program(text: str) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [each for each in body if not isinstance(each, ast.Pass)]  # type: ignore[attr-defined]
    return ast.dump(tree)
