"""What a function has logged since a check began."""

from collections.abc import Callable, Sequence

from helpers.aws.report import LoggedInvocation
from helpers.exercises.probe import Probe

PATIENCE = 3.0  # seconds until a log has arrived
LONGEST = 20.0  # seconds that runs are waited for which start one another


class Runs:
    """The invocations of a function since this was made, as its log tells of them.

    runs = Runs(probe, "catalogue")
    ...                                                 # a rule fires, an object is put
    new = runs.new(own=lambda run: mark in run.printed)
    """

    def __init__(self, probe: Probe, function: str) -> None:
        self._probe, self._function = probe, function
        self._before = {run.request_id for run in self._logged()}

    def new(
        self, own: Callable[[LoggedInvocation], bool] = lambda run: True
    ) -> Sequence[LoggedInvocation]:
        """Return the invocations since then, once all have ended; what there is after PATIENCE.

        The wait goes on until one of them is what the check has set off, as `own` tells: a run
        from before, whose log comes late, does not end it. Without `own` any one will do.
        """
        clock = self._probe.clock
        deadline = clock.now() + PATIENCE
        while True:
            found = [run for run in self._logged() if run.request_id not in self._before]
            all_ended = all(run.report is not None for run in found)
            if (all_ended and any(map(own, found))) or clock.now() >= deadline:
                return found
            clock.sleep(0.1)

    def rest(self, quiet: float) -> None:
        """Wait until no run has begun or ended for that many seconds: one may set off others."""
        clock, seen = self._probe.clock, (0, 0)
        end = still_until = clock.now() + LONGEST
        while clock.now() < min(end, still_until):
            runs = self._logged()
            now = len(runs), sum(run.report is not None for run in runs)
            if now != seen:
                seen, still_until = now, clock.now() + quiet
            clock.sleep(0.2)

    def _logged(self) -> Sequence[LoggedInvocation]:
        return self._probe.logs(self._function, timeout=0).invocations


def printed(runs: Sequence[LoggedInvocation]) -> str:
    """Return what they printed, their errors among it."""
    return "".join(run.printed for run in runs)


def timed_out(runs: Sequence[LoggedInvocation]) -> int:
    """Return how many were cut off."""
    return sum(run.report is not None and run.report.status == "timeout" for run in runs)
