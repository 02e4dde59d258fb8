"""The value that stands for a cloud everywhere else."""

from dataclasses import dataclass, field
from typing import Literal

from helpers.engine.lifetime.secret import secret_access_key

Kind = Literal["embedded", "attached", "aws"]


@dataclass(frozen=True)
class Cloud:
    """Where the AWS calls go."""

    kind: Kind
    endpoint: str  # "http://127.0.0.1:4566"
    version: str  # LocalStack's version, "4.9.2"
    pid: int | None = None  # of the engine's process; embedded only
    # the engine's, from which each account's secret is derived; embedded only
    secret: bytes = field(default=b"", repr=False, compare=False)

    def secret_access_key(self, account: str) -> str:
        """Return the secret access key of an account. The access key id is the account's id."""
        # an attached LocalStack verifies no signatures and accepts any secret
        return secret_access_key(self.secret, account) if self.secret else "lab"
