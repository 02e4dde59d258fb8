"""The door to time: a clock that tests replace, and the engine's clock, which labs may move."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from helpers.cloud.engine import Ask, engine_of
from helpers.cloud.model import Cloud
from helpers.display import Card, Shown, Tone, counted
from helpers.errors import LabError
from helpers.system.clock import CLOCK, Clock

NOT_SET = """\
The clock of this cloud can't be set: it shows the real time, and nights take nights. The course's \
own cloud has a clock that can: start JupyterLab without AWS_ENDPOINT_URL and LOCALSTACK_HOST."""
WAITING = "The clock of this cloud can't be moved: waiting {time} in real time (■ stops it)."


@dataclass(frozen=True, repr=False)
class Advance(Shown):
    """What came of moving the clock: the schedules that fell due, in order.

    Each entry of `fired` has the `rule` and the time it was due `at`. `fired` is None where the
    cloud's clock can't be moved, and the time was waited for instead.
    """

    by: timedelta
    fired: tuple[dict[str, Any], ...] | None = field(default=None)

    def _card(self) -> Card:
        if self.fired is None:
            return Card(Tone.PLAIN, f"{in_words(self.by)} later")
        title = f"{in_words(self.by)} later: {counted(len(self.fired), 'schedule')} fired"
        lines = [
            f"{moment(datetime.fromisoformat(fire['at']))}  {fire['rule']}" for fire in self.fired
        ]
        return Card(Tone.PLAIN, title, block="\n".join(lines))


@dataclass(frozen=True, repr=False)
class Now(Shown):
    """What time the cloud's clock shows, in UTC, once it was set; or that it could not be set."""

    time: datetime
    is_set: bool

    def _card(self) -> Card:
        if self.is_set:
            return Card(Tone.PLAIN, f"It is {self.time:%a %d %b %Y, %H:%M} UTC in this cloud")
        return Card(Tone.UNSURE, NOT_SET)


def advance(
    cloud: Cloud,
    account: str,
    by: timedelta,
    *,
    say: Callable[[str], None] = print,
    clock: Clock = CLOCK,
) -> Advance:
    """Let `by` pass for the account: at once if the cloud's clock can be moved, else in real time.

    Raises LabError if `by` is not in the future, or more schedules would fire than is sensible.
    """
    if by <= timedelta(0):
        raise LabError("The clock goes forward only: give days, hours or minutes above 0.")
    moved = _move(engine_of(cloud, account), by)
    if moved is None:
        say(WAITING.format(time=in_words(by)))
        clock.sleep(by.total_seconds())
        return Advance(by)
    return Advance(by, tuple(moved["fired"]))


def set_clock(cloud: Cloud, account: str, to: datetime | None) -> Now:
    """Let it be `to` in the account (UTC, if it names no zone); None is the real time again.

    Nothing fires. A cloud whose clock can't be set stays as it is.
    """
    if to is not None and to.tzinfo is None:
        to = to.replace(tzinfo=UTC)
    told = engine_of(cloud, account)("PUT", "clock", {"now": to and to.isoformat()})
    return Now(to or datetime.now(UTC), is_set="now" in told)


def fire(engine: Ask, rule: str, at: datetime) -> bool:
    """Fire that rule alone, now, as if it were `at`: its targets have run when this returns.

    Whether it fired: not if no enabled rule has that name, nor where the clock isn't the engine's.
    """
    return "fired" in engine("POST", "clock/rule", {"rule": rule, "at": at.isoformat()})


def now(cloud: Cloud, account: str) -> datetime:
    """What time it is for the account (UTC): the engine's clock may have been moved."""
    told = engine_of(cloud, account)("GET", "clock")
    return datetime.fromisoformat(told["now"]) if "now" in told else datetime.now(UTC)


def _move(engine: Ask, by: timedelta) -> dict[str, Any] | None:
    """The engine's answer, None from a LocalStack that is not our engine."""
    told = engine("POST", "clock", {"seconds": by.total_seconds()})
    if "error" in told:
        raise LabError(told["error"])
    return told if "fired" in told else None


def moment(time: datetime) -> str:
    """
    >>> moment(datetime(2026, 3, 28, 1))
    'Sat 28 Mar 01:00'
    """
    return time.strftime("%a %d %b %H:%M")


def in_words(time_span: timedelta) -> str:
    """
    >>> in_words(timedelta(days=1, hours=2))
    '1 day 2 hours'
    """
    minutes, seconds = divmod(round(time_span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second"))
    return " ".join(counted(number, unit) for number, unit in parts if number)
