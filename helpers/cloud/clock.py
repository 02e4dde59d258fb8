"""The clock of a cloud: read it, set it, move it forward.

Only the embedded cloud's clock can be moved; with other clouds the time passes as it does.
"""

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
The clock of this cloud can't be set: it shows the real time. The course's own cloud has a clock \
that can: start JupyterLab without AWS_ENDPOINT_URL and LOCALSTACK_HOST."""
WAITING = "The clock of this cloud can't be moved: waiting {time} in real time (■ stops it)."


@dataclass(frozen=True, repr=False)
class Advance(Shown):
    """The clock was moved: the schedules that fell due, in order.

    Each item of `fired` has the `rule` and the time `at` which it was due. `fired` is None if the
    cloud's clock can't be moved; then the lab waited instead.
    """

    by: timedelta
    fired: tuple[dict[str, Any], ...] | None = field(default=None)

    def _card(self) -> Card:
        if self.fired is None:
            return Card(Tone.PLAIN, f"{describe_time_span(self.by)} later")
        fired = counted(len(self.fired), "schedule")
        title = f"{describe_time_span(self.by)} later: {fired} fired"
        lines = [
            f"{datetime.fromisoformat(each['at']):%a %d %b %H:%M}  {each['rule']}"
            for each in self.fired
        ]
        return Card(Tone.PLAIN, title, block="\n".join(lines))


@dataclass(frozen=True, repr=False)
class Now(Shown):
    """The time that the cloud's clock shows, in UTC, or that the clock could not be set."""

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
    """Move the account's clock forward; if the cloud's clock can't be moved, wait in real time.

    Raises LabError if `by` is not positive, or if too many schedules would fire.
    """
    if by <= timedelta(0):
        raise LabError("The clock goes forward only: give days, hours or minutes above 0.")
    answer = engine_of(cloud, account)("POST", "clock", {"seconds": by.total_seconds()})
    if "error" in answer:
        raise LabError(answer["error"])
    if "fired" in answer:
        return Advance(by, tuple(answer["fired"]))
    say(WAITING.format(time=describe_time_span(by)))
    clock.sleep(by.total_seconds())
    return Advance(by)


def set_clock(cloud: Cloud, account: str, to: datetime | None) -> Now:
    """Set the account's clock to that time (UTC, unless it has a zone), or to the real time.

    No schedule fires. A cloud whose clock can't be set stays as it is.
    """
    if to is not None and to.tzinfo is None:
        to = to.replace(tzinfo=UTC)
    answer = engine_of(cloud, account)("PUT", "clock", {"now": to and to.isoformat()})
    return Now(to or datetime.now(UTC), is_set="now" in answer)


def fire(engine: Ask, rule: str, at: datetime) -> bool:
    """Fire that rule alone, as if it were `at`, and wait until its targets have run.

    Returns False if no enabled rule has that name, or if the cloud has no engine of ours.
    """
    return "fired" in engine("POST", "clock/rule", {"rule": rule, "at": at.isoformat()})


def now(cloud: Cloud, account: str) -> datetime:
    """Return the time that the account's clock shows (UTC): it may have been moved."""
    answer = engine_of(cloud, account)("GET", "clock")
    return datetime.fromisoformat(answer["now"]) if "now" in answer else datetime.now(UTC)


def describe_time_span(time_span: timedelta) -> str:
    """
    >>> describe_time_span(timedelta(days=1, hours=2))
    '1 day 2 hours'
    """
    minutes, seconds = divmod(round(time_span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second"))
    return " ".join(counted(number, unit) for number, unit in parts if number)
