"""What a function has logged since a check began, with runs that end late."""

from helpers.aws.report import LoggedInvocation, Report
from helpers.checks.logs import PATIENCE, Runs, printed, timed_out
from helpers.functions.logs import Logs
from tests.fakes import FakeTime


def run(name: str, *, ended: bool = True, status: str | None = None) -> LoggedInvocation:
    report = Report(name, 1, 1, 128, 64, status=status) if ended else None
    return LoggedInvocation(name, "$LATEST", f"{name}\n", report)


class Log:
    """A probe that sees of the log what each look is given; the last one stays."""

    def __init__(self, *looks: list[LoggedInvocation]) -> None:
        self._looks, self._time = list(looks), FakeTime()
        self.clock = self._time.clock

    def logs(self, function: str, **how: object) -> Logs:
        now = self._looks.pop(0) if self._looks[1:] else self._looks[0]
        return Logs(function, "", tuple(now))


def test_only_what_came_since_is_new_once_it_has_ended():
    before, own = run("before", ended=False), run("own", ended=False)
    log = Log([before], [run("before")], [run("before"), own], [run("before"), run("own")])
    assert Runs(log, "answer").new() == [run("own")]


def test_a_run_of_before_that_is_logged_late_does_not_end_the_wait_for_ones_own():
    log = Log([], [run("late")], [run("late"), run("own")])
    new = Runs(log, "answer").new(own=lambda each: each.request_id == "own")
    assert printed(new) == "late\nown\n"


def test_what_never_ends_is_not_waited_for_for_ever():
    log = Log([], [run("own", ended=False)])
    assert Runs(log, "answer").new() == [run("own", ended=False)]
    assert PATIENCE <= log.clock.now() < PATIENCE + 1


def test_rest_is_when_no_run_has_begun_or_ended_for_a_while():
    first = run("first", ended=False)
    log = Log([], *[[first]] * 4, *[[run("first")]] * 4, [run("first"), run("second")])
    Runs(log, "answer").rest(quiet=2)
    assert 3.4 <= log.clock.now() < 4.5


def test_runs_that_were_cut_off_are_counted():
    assert timed_out([run("a"), run("b", status="timeout"), run("c", ended=False)]) == 1
