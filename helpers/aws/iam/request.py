"""A request, the policies in force for it, and the decision about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from helpers.aws.iam.patterns import Context
from helpers.aws.iam.policy import Statement
from helpers.aws.iam.principals import Caller

PolicyType = Literal["identity-based", "resource-based", "permissions boundary", "session", "trust"]


@dataclass(frozen=True)
class Request:
    """A request: the caller, the action and the resource.

    `context` has the condition keys that only the service knows, in lower case: "aws:sourcearn".
    """

    caller: Caller
    action: str  # "s3:GetObject"
    resource: str  # an ARN, or "*" for an action that has no resource
    account: str  # the account that owns the resource
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)

    @cached_property
    def full_context(self) -> Context:
        """Return the context, with the condition keys that depend on the request itself."""
        return {"aws:resourceaccount": self.account, **self.caller.context, **self.context}

    @property
    def service(self) -> str:
        """Return the service that the action belongs to, such as "s3"."""
        return self.action.partition(":")[0].lower()

    @property
    def is_cross_account(self) -> bool:
        """Return whether the caller belongs to another account than the resource."""
        return bool(self.caller.account) and self.account not in ("", self.caller.account)

    @property
    def resource_policy_type(self) -> PolicyType:
        """Return the type of the resource-based policy; a role's is its trust policy."""
        return "trust" if self.service == "sts" and ":role/" in self.resource else "resource-based"

    @property
    def needs_resource_policy(self) -> bool:
        """Return whether the resource-based policy has to allow the request in any case."""
        is_key = self.service == "kms" and ":key/" in self.resource
        is_by_itself = not self.caller.arn  # a service, or anonymous
        return (
            is_by_itself or is_key or self.is_cross_account or self.resource_policy_type == "trust"
        )


@dataclass(frozen=True)
class Policies:
    """The policies in force, by type. None: there is no such policy; (): it allows nothing."""

    identity: tuple[Statement, ...] = ()
    boundary: tuple[Statement, ...] | None = None
    session: tuple[Statement, ...] | None = None
    resource: tuple[Statement, ...] | None = None


@dataclass(frozen=True)
class Decision:
    """The decision about a request, and the type of policy that it is based on.

    `reason` is the end of AWS's message, and empty if the request is allowed. `explicit` is True
    if a Deny statement refused it.
    """

    allowed: bool
    reason: str
    policy: PolicyType
    explicit: bool = False
