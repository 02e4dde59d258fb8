"""A web page of another origin, open in the learner's own browser, while their cloud runs.

Nobody clicks anything. Its images call the cloud on loopback, as any page could.
"""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from helpers.cloud.health import ask
from helpers.cloud.model import Cloud

ACCOUNT = "000000000000"  # whose is what nobody has signed, in LocalStack

CODE = """
from pathlib import Path

def handler(event, context):
    Path("{trace}").write_text("ran")
"""


def template(trace: Path) -> str:
    """A function, and a topic that invokes it."""
    role = f"arn:aws:iam::{ACCOUNT}:role/any"
    return json.dumps(
        {
            "Resources": {
                "Function": {
                    "Type": "AWS::Lambda::Function",
                    "Properties": {
                        "FunctionName": "planted",
                        "Runtime": "python3.13",
                        "Handler": "index.handler",
                        "Role": role,
                        "Code": {"ZipFile": CODE.format(trace=trace)},
                    },
                },
                "Topic": {
                    "Type": "AWS::SNS::Topic",
                    "Properties": {
                        "TopicName": "planted",
                        "Subscription": [
                            {
                                "Protocol": "lambda",
                                "Endpoint": {"Fn::GetAtt": ["Function", "Arn"]},
                            }
                        ],
                    },
                },
            }
        }
    )


def page(endpoint: str, trace: Path) -> str:
    """A page that says nothing of itself, so that the cloud hears of no origin."""
    create = {"Action": "CreateStack", "StackName": "planted", "TemplateBody": template(trace)}
    topic = f"arn:aws:sns:us-east-1:{ACCOUNT}:planted"
    publish = {"Action": "Publish", "TopicArn": topic, "Message": "go"}
    images = [f"{endpoint}/?{urlencode(query)}" for query in (create, publish)]
    health, action = f"{endpoint}/_localstack/health", json.dumps({"action": "kill"})
    return f"""<!doctype html>
<meta name="referrer" content="no-referrer">
<script>
  const images = {json.dumps(images)};
  const kill = {json.dumps({"method": "POST", "mode": "no-cors", "body": action})};
  function load(address) {{
    const image = new Image();
    const end = new Promise(next => image.onload = image.onerror = next);
    image.src = address;
    return end;
  }}
  load(images[0]).then(() => load(images[1])).then(() => fetch("{health}", kill))
    .finally(() => document.title = "done");
</script>"""


@pytest.fixture
def serve() -> Iterator[Callable[[str], str]]:
    """Serves a page at an origin of its own; returns its address."""
    pages: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages[0].encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Keep the tests' output free of it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def put(page: str) -> str:
        pages[:] = [page]
        return f"http://127.0.0.1:{server.server_port}/"

    yield put
    server.shutdown()
    server.server_close()


def test_a_page_of_another_origin_runs_nothing_in_the_cloud(
    browser: Any,
    cloud: Cloud,
    client: Callable[..., Any],
    serve: Callable[[str], str],
    tmp_path: Path,
) -> None:
    trace = tmp_path / "trace"
    requested: list[str] = []
    tab = browser.new_page()
    try:
        tab.on("request", lambda request: requested.append(request.url))
        tab.goto(serve(page(cloud.endpoint, trace)))
        tab.wait_for_function("document.title == 'done'", timeout=30_000)
    finally:
        tab.close()
    port = urlsplit(cloud.endpoint).port
    assert len([url for url in requested if f"127.0.0.1:{port}" in url]) == 3
    assert client("lambda", ACCOUNT).list_functions()["Functions"] == []
    assert client("sns", ACCOUNT).list_topics()["Topics"] == []
    stacks = client("cloudformation", ACCOUNT).list_stacks()["StackSummaries"]
    assert [stack["StackName"] for stack in stacks] == []
    assert not trace.exists()
    assert ask(cloud.endpoint)
