"""Post a body to an address, as a service on the internet would, and see what is answered."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import requests

# A function's own address: https://<id>.lambda-url.<region>.on.aws/ on AWS.
OF_A_FUNCTION = re.compile(r"\.lambda-url\.[a-z0-9-]+\.(?P<cloud>[^/]+)$")
ON_AWS = "on.aws"
NEEDS_DNS = "localhost.localstack.cloud"


@dataclass(frozen=True)
class Attempt:
    """What came of sending once: a status and the answer's text, or no answer within `timeout`."""

    status: int | None
    text: str = ""
    timeout: float = 0

    @property
    def taken(self) -> bool:
        """Whether the receiver said that it has got it: any status of 2xx."""
        return self.status is not None and 200 <= self.status < 300

    def __str__(self) -> str:
        if self.status is not None:
            return f"answered {self.status}"
        return f"no answer within {self.timeout:g} s" if self.timeout else f"failed: {self.text}"


def post(url: str, body: bytes, headers: dict[str, str], *, timeout: float = 10) -> Attempt:
    """Send the body and wait for an answer, `timeout` seconds at most. Does not raise."""
    address, more = reach(url)
    try:
        answer = requests.post(
            address, data=body, headers=headers | more, timeout=timeout, allow_redirects=False
        )
    except requests.Timeout:
        return Attempt(None, timeout=timeout)
    except requests.RequestException as error:
        return Attempt(None, str(error))
    return Attempt(answer.status_code, answer.text)


def reach(url: str) -> tuple[str, dict[str, str]]:
    """Where to send what is meant for that URL, and the header that says so.

    LocalStack's names of function URLs can't be looked up offline: it is the header Host that
    tells it which one is meant. Any other URL is its own address.
    """
    there = urlsplit(url)
    found = OF_A_FUNCTION.search(there.netloc)
    if not found or found["cloud"] == ON_AWS:
        return url, {}
    cloud = found["cloud"].replace(NEEDS_DNS, "127.0.0.1")
    local = SplitResult(there.scheme, cloud, there.path or "/", there.query, "")
    return local.geturl(), {"Host": there.netloc}
