"""The clock: when it is advanced, due schedules fire in order, each with its own time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpers.cloud.engine import Ask, engine_of
from helpers.cloud.model import Cloud
from tests.engine.support import TELL, Aws, until

HOUR = 3600


@pytest.fixture
def clock(cloud: Cloud, account: str) -> "Clock":
    return Clock(engine_of(cloud, account))


class Clock:
    def __init__(self, engine: Ask) -> None:
        self.engine = engine

    def now(self) -> datetime:
        return datetime.fromisoformat(self.engine("GET", "clock")["now"])

    def advance(self, seconds: float) -> list[dict[str, Any]]:
        return list(self.turn(seconds)["fired"])

    def turn(self, seconds: float) -> dict[str, Any]:
        return self.engine("POST", "clock", {"seconds": seconds})

    def set(self, now: str | None) -> dict[str, Any]:
        return self.engine("PUT", "clock", {"now": now})

    def fire(self, rule: str, at: str) -> dict[str, Any]:
        return self.engine("POST", "clock/rule", {"rule": rule, "at": at})

    def turn_to_midnight(self) -> None:
        """Advance to the start of the next day, so that a test knows the date and time."""
        tomorrow = (self.now() + timedelta(days=1)).replace(hour=0, minute=0, second=0)
        self.advance((tomorrow - self.now()).total_seconds())


def schedule(aws: Aws, expression: str, name: str = "rule", function: str = "") -> None:
    made = aws.events.put_rule(Name=name, ScheduleExpression=expression)
    if function:
        aws.allow("events.amazonaws.com", made["RuleArn"], function.rpartition(":")[2])
        aws.events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": function}])


def times(fired: list[dict[str, Any]], form: str = "%H:%M") -> list[str]:
    return [datetime.fromisoformat(one["at"]).strftime(form) for one in fired]


def test_the_clock_tells_the_time_and_can_be_advanced(clock: Clock) -> None:
    before = clock.now()
    clock.advance(24 * HOUR)
    assert timedelta(hours=24) <= clock.now() - before < timedelta(hours=24, seconds=10)


def test_a_nightly_cron_job_runs_with_its_scheduled_time(aws: Aws, clock: Clock) -> None:
    schedule(aws, "cron(30 2 * * ? *)", function=aws.deploy(TELL))
    clock.turn_to_midnight()
    before = len(aws.seen())
    midnight = clock.now()
    clock.advance(3 * HOUR)
    (event,) = aws.seen()[before:]  # it has run when the call returns
    assert datetime.fromisoformat(event["time"]) == midnight.replace(hour=2, minute=30, second=0)
    assert event["detail-type"] == "Scheduled Event"
    assert event["source"] == "aws.events"
    assert event["resources"] == [f"arn:aws:events:us-east-1:{aws.account}:rule/rule"]


def test_rules_fire_and_run_in_the_order_in_which_they_are_due(aws: Aws, clock: Clock) -> None:
    function = aws.deploy(TELL)
    clock.turn_to_midnight()
    schedule(aws, "cron(0 * * * ? *)", "hourly", function)
    schedule(aws, "cron(20 1,2 * * ? *)", "twice", function)
    fired = clock.advance(3 * HOUR + 60)
    assert [(one["rule"], at) for one, at in zip(fired, times(fired), strict=True)] == [
        ("hourly", "01:00"),
        ("twice", "01:20"),
        ("hourly", "02:00"),
        ("twice", "02:20"),
        ("hourly", "03:00"),
    ]
    assert [event["time"] for event in aws.seen()] == [one["at"] for one in fired]


def test_a_rate_starts_when_the_rule_is_created(aws: Aws, clock: Clock) -> None:
    schedule(aws, "rate(10 minutes)")
    began = clock.now()
    fired = clock.advance(31 * 60)
    after = [datetime.fromisoformat(one["at"]) - began for one in fired]
    assert [round(passed.total_seconds() / 60) for passed in after] == [10, 20, 30]


def test_no_rule_fires_twice_and_none_is_left_out(aws: Aws, clock: Clock) -> None:
    clock.turn_to_midnight()
    schedule(aws, "cron(*/10 * * * ? *)")
    steps = [clock.advance(7 * 60) for _ in range(9)]  # 63 minutes
    fired = [at for step in steps for at in times(step)]
    assert fired == ["00:10", "00:20", "00:30", "00:40", "00:50", "01:00"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cron(0 8 L * ? *)", ["01-31", "02-29", "03-31"]),  # the last day of a month
        ("cron(0 8 15W * ? *)", ["01-14", "02-15", "03-15"]),  # the weekday nearest to the 15th
        ("cron(0 8 ? * MON#1 *)", ["01-03", "02-07", "03-06"]),  # the first Monday
        ("cron(0 8 ? * 6L *)", ["01-28", "02-25", "03-31"]),  # the last Friday: 1 is Sunday
        ("cron(0 8 ? FEB L *)", ["02-05", "02-12", "02-19", "02-26"]),  # the last of the week
        ("cron(0 8 1 FEB-MAR ? *)", ["02-01", "03-01"]),
        ("cron(0 8 29 2 ? 2028)", ["02-29"]),
    ],
)
def test_cron_expressions_are_read_as_aws_reads_them(
    aws: Aws, clock: Clock, expression: str, expected: list[str]
) -> None:
    new_year_2028 = datetime.fromisoformat("2028-01-01T00:00:00Z")  # a Saturday
    clock.advance((new_year_2028 - clock.now()).total_seconds())
    schedule(aws, expression)
    fired = clock.advance(90 * 24 * HOUR + 23 * HOUR)  # to the end of March
    assert times(fired, "%m-%d") == expected


def test_a_disabled_rule_does_not_fire_until_it_is_enabled_again(aws: Aws, clock: Clock) -> None:
    clock.turn_to_midnight()
    schedule(aws, "cron(0 * * * ? *)")
    aws.events.disable_rule(Name="rule")
    assert clock.advance(2 * HOUR + 60) == []
    aws.events.enable_rule(Name="rule")
    assert times(clock.advance(HOUR)) == ["03:00"]


def test_a_deleted_rule_no_longer_fires(aws: Aws, clock: Clock) -> None:
    schedule(aws, "rate(1 hour)")
    aws.events.delete_rule(Name="rule")
    assert clock.advance(3 * HOUR) == []


def test_a_rule_that_is_put_again_starts_anew(aws: Aws, clock: Clock) -> None:
    schedule(aws, "rate(2 hours)")
    clock.advance(HOUR)
    aws.events.delete_rule(Name="rule")
    schedule(aws, "rate(2 hours)")
    assert clock.advance(HOUR + 60) == []
    assert len(clock.advance(HOUR)) == 1


def test_a_target_can_have_an_input_of_its_own(aws: Aws, clock: Clock) -> None:
    function = aws.deploy(TELL)
    schedule(aws, "rate(1 hour)", function=function)
    target = {"Id": "1", "Arn": function, "Input": '{"report": "nightly"}'}
    aws.events.put_targets(Rule="rule", Targets=[target])
    clock.advance(HOUR + 1)
    assert aws.seen() == [{"report": "nightly"}]


def test_a_target_can_be_a_queue(aws: Aws, clock: Clock) -> None:
    queue = aws.queue()
    aws.open_queue(queue, "events.amazonaws.com")
    schedule(aws, "rate(1 hour)", function="")
    aws.events.put_targets(Rule="rule", Targets=[{"Id": "1", "Arn": queue.arn}])
    clock.advance(HOUR + 1)
    assert len(until(lambda: aws.received(queue))) == 1


def test_each_account_has_its_own_clock(cloud: Cloud, clock: Clock, client: Any) -> None:
    stranger = "999999999999"
    other = Clock(engine_of(cloud, stranger))
    neighbour = Aws(lambda service, **more: client(service, stranger, **more), stranger)
    schedule(neighbour, "rate(1 hour)")
    before = other.now()
    clock.advance(10 * HOUR)
    assert other.now() - before < timedelta(seconds=10)
    assert len(other.advance(HOUR + 1)) == 1
    neighbour.events.delete_rule(Name="rule")


def test_an_advance_that_would_fire_too_often_is_refused_and_changes_nothing(
    aws: Aws, clock: Clock
) -> None:
    schedule(aws, "rate(1 minute)")
    before = clock.now()
    refused = clock.turn(24 * HOUR)
    assert "more than 1000 events" in refused["error"]
    assert "smaller steps" in refused["error"]
    assert clock.now() - before < timedelta(seconds=10)


def test_an_invalid_schedule_is_refused_when_the_rule_is_created(aws: Aws) -> None:
    for wrong in ("cron(0 2 * * *)", "rate(0 minutes)", "every night", "rate(5 minute)"):
        with pytest.raises(aws.events.exceptions.ClientError) as caught:
            schedule(aws, wrong)
        assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_a_rule_fires_by_itself_when_it_is_due(aws: Aws, clock: Clock) -> None:
    schedule(aws, "rate(1 minute)", function=aws.deploy(TELL))
    clock.advance(59)
    assert aws.seen() == []
    until(aws.seen, timeout=3)


def test_the_clock_can_be_set_to_any_date_and_nothing_fires(aws: Aws, clock: Clock) -> None:
    function = aws.deploy(TELL)
    schedule(aws, "cron(0 2 * * ? *)", "nightly", function)
    schedule(aws, "rate(6 hours)", "often", function)
    for day in ("2031-05-01T12:00:00Z", "2026-03-27 12:00"):
        assert "now" in clock.set(day)
        assert clock.now().strftime("%d %H:%M") == f"{day[8:10]} 12:00"
    assert aws.seen() == []
    fired = clock.advance(24 * HOUR)
    assert [one["rule"] for one in fired] == ["often", "often", "nightly", "often", "often"]
    assert times(fired, "%d %H")[:3] == ["27 18", "28 00", "28 02"]


def test_the_clock_can_be_reset_to_the_real_time(clock: Clock) -> None:
    clock.advance(50 * HOUR)
    assert "now" in clock.set(None)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=10)


def test_an_invalid_time_is_refused(clock: Clock) -> None:
    refused = clock.set("Friday")
    assert "not a time" in refused["error"]


def test_one_rule_can_be_fired_with_any_time_and_the_clock_stays(aws: Aws, clock: Clock) -> None:
    function = aws.deploy(TELL)
    for name in ("nightly", "other"):
        schedule(aws, "cron(0 2 * * ? *)", name, function)
    before = clock.now()
    assert clock.fire("nightly", "2024-02-29T02:00:00Z") == {"fired": "nightly"}
    (event,) = aws.seen()  # it has run when the call returns
    assert event["time"] == "2024-02-29T02:00:00Z"
    assert clock.now() - before < timedelta(seconds=10)


def test_a_disabled_or_missing_rule_cannot_be_fired(aws: Aws, clock: Clock) -> None:
    schedule(aws, "cron(0 2 * * ? *)")
    aws.events.disable_rule(Name="rule")
    for name in ("rule", "ruler"):
        assert "no enabled rule" in clock.fire(name, "2024-02-29T02:00:00Z")["error"]


def test_a_clock_can_only_be_advanced(clock: Clock) -> None:
    assert "forward only" in clock.turn(-5)["error"]
