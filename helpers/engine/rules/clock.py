"""The engine's clock: it fires schedule rules on time, and may be turned forward, or set.

Each account has a clock of its own, so that a lab never moves another's. Turning it forward fires
every rule that falls due on the way, in order, each event bearing its own time; functions see the
real time otherwise. Setting it, to a lab's own day or back to the real time, fires nothing.
LocalStack's own scheduler looks once a minute and reads cron expressions by other rules than AWS
(its Monday is AWS's Tuesday): it is not started.
"""

import logging
import threading
import time as real_time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from localstack.http import Request, Response, route
from localstack.runtime import events as runtime_events
from localstack.services.edge import ROUTER
from localstack.services.events import provider as events
from localstack.services.events.models import Rule, events_stores
from localstack.services.events.scheduler import JobScheduler
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.utils.patch import patch

from helpers.aws.schedule import due_times
from helpers.engine.gateway.doors import owned_account
from helpers.engine.invoke.async_queue import PENDING

LOG = logging.getLogger(__name__)
MOST_EVENTS = 1000  # in one turn of the clock
TICK = 0.5  # seconds between looks at the rules
SETTLE = 30.0  # seconds that one event's functions may take before the clock moves on


@dataclass(frozen=True)
class Due:
    """A rule that fires at `at` (UTC)."""

    at: datetime
    rule: Rule


@dataclass
class AccountClock:
    """One account's time, and until when its rules were looked at."""

    offset: timedelta = timedelta()
    looked: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


class EngineClock:
    def __init__(self) -> None:
        self._clocks: dict[str, AccountClock] = defaultdict(AccountClock)
        self._lock = threading.RLock()
        self.firing: datetime | None = None  # the time that the event being made bears

    def now(self, account: str) -> datetime:
        return self._clocks[account].now()

    def advance(self, account: str, seconds: float) -> list[Due]:
        """Turn `account`'s clock forward and fire what falls due; returns what was fired.

        Raises ValueError when that would be more than MOST_EVENTS events, or backward.
        """
        if seconds < 0:
            raise ValueError("The clock goes forward only: give a number of seconds above 0.")
        with self._lock:
            clock = self._clocks[account]
            now = clock.now()
            target = now + timedelta(seconds=seconds)
            due = self._due(account, now, target)
            if len(due) > MOST_EVENTS:
                raise ValueError(
                    f"{seconds:g} seconds would fire more than {MOST_EVENTS} events. "
                    "Turn the clock forward in smaller steps, or disable the busiest rule."
                )
            self._fire(account, due, settle=True)
            clock.offset += timedelta(seconds=seconds)
            clock.looked = target
            return due

    def set(self, account: str, to: datetime | None) -> None:
        """Let it be `to` for the account, or the real time again; rates count from there."""
        with self._lock:
            real = datetime.now(UTC)
            to = to or real
            self._clocks[account] = AccountClock(to - real, looked=to)
            for rule in _rules(account):
                vars(rule).pop("began", None)

    def fire(self, account: str, rule: str, at: datetime) -> None:
        """Fire that one rule now, with an event that bears `at`; no clock is moved.

        Raises KeyError if there is no such rule, or it is disabled.
        """
        with self._lock:
            enabled = {each.name: each for each in _scheduled_rules(account)}
            self._fire(account, [Due(at, enabled[rule])], settle=True)

    def tick(self) -> None:
        """Fire, in every account, what has fallen due since the last look."""
        with self._lock:
            for account in list(events_stores):
                clock = self._clocks[account]
                now = clock.now()
                due = self._due(account, now, now)
                clock.looked = now
                self._fire(account, due, settle=False)

    def _due(self, account: str, now: datetime, until: datetime) -> list[Due]:
        clock = self._clocks[account]
        found: list[Due] = []
        for rule in _scheduled_rules(account):
            since = _began(rule, now)
            times = due_times(
                str(rule.schedule_expression),
                since=since,
                after=max(clock.looked, since),
                until=until,
            )
            for at in times:
                found.append(Due(at, rule))
                if len(found) > MOST_EVENTS * 2:
                    break
        return sorted(found, key=lambda due: (due.at, due.rule.name))

    def _fire(self, account: str, due: list[Due], *, settle: bool) -> None:
        provider = SERVICE_PLUGINS.get_service("events")._provider if due else None
        for one in due:
            if one.rule.state == "DISABLED":
                continue
            self.firing = one.at
            try:
                assert provider
                provider._get_scheduled_rule_job_function(account, one.rule.region, one.rule)()
            except Exception:
                LOG.exception("Rule %s could not be fired", one.rule.name)
            finally:
                self.firing = None
            if settle:
                PENDING.wait(account, SETTLE)


CLOCK = EngineClock()


class ClockResource:
    """GET tells the time, POST {"seconds": n} turns the clock of whoever asks.

    PUT {"now": "2026-03-27T12:00:00Z"} sets it, null means the real time; POST to its /rule with
    {"rule": name, "at": time} fires that rule alone, and leaves the clock as it is.
    """

    @route("/_lab/clock", methods=["GET"])
    def read(self, request: Request) -> dict[str, Any]:
        return {"now": _text(CLOCK.now(owned_account(request)))}

    @route("/_lab/clock", methods=["POST"])
    def turn(self, request: Request) -> dict[str, Any] | Response:
        account, wanted = owned_account(request), request.get_json()
        try:
            fired = CLOCK.advance(account, float(wanted["seconds"]))
        except ValueError as error:
            return Response.for_json({"error": str(error)}, status=400)
        return {
            "now": _text(CLOCK.now(account)),
            "fired": [{"rule": due.rule.name, "at": _text(due.at)} for due in fired],
        }

    @route("/_lab/clock", methods=["PUT"])
    def set(self, request: Request) -> dict[str, Any] | Response:
        account, wanted = owned_account(request), request.get_json()
        try:
            to = _time(wanted["now"]) if wanted["now"] else None
        except ValueError as error:
            return Response.for_json({"error": f"That is no time: {error}."}, status=400)
        CLOCK.set(account, to)
        return {"now": _text(CLOCK.now(account))}

    @route("/_lab/clock/rule", methods=["POST"])
    def fire(self, request: Request) -> dict[str, Any] | Response:
        wanted = request.get_json()
        try:
            CLOCK.fire(owned_account(request), wanted["rule"], _time(wanted["at"]))
        except KeyError as error:
            return Response.for_json({"error": f"There is no enabled rule {error}."}, status=404)
        return {"fired": wanted["rule"]}


def install() -> None:
    """Replace LocalStack's scheduler with this clock."""
    ROUTER.add(ClockResource())
    patch(JobScheduler.start_loop)(_start_ticking)
    events.timestamp = _event_time


def _start_ticking(start_loop: Any, scheduler: JobScheduler) -> None:
    def tick_until_the_engine_ends() -> None:
        while not runtime_events.infra_stopping.is_set():
            try:
                CLOCK.tick()
            except Exception:
                LOG.exception("The clock could not fire the rules that were due")
            real_time.sleep(TICK)

    threading.Thread(target=tick_until_the_engine_ends, name="lab-clock", daemon=True).start()


def _event_time(time: datetime | None = None, format: str = "%Y-%m-%dT%H:%M:%SZ") -> str:
    """In the place of LocalStack's own: a scheduled event bears the time at which it was due."""
    return (time or CLOCK.firing or datetime.now(UTC)).strftime(format)


def _scheduled_rules(account: str) -> Iterator[Rule]:
    for rule in _rules(account):
        if rule.schedule_expression and rule.state == "ENABLED":
            yield rule
        else:
            vars(rule).pop("began", None)


def _rules(account: str) -> Iterator[Rule]:
    if account not in events_stores:
        return
    for store in list(events_stores[account].values()):
        for bus in list(store.event_buses.values()):
            yield from list(bus.rules.values())


def _began(rule: Rule, now: datetime) -> datetime:
    """When the rule was first seen enabled. One that is put again is a new Rule and counts anew."""
    began: datetime = vars(rule).setdefault("began", now)
    return began


def _time(text: str) -> datetime:
    """A time that says no zone is UTC."""
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _text(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
