"""What AWS denied to a role or a service, as a verdict shows it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TO_A_ROLE = """\
AWS did not let `{who}` do this: `{action}` on `{resource}`. If the function has to do that, its \
role lacks the statement below; if not, its code names the wrong resource."""
TO_A_SERVICE = """\
AWS did not let `{who}` do this: `{action}` on `{resource}`. The statement below is missing in the \
policy of what it calls."""
FORBIDDEN = """\
AWS did not let `{who}` do this: `{action}` on `{resource}`. A policy denies it, and to deny \
counts more than any Allow."""
ANYBODY = "anonymous"  # who has not signed, a web page for one
BY_ITSELF = "resource-based", "trust"


@dataclass(frozen=True)
class Denial:
    """One refusal, as the engine keeps it; see helpers/engine/gateway/denials.py."""

    principal: str
    action: str
    resource: str
    message: str
    policy: str
    missing: Mapping[str, Any]
    source: str
    at: str
    number: int

    @property
    def link(self) -> str:
        """The link of the trigger chain that is broken."""
        return "permission" if self.policy in BY_ITSELF else "role"

    @property
    def who(self) -> str:
        """The role's name, or the service's."""
        parts = self.principal.split("/")
        return parts[1] if ":assumed-role/" in self.principal else self.principal

    def in_words(self) -> str:
        words = TO_A_SERVICE if self.link == "permission" else TO_A_ROLE
        if not self.missing:
            words = FORBIDDEN
        return words.format(who=self.who, action=self.action, resource=self.resource)

    def statement(self) -> str:
        """The missing statement as JSON; AWS's own message where there is none to add."""
        return json.dumps(self.missing, indent=2) if self.missing else self.message
