"""A cloud, as everything else sees it."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["embedded", "attached", "aws"]


@dataclass(frozen=True)
class Cloud:
    """Where the AWS calls go."""

    kind: Kind
    endpoint: str  # "http://127.0.0.1:4566"
    version: str  # LocalStack's version, "4.9.2"
    pid: int | None = None  # of the engine's process; embedded only
