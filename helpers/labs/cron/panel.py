"""The panel for schedules: an expression, its next ten runs, and the clock to turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from ipywidgets import HTML, Button, Dropdown, HBox, Layout, Text, VBox

from helpers.aws.schedule_in_words import InvalidSchedule, describe_schedule, next_runs
from helpers.cloud.clock import Advance, describe_time_span
from helpers.display import Card, Table, Tone, counted
from helpers.panels.panel import WIDE, Panel, on_press
from helpers.panels.timeline import timeline

RUNS = 10
ZONES = ("UTC", "Europe/Berlin", "Europe/London", "America/New_York", "Asia/Kolkata", "Asia/Tokyo")
STEPS: Mapping[str, dict[str, int]] = {
    "an hour": {"hours": 1},
    "a day": {"days": 1},
    "a week": {"days": 7},
    "31 days": {"days": 31},
}

AS_TEXT = """\
A panel for schedules: type an expression, see its next runs in words, and turn the clock.
Where no widgets can be shown, do the same in code: lab.now(), and lab.advance(days=1)"""
NOTHING_LEFT = Card(Tone.UNSURE, "This schedule never runs again: its years are over.")
NOT_TURNED = Card(Tone.WAITING, "The clock has not been turned here yet.")

Now = Callable[[], datetime]
Turn = Callable[..., Advance]


class SchedulePanel(Panel):
    """See when a schedule runs next; `now` is `lab.now`, `advance` is `lab.advance`.

    Its parts are widgets: `expression` and `zone` to choose, `words` and `runs` (a timeline) to
    read; `by` and `button` to turn the clock of the lab's cloud, and `fired` to read what its own
    rules did meanwhile. Whatever goes wrong is shown there; nothing is raised.
    """

    def __init__(
        self, expression: str, now: Now, advance: Turn, zones: Sequence[str] = ZONES
    ) -> None:
        self._now, self._advance = now, advance
        self.expression = Text(expression, description="Schedule", layout=Layout(width="24em"))
        self.zone = Dropdown(options=list(zones), description="Local time")
        self.words, self.runs = HTML(), HTML()
        self.by = Dropdown(options=list(STEPS), value="a day", description="Turn by")
        self.button = Button(description="Turn the clock", button_style="primary")
        self.fired = HTML(NOT_TURNED.html())
        on_press(self.button, self._turn, self.fired)
        for choice in (self.expression, self.zone):
            choice.observe(self._look, names="value")
        self._look()
        self.box = VBox(
            [
                HBox([self.expression, self.zone], layout=WIDE),
                self.words,
                self.runs,
                HBox([self.by, self.button], layout=WIDE),
                self.fired,
            ],
            layout=WIDE,
        )

    def __repr__(self) -> str:
        return AS_TEXT

    def _look(self, _: object = None) -> None:
        """Show the expression in words and its next runs, or what is wrong with it."""
        now, expression = self._now(), self.expression.value.strip()
        try:
            words, runs = describe_schedule(expression), next_runs(expression, now, RUNS)
        except InvalidSchedule as error:
            self.words.value = Card(
                Tone.WRONG, "AWS would refuse this expression.", [str(error)]
            ).html()
            self.runs.value = ""
            return
        self.words.value = _listed(words, runs, now, self.zone.value).html()
        self.runs.value = timeline(now, runs)

    def _turn(self) -> None:
        turned = self._advance(**STEPS[self.by.value])
        self.fired.value = _fired(turned, self._now()).html()
        self._look()


def _listed(words: str, runs: Sequence[datetime], now: datetime, zone: str) -> Card:
    if not runs:
        return NOTHING_LEFT
    here = ZoneInfo(zone)
    rows = [(str(n), _moment(run), _moment(run.astimezone(here))) for n, run in enumerate(runs, 1)]
    table = Table(("", "UTC", zone), rows)
    if zone == "UTC":
        table = Table(("", "UTC"), [row[:2] for row in rows])
    foot = f"It is {_moment(now)} UTC in this cloud."
    return Card(Tone.GOOD, words, table=table, foot=foot)


def _fired(turned: Advance, now: datetime) -> Card:
    foot = f"It is {_moment(now)} UTC in this cloud now."
    if turned.fired is None:
        return Card(Tone.PLAIN, f"{describe_time_span(turned.by)} later", foot=foot)
    times = Counter(str(fire["rule"]) for fire in turned.fired)
    rows = [(rule, counted(count, "time")) for rule, count in sorted(times.items())]
    title = f"{describe_time_span(turned.by)} later: {counted(len(turned.fired), 'schedule')} fired"
    return Card(
        Tone.PLAIN, title, foot=foot, table=Table(("rule", "fired"), rows) if rows else None
    )


def _moment(time: datetime) -> str:
    """
    >>> from datetime import UTC
    >>> _moment(datetime(2028, 2, 29, 2, tzinfo=UTC))
    'Tue 2028-02-29 02:00'
    """
    return f"{time:%a %Y-%m-%d %H:%M}"
