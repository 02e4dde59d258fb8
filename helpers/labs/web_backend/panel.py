"""The panel that calls a web API: a request to build, the answer, the function's log beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import requests
from ipywidgets import HTML, Button, Dropdown, HBox, Layout, Select, Text, Textarea, VBox

from helpers.cloud.http import send
from helpers.display import Card, Table, Tone
from helpers.errors import LabError
from helpers.functions.deploy import Function, name_of
from helpers.functions.logs import Logs
from helpers.panels.panel import WIDE, Panel, half, on_press

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
JSON = "content-type: application/json"
PATIENCE = 30  # seconds, as long as API Gateway waits for a function (29), and a little
LOG_PATIENCE = 2.0  # seconds that a log line may take after the answer

AS_TEXT = """\
A panel that calls the API of {name}: a request to build, a button, and what comes back.
Where no widgets can be shown, do the same in code: requests.get(f"{{address}}{path}")"""
NOTHING_YET = Card(
    Tone.WAITING, "Nothing has been sent yet. Choose a method and a path, press Send."
)
NO_ANSWER = "No answer came from {address}"
IS_IT_RUNNING = "Has the API been deployed, and is the cloud running? {error}"
NO_COLON = "A header is a name, a colon and a value, one a line. This line has no colon: `{line}`"
NOT_RUN = """\
`{name}` logged nothing for this request, so it did not run: the answer came from API Gateway \
itself."""
NOT_SENDABLE = "This request can't be sent: {error}"

# What every answer of a web server has, and nobody looks at here.
EVERYDAY = {"connection", "content-length", "date", "server", "x-amz-apigw-id", "x-amzn-trace-id"}

TONES = {2: Tone.GOOD, 3: Tone.UNSURE, 4: Tone.UNSURE, 5: Tone.WRONG}

ReadLogs = Callable[..., Logs]  # as lab.logs


@dataclass(frozen=True)
class Request:
    """What was sent; `headers` as they were in the field, one a line."""

    method: str
    path: str
    headers: str = ""
    body: str = ""


@dataclass(frozen=True)
class Exchange:
    """A request, what came back, and what the function logged about it."""

    request: Request
    answer: Card
    log: Card
    outcome: str  # for the list: "404", or "no answer"


class RequestPanel(Panel):
    """Call the web API at `address`; `logs` is `lab.logs`, `function` the one behind the API.

    Its parts are widgets: `method`, `path`, `headers`, `body` and `button` to build and send a
    request, `answer` and `log` to read, and `history`: choosing a request there brings it back.
    Whatever goes wrong is shown; nothing is raised.
    """

    def __init__(
        self, address: str, function: str | Function, logs: ReadLogs, path: str = "/"
    ) -> None:
        self.address = address.rstrip("/")
        self.function = name_of(function)
        self._logs = logs
        self._begin = path
        self._past: dict[int, Exchange] = {}  # by their numbers, the newest first
        self._count = 0
        self.method = Dropdown(options=METHODS, description="Method")
        self.path = Text(path, description="Path", layout=Layout(flex="1 1 auto"))
        self.headers = Textarea(JSON, description="Headers", rows=2, layout=WIDE)
        self.body = Textarea(description="Body", rows=4, layout=WIDE)
        self.button = Button(description="Send", button_style="primary")
        self.history = Select(options=[], description="History", rows=4, layout=WIDE)
        self.answer, self.log = HTML(NOTHING_YET.html()), HTML()
        on_press(self.button, self._send, self.answer)
        self.history.observe(self._chosen, names="value")
        self.box = VBox(
            [
                HBox([self.method, self.path, self.button], layout=WIDE),
                self.headers,
                self.body,
                HBox([half(self.answer), half(self.log)], layout=WIDE),
                self.history,
            ],
            layout=WIDE,
        )

    def __repr__(self) -> str:
        return AS_TEXT.format(name=self.function, path=self._begin)

    def _send(self) -> None:
        """Send what is in the fields, show what comes back, and remember both."""
        request = Request(
            self.method.value, self.path.value.strip(), self.headers.value, self.body.value
        )
        self.log.value = ""
        seen = self._runs()
        try:
            answer = _exchange(self.address, request)
        except requests.ConnectionError as error:
            self._fail(NO_ANSWER.format(address=self.address), IS_IT_RUNNING.format(error=error))
        except (requests.RequestException, ValueError) as error:
            self._fail(NOT_SENDABLE.format(error=error))
        else:
            log = self._log_since(seen)
            self._remember(Exchange(request, _shown(request, answer), log, str(answer.status_code)))

    def _fail(self, title: str, *lines: str) -> None:
        self.answer.value = Card(Tone.WRONG, title, lines).html()

    def _runs(self) -> set[str]:
        """Return the ids of the invocations in the function's log; none if it can't be read."""
        try:
            return {run.request_id for run in self._logs(self.function, timeout=0).invocations}
        except LabError:
            return set()

    def _log_since(self, seen: set[str]) -> Card:
        """Return what the function has logged since, after waiting a moment for it."""
        try:
            logs = self._logs(self.function, at_least=len(seen) + 1, timeout=LOG_PATIENCE)
        except LabError as error:
            return Card(Tone.WRONG, str(error))
        new = [run for run in logs.invocations if run.request_id not in seen]
        if not new:
            return Card(Tone.UNSURE, NOT_RUN.format(name=self.function))
        printed = "".join(run.printed for run in new).strip()
        return Card(Tone.PLAIN, f"Log of {self.function}", block=printed or "(it printed nothing)")

    def _remember(self, exchange: Exchange) -> None:
        self._count += 1
        self._past = {self._count: exchange, **self._past}
        self.history.options = [(_line(each, past), each) for each, past in self._past.items()]
        self.history.value = self._count
        self._show(exchange)

    def _show(self, exchange: Exchange) -> None:
        self.answer.value, self.log.value = exchange.answer.html(), exchange.log.html()

    def _chosen(self, change: Mapping[str, object]) -> None:
        """Bring that request back into the fields, and its answer below them."""
        if self.history.value is None:
            return
        exchange = self._past[self.history.value]
        self.method.value, self.path.value = exchange.request.method, exchange.request.path
        self.headers.value, self.body.value = exchange.request.headers, exchange.request.body
        self._show(exchange)


def _exchange(address: str, request: Request) -> requests.Response:
    return send(
        request.method,
        f"{address}/{request.path.lstrip('/')}",
        headers=_headers(request.headers),
        data=request.body.encode() or None,
        timeout=PATIENCE,
        follow_redirects=False,
    )


def _headers(text: str) -> dict[str, str]:
    """Return the headers. Raises ValueError, which names the line that is not one."""
    headers = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, colon, value = line.partition(":")
        if not colon:
            raise ValueError(NO_COLON.format(line=line))
        headers[name.strip()] = value.strip()
    return headers


def _shown(request: Request, answer: requests.Response) -> Card:
    title = f"{_status(answer.status_code)} · {request.method} {request.path}"
    rows = [
        (name.lower(), value)
        for name, value in sorted(answer.headers.items())
        if name.lower() not in EVERYDAY
    ]
    tone = TONES.get(answer.status_code // 100, Tone.PLAIN)
    return Card(tone, title, block=_pretty(answer.text), table=Table(("header", "value"), rows))


def _status(code: int) -> str:
    """
    >>> _status(404)
    '404 Not Found'
    """
    known = code in HTTPStatus._value2member_map_
    return f"{code} {HTTPStatus(code).phrase}" if known else str(code)


def _pretty(text: str) -> str:
    """Return JSON with a line for each entry, and everything else as it came."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def _line(number: int, exchange: Exchange) -> str:
    request = exchange.request
    return f"{number}.  {exchange.outcome}  {request.method} {request.path}"
