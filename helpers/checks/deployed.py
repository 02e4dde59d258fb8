"""A deployed function as checks look at it: its configuration, its package, what it answers."""

import ast
import io
import zipfile
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from botocore.exceptions import ClientError

from helpers.aws.errors import error_code
from helpers.checks.deadline import TookTooLong, within
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import CantCheck, Incorrect
from helpers.functions.invoke import Invocation

DEADLINE = 15.0  # seconds that one answer may take; no exercise needs a third of it
LOCALSTACK_NAME = "localhost.localstack.cloud"  # needs DNS, which a learner may not have

GONE = """\
The function `{name}` is gone. Run the cells that create it again, and then your own."""
NO_ANSWER = """\
`{name}` did not answer within {seconds:g} seconds. Is there a loop in it that does not end?"""
NO_PACKAGE = "The package of `{name}` could not be fetched, so its files can't be seen: {error}"

NOT_IN_PACKAGE = """\
Lambda can't find `{file}` in your package. The file has to be at the top of the zip, not in a \
folder. Yours holds: {names}. Zip it again, and upload that."""
NO_SUCH_HANDLER = """\
Lambda can't find what to call. The handler's address is `{handler}`, and it has to have three \
parts: the file's name without `.py`, a dot, and the name of a function in that file."""
NO_SUCH_IMPORT = """\
Lambda found `{file}`, but something that the file imports is missing. A function has Python's own \
modules, boto3 and what is in its package, and nothing else."""
SYNTAX = """\
Python can't read the code that you uploaded. Often a `:`, a quote or a bracket is missing, or a \
line is indented too far or not far enough."""
TIMED_OUT = """\
`{name}` was stopped because it was still running when its time-out ({timeout} s) was over."""
TOO_MUCH = "`{name}` was stopped because it needed more memory than its {memory} MB."
RAISED = "`{name}` ran, but stopped with the error below."

OUT_OF_TIME = {"Sandbox.Timedout"}
OUT_OF_MEMORY = {"Runtime.OutOfMemory", "Runtime.ExitError"}
NO_HANDLER = {"Runtime.HandlerNotFound", "Runtime.MalformedHandlerName"}


def configuration(probe: Probe, name: str) -> dict[str, Any]:
    """The function's configuration, once an update that is under way has gone through."""
    return probe.wait_for(lambda: _settled(probe, name), what=f"The update of {name}")


def _settled(probe: Probe, name: str) -> dict[str, Any] | None:
    try:
        found = dict(probe.client("lambda").get_function_configuration(FunctionName=name))
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        raise Incorrect(GONE.format(name=name), link="function") from None
    busy = found.get("State") == "Pending" or found.get("LastUpdateStatus") == "InProgress"
    return None if busy else found


def variables(settings: Mapping[str, Any]) -> dict[str, str]:
    """The environment variables in a configuration."""
    return dict(settings.get("Environment", {}).get("Variables", {}))


def other_function(
    probe: Probe,
    name: str,
    is_meant: Callable[[Mapping[str, Any]], bool],
    among: Collection[str] = (),
) -> str | None:
    """Another function of the lab whose configuration is what was asked for of this one.

    `among` are the names to look at; all, if there are none.
    """
    pages = probe.client("lambda").get_paginator("list_functions").paginate()
    for each in (function for page in pages for function in page["Functions"]):
        other = str(each["FunctionName"])
        if other != name and other in (among or [other]) and is_meant(each):
            return other
    return None


def ask(probe: Probe, name: str, event: Any, qualifier: str | None = None) -> Invocation:
    """Invoke the function and wait for the answer, but not for ever."""
    try:
        return within(DEADLINE, lambda: probe.invoke(name, event, qualifier))
    except TookTooLong:
        raise Incorrect(NO_ANSWER.format(name=name, seconds=DEADLINE), link="code") from None


def result_of(probe: Probe, name: str, event: Any, qualifier: str | None = None) -> Any:
    """What the function returned. Raises Incorrect, which says why, if it failed instead."""
    answer = ask(probe, name, event, qualifier)
    if answer.error:
        raise failure(probe, answer)
    return answer.result


def failure(probe: Probe, answer: Invocation) -> Incorrect:
    """Why an invocation failed: which link is broken, and what to do."""
    assert answer.error
    name, kind = answer.function, answer.error.type
    settings = configuration(probe, name)
    words = {"name": name, "timeout": settings["Timeout"], "memory": settings["MemorySize"]}
    evidence = str(answer.error)
    if kind in NO_HANDLER:
        return _no_handler(settings, evidence)
    if kind == "Runtime.ImportModuleError":
        return _not_imported(probe, settings, evidence)
    if kind == "Runtime.UserCodeSyntaxError":
        return Incorrect(SYNTAX, link="code", evidence=evidence)
    if kind in OUT_OF_TIME:
        return Incorrect(TIMED_OUT.format(**words), link="time-out", evidence=evidence)
    if kind in OUT_OF_MEMORY:
        return Incorrect(TOO_MUCH.format(**words), link="memory", evidence=evidence)
    return Incorrect(RAISED.format(**words), link="code", evidence=f"{answer.printed}{evidence}")


def _not_imported(probe: Probe, settings: Mapping[str, Any], evidence: str) -> Incorrect:
    file = f"{settings['FunctionName']}.py"
    names = list(package_files(probe, settings["FunctionName"]))
    if file not in names:
        listed = ", ".join(f"`{name}`" for name in names[:5]) or "nothing at all"
        words = NOT_IN_PACKAGE.format(file=file, names=listed)
        return Incorrect(words, link="package", evidence=evidence)
    if settings["Handler"].rpartition(".")[0] != settings["FunctionName"]:
        return _no_handler(settings, evidence)
    return Incorrect(NO_SUCH_IMPORT.format(file=file), link="package", evidence=evidence)


def _no_handler(settings: Mapping[str, Any], evidence: str) -> Incorrect:
    words = NO_SUCH_HANDLER.format(handler=settings["Handler"])
    return Incorrect(words, link="handler", evidence=evidence)


def package_files(probe: Probe, name: str) -> dict[str, str]:
    """The files in the function's package: name and text."""
    with _open_package(probe, name) as package:
        return {file: package.read(file).decode(errors="replace") for file in package.namelist()}


def package_names(probe: Probe, name: str) -> list[str]:
    """The names of the files in the function's package."""
    with _open_package(probe, name) as package:
        return package.namelist()


def package_file(probe: Probe, name: str, file: str) -> str | None:
    """One file of the function's package, as text; None if it isn't in there."""
    with _open_package(probe, name) as package:
        if file not in package.namelist():
            return None
        return package.read(file).decode(errors="replace")


def _open_package(probe: Probe, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(package_bytes(probe, name)))
    except zipfile.BadZipFile as error:
        raise CantCheck(NO_PACKAGE.format(name=name, error=error)) from error


def package_bytes(probe: Probe, name: str) -> bytes:
    """The function's package, as it was uploaded."""
    aws = probe.client("lambda")
    address = aws.get_function(FunctionName=name)["Code"]["Location"]
    try:
        answer = requests.get(_reachable(address, aws.meta.endpoint_url), timeout=10)
        answer.raise_for_status()
    except requests.RequestException as error:
        raise CantCheck(NO_PACKAGE.format(name=name, error=error)) from error
    return answer.content


def _reachable(address: str, endpoint: str) -> str:
    """The address itself, or at the cloud's own if its name could not be looked up."""
    there = urlsplit(address)
    if not (there.hostname or "").endswith(LOCALSTACK_NAME):
        return address
    return there._replace(netloc=urlsplit(endpoint).netloc).geturl()


def is_outdated(probe: Probe, name: str) -> bool:
    """Whether the function runs another program than its file in the work folder now holds.

    Without the file, or where the package has none of that name, there is nothing to compare.
    """
    written = work_file(probe, name)
    uploaded = package_files(probe, name).get(f"{name}.py")
    if written is None or uploaded is None:
        return False
    return not is_same_code(uploaded, written)


def work_file(probe: Probe, name: str) -> str | None:
    """What stands in the function's file in the work folder; None if there is no such file."""
    file = probe.folder / f"{name}.py"
    return file.read_text("utf-8", errors="replace") if file.is_file() else None


def is_same_code(one: str, other: str) -> bool:
    """Whether two texts are the same program; comments, layout and a stub's `pass` don't count."""
    try:
        return _program(one) == _program(other)
    except (SyntaxError, ValueError):  # ValueError: a null byte, to Python 3.11
        return one == other


def _program(text: str) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [each for each in body if not isinstance(each, ast.Pass)]  # type: ignore[attr-defined]
    return ast.dump(tree)
