"""A role like the learner's, for a check that needs a little more of it."""

import json
from typing import Any

from helpers.exercises.probe import Probe

Statement = dict[str, Any]

LONGEST = 64 - 37  # a role's name, without what makes it unique


def copy_of_role(probe: Probe, role: str, *more: Statement) -> str:
    """Return the ARN of a role that allows what `role`, an ARN, does, and these statements.

    It trusts whom that one trusts, and is gone when the check is over. So a check can bring a
    queue or a secret of its own, and the learner's role stays as it is.
    """
    iam, name = probe.client("iam"), role.rpartition("/")[2]
    copy = probe.unique(name[:LONGEST])  # a denial names it, and should remind of the learner's
    trust = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    made = iam.create_role(RoleName=copy, AssumeRolePolicyDocument=json.dumps(trust))
    probe.afterwards(iam.delete_role, RoleName=copy)
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.attach_role_policy(RoleName=copy, PolicyArn=policy["PolicyArn"])
        probe.afterwards(iam.detach_role_policy, RoleName=copy, PolicyArn=policy["PolicyArn"])
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        _put(probe, copy, policy, document)
    if more:
        _put(probe, copy, "check", {"Version": "2012-10-17", "Statement": list(more)})
    return str(made["Role"]["Arn"])


def _put(probe: Probe, role: str, policy: str, document: Any) -> None:
    iam = probe.client("iam")
    iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))
    probe.afterwards(iam.delete_role_policy, RoleName=role, PolicyName=policy)
