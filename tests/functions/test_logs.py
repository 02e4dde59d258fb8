import pytest

from helpers.aws.report import Report, parse_log, parse_report
from helpers.cloud.waiting import wait_for
from helpers.errors import NoSuchFunction
from helpers.functions.logs import read_logs
from tests.fakes import FakeService, FakeTime, aws_error, clients

COLD = (
    "REPORT RequestId: 8f50\tDuration: 1.52 ms\tBilled Duration: 98 ms\tMemory Size: 128 MB\t"
    "Max Memory Used: 38 MB\tInit Duration: 96.10 ms\t\n"
)
WARM = (
    "REPORT RequestId: 9a61\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 256 MB\t"
    "Max Memory Used: 40 MB\tStatus: timeout\t\n"
)
LOG = (
    "INIT_START Runtime Version: python:3.13.v50\n"
    "START RequestId: 8f50 Version: $LATEST\n"
    "hello\nEND of the world\n"
    "END RequestId: 8f50\n" + COLD + "START RequestId: 9a61 Version: 2\n"
    "2026-11-21T10:00:00.000Z 9a61 Task timed out after 3.00 seconds\n\n"
    "END RequestId: 9a61\n" + WARM
)


def test_a_report_of_a_cold_start_is_parsed():
    assert parse_report(COLD) == Report("8f50", 1.52, 98, 128, 38, init_ms=96.1)
    assert parse_report(COLD).cold


def test_a_report_of_a_warm_invocation_has_no_init_time_and_may_have_a_status():
    report = parse_report(WARM)
    assert (report.init_ms, report.status, report.cold) == (None, "timeout", False)


def test_of_several_reports_the_last_counts_and_without_one_there_is_none():
    assert parse_report(LOG).request_id == "9a61"
    assert parse_report("what a function printed about REPORT RequestId: x\n") is None


def test_a_report_shows_times_in_one_format_and_no_memory_that_varies():
    summary = "cold start, 96.1 ms to initialise · ran 1.5 ms · billed 98 ms · 128 MB of memory"
    assert repr(parse_report(COLD)) == f"· {summary}"
    assert repr(parse_report(WARM)).startswith("· warm invocation · ran ")


def test_a_log_is_cut_into_its_invocations():
    first, second = parse_log(LOG)
    assert (first.request_id, first.version) == ("8f50", "$LATEST")
    assert first.printed == "hello\nEND of the world\n"
    assert first.report.cold
    assert second.version == "2"
    assert "Task timed out" in second.printed


def test_a_log_may_begin_and_end_in_the_middle_of_an_invocation():
    assert parse_log("the end of something\nEND RequestId: 8f50\n" + COLD) == []
    (running,) = parse_log("START RequestId: 8f50 Version: 1\nhello\n")
    assert (running.printed, running.report) == ("hello\n", None)


def test_waiting_returns_the_first_true_result():
    answers = iter([None, [], ["a thumbnail"]])
    assert wait_for(lambda: next(answers), clock=FakeTime().clock) == ["a thumbnail"]


def test_an_error_of_aws_means_not_yet():
    s3 = FakeService(get_object=[aws_error("NoSuchKey"), {"Body": "here"}])
    assert wait_for(lambda: s3.get_object(), clock=FakeTime().clock) == {"Body": "here"}


def test_an_error_in_the_learners_condition_is_raised_at_once():
    time = FakeTime()
    with pytest.raises(NameError):
        wait_for(lambda: undefined, clock=time.clock)  # type: ignore[name-defined]  # noqa: F821
    assert time.passed == 0


def test_a_timeout_says_what_was_expected_and_shows_the_last_result():
    time = FakeTime()
    with pytest.raises(TimeoutError, match=r"A thumbnail did not happen within 2 s.*result: \[\]"):
        wait_for(list, timeout=2, what="A thumbnail", clock=time.clock)
    assert time.passed == pytest.approx(2, abs=0.1)


def test_a_timeout_shows_the_last_error_and_keeps_it_short():
    s3 = FakeService(get_object=aws_error("NoSuchKey", "x" * 1000))
    with pytest.raises(TimeoutError, match="NoSuchKey: xxx") as raised:
        wait_for(s3.get_object, timeout=1, clock=FakeTime().clock)
    assert len(str(raised.value)) < 400


def test_a_condition_is_called_once_even_without_any_time():
    assert wait_for(lambda: "there", timeout=0, clock=FakeTime().clock) == "there"


def logged(text: str, stream: str = "a", timestamp: int = 1) -> dict[str, object]:
    return {"logStreamName": stream, "timestamp": timestamp, "message": text}


def pages(*events: dict[str, object]) -> list[dict[str, object]]:
    return [{"events": list(events)}]


def read(answers: list[object], function: str = "greeter", **how: object):
    door = clients(
        logs=FakeService(filter_log_events=answers),
        lambda_=FakeService(list_functions=({"Functions": [{"FunctionName": "greeter"}]},)),
    )
    return read_logs(door, function, clock=FakeTime().clock, **how)


def test_logs_of_several_environments_are_not_mixed():
    first, second = (
        LOG[: LOG.index("START RequestId: 9a61")],
        LOG[LOG.index("START RequestId: 9a61") :],
    )
    early, late = second.splitlines(), first.splitlines()
    events = [logged(late[1], "b", 5), logged(early[0], "a", 1), logged(late[2], "b", 5)]
    events += [logged(line, "a", 6) for line in early[1:]]
    events += [logged(line, "b", 7) for line in late[3:]]
    read_now = read([pages(*events), pages(*events)])
    assert [run.request_id for run in read_now.invocations] == ["9a61", "8f50"]
    assert all(run.report for run in read_now.invocations)


def test_reading_waits_until_the_last_invocation_has_ended():
    started = pages(*(logged(line) for line in LOG.splitlines()[:3]))
    ended = pages(*(logged(line) for line in LOG.splitlines()))
    seen = read([started, started, ended])
    assert seen.text == LOG
    assert str(seen) == LOG


def test_reading_returns_what_there_is_after_the_timeout():
    started = pages(logged("START RequestId: 8f50 Version: 1"))
    seen = read([started] * 100, timeout=1)
    assert [run.report for run in seen.invocations] == [None]


def test_invocations_can_be_chosen_by_what_they_printed():
    whole = pages(*(logged(line) for line in LOG.splitlines()))
    seen = read([whole, whole], contains="timed out")
    assert [run.request_id for run in seen.invocations] == ["9a61"]
    assert "hello" not in seen.text


def test_a_function_that_never_ran_has_an_empty_log_that_says_why():
    seen = read([[]] * 100, timeout=1)
    assert seen.invocations == ()
    assert "it has not run, or its role may not write logs" in repr(seen)


def test_a_missing_function_is_reported_at_once():
    with pytest.raises(NoSuchFunction, match=r"'greter' in this lab\. Did you mean 'greeter'\?"):
        read([[]], "greter")


def test_logs_show_the_text_unchanged():
    whole = pages(*(logged(line) for line in LOG.splitlines()))
    assert repr(read([whole, whole])).startswith("· Log of greeter: 2 invocations\n  | INIT_START")
