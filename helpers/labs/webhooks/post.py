"""Post a body to an address, as a service on the internet would, and see what is answered."""

from dataclasses import dataclass

import requests

from helpers.cloud.http import send


@dataclass(frozen=True)
class Attempt:
    """What came of sending once: a status and the answer's text, or no answer within `timeout`."""

    status: int | None
    text: str = ""
    timeout: float = 0

    @property
    def accepted(self) -> bool:
        """Return whether the receiver said that it has got it: any status of 2xx."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Return whether the receiver said by itself that it does not accept it: 4xx."""
        return self.status is not None and 400 <= self.status < 500

    def __str__(self) -> str:
        if self.status is not None:
            return f"answered {self.status}"
        return f"no answer within {self.timeout:g} s" if self.timeout else f"failed: {self.text}"


def post(url: str, body: bytes, headers: dict[str, str], *, timeout: float = 10) -> Attempt:
    """Send the body and wait for an answer, `timeout` seconds at most. Does not raise."""
    try:
        answer = send(
            "POST", url, data=body, headers=headers, timeout=timeout, follow_redirects=False
        )
    except requests.Timeout:
        return Attempt(None, timeout=timeout)
    except requests.RequestException as error:
        return Attempt(None, str(error))
    return Attempt(answer.status_code, answer.text)
