"""The page of lab 02 in a real browser: refused without CORS headers, and let in with them."""

from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from helpers.cloud.model import Cloud
from tests.browser.labs import PROJECT
from tests.engine.rest_api import Api
from tests.engine.support import Aws

PAGE = PROJECT.data("web-backend") / "page.html"
Visit = Callable[[dict[str, str]], Page]

REFUSED = "the browser refused: TypeError: Failed to fetch"

ANSWER = """
HEADERS = {headers}

def handler(event, context):
    print("asked to", event["httpMethod"])
    return {{"statusCode": 200, "headers": HEADERS, "body": event["httpMethod"]}}
"""
ORIGIN = {"Access-Control-Allow-Origin": "*"}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, PUT",
    "Access-Control-Allow-Headers": "Content-Type",
}


@pytest.fixture
def aws(client: Callable[..., Any], account: str) -> Iterator[Aws]:
    made = Aws(client, account)
    yield made
    made.leave()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A little server of web pages, at a port and so an origin of its own."""
    handler = partial(Quiet, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        Thread(target=running.serve_forever).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def visit(page: Page, aws: Aws, cloud: Cloud, site: str, tmp_path: Path) -> Visit:
    """Opens the page; the answers of the API that it calls have these headers."""

    def open_page(headers: dict[str, str]) -> Page:
        api = Api(
            aws, cloud.endpoint, aws.deploy(ANSWER.format(headers=headers), Timeout=10), "/{proxy+}"
        )
        (tmp_path / "page.html").write_text(PAGE.read_text("utf-8").replace("ADDRESS", api.url))
        page.goto(f"{site}/page.html")
        return page

    return open_page


def test_an_api_that_says_nothing_of_pages_is_called_and_not_shown(visit: Visit, aws: Aws) -> None:
    page = visit({})
    expect(page.locator("#get")).to_have_text(f"GET: {REFUSED}")
    expect(page.locator("#put")).to_have_text(f"PUT: {REFUSED}")
    asked = {line.removeprefix("asked to ") for line in aws.logs() if line.startswith("asked")}
    assert asked == {"GET", "OPTIONS"}


def test_an_origin_without_a_preflight_lets_pages_read_and_not_write(
    visit: Visit,
) -> None:
    page = visit(ORIGIN)
    expect(page.locator("#get")).to_have_text("GET: 200 GET")
    expect(page.locator("#put")).to_have_text(f"PUT: {REFUSED}")


def test_with_both_a_page_reads_and_writes(visit: Visit) -> None:
    page = visit(ORIGIN | PREFLIGHT)
    expect(page.locator("#get")).to_have_text("GET: 200 GET")
    expect(page.locator("#put")).to_have_text("PUT: 200 PUT")
