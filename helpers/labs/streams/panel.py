"""The panel for a stream: a slider for the rate of events, and counts, batches and lag as plots."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError
from ipywidgets import HTML, Button, HBox, IntSlider, VBox

from helpers.display import Card, Table, Tone
from helpers.errors import LabError
from helpers.panels.chart import Line, bars, lines
from helpers.panels.panel import WIDE, Panel, half, problem
from helpers.system.clock import CLOCK, Clock

BEAT = 0.5  # seconds between two readings
LENGTH = 20.0  # seconds that a run lasts
DRAIN = 10.0  # seconds at most in which what was sent may still be counted

AS_TEXT = """\
A panel for the stream: a slider for the clicks a second, and counts, batches and lag as plots.
Where no widgets can be shown, do the same in code: send(100), and then counts()"""
NOT_STARTED = Card(Tone.WAITING, "Nothing has been sent yet. Choose a rate, then press Start.")
CAUGHT_UP = "The function has caught up: everything that was sent is counted."
BEHIND = "{lag:,} clicks are in the stream and not counted yet: that is the consumer's lag."
TOO_MANY = "{extra:,} more are counted than were sent: some are counted twice."
RAISED = "`send`, `counts` or `batches` stopped with this error."

Send = Callable[[int], object]
Counts = Callable[[], Mapping[str, int]]
Batches = Callable[[], int]


@dataclass
class History:
    """What one run has shown, reading by reading, counted from its beginning."""

    seconds: list[float] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    counted: list[int] = field(default_factory=list)
    batches: int = 0

    @property
    def lag(self) -> int:
        return self.sent[-1] - self.counted[-1]


class StreamPanel(Panel):
    """Send events at a rate, and watch them being counted.

    `send(number)` puts that many events into the stream, `counts()` returns what has been
    counted so far, by name, and `batches()` how often the function has been invoked. Its parts are
    widgets: `rate` and `button` (Start, and then Stop) to work with, and `state`, `lag` and
    `counts` to read. A run lasts 20 seconds. Whatever goes wrong is shown; nothing is raised.
    """

    def __init__(
        self,
        send: Send,
        counts: Counts,
        batches: Batches,
        *,
        clock: Clock = CLOCK,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._send, self._counts, self._batches = send, counts, batches
        self._clock, self._pause = clock, pause
        self._running = False
        self._task: asyncio.Task[None] | None = None
        self.rate = IntSlider(20, min=0, max=200, step=10, description="Clicks/s")
        self.button = Button(description="Start", button_style="primary")
        self.state, self.lag, self.counts = HTML(NOT_STARTED.html()), HTML(), HTML()
        self.button.on_click(self._pressed)
        plots = HBox([half(self.lag), half(self.counts)], layout=WIDE)
        self.box = VBox([HBox([self.rate, self.button]), self.state, plots], layout=WIDE)

    def __repr__(self) -> str:
        return AS_TEXT

    def _pressed(self, _: Button) -> None:
        """Start, or stop. In a notebook it runs beside the cells, so that the slider works."""
        if self._running:
            self._running = False
            return
        self._running = True
        self.button.description = "Stop"
        try:
            self._task = asyncio.get_running_loop().create_task(self.run())
        except RuntimeError:  # outside of a notebook there is no loop, and nothing else to do
            asyncio.run(self.run())

    async def run(self) -> None:
        """Send at the slider's rate for 20 seconds or until Stop; then wait for the rest."""
        try:
            await self._follow()
        except (LabError, ClientError, BotoCoreError) as error:
            self.state.value = problem(error).html()
        except Exception as error:  # noqa: BLE001 - the learner's own functions are called
            words = f"{type(error).__name__}: {error}"
            self.state.value = Card(Tone.WRONG, RAISED, block=words).html()
        finally:
            self._running = False
            self.button.description = "Start"

    async def _follow(self) -> None:
        before, runs = sum(self._counts().values()), self._batches()
        begun, history, owed, sent = self._clock.now(), History(), 0.0, 0
        while (at := self._clock.now() - begun) < LENGTH + DRAIN:
            sending = self._running and at < LENGTH
            if sending:
                owed += self.rate.value * BEAT
                self._send(int(owed))
                sent, owed = sent + int(owed), owed - int(owed)
            counts = self._counts()
            history.seconds.append(at)
            history.sent.append(sent)
            history.counted.append(sum(counts.values()) - before)
            history.batches = self._batches() - runs
            self._show(history, counts)
            if not sending and history.lag <= 0:
                return
            await self._pause(BEAT)

    def _show(self, history: History, counts: Mapping[str, int]) -> None:
        drawn = [Line("sent", history.sent), Line("counted", history.counted)]
        self.lag.value = lines(history.seconds, drawn, "clicks")
        self.counts.value = bars(counts)
        self.state.value = _state(history).html()


def _state(history: History) -> Card:
    each = history.counted[-1] / history.batches if history.batches else 0
    rows = [
        ("sent", f"{history.sent[-1]:,}"),
        ("counted", f"{history.counted[-1]:,}"),
        ("lag", f"{history.lag:,}"),
        ("batches", f"{history.batches:,}"),
        ("clicks in a batch, on average", f"{each:.1f}"),
    ]
    table = Table(("", ""), rows)
    if history.lag < 0:
        return Card(Tone.WRONG, TOO_MANY.format(extra=-history.lag), table=table)
    if history.lag:
        return Card(Tone.UNSURE, BEHIND.format(lag=history.lag), table=table)
    return Card(Tone.GOOD, CAUGHT_UP, table=table)
