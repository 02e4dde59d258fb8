"""What a function has logged since a check began."""

from collections.abc import Sequence

from helpers.aws.report import LoggedInvocation
from helpers.exercises.probe import Probe

PATIENCE = 3.0  # seconds until a log has arrived
LONGEST = 20.0  # seconds that runs are waited for which start one another


class Runs:
    def __init__(self, probe: Probe, function: str) -> None:
        self._probe, self._function = probe, function
        self._before = {run.request_id for run in probe.logs(function, timeout=0).invocations}

    def new(self) -> Sequence[LoggedInvocation]:
        """The invocations since then, once their logs have arrived."""
        logs = self._probe.logs(self._function, at_least=len(self._before) + 1, timeout=PATIENCE)
        return [run for run in logs.invocations if run.request_id not in self._before]

    def rest(self, quiet: float) -> None:
        """Wait until no run has ended for so many seconds: one that was cut off started others."""
        clock, ended = self._probe.clock, 0
        end = still_until = clock.now() + LONGEST
        while clock.now() < min(end, still_until):
            seen = len(self._probe.logs(self._function, timeout=0).invocations)
            if seen != ended:
                ended, still_until = seen, clock.now() + quiet
            clock.sleep(0.2)


def printed(runs: Sequence[LoggedInvocation]) -> str:
    """What they printed, their errors among it."""
    return "".join(run.printed for run in runs)


def timed_out(runs: Sequence[LoggedInvocation]) -> int:
    """How many were cut off."""
    return sum(run.report is not None and run.report.status == "timeout" for run in runs)
