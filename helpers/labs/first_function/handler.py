"""Exercise handler: the file on the learner's disk, called here, before there is any cloud."""

import json
from typing import Any

from helpers.checks import Diagnosis, Link, NotAttempted, Probe, compare, first_of, require
from helpers.checks.random_inputs import any_name
from helpers.checks.rehearsal import Called, rehearse

FILE = "greeter.py"

NO_FILE = "There is no file `first_function/greeter.py` yet."
NOTHING_YET = "`first_function/greeter.py` is there, but its `handler` does nothing yet."
DONE = "The handler greets everybody by name, and strangers, too. So far it is a file on your disk."


class Handler(Diagnosis):
    ELSEWHERE = Link.PACKAGE("""
        There is a file `{found}`, but the handler belongs in `first_function/greeter.py`. Change
        the name in the cell's first line, after `%%writefile`, and run the cell again.""")
    PRINTED = Link.RESULT("""
        The handler prints its answer but returns nothing. Whoever called it gets what it returns;
        what it prints goes into a log. Write `return` instead of `print`.""")
    FAILED = Link.CODE("With the event `{event}`, the handler stops with an error{line}.")
    NO_NAME = Link.CODE("""
        The event `{event}` gives no name, and the handler stops with an error{line}. Such visitors
        are welcome, too: look the name up in a way that does not insist on it.""")
    NOTHING_RETURNED = Link.RESULT("""
        With the event `{event}`, the handler returns nothing: one way through it ends without
        `return`.""")
    NOT_JSON = Link.RESULT("""
        What the handler returned can't be sent: an answer has to be JSON, that is, made of
        dictionaries, lists, strings and numbers.""")
    BARE_STRING = Link.RESULT("""
        The handler returns the bare string. It has to return a dictionary that has the string
        under the key "message".""")
    NOT_MESSAGE = Link.RESULT("""
        The handler has to return a dictionary with one key, "message", and nothing else.""")
    NOT_STRANGER = Link.RESULT("""
        Anyone who gives no name, or an empty one, is a stranger: "Hello, stranger!". With the
        event `{event}`, your handler says something else.""")
    OTHER_TEXT = Link.RESULT("""
        The message is not letter by letter what was asked for. Look at the comma, the space and
        the exclamation mark.""")
    SAME_TO_ALL = Link.RESULT("""
        The handler says the same to everybody. Who is there stands in the event, under the key
        "name".""")


def check(probe: Probe) -> str:
    file = probe.folder / FILE
    if not file.is_file():
        raise _no_file(probe)
    events = [{"name": any_name()}, {"name": any_name()}, {}, {"name": ""}]
    calls = rehearse(file, events).require_calls(FILE)
    if all(call.is_silent for call in calls):
        raise NotAttempted(NOTHING_YET)
    messages = {str(_message(call)) for call in calls}
    require(messages == {"None"} or len(messages) > 1, Handler.SAME_TO_ALL, _evidence(calls[0]))
    for call in calls:
        _require_greeting(call)
    return DONE


def _no_file(probe: Probe) -> Exception:
    """Look where a learner may have written it: under a like name, or beside the sheet."""
    beside = probe.folder.parent / FILE
    places = [*sorted(probe.folder.glob("[Gg]reet*")), *([beside] if beside.is_file() else [])]
    if not places:
        return NotAttempted(NO_FILE)
    return Handler.ELSEWHERE(found=places[0].relative_to(probe.folder.parent).as_posix())


def _require_greeting(call: Called) -> None:
    has_name, result = bool(call.event.get("name")), call.result
    found = first_of(
        (Handler.FAILED, call.error and has_name),
        (Handler.NO_NAME, call.error),
        (Handler.NOT_JSON, call.not_json),
        (Handler.PRINTED, result is None and call.printed),
        (Handler.NOTHING_RETURNED, result is None),
        (Handler.BARE_STRING, isinstance(result, str)),
        (Handler.NOT_MESSAGE, _message(call) is None),
        (Handler.OTHER_TEXT, _message(call) != _greeting(call) and has_name),
        (Handler.NOT_STRANGER, _message(call) != _greeting(call)),
    )
    if found:
        evidence = call.error or call.not_json or call.printed or _evidence(call)
        raise found(evidence, event=json.dumps(call.event), line=call.where)


def _message(call: Called) -> Any:
    """Return the message, None where the result is not a dictionary with just that."""
    is_right = isinstance(call.result, dict) and list(call.result) == ["message"]
    return call.result["message"] if is_right else None


def _greeting(call: Called) -> str:
    return f"Hello, {call.event.get('name') or 'stranger'}!"


def _evidence(call: Called) -> str:
    return compare(event=call.event, returned=call.result, should_be={"message": _greeting(call)})
