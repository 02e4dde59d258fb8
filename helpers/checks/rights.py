"""What a role allows, statement by statement, decided as AWS decides it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.aws.iam.authorization import Caller, Policies, Request, decide
from helpers.aws.iam.patterns import Context
from helpers.aws.iam.policy import Statement, parse
from helpers.checks.diagnosis import Diagnosis
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Link
from helpers.functions.deploy import WRITE_LOGS


class Policy(Diagnosis):
    UNREADABLE = Link.ROLE("AWS can't read the policy `{policy}`: {error}.")


@dataclass(frozen=True)
class Access:
    """One action on one resource."""

    action: str
    resource: str


@dataclass(frozen=True)
class Need:
    """An action that the work needs on `resource`, which may end in a star.

    `examples` are what must be allowed at least in the place of the star; `task` says what for.
    """

    action: str
    resource: str
    task: str
    examples: tuple[str, ...] = ("",)

    @property
    def service(self) -> str:
        return self.action.partition(":")[0]

    @property
    def container(self) -> str:
        """Return the ARN of the bucket, or of the table."""
        return self.resource.removesuffix("/*")

    @property
    def accesses(self) -> list[Access]:
        stem = self.resource.removesuffix("*")
        return [Access(self.action, f"{stem}{example}") for example in self.examples]


@dataclass(frozen=True)
class Excess:
    """An action that must not be allowed on that resource, and what a function could do with it."""

    action: str
    resource: str
    meaning: str

    @property
    def access(self) -> Access:
        return Access(self.action, self.resource)


@dataclass(frozen=True)
class Right:
    """One statement, with the policy that it stands in; `arn` is "" for one inside the role."""

    policy: str
    arn: str
    written: Mapping[str, Any]
    statement: Statement

    def as_json(self) -> str:
        return json.dumps(self.written, indent=2)

    def is_of(self, service: str) -> bool:
        """Return whether it allows something that this service does."""
        services = {action.partition(":")[0].lower() for action in self.statement.actions}
        names_it = bool(services & {service, "*"} or self.statement.not_actions)
        return self.statement.allows and names_it


@dataclass(frozen=True)
class Rights:
    """All statements of a role, and the session in which a function holds it."""

    caller: Caller
    region: str
    every: Sequence[Right]

    @property
    def own(self) -> list[Right]:
        """The statements beside those that `lab.deploy` gives every role, for writing logs."""
        return [right for right in self.every if right.arn != WRITE_LOGS]

    def allow(self, access: Access) -> bool:
        """Return whether AWS would let the function do it."""
        identity = tuple(right.statement for right in self.every)
        return decide(self._request(access), Policies(identity=identity)).allowed

    def applying_to(self, access: Access, *, allows: bool) -> list[Right]:
        """Return the statements that allow the access, or those that deny it."""
        context = self.context(access)
        return [
            right
            for right in self.every
            if right.statement.allows is allows
            and right.statement.applies_to(access.action, access.resource, context)
        ]

    def context(self, access: Access) -> Context:
        """Return the condition keys of a call that would be made here."""
        return self._request(access).full_context

    def _request(self, access: Access) -> Request:
        keys = {"aws:requestedregion": self.region, "aws:securetransport": "true"}
        return Request(self.caller, access.action, access.resource, self.caller.account, keys)


def rights_of(probe: Probe, role: str, function: str) -> Rights:
    """Return what the role of that name allows the function.

    Raises Policy.UNREADABLE for one that AWS could not read.
    """
    account = probe.client("sts").get_caller_identity()["Account"]
    session = f"arn:aws:sts::{account}:assumed-role/{role}/{function}"
    found = [
        right
        for name, arn, document in _policies(probe, role)
        for right in _statements(name, arn, document)
    ]
    return Rights(Caller(account, session), probe.client("lambda").meta.region_name, found)


def _policies(probe: Probe, role: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield name, ARN and document of each of the role's policies."""
    iam = probe.client("iam")
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        yield name, "", iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        arn = policy["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        held = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
        yield policy["PolicyName"], arn, held["Document"]


def _statements(policy: str, arn: str, document: Mapping[str, Any]) -> Iterator[Right]:
    written = document.get("Statement") or []
    for one in written if isinstance(written, list) else [written]:
        try:
            (statement,) = parse({**document, "Statement": one})
        except ValueError as error:
            evidence = json.dumps(one, indent=2)
            raise Policy.UNREADABLE(evidence, policy=policy, error=error) from None
        yield Right(policy, arn, one, statement)
