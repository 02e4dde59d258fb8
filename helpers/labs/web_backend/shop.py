"""The shop's API as the checks of its exercises call it, and whose fault it is if it fails."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from helpers.checks import Incorrect, Link, Probe
from helpers.checks.code import require_deployed, submission
from helpers.checks.function import ask, configuration
from helpers.checks.links.rest_api import Answer, request, require_api
from helpers.checks.sample_events import rest_api_event
from helpers.functions.invoke import Invocation

NAME, STAGE = "shop", "live"
ROUTES = {"/{proxy+}": NAME}

AS_GIVEN = "In {files}, nothing has changed so far."


class Shop:
    """The API behind its address. `ask` sends a request; only a function's answer comes back."""

    def __init__(self, probe: Probe) -> None:
        configuration(probe, NAME)  # waits for an update that is under way
        self.probe = probe
        self.api = require_api(probe, NAME)
        self._last: tuple[Answer, str, str, Mapping[str, Any]] | None = None

    def ask(self, verb: str, path: str, **sent: Any) -> Answer:
        """Return the answer. Raises the diagnosis of the broken link, where it is not the shop's.

        `sent` is `body`, `json` or `headers`.
        """
        answer = request(self.probe, self.api, STAGE, verb, path, ROUTES, **sent)
        self._last = answer, verb, path, sent
        return answer

    def invoke(self, verb: str, path: str, **sent: Any) -> Invocation:
        """Give the same request to the function directly: so its log can be read."""
        return ask(self.probe, NAME, rest_api_event(verb, path, **sent))

    def last_line(self, verb: str, path: str, **sent: Any) -> str:
        """Return what the shop prints last for it: of a traceback, the line with the error."""
        return (self.invoke(verb, path, **sent).printed.strip().splitlines() or [""])[-1]

    def explained(self, error: Incorrect) -> Incorrect:
        """Return the same, and what the log says of it, if the shop's last answer was a 500."""
        if error.link != Link.CODE or not self._last or self._last[0].status != 500:
            return error
        _, verb, path, sent = self._last
        line = self.last_line(verb, path, **sent)
        if not line or line in error.evidence or line == f"{verb} {path}":
            return error
        evidence = f"{error.evidence}\n{line}".strip()
        return Incorrect(str(error), link=error.link, evidence=evidence, id=error.id)


@contextmanager
def work_on(probe: Probe, *files: str) -> Iterator[Shop]:
    """Yield the shop, and blame what a check finds on these files only if the learner wrote them.

    Where the way to the shop is broken, its code has no part in that.
    """
    shop = Shop(probe)
    try:
        yield shop
    except Incorrect as error:
        if error.link in (Link.ROUTE, Link.PERMISSION, Link.TABLE):
            raise
        with submission(probe, NAME, *files, not_yet=AS_GIVEN):
            everything = sorted(file.name for file in (probe.folder / NAME).glob("*.py"))
            require_deployed(probe, NAME, *everything)
            raise shop.explained(error) from None
