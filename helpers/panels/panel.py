"""What all panels have in common: they show themselves, and no press of a button ever raises."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from ipywidgets import HTML, Box, Button, Layout, VBox, Widget

from helpers.aws.errors import error_words
from helpers.display import Card, Tone
from helpers.errors import LabError

WIDE = Layout(width="auto")  # as wide as there is room, its margins included

RUNNING = Card(Tone.PLAIN, "Running…")
REFUSED = "AWS did not accept the call"
NOT_THROUGH = "The cloud did not answer"
NOT_JSON = "{what} is not JSON: {problem}, in line {line}, column {column}"
JSON_IS = 'Texts and keys stand in "double quotes"; there is no comma after the last entry.'
GO_ON = "Run the notebook again from the top: its first cell starts the cloud if it has stopped."


class Panel:
    """An interface made of the widgets in `box`. Its repr says how to do the same in code."""

    box: Box

    def __repr__(self) -> str:
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """As widgets where they can be shown, and elsewhere as text, which is always the same."""
        bundle: dict[str, Any] = self.box._repr_mimebundle_(**kwargs)
        return bundle | {"text/plain": repr(self)}


def on_press(button: Button, work: Callable[[], None], place: HTML) -> None:
    """Have a press of `button` do `work`. What goes wrong in the cloud is shown in `place`.

    While it works the button can't be pressed again, and `place` says that it is running.
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
    """The part as one of two columns of the same width."""
    return VBox([part], layout=Layout(flex="1 1 50%", min_width="0"))


def problem(error: LabError | ClientError | BotoCoreError) -> Card:
    """What went wrong, in words, and how to go on."""
    if isinstance(error, ClientError):
        return Card(Tone.WRONG, REFUSED, block=error_words(error))
    if isinstance(error, BotoCoreError):
        return Card(Tone.UNSURE, NOT_THROUGH, [GO_ON], str(error))
    return Card(Tone.WRONG, str(error))


def not_json(what: str, error: json.JSONDecodeError) -> Card:
    """Where the fault is: the line, and a mark below the place."""
    title = NOT_JSON.format(what=what, problem=error.msg, line=error.lineno, column=error.colno)
    lines = error.doc.splitlines() or [""]
    line = lines[min(error.lineno, len(lines)) - 1]
    return Card(Tone.WRONG, title, [JSON_IS], f"{line}\n{' ' * (error.colno - 1)}^")
