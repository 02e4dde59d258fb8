"""The engine's clock: it fires schedule rules when they are due, and can be advanced or set.

Each account has a clock of its own, so that a lab never moves another's. Advancing a clock fires
every rule that falls due in between, in order, with events that have their scheduled time; apart
from that, functions see the real time. Setting it, to a lab's date or the real time, fires nothing.
LocalStack's own scheduler polls once a minute and reads cron expressions by other rules than AWS
(its Monday is AWS's Tuesday), so it is not started.
"""

import logging
import threading
import time as real_time
import weakref
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
from helpers.engine.gateway.routes import owned_account
from helpers.engine.invoke.async_queue import PENDING

LOG = logging.getLogger(__name__)
MAX_EVENTS = 1000  # of one advance
TICK = 0.5  # seconds
SETTLE = 30.0  # seconds that the functions of one event may take before the clock goes on

BACKWARD = "The clock goes forward only: give a number of seconds above 0."
TOO_MANY = (
    "{seconds:g} seconds would fire more than {limit} events. "
    "Advance the clock in smaller steps, or disable the busiest rule."
)
BAD_TIME = "That is not a time: {error}."
NO_RULE = "There is no enabled rule {error}."


@dataclass(frozen=True)
class Due:
    """A rule that fires at `at` (UTC)."""

    at: datetime
    rule: Rule


@dataclass
class AccountClock:
    """The time of an account, and until when its rules have been evaluated."""

    offset: timedelta = timedelta()
    evaluated: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


class Starts:
    """The time when each rule was first seen enabled. PutRule replaces a rule: it starts over."""

    def __init__(self) -> None:
        self._times: dict[int, datetime] = {}  # by the rule's id(): LocalStack's can't be hashed

    def get(self, rule: Rule, now: datetime) -> datetime:
        if id(rule) not in self._times:
            weakref.finalize(rule, self._times.pop, id(rule), None)
        return self._times.setdefault(id(rule), now)

    def forget(self, rule: Rule) -> None:
        self._times.pop(id(rule), None)


class EngineClock:
    def __init__(self) -> None:
        self._clocks: dict[str, AccountClock] = defaultdict(AccountClock)
        self._starts = Starts()
        self._lock = threading.RLock()
        self.firing: datetime | None = None  # the time of the event that is being created

    def now(self, account: str) -> datetime:
        return self._clocks[account].now()

    def advance(self, account: str, seconds: float) -> list[Due]:
        """Advance the account's clock, fire the rules that fall due, and return them.

        Raises ValueError if that would be more than MAX_EVENTS events, or backward.
        """
        if seconds < 0:
            raise ValueError(BACKWARD)
        with self._lock:
            clock = self._clocks[account]
            now = clock.now()
            target = now + timedelta(seconds=seconds)
            due = self._due(account, now, target)
            if len(due) > MAX_EVENTS:
                raise ValueError(TOO_MANY.format(seconds=seconds, limit=MAX_EVENTS))
            self._fire(account, due, settle=True)
            clock.offset += timedelta(seconds=seconds)
            clock.evaluated = target
            return due

    def set(self, account: str, to: datetime | None) -> None:
        """Set the account's clock, or reset it to the real time. Rate expressions start over."""
        with self._lock:
            real = datetime.now(UTC)
            to = to or real
            self._clocks[account] = AccountClock(to - real, evaluated=to)
            for rule in _rules(account):
                self._starts.forget(rule)

    def fire(self, account: str, name: str, at: datetime) -> None:
        """Fire one rule now, with an event whose time is `at`; the clock stays as it is.

        Raises KeyError if there is no such rule, or it is disabled.
        """
        with self._lock:
            enabled = {rule.name: rule for rule in self._scheduled_rules(account)}
            self._fire(account, [Due(at, enabled[name])], settle=True)

    def tick(self) -> None:
        """Fire, in every account, what has fallen due since the last tick."""
        with self._lock:
            for account in list(events_stores):
                clock = self._clocks[account]
                now = clock.now()
                due = self._due(account, now, now)
                clock.evaluated = now
                self._fire(account, due, settle=False)

    def _due(self, account: str, now: datetime, until: datetime) -> list[Due]:
        evaluated = self._clocks[account].evaluated
        due: list[Due] = []
        for rule in self._scheduled_rules(account):
            since = self._starts.get(rule, now)
            expression, after = str(rule.schedule_expression), max(evaluated, since)
            for at in due_times(expression, since=since, after=after, until=until):
                due.append(Due(at, rule))
                if len(due) > MAX_EVENTS * 2:
                    break
        return sorted(due, key=lambda due: (due.at, due.rule.name))

    def _fire(self, account: str, due: list[Due], *, settle: bool) -> None:
        provider = SERVICE_PLUGINS.get_service("events")._provider if due else None
        for event in due:
            if event.rule.state == "DISABLED":
                continue
            self.firing = event.at
            try:
                assert provider
                provider._get_scheduled_rule_job_function(account, event.rule.region, event.rule)()
            except Exception:
                LOG.exception("Rule %s could not be fired", event.rule.name)
            finally:
                self.firing = None
            if settle:
                PENDING.wait(account, SETTLE)

    def _scheduled_rules(self, account: str) -> Iterator[Rule]:
        for rule in _rules(account):
            if rule.schedule_expression and rule.state == "ENABLED":
                yield rule
            else:
                self._starts.forget(rule)


def _rules(account: str) -> Iterator[Rule]:
    if account not in events_stores:
        return
    for store in list(events_stores[account].values()):
        for bus in list(store.event_buses.values()):
            yield from list(bus.rules.values())


CLOCK = EngineClock()


class ClockResource:
    """The clock of the caller's account.

    GET returns the time, POST {"seconds": n} advances it, and PUT {"now": time} sets it; null means
    the real time. POST {"rule": name, "at": time} to /rule fires one rule, and the clock stays.
    """

    @route("/_lab/clock", methods=["GET"])
    def read(self, request: Request) -> dict[str, Any]:
        return {"now": _format(CLOCK.now(owned_account(request)))}

    @route("/_lab/clock", methods=["POST"])
    def advance(self, request: Request) -> dict[str, Any] | Response:
        account, body = owned_account(request), request.get_json()
        try:
            fired = CLOCK.advance(account, float(body["seconds"]))
        except ValueError as error:
            return Response.for_json({"error": str(error)}, status=400)
        return {
            "now": _format(CLOCK.now(account)),
            "fired": [{"rule": due.rule.name, "at": _format(due.at)} for due in fired],
        }

    @route("/_lab/clock", methods=["PUT"])
    def set(self, request: Request) -> dict[str, Any] | Response:
        account, body = owned_account(request), request.get_json()
        try:
            to = _parse(body["now"]) if body["now"] else None
        except ValueError as error:
            return Response.for_json({"error": BAD_TIME.format(error=error)}, status=400)
        CLOCK.set(account, to)
        return {"now": _format(CLOCK.now(account))}

    @route("/_lab/clock/rule", methods=["POST"])
    def fire(self, request: Request) -> dict[str, Any] | Response:
        body = request.get_json()
        try:
            CLOCK.fire(owned_account(request), body["rule"], _parse(body["at"]))
        except KeyError as error:
            return Response.for_json({"error": NO_RULE.format(error=error)}, status=404)
        return {"fired": body["rule"]}


def _parse(text: str) -> datetime:
    """Return the time; without a zone it is UTC."""
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _format(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


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
    """Return the time of an event; for a scheduled event, when it was due."""
    return (time or CLOCK.firing or datetime.now(UTC)).strftime(format)
