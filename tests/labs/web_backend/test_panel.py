"""The panel that calls a web API: against a real little server, and a log that is given."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from helpers.aws.report import LoggedInvocation
from helpers.errors import LabError
from helpers.functions.logs import Logs
from helpers.labs.web_backend.panel import RequestPanel

STATUS = {"/missing": 404, "/broken": 502}


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked; /missing is not there, /broken fails."""

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        self.server.seen.append((self.command, self.path, body))
        text = f'{{"kind": "{self.headers.get("content-type")}", "body": "<b>{body}</b>"}}'
        self.send_response(STATUS.get(self.path, 200))
        self.send_header("x-own", "kept")
        self.end_headers()
        self.wfile.write(text.encode())

    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as running:
        running.seen = []
        running.address = f"http://127.0.0.1:{running.server_port}"
        Thread(target=running.serve_forever).start()
        yield running
        running.shutdown()


class Log:
    """As lab.logs: what the function logged, one invocation more each time it is asked to wait."""

    def __init__(self, *printed: str) -> None:
        self.coming, self.runs = list(printed), []

    def __call__(self, function: str, *, at_least: int = 1, timeout: float = 5) -> Logs:
        if timeout and self.coming:
            number = len(self.runs)
            # The newest stands first, as when an older environment is used again.
            self.runs.insert(0, LoggedInvocation(str(number), "$LATEST", self.coming.pop(0)))
        return Logs(function, "", tuple(self.runs))


def sent(panel: RequestPanel, method: str = "GET", path: str = "/", body: str = "") -> RequestPanel:
    panel.method.value, panel.path.value, panel.body.value = method, path, body
    panel.button.click()
    return panel


def test_the_button_sends_what_stands_in_the_fields(server):
    panel = sent(RequestPanel(server.address, "shop", Log("seen\n")), "POST", "/carts", '{"a": 1}')
    assert server.seen == [("POST", "/carts", '{"a": 1}')]
    assert "200 OK · POST /carts" in panel.answer.value
    assert "application/json" in panel.answer.value
    assert "x-own" in panel.answer.value
    assert "seen" in panel.log.value


def test_the_log_is_the_one_of_this_request_alone(server):
    panel = RequestPanel(server.address, "shop", Log("the first", "the second"))
    sent(sent(panel))
    assert "the second" in panel.log.value
    assert "the first" not in panel.log.value


def test_an_answer_that_the_function_never_gave_is_told_from_its_own(server):
    panel = sent(RequestPanel(server.address, "shop", Log()), path="/missing")
    assert "404 Not Found" in panel.answer.value
    assert "so it did not run" in panel.log.value


def test_choosing_a_request_from_the_history_brings_it_back(server):
    panel = RequestPanel(server.address, "shop", Log("one", "two"))
    sent(sent(panel, "PUT", "/first", "body"), "GET", "/broken")
    assert [label for label, _ in panel.history.options] == [
        "2.  502  GET /broken",
        "1.  200  PUT /first",
    ]
    panel.history.value = 1
    assert (panel.method.value, panel.path.value, panel.body.value) == ("PUT", "/first", "body")
    assert "200 OK · PUT /first" in panel.answer.value
    assert "one" in panel.log.value
    panel.button.click()
    assert server.seen[-1] == ("PUT", "/first", "body")


def test_what_comes_back_is_text_and_never_markup(server):
    panel = sent(RequestPanel(server.address, "shop", Log("<script>")), body="<img src=x>")
    assert "<img" not in panel.answer.value
    assert "<b>" not in panel.answer.value
    assert "<script" not in panel.log.value


def test_where_nothing_answers_the_panel_says_so_and_stays_usable():
    panel = sent(RequestPanel("http://127.0.0.1:1", "shop", Log()))
    assert "No answer came from http://127.0.0.1:1" in panel.answer.value
    assert not panel.button.disabled
    assert panel.history.options == ()


@pytest.mark.parametrize("headers", ["no colon", "x: Grüße → ☃", "x: a\u2028b"])
def test_headers_that_are_none_are_named_and_not_raised(server, headers):
    panel = RequestPanel(server.address, "shop", Log())
    panel.headers.value = headers
    panel.button.click()
    assert "This request can't be sent" in panel.answer.value
    assert server.seen == []


def test_a_function_that_is_not_there_is_said_beside_the_answer(server):
    def no_logs(function, **how):
        raise LabError("There is no function shop")

    panel = sent(RequestPanel(server.address, "shop", no_logs))
    assert "200 OK" in panel.answer.value
    assert "There is no function shop" in panel.log.value


def test_each_control_has_a_name_for_those_who_hear_it():
    panel = RequestPanel("http://127.0.0.1:1", "shop", Log())
    parts = (panel.method, panel.path, panel.headers, panel.body, panel.button, panel.history)
    assert [part.description for part in parts] == [
        *("Method", "Path", "Headers", "Body", "Send", "History")
    ]


def test_without_widgets_it_says_how_to_do_the_same():
    panel = RequestPanel("http://127.0.0.1:1/", "shop", Log(), path="/products")
    assert panel._repr_mimebundle_()["text/plain"] == repr(panel)
    assert 'requests.get(f"{address}/products")' in repr(panel)
