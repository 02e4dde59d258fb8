"""The panel that invokes a function: an event to edit, a button, and all that comes back."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable
from typing import Any

from ipywidgets import HTML, Button, Dropdown, HBox, Textarea, VBox

from helpers.display import Card, Table, Tone, milliseconds
from helpers.functions.deploy import Function, name_of
from helpers.functions.invoke import Invocation, invoke
from helpers.panels.panel import WIDE, Panel, not_json, on_press

KINDS = (("wait for the result", "RequestResponse"), ("don't wait", "Event"))
REMEMBERED = 5

AS_TEXT = """\
A panel that invokes {name}: an event to edit, a button, and what comes back.
Where no widgets can be shown, do the same in code: lab.invoke({name!r}, {event})"""
NOTHING_YET = Card(Tone.WAITING, "Nothing has been invoked yet. Edit the event, then press Invoke.")
NO_LOG = Card(Tone.WAITING, "No log comes with the answer if you don't wait: `lab.logs` has it.")


class InvokePanel(Panel):
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
        on_press(self.button, self._run, self.answer)
        controls = HBox([self.kind, self.button])
        self.box = VBox([self.event, controls, self.answer, self.log, self.history], layout=WIDE)

    def __repr__(self) -> str:
        return AS_TEXT.format(name=self.function, event=self._begin)

    def _run(self) -> None:
        """Invoke, and show what came of it."""
        self.log.value = ""
        try:
            event = json.loads(self.event.value.strip() or "{}")
        except json.JSONDecodeError as error:
            self.answer.value = not_json("The event", error).html()
            return
        self._show(invoke(self._door, self.function, event, kind=self.kind.value))

    def _door(self, service: str) -> Any:
        """Invoking needs no other client than this."""
        return self._lambda

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
