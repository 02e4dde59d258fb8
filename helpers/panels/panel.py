"""The base of all panels: they display themselves, and a click on a button never raises."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from ipywidgets import HTML, Box, Button, Layout, VBox, Widget

from helpers.aws.errors import describe_error
from helpers.display import Card, Tone
from helpers.errors import LabError

WIDE = Layout(width="auto")  # as wide as possible, margins included

RUNNING = Card(Tone.PLAIN, "Running…")
REFUSED = "AWS refused the request"
NO_ANSWER = "The cloud did not answer"
NOT_JSON = "{what} is not JSON: {problem}, in line {line}, column {column}"
JSON_RULES = 'Strings and keys need "double quotes"; there is no comma after the last item.'
GO_ON = "Run the notebook again from the top: its first cell starts the cloud if it has stopped."


class Panel:
    """An interface made of the widgets in `box`. Its repr says how to do the same in code."""

    box: Box

    def __repr__(self) -> str:
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Return the widgets, and a text that never changes for where they can't be shown."""
        bundle: dict[str, Any] = self.box._repr_mimebundle_(**kwargs)
        return bundle | {"text/plain": repr(self)}


def on_press(button: Button, work: Callable[[], None], place: HTML) -> None:
    """Do `work` when `button` is pressed. Errors of the cloud are shown in `place`.

    Meanwhile the button is disabled, and `place` says that the work is running.
    """

    def pressed(_: Button) -> None:
        button.disabled = True
        place.value = RUNNING.html()
        try:
            work()
        except (LabError, ClientError, BotoCoreError) as error:
            place.value = problem(error).html()
        finally:
            button.disabled = False

    button.on_click(pressed)


def half(part: Widget) -> VBox:
    """Return the widget as one of two columns of the same width."""
    return VBox([part], layout=Layout(flex="1 1 50%", min_width="0"))


def problem(error: LabError | ClientError | BotoCoreError) -> Card:
    """Return a card that says what went wrong, and what to do next."""
    if isinstance(error, ClientError):
        return Card(Tone.WRONG, REFUSED, block=describe_error(error))
    if isinstance(error, BotoCoreError):
        return Card(Tone.UNSURE, NO_ANSWER, [GO_ON], str(error))
    return Card(Tone.WRONG, str(error))


def not_json(what: str, error: json.JSONDecodeError) -> Card:
    """Return a card that shows the faulty line, with a mark below the fault."""
    title = NOT_JSON.format(what=what, problem=error.msg, line=error.lineno, column=error.colno)
    lines = error.doc.splitlines() or [""]
    line = lines[min(error.lineno, len(lines)) - 1]
    return Card(Tone.WRONG, title, [JSON_RULES], f"{line}\n{' ' * (error.colno - 1)}^")
