"""Another user of the machine can't use a cloud that isn't theirs."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from helpers.cloud.health import ask
from helpers.cloud.model import Cloud
from tests.engine.support import TELL, Aws

NOBODY = 65534
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root can act as another user"
)

# Everything is loaded before the process becomes another user: what is installed for root may not
# be theirs to read.
NEIGHBOUR = """
import encodings.idna, http.client, json, os, sys
from pathlib import Path
from urllib.parse import urlencode
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

host, account, home, queue = sys.argv[1:5]
os.setgroups([]); os.setgid({user}); os.setuid({user})

def send(method, path, body=b"", headers=()):
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.request(method, path, body, dict(headers))
    answer = connection.getresponse()
    return answer.status, answer.read().decode(errors="replace")[:300]

def signed(service, method, path, body, secret, target=""):
    headers = {{"Host": host, "Content-Type": "application/x-amz-json-1.1"}}
    if target:
        headers["X-Amz-Target"] = target
    request = AWSRequest(method, f"http://{{host}}{{path}}", headers=headers, data=body)
    SigV4Auth(Credentials(account, secret), service, "us-east-1").add_auth(request)
    return send(method, path, body, request.headers.items())

def read(name):
    try:
        return Path(home, name).read_bytes().decode()
    except OSError as error:
        return type(error).__name__

invoke = "/2015-03-31/functions/function/invocations"
tries = {{
    "query": send("GET", "/?" + urlencode({{"Action": "CreateTopic", "Name": "theirs"}})),
    "queue": send("GET", queue + "?Action=SendMessage&MessageBody=theirs"),
    "invoke": send("POST", invoke, b"{{}}"),
    "lab": send("GET", f"/_lab/usage?account={{account}}"),
    "kill": send("POST", "/_localstack/health", json.dumps({{"action": "kill"}})),
}}
for secret in ("test", "lab", account, "x"):
    tries[f"invoke as {{secret}}"] = signed("lambda", "POST", invoke, b"{{}}", secret)
    tries[f"list as {{secret}}"] = signed("lambda", "GET", "/2015-03-31/functions/", b"", secret)
files = {{name: read(name) for name in ("secret", "engine.json", "engine.log", "engine/tmp")}}
try:
    files["home"] = str(os.listdir(home))
except OSError as error:
    files["home"] = type(error).__name__
print(json.dumps({{"tries": tries, "files": files}}))
"""


def test_another_user_of_the_machine_can_neither_read_nor_control_the_cloud(
    aws: Aws, cloud: Cloud, lab_home: Path
) -> None:
    aws.deploy(TELL)
    queue = aws.queue()
    endpoint, where = urlsplit(cloud.endpoint), urlsplit(queue.url).path
    program = NEIGHBOUR.format(user=NOBODY)
    arguments = [endpoint.netloc, aws.account, str(lab_home), where]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    got_in = {how: answer for how, answer in result["tries"].items() if not 400 <= answer[0] < 500}
    assert got_in == {}
    assert set(result["files"].values()) == {"PermissionError"}
    assert aws.seen() == []
    assert aws.received(queue) == []
    assert aws.sns.list_topics()["Topics"] == []
    assert ask(cloud.endpoint)
