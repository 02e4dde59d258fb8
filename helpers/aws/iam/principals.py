"""Who makes a request, and how far a Principal element reaches to them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from helpers.aws.iam.policy import EVERYONE, Principal, Statement

ASSUMED_ROLE, FEDERATED_USER = "assumed-role/", "federated-user/"


class Reach(IntEnum):
    """How directly a statement of a resource-based policy names the caller.

    The more directly an Allow does, the fewer of the caller's own policies limit it.
    """

    NONE = 0
    ACCOUNT = 1  # by its account, which leaves the decision to the identity-based policies
    ROLE = 2  # by its role; a permissions boundary or session policy still limits it
    CALLER = 3  # itself, or everyone; only an explicit deny limits it


@dataclass(frozen=True)
class Caller:
    """The principal that makes a request.

    `role_arn` is what a session comes from: the role that was assumed, or the user who called
    GetFederationToken.
    """

    account: str  # 12 digits; "" for a service or an anonymous caller
    arn: str = ""  # of the root user, the user or the session; "" for a service or anonymous
    role_arn: str = ""
    service: str = ""  # "s3.amazonaws.com", where a service calls as itself

    @property
    def is_root(self) -> bool:
        """Return whether the caller is the root user of its account."""
        return bool(self.arn) and self._resource == "root"

    @property
    def is_anonymous(self) -> bool:
        """Return whether the request is unsigned."""
        return not self.arn and not self.service

    @property
    def is_federated_user(self) -> bool:
        """Return whether the caller is a session that GetFederationToken started."""
        return self._resource.startswith(FEDERATED_USER)

    @property
    def entity_arn(self) -> str:
        """Return the ARN of the role or user whose policies the caller has."""
        if self.role_arn or not self._resource.startswith(ASSUMED_ROLE):
            return self.role_arn or self.arn
        # unless given, the role is taken to have no path
        return f"arn:{self._partition}:iam::{self.account}:role/{self._resource.split('/')[1]}"

    @cached_property
    def principals(self) -> dict[Principal, Reach]:
        """Return the entries of a Principal element that name the caller."""
        names = {EVERYONE: Reach.CALLER}
        if self.service:
            names[Principal("Service", self.service)] = Reach.CALLER
        if self.arn:
            by_account = Reach.CALLER if self.is_root else Reach.ACCOUNT
            names[Principal("AWS", self.account)] = by_account
            names[Principal("AWS", f"arn:{self._partition}:iam::{self.account}:root")] = by_account
            names[Principal("AWS", self.entity_arn)] = Reach.ROLE
            names[Principal("AWS", self.arn)] = Reach.CALLER
        return names

    @cached_property
    def context(self) -> dict[str, str]:
        """Return the condition keys that depend on the caller, such as aws:username."""
        if self.is_anonymous:
            return {"aws:principaltype": "Anonymous", "aws:principalaccount": "anonymous"}
        if self.service:
            return {
                "aws:principalisawsservice": "true",
                "aws:principalservicename": self.service,
            }
        keys = {
            "aws:principalisawsservice": "false",
            "aws:principalaccount": self.account,
            "aws:principalarn": self.arn,
        }
        if self.is_root:
            keys |= {"aws:principaltype": "Account", "aws:userid": self.account}
        elif self.is_federated_user:
            keys["aws:principaltype"] = "FederatedUser"
        elif self._resource.startswith(ASSUMED_ROLE):
            keys |= {"aws:principaltype": "AssumedRole", "aws:principalarn": self.entity_arn}
        else:
            keys |= {"aws:principaltype": "User", "aws:username": self._resource.split("/")[-1]}
        return keys

    @property
    def _partition(self) -> str:
        return self.arn.split(":")[1] if self.arn else "aws"

    @property
    def _resource(self) -> str:
        return self.arn.split(":", 5)[-1]


def reach(statement: Statement, caller: Caller) -> Reach:
    """Return how the statement of a resource-based policy names the caller."""
    if statement.not_principals:
        return Reach.NONE if _is_excepted(statement, caller) else Reach.CALLER
    return max(
        (caller.principals.get(principal, Reach.NONE) for principal in statement.principals),
        default=Reach.NONE,
    )


def _is_excepted(statement: Statement, caller: Caller) -> bool:
    """Return whether NotPrincipal exempts the caller.

    AWS validates the account, the role and the session one after the other. So an Allow excludes
    the caller if one of them is listed, but a Deny spares it only if all of them are.
    """
    if EVERYONE in statement.not_principals:
        return True
    listed = {caller.principals.get(item, Reach.NONE) for item in statement.not_principals}
    listed -= {Reach.NONE}
    if statement.allows:
        return bool(listed)
    levels = {level for name, level in caller.principals.items() if name != EVERYONE}
    return bool(levels) and listed == levels
