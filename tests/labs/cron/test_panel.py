"""The panel for schedules: the clock is turned by a fake, and once by the running engine."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import EndpointConnectionError

from helpers.cloud.clock import Advance, advance, now
from helpers.errors import LabError
from helpers.labs.cron.panel import SchedulePanel


class Calendar:
    """A clock that stands on the day before New Year 2028, and rules that fire once a day."""

    def __init__(self) -> None:
        self.time = datetime(2027, 12, 31, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def advance(self, *, days: float = 0, hours: float = 0) -> Advance:
        by = timedelta(days=days, hours=hours)
        self.time += by
        return Advance(by, ({"rule": "nightly"},) * by.days + ({"rule": "cleaner"},))


def panel(expression: str = "cron(0 2 * * ? *)", calendar: Calendar | None = None) -> SchedulePanel:
    calendar = calendar or Calendar()
    return SchedulePanel(expression, calendar.now, calendar.advance)


def test_it_shows_the_schedule_in_words_and_its_next_ten_runs():
    shown = panel()
    assert "At 02:00, UTC" in shown.words.value
    assert "Sat 2028-01-01 02:00" in shown.words.value
    assert "Mon 2028-01-10 02:00" in shown.words.value
    assert "2028-01-11" not in shown.words.value
    assert shown.runs.value.count("<circle") == 10
    assert 'aria-label="10 runs from 2027-12-31 to 2028-01-10"' in shown.runs.value


def test_another_expression_is_shown_as_soon_as_it_is_typed():
    shown = panel()
    shown.expression.value = "cron(30 8 L * ? *)"
    assert "on the last day of the month" in shown.words.value
    assert "Tue 2028-02-29 08:30" in shown.words.value


def test_local_time_shows_what_summer_time_does_to_a_schedule_in_utc():
    shown = panel("cron(0 2 ? 3 1L 2028)")  # the last Sunday of March
    shown.expression.value = "cron(30 0 25-27 3 ? 2028)"
    shown.zone.value = "Europe/Berlin"
    assert "Sat 2028-03-25 01:30" in shown.words.value
    assert "Mon 2028-03-27 02:30" in shown.words.value


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("cron(0 2 * * ?)", "has six fields"),
        ("cron(0 2 * * * *)", "one of the two has to be"),
        ("rate(1 days)", "rate(1 day)"),
        ("<b>", "&lt;b&gt;"),
        ("", "is not a schedule"),
    ],
)
def test_what_aws_would_not_take_is_said_and_not_raised(expression, words):
    shown = panel()
    shown.expression.value = expression
    assert "AWS would not take this" in shown.words.value
    assert words in shown.words.value
    assert shown.runs.value == ""


def test_a_schedule_whose_years_are_over_says_so():
    assert "never runs again" in panel("cron(0 2 * * ? 2020)").words.value


def test_the_button_turns_the_clock_and_tells_what_fired():
    shown = panel()
    shown.by.value = "a week"
    shown.button.click()
    assert "7 days later: 8 schedules fired" in shown.fired.value
    assert ">nightly<" in shown.fired.value
    assert ">7 times<" in shown.fired.value
    assert ">1 time<" in shown.fired.value
    assert "It is Fri 2028-01-07 12:00 UTC" in shown.fired.value
    assert "Sat 2028-01-08 02:00" in shown.words.value


def test_where_the_time_was_waited_for_nothing_is_said_of_rules():
    calendar = Calendar()
    shown = SchedulePanel("rate(1 day)", calendar.now, lambda **by: Advance(timedelta(**by)))
    shown.button.click()
    assert "1 day later" in shown.fired.value
    assert "fired" not in shown.fired.value


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (LabError("in smaller steps"), "in smaller steps"),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), "The cloud did not answer"),
    ],
)
def test_a_clock_that_does_not_turn_is_shown_and_not_raised(error, words):
    def refuse(**by: float) -> Advance:
        raise error

    shown = SchedulePanel("rate(1 day)", Calendar().now, refuse)
    shown.button.click()
    assert words in shown.fired.value
    assert not shown.button.disabled


def test_each_control_has_a_name_for_those_who_hear_it():
    shown = panel()
    parts = (shown.expression, shown.zone, shown.by, shown.button)
    names = ["Schedule", "Local time", "Turn by", "Turn the clock"]
    assert [part.description for part in parts] == names


def test_without_widgets_it_says_how_to_do_the_same():
    shown = panel()
    assert shown._repr_mimebundle_()["text/plain"] == repr(shown)
    assert "lab.advance(days=1)" in repr(shown)


def test_with_the_running_engine_a_nights_rule_fires(cloud, client, account):
    client("events").put_rule(Name="nightly", ScheduleExpression="cron(0 2 * * ? *)")
    shown = SchedulePanel(
        "cron(0 2 * * ? *)",
        lambda: now(cloud, account),
        lambda **by: advance(cloud, account, timedelta(**by)),
    )
    shown.button.click()
    assert "1 day later: 1 schedule fired" in shown.fired.value
    assert ">nightly<" in shown.fired.value
