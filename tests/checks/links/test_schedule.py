"""The links of a schedule's chain, with rules as the running engine keeps them."""

from datetime import UTC, datetime

import pytest

from helpers.checks.links.schedule import (
    firings,
    let_fire,
    require_invited,
    require_rule,
    require_target,
)
from helpers.exercises.verdict import CantCheck, Incorrect, NotAttempted
from tests.checks.desk import Shop

NAME, VARIABLE = "nightly-report", "nightly"
NIGHTLY = "cron(0 1 * * ? *)"


@pytest.fixture
def shop(client, tmp_path):
    return Shop(client, tmp_path)


@pytest.fixture
def put_rule(client):
    def put(name=NAME, **settings):
        settings = settings or {"ScheduleExpression": NIGHTLY}
        return client("events").put_rule(Name=name, **settings)

    return put


def diagnosis(require, *given):
    with pytest.raises(Incorrect) as caught:
        require(*given)
    return f"{caught.value.link}: {caught.value.id}"


def test_the_expression_of_a_rule_is_returned(shop, put_rule):
    put_rule()
    assert require_rule(shop.probe, NAME, VARIABLE) == NIGHTLY


def test_without_a_rule_and_an_expression_nothing_was_attempted(shop):
    with pytest.raises(NotAttempted, match=NAME):
        require_rule(shop.probe, NAME, VARIABLE)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (5, "not-string"),
        ([NIGHTLY], "not-string"),
        ("0 1 * * ? *", "not-schedule"),
        ("cron{0}", "not-schedule"),
        ("rate(0 days)", "no-number"),
        ("rate(1 days)", "plural"),
        ("cron(0 1 * * *)", "six-fields"),
        ("cron(0 1 * * * *)", "two-days"),
        ("cron(0 25 * * ? *)", "bad-field"),
        ("cron(0 2 LW * ? *)", "unreadable"),
        (NIGHTLY, "no-rule"),
    ],
)
def test_an_expression_without_a_rule_says_why_there_is_none(shop, given, why):
    shop.namespace[VARIABLE] = given
    found = diagnosis(require_rule, shop.probe, NAME, VARIABLE)
    assert found == f"event source: schedule.{why}"


@pytest.mark.parametrize(
    ("name", "settings", "why"),
    [
        ("Nightly_Report", {"ScheduleExpression": NIGHTLY}, "other-name"),
        ("every-night", {"ScheduleExpression": NIGHTLY}, "no-rule"),
        (NAME, {"ScheduleExpression": NIGHTLY, "State": "DISABLED"}, "disabled"),
        (NAME, {"EventPattern": '{"source": ["shop"]}'}, "event-pattern"),
    ],
)
def test_a_rule_that_will_not_fire_says_why(shop, put_rule, name, settings, why):
    shop.namespace[VARIABLE] = NIGHTLY
    put_rule(name, **settings)
    found = diagnosis(require_rule, shop.probe, NAME, VARIABLE)
    assert found == f"event source: schedule.{why}"


def test_a_target_is_found_among_others(shop, put_rule):
    put_rule()
    assert "no-target" in diagnosis(require_target, shop.probe, NAME, "report")
    arn = "arn:aws:lambda:us-east-1:123456789012:function:{}"
    others = [{"Id": f"{n}", "Arn": arn.format(f"{n}report")} for n in range(2)]
    shop.client("events").put_targets(Rule=NAME, Targets=others)
    assert "other-target" in diagnosis(require_target, shop.probe, NAME, "report")
    target = {"Id": "3", "Arn": arn.format("report")}
    shop.client("events").put_targets(Rule=NAME, Targets=[target])
    assert require_target(shop.probe, NAME, "report") == target


def test_a_rule_is_invited_by_its_own_arn(shop, put_rule):
    shop.create("report", "def handler(event, context):\n    return event\n")
    arn, statement = put_rule()["RuleArn"], {"Action": "lambda:InvokeFunction"}
    statement |= {"FunctionName": "report", "Principal": "events.amazonaws.com"}
    shop.aws.add_permission(StatementId="1", SourceArn=f"{arn}s", **statement)
    found = diagnosis(require_invited, shop.probe, NAME, "report")
    assert found == "permission: permission.other-source"
    shop.aws.add_permission(StatementId="2", SourceArn=arn, **statement)
    require_invited(shop.probe, NAME, "report")


def test_firings_end_with_the_time_that_is_looked_at():
    day = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 1, 2, tzinfo=UTC)
    assert firings("rate(12 hours)", *day) == [day[0].replace(hour=12), day[1]]
    assert len(firings("rate(1 minute)", day[0], day[1].replace(year=2028))) == 3000


def test_without_the_embedded_clock_no_rule_is_fired(shop, put_rule):
    put_rule()
    with pytest.raises(CantCheck, match="embedded"):
        let_fire(shop.probe, NAME, datetime(2027, 1, 1, tzinfo=UTC))
