"""The state of the cloud that the labs would use, without starting or changing anything."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from helpers.cloud.choose import choose_kind, open_cloud
from helpers.cloud.embedded import Engine, State
from helpers.cloud.errors import CloudUnreachable
from helpers.cloud.home import lab_home
from helpers.cloud.model import Kind

MESSAGES: dict[State, str] = {
    "running": "LocalStack {version} answers at {endpoint}.",
    "stopped": "Your cloud is not running. `lab start` starts it, and so does opening a lab.",
    "unhealthy": "Your cloud's process ({pid}) does not answer. Try `lab stop`, then `lab start`.",
    "dead": "Your cloud ended unexpectedly; all it held is lost. `lab start` starts a new one.",
}
UNREACHABLE = "No LocalStack answers at the address you have set. `lab doctor` says more."


@dataclass(frozen=True)
class CloudStatus:
    """The output of `lab status`. Endpoint, pid and version are None if there is none."""

    cloud: Kind
    state: State
    endpoint: str | None = None
    pid: int | None = None
    version: str | None = None

    @property
    def is_running(self) -> bool:
        return self.state == "running"

    def describe(self) -> str:
        if self.cloud == "attached" and not self.is_running:
            return UNREACHABLE
        return MESSAGES[self.state].format(**asdict(self))

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def cloud_status(environ: Mapping[str, str] = os.environ) -> CloudStatus:
    """Return the status of the cloud that the environment names. Raises CloudRefused."""
    if choose_kind(environ) == "embedded":
        status = Engine(lab_home(environ)).status()
        known = (status.endpoint, status.pid, status.version)
        gone = status.state in ("stopped", "dead")
        return CloudStatus("embedded", status.state, *((None, None, None) if gone else known))
    try:
        cloud = open_cloud(environ)
    except CloudUnreachable:
        return CloudStatus("attached", "stopped")
    return CloudStatus(cloud.kind, "running", cloud.endpoint, cloud.pid, cloud.version)
