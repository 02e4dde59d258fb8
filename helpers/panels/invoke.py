"""The panel that invokes a function: an event to edit, a button, and all that comes back."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from ipywidgets import HTML, Button, Dropdown, HBox, Layout, Textarea, VBox

from helpers.clients import error_words
from helpers.display import Card, Table, Tone, milliseconds
from helpers.errors import LabError
from helpers.functions import Function, name_of
from helpers.invocations import Invocation, invoke

KINDS = (("wait for the result", "RequestResponse"), ("don't wait", "Event"))
REMEMBERED = 5
WIDE = Layout(width="auto")  # as wide as there is room, its margins included

AS_TEXT = """\
A panel that invokes {name}: an event to edit, a button, and what comes back.
Where no widgets can be shown, do the same in code: lab.invoke({name!r}, {event})"""
RUNNING = Card(Tone.PLAIN, "Running…")
NOTHING_YET = Card(Tone.WAITING, "Nothing has been invoked yet. Edit the event, then press Invoke.")
NO_LOG = Card(Tone.WAITING, "No log comes with the answer if you don't wait: `lab.logs` has it.")
NOT_JSON = "The event is not JSON: {problem}, in line {line}, column {column}"
JSON_IS = 'Texts and keys stand in "double quotes"; there is no comma after the last entry.'
REFUSED = "AWS did not accept the call"
NOT_THROUGH = "The cloud did not answer"
GO_ON = "Run the notebook again from the top: its first cell starts the cloud if it has stopped."


class InvokePanel:
    """Invoke a function by a button; `lambda_` is a client of boto3, `event` where to begin.

    Its parts are widgets: `event`, `kind` and `button` to work with, and `answer` (result or
    error, and the report in words), `log` and `history` (the last five) to read. Whatever goes
    wrong is shown there; nothing is raised.
    """

    def __init__(self, lambda_: Any, function: str | Function, event: Any = None) -> None:
        self.function = name_of(function)
        self._lambda = lambda_
        self._begin = {} if event is None else event
        self._past: deque[tuple[int, Invocation]] = deque(maxlen=REMEMBERED)
        self._count = 0
        self.event = _event_field(self._begin)
        self.kind = Dropdown(options=KINDS, description="Kind")
        self.button = Button(description="Invoke", button_style="primary")
        self.answer, self.log, self.history = HTML(NOTHING_YET.html()), HTML(), HTML()
        self.button.on_click(self._pressed)
        controls = HBox([self.kind, self.button])
        self.box = VBox([self.event, controls, self.answer, self.log, self.history], layout=WIDE)

    def __repr__(self) -> str:
        return AS_TEXT.format(name=self.function, event=self._begin)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """As widgets where they can be shown, and elsewhere as text, which is always the same."""
        bundle: dict[str, Any] = self.box._repr_mimebundle_(**kwargs)
        return bundle | {"text/plain": repr(self)}

    def _pressed(self, button: Button) -> None:
        button.disabled = True
        self.answer.value, self.log.value = RUNNING.html(), ""
        try:
            self._run()
        finally:
            button.disabled = False

    def _run(self) -> None:
        """Invoke, and show what came of it."""
        try:
            event = json.loads(self.event.value.strip() or "{}")
            answer = invoke(self._door, self.function, event, kind=self.kind.value)
        except json.JSONDecodeError as error:
            self._show_problem(_not_json(error))
        except LabError as error:
            self._show_problem(Card(Tone.WRONG, str(error)))
        except ClientError as error:
            self._show_problem(Card(Tone.WRONG, REFUSED, block=error_words(error)))
        except BotoCoreError as error:
            self._show_problem(Card(Tone.UNSURE, NOT_THROUGH, [GO_ON], str(error)))
        else:
            self._show(answer)

    def _door(self, service: str) -> Any:
        """Invoking needs no other client than this."""
        return self._lambda

    def _show_problem(self, card: Card) -> None:
        self.answer.value = card.html()

    def _show(self, answer: Invocation) -> None:
        self._count += 1
        self._past.appendleft((self._count, answer))
        log = Card(Tone.PLAIN, "Log", block=answer.log.strip()) if answer.log else NO_LOG
        self.answer.value = answer._repr_html_()
        self.log.value = log.html()
        self.history.value = _history(self._past).html()


def _event_field(event: Any) -> Textarea:
    text = json.dumps(event, indent=2, ensure_ascii=False)
    rows = min(max(len(text.splitlines()), 3), 12)
    return Textarea(text, description="Event", rows=rows, layout=WIDE)


def _not_json(error: json.JSONDecodeError) -> Card:
    """Where the fault is: the line, and a mark below the place."""
    title = NOT_JSON.format(problem=error.msg, line=error.lineno, column=error.colno)
    lines = error.doc.splitlines() or [""]
    line = lines[min(error.lineno, len(lines)) - 1]
    return Card(Tone.WRONG, title, [JSON_IS], f"{line}\n{' ' * (error.colno - 1)}^")


def _history(past: Iterable[tuple[int, Invocation]]) -> Card:
    rows = [(str(number), *_row(answer)) for number, answer in past]
    table = Table(("", "invocation", "initialised in", "ran for", "outcome"), rows)
    return Card(Tone.PLAIN, "The last invocations, the newest first", table=table)


def _row(answer: Invocation) -> tuple[str, str, str, str]:
    outcome = "failed" if answer.error else "returned"
    if answer.report is None:
        return "", "", "", "accepted"
    started = "cold start" if answer.cold else "warm"
    init = milliseconds(answer.report.init_ms) if answer.report.init_ms is not None else ""
    return started, init, milliseconds(answer.report.duration_ms), outcome
