from datetime import UTC, datetime, timedelta

import pytest

from helpers.aws.schedule_in_words import InvalidSchedule, describe_schedule, next_runs

NEW_YEAR = datetime(2028, 1, 1, tzinfo=UTC)  # a Saturday


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("cron(0 2 * * ? *)", "At 02:00, UTC"),
        ("cron(0 3 ? * 1 *)", "At 03:00, only on Sunday, UTC"),
        ("cron(0 0 L * ? *)", "At 00:00, on the last day of the month, UTC"),
        ("cron(30 1 ? * 2#1 *)", "At 01:30, on the first Monday of the month, UTC"),
        ("rate(1 day)", "Every day, counted from when the rule is made or enabled"),
        ("rate(12 hours)", "Every 12 hours, counted from when the rule is made or enabled"),
    ],
)
def test_a_schedule_is_said_in_words(expression: str, words: str) -> None:
    assert describe_schedule(expression) == words


def test_the_next_runs_of_a_month_end_follow_the_calendar() -> None:
    runs = next_runs("cron(0 2 L * ? *)", NEW_YEAR, 3)
    assert [f"{run:%m-%d %H:%M}" for run in runs] == ["01-31 02:00", "02-29 02:00", "03-31 02:00"]


def test_a_rate_counts_from_now() -> None:
    assert next_runs("rate(90 minutes)", NEW_YEAR, 2) == [
        NEW_YEAR + timedelta(minutes=90),
        NEW_YEAR + timedelta(hours=3),
    ]


def test_where_the_years_are_over_there_are_fewer_runs() -> None:
    assert len(next_runs("cron(0 0 1 1,7 ? 2028)", NEW_YEAR, 10)) == 1
    assert next_runs("cron(0 0 1 1 ? 2020)", NEW_YEAR, 10) == []


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("", "is not a schedule"),
        ("0 2 * * ? *", "is not a schedule"),
        ("rate(five minutes)", "is not a schedule"),
        ("rate(0 days)", "a number of 1 or more"),
        ("rate(1 days)", r"`rate\(1 day\)` for one"),
        ("rate(2 day)", r"`rate\(2 days\)` for more"),
        ("cron(0 2 * * ?)", "has six fields, and this one has 5"),
        ("cron(0 2 * * * *)", "one of the two has to be `\\?`"),
        ("cron(0 2 ? * ? *)", "one of the two has to be `\\?`"),
        ("cron(60 2 * * ? *)", "minutes can't be `60`"),
        ("cron(0 24 * * ? *)", "hours can't be `24`"),
        ("cron(0 2 32 * ? *)", "day of month can't be `32`"),
        ("cron(0 2 * 13 ? *)", "month can't be `13`"),
        ("cron(0 2 ? * 8 *)", "day of week can't be `8`"),
        ("cron(0 2 * * ? 1969)", "year can't be `1969`"),
        ("cron(0 2 LW * ? *)", "can't be read"),
    ],
)
def test_what_aws_would_refuse_is_said_with_what_to_write(expression: str, words: str) -> None:
    for ask in (describe_schedule, lambda text: next_runs(text, NEW_YEAR, 1)):
        with pytest.raises(InvalidSchedule, match=words):
            ask(expression)
