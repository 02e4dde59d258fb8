import socket
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import EndpointConnectionError

from helpers.cloud.clock import Advance, advance, describe_time_span, fire, now, set_clock
from helpers.cloud.engine import engine_of
from helpers.cloud.model import Cloud
from helpers.errors import LabError
from tests.fakes import FakeTime


def test_schedules_that_are_due_fire_at_once_and_in_order(cloud, client, account):
    events = client("events")
    for name, rate in (("nightly", "cron(0 2 * * ? *)"), ("twice-a-day", "cron(0 3,15 * * ? *)")):
        events.put_rule(Name=name, ScheduleExpression=rate)
    later = advance(cloud, account, timedelta(days=1), say=pytest.fail)
    assert sorted(fire["rule"] for fire in later.fired) == ["nightly", "twice-a-day", "twice-a-day"]
    assert [fire["at"] for fire in later.fired] == sorted(fire["at"] for fire in later.fired)


def test_a_refusal_of_the_engine_is_raised_with_its_message(cloud, client, account):
    client("events").put_rule(Name="busy", ScheduleExpression="rate(1 minute)")
    with pytest.raises(LabError, match="smaller steps"):
        advance(cloud, account, timedelta(days=30), say=pytest.fail)


def test_now_is_the_time_that_the_clock_was_moved_to(cloud, account):
    advance(cloud, account, timedelta(days=40))
    ahead = now(cloud, account) - datetime.now(UTC)
    assert timedelta(days=39, hours=23) < ahead < timedelta(days=40, hours=1)


def test_a_cloud_without_a_clock_of_its_own_has_the_real_time():
    assert abs(now(Cloud("aws", "", ""), "") - datetime.now(UTC)) < timedelta(minutes=1)


def test_if_the_clock_can_not_be_moved_it_waits_and_says_so():
    time, said = FakeTime(), []
    aws = Cloud("aws", "", "")
    later = advance(aws, "", timedelta(minutes=90), say=said.append, clock=time.clock)
    assert time.passed == 5400
    assert "waiting 1 hour 30 minutes in real time" in said[0]
    assert later.fired is None
    assert repr(later) == "· 1 hour 30 minutes later"


def test_a_cloud_that_is_gone_raises_boto3s_error():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = Cloud("embedded", f"http://127.0.0.1:{free.getsockname()[1]}", "")
    with pytest.raises(EndpointConnectionError, match="_lab/clock"):
        advance(gone, "", timedelta(days=1))


def test_the_clock_does_not_go_backwards():
    with pytest.raises(LabError, match="forward only"):
        advance(Cloud("aws", "", ""), "", timedelta(0))


def test_what_fired_is_shown_with_the_time_it_was_due():
    fired = tuple(
        {"rule": rule, "at": f"2026-11-22T{hour}:00:00Z"}
        for rule, hour in (("report", "02"), ("cleaner", "14"))
    )
    assert repr(Advance(timedelta(days=1), fired)) == (
        "· 1 day later: 2 schedules fired\n"
        "  | Sun 22 Nov 02:00  report\n"
        "  | Sun 22 Nov 14:00  cleaner"
    )


def test_the_clock_can_be_set_to_a_day_and_back(cloud, account):
    friday = set_clock(cloud, account, datetime(2026, 3, 27, 12))
    assert repr(friday) == "· It is Fri 27 Mar 2026, 12:00 UTC in this cloud"
    assert now(cloud, account).strftime("%d %b %H:%M") == "27 Mar 12:00"
    assert set_clock(cloud, account, None).is_set
    assert abs(now(cloud, account) - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_clock_that_cannot_be_set_says_so():
    assert "shows the real time" in repr(set_clock(Cloud("aws", "", ""), "", datetime(2026, 3, 27)))


def test_one_rule_can_be_fired_alone(cloud, client, account):
    client("events").put_rule(Name="nightly", ScheduleExpression="cron(0 2 * * ? *)")
    at = datetime(2024, 2, 29, 2, tzinfo=UTC)
    assert fire(engine_of(cloud, account), "nightly", at)
    assert not fire(engine_of(cloud, account), "knightly", at)


def test_a_time_span_is_described():
    assert (
        describe_time_span(timedelta(days=2, minutes=1, seconds=3)) == "2 days 1 minute 3 seconds"
    )
