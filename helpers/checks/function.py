"""A deployed function, as checks see it: its configuration, its answers, and why it fails."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from botocore.exceptions import ClientError

from helpers.aws.errors import error_code
from helpers.checks.deadline import TookTooLong, within
from helpers.checks.diagnosis import Diagnosis
from helpers.checks.package import package_names
from helpers.errors import NoSuchFunction
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, Link
from helpers.functions.crash import crash_of
from helpers.functions.invoke import Invocation

TRACEBACK = "[ERROR] "  # how the runtime's own lines about an error begin
DEADLINE = 15.0  # seconds that one answer may take; no exercise needs a third of it


class Function(Diagnosis):
    GONE = Link.FUNCTION("""
        The function `{name}` is gone. Run the cells that create it again, and then your own.""")
    NO_ANSWER = Link.CODE("""
        `{name}` did not answer within {seconds:g} seconds. Is there a loop that never ends?""")
    NOT_IN_PACKAGE = Link.PACKAGE("""
        Lambda can't find `{file}` in your package. The file has to be at the top of the zip, not
        in a folder. Yours holds: {names}. Zip it again, and upload that.""")
    NO_HANDLER = Link.CONFIGURATION("""
        Lambda can't find what to call. The handler's address is `{handler}`, and it needs three
        parts: the file's name without `.py`, a dot, and the name of a function in that file.""")
    NO_MODULE = Link.PACKAGE("""
        Lambda found `{file}`, but something that the file imports is missing. A function has
        Python's own modules, boto3 and what is in its package, and nothing else.""")
    SYNTAX = Link.CODE("""
        Python can't read the code that you uploaded. Often a `:`, a quote or a bracket is missing,
        or a line is indented too far or not far enough.""")
    TIMED_OUT = Link.CONFIGURATION("""
        `{name}` was stopped because it was still running when its time-out ({timeout} s) was
        over.""")
    OUT_OF_MEMORY = Link.CONFIGURATION(
        "`{name}` was stopped because it needed more memory than its {memory} MB."
    )
    RAISED = Link.CODE("`{name}` stopped{where} with the error below.")


STOPPED = {  # how AWS names what ended an invocation
    "Sandbox.Timedout": Function.TIMED_OUT,
    "Runtime.OutOfMemory": Function.OUT_OF_MEMORY,
    "Runtime.ExitError": Function.OUT_OF_MEMORY,
    "Runtime.UserCodeSyntaxError": Function.SYNTAX,
    "Runtime.HandlerNotFound": Function.NO_HANDLER,
    "Runtime.MalformedHandlerName": Function.NO_HANDLER,
}


def configuration(probe: Probe, name: str) -> dict[str, Any]:
    """Return the function's configuration, once an update that is under way has gone through."""

    def settled() -> dict[str, Any] | None:
        try:
            found = dict(probe.client("lambda").get_function_configuration(FunctionName=name))
        except ClientError as error:
            if error_code(error) != "ResourceNotFoundException":
                raise
            raise Function.GONE(name=name) from None
        busy = found.get("State") == "Pending" or found.get("LastUpdateStatus") == "InProgress"
        return None if busy else found

    return probe.wait_for(settled, what=f"The update of {name}")


def variables(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the environment variables in a configuration."""
    return dict(settings.get("Environment", {}).get("Variables", {}))


def other_function(
    probe: Probe,
    name: str,
    is_meant: Callable[[Mapping[str, Any]], bool],
    among: Collection[str] = (),
) -> str | None:
    """Return another function whose configuration is what was asked of this one, None if none is.

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
        raise Function.NO_ANSWER(name=name, seconds=DEADLINE) from None
    except NoSuchFunction:
        if qualifier:
            raise
        raise Function.GONE(name=name) from None


def result_of(probe: Probe, name: str, event: Any, qualifier: str | None = None) -> Any:
    """Return what the function returned. Raises the diagnosis of why it failed, if it did."""
    answer = ask(probe, name, event, qualifier)
    if answer.error:
        raise failure(probe, answer)
    return answer.result


def failure(probe: Probe, answer: Invocation) -> Incorrect:
    """Return why an invocation failed: which link is broken, and what to do."""
    assert answer.error
    name, settings = answer.function, configuration(probe, answer.function)
    file, evidence = f"{name}.py", str(answer.error)
    if answer.error.type == "Runtime.ImportModuleError":
        return _not_imported(probe, settings, evidence)
    found = STOPPED.get(answer.error.type, Function.RAISED)
    crash = crash_of(answer.error)
    if found is Function.RAISED:
        evidence = f"{answer.printed.partition(TRACEBACK)[0]}{crash}"
    return found(
        evidence,
        name=name,
        file=file,
        where=crash.where,
        handler=settings["Handler"],
        timeout=settings["Timeout"],
        memory=settings["MemorySize"],
    )


def _not_imported(probe: Probe, settings: Mapping[str, Any], evidence: str) -> Incorrect:
    name = settings["FunctionName"]
    file, names = f"{name}.py", package_names(probe, name)
    if file not in names:
        listed = ", ".join(f"`{name}`" for name in names[:5]) or "nothing at all"
        return Function.NOT_IN_PACKAGE(evidence, file=file, names=listed)
    if settings["Handler"].rpartition(".")[0] != name:
        return Function.NO_HANDLER(evidence, handler=settings["Handler"])
    return Function.NO_MODULE(evidence, file=file)
