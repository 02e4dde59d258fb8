"""Exercise handler: the file on the learner's disk, called here, before there is any cloud."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from helpers.checks.inputs import any_name
from helpers.checks.rehearsal import Called, Rehearsal, rehearse
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted

FILE = "greeter.py"
STRANGER = "stranger"

NO_FILE = "There is no file `first_function/greeter.py` yet."
ELSEWHERE = """\
There is a file `{found}`, but the handler belongs in `first_function/greeter.py`. Change the name \
in the cell's first line, after `%%writefile`, and run the cell again."""
NOTHING_YET = "`first_function/greeter.py` is there, but its `handler` does nothing yet."
SYNTAX = """\
Python can't read `greeter.py`: something in line {line} is not written as it should be. Often a \
`:`, a quote or a bracket is missing, there or one line above."""
INDENTATION = """\
Python can't read `greeter.py`: the indentation is wrong at line {line}. What belongs to `def` or \
`if` stands four spaces further in, and lines that belong together begin alike."""
NOT_IMPORTED = """\
`greeter.py` stops with an error{line}, as soon as Python reads it and before anyone calls its \
handler."""
NO_HANDLER = """\
There is no function `handler` in `greeter.py`; it has {names}. Lambda calls the function that it \
is told to call, and in this lab that is `handler`: write `def handler(event, context):`."""
TWO_INPUTS = """\
Lambda passes two things to the handler, the event and the context, and yours can't take these \
two: `{signature}`. Write `def handler(event, context):`, even if you don't use the context."""
ENDED = "`greeter.py` made Python itself stop. A handler ends with `return`."
TOO_LONG = "The handler does not come to an end. Is there a loop in it? None is needed here."
PRINTED = """\
The handler prints its answer but returns nothing. Whoever called it gets what it returns; what it \
prints goes into a log. Write `return` in the place of `print`."""
FAILED = "With the event `{event}`, the handler stops with an error{line}."
NO_NAME = """\
The event `{event}` gives no name, and the handler stops with an error{line}. Such visitors are \
welcome, too: look the name up in a way that does not insist on it."""
SOMETIMES_NOTHING = """\
With the event `{event}`, the handler returns nothing: one way through it ends without `return`."""
NOT_JSON = """\
What the handler returned can't be sent: an answer has to be JSON, that is, made of dictionaries, \
lists, texts and numbers."""
A_TEXT = """\
The handler returns the bare text. It has to return a dictionary that has the text under the key \
"message"."""
NOT_MESSAGE = """\
The handler has to return a dictionary with one key, "message", and nothing else."""
TO_STRANGER = """\
Anyone who gives no name, or an empty one, is a stranger: "Hello, stranger!". With the event \
`{event}`, your handler says something else."""
WRONG_TEXT = """\
The message is not letter by letter what was asked for. Look at the comma, the space and the \
exclamation mark."""
SAME_TO_ALL = """\
The handler says the same to everybody. Who is there stands in the event, under the key "name"."""
DONE = "The handler greets everybody by name, and strangers, too. So far it is a file on your disk."


def check(probe: Probe) -> str:
    file = probe.folder / FILE
    if not file.is_file():
        raise _no_file(probe.folder)
    events = [{"name": any_name()}, {"name": any_name()}, {}, {"name": ""}]
    rehearsal = rehearse(file, events)
    if rehearsal.problem:
        raise _problem(rehearsal)
    if all(_is_nothing(call) for call in rehearsal.calls):
        raise NotAttempted(NOTHING_YET)
    _see_same_to_all(rehearsal.calls)
    for call in rehearsal.calls:
        _see(call)
    return DONE


def _no_file(folder: Path) -> Exception:
    """Other places where a learner may have written it: under a like name, or beside the sheet."""
    found = [path for path in sorted(folder.glob("*")) if _is_like(path)]
    beside = folder.parent / FILE
    places = [*found, *([beside] if beside.is_file() else [])]
    if not places:
        return NotAttempted(NO_FILE)
    shown = places[0].relative_to(folder.parent)
    return Incorrect(ELSEWHERE.format(found=shown.as_posix()), link="file")


def _is_like(path: Path) -> bool:
    return path.is_file() and path.stem.lower().startswith("greet")


def _problem(rehearsal: Rehearsal) -> Incorrect:
    line, words = rehearsal.line, rehearsal.words.strip()
    names = ", ".join(f"`{name}`" for name in rehearsal.names) or "no function at all"
    match rehearsal.problem:
        case "syntax":
            return Incorrect(SYNTAX.format(line=line), link="code", evidence=words)
        case "indentation":
            return Incorrect(INDENTATION.format(line=line), link="code", evidence=words)
        case "import":
            return Incorrect(NOT_IMPORTED.format(line=_at(line)), link="code", evidence=words)
        case "handler":
            return Incorrect(NO_HANDLER.format(names=names), link="handler")
        case "inputs":
            return Incorrect(TWO_INPUTS.format(signature=words), link="handler")
        case "too long":
            return Incorrect(TOO_LONG, link="code")
    return Incorrect(ENDED, link="code", evidence=words)


def _is_nothing(call: Called) -> bool:
    said = call.printed or call.error or call.not_json
    return call.result is None and not said


def _see_same_to_all(calls: Sequence[Called]) -> None:
    """A greeting by heart; said before anything else is said about its text."""
    messages = [_message(call) for call in calls]
    if messages[0] is not None and messages.count(messages[0]) == len(messages):
        raise Incorrect(SAME_TO_ALL, link="result", evidence=_evidence(calls[0]))


def _see(call: Called) -> None:
    """Raises Incorrect about what is wrong with the answer to one event."""
    event = json.dumps(call.event)
    if call.error:
        words = FAILED if call.event.get("name") else NO_NAME
        said = words.format(event=event, line=_at(call.line))
        raise Incorrect(said, link="code", evidence=call.error)
    if call.not_json:
        raise Incorrect(NOT_JSON, link="result", evidence=call.not_json)
    if call.result is None:
        words = PRINTED if call.printed else SOMETIMES_NOTHING.format(event=event)
        raise Incorrect(words, link="result", evidence=call.printed)
    if _message(call) != _wanted(call.event):
        raise Incorrect(_wrong(call), link="result", evidence=_evidence(call))


def _wrong(call: Called) -> str:
    if isinstance(call.result, str):
        return A_TEXT
    if _message(call) is None:
        return NOT_MESSAGE
    return (
        WRONG_TEXT if call.event.get("name") else TO_STRANGER.format(event=json.dumps(call.event))
    )


def _message(call: Called) -> Any:
    """The message, None where the result is anything else than a dictionary with just that."""
    is_right = isinstance(call.result, dict) and list(call.result) == ["message"]
    return call.result["message"] if is_right else None


def _wanted(event: dict[str, str]) -> str:
    return f"Hello, {event.get('name') or STRANGER}!"


def _evidence(call: Called) -> str:
    wanted = json.dumps({"message": _wanted(call.event)})
    result = json.dumps(call.result, ensure_ascii=False)
    return f"event     {json.dumps(call.event)}\nreturned  {result}\nshould be {wanted}"


def _at(line: int | None) -> str:
    return f" in line {line}" if line else ""
