"""A policy that is not in the role of the function, and where it is instead."""

from collections.abc import Collection, Sequence

from botocore.exceptions import ClientError

from helpers.aws.errors import error_code
from helpers.aws.iam.resource_policy import principals_of
from helpers.checks.diagnosis import Diagnosis
from helpers.checks.links.permission import read_policy
from helpers.checks.rights import Need, Rights, rights_of
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Link, NotAttempted

NOTHING_YET = """\
The role `{role}` still allows writing logs and nothing else. What is looked for is a policy in \
it, with `Effect`, `Action` and `Resource` in each statement. (If AWS refused your policy, the \
last line of the error says why.)"""
RESOURCE_POLICIES = {  # by service: what reads one, by which argument, the error if there is none
    "dynamodb": ("get_resource_policy", "ResourceArn", "PolicyNotFoundException"),
    "s3": ("get_bucket_policy", "Bucket", "NoSuchBucketPolicy"),
}


class MisplacedPolicy(Diagnosis):
    OTHER_ROLE = Link.ROLE("""
        It is the role `{other}` that has the policy, but `{function}` runs with the role `{role}`.
        A function may do what its own role allows, and nothing else.""")
    NOT_ATTACHED = Link.ROLE("""
        There is a policy `{policy}`, but no role has it. Attach it to `{role}` with
        `iam.attach_role_policy`, or write it into the role with `iam.put_role_policy`.""")
    RESOURCE_POLICY = Link.ROLE("""
        `{resource}` has a policy of its own now. Within one account AWS accepts that, too, but
        nobody could see from the role what the function may do. Remove it with `{remove}`, and
        write the statement into the role `{role}`.""")
    FUNCTION_POLICY = Link.ROLE("""
        `add_permission` says who may *invoke* `{function}`. What `{function}` itself may do is what
        its role `{role}` allows: write that into it with `iam.put_role_policy`.""")


def why_no_policy(
    probe: Probe,
    function: str,
    role: str,
    needs: Sequence[Need],
    later_callers: Collection[str] = (),
) -> Exception:
    """Return what to say of a role without a policy: where it is instead, or that there is none.

    `later_callers` are the principals that another exercise allows to invoke the function.
    """
    iam, words = probe.client("iam"), {"role": role, "function": function}
    for page in iam.get_paginator("list_roles").paginate():
        for name in (each["RoleName"] for each in page["Roles"]):
            if name != role and _serves(rights_of(probe, name, function), needs):
                return MisplacedPolicy.OTHER_ROLE(other=name, **words)
    for policy in iam.list_policies(Scope="Local")["Policies"]:
        if not policy["AttachmentCount"]:
            return MisplacedPolicy.NOT_ATTACHED(policy=policy["PolicyName"], **words)
    for need in needs:
        if remove := _find_resource_policy(probe, need):
            resource = need.container.rpartition(":")[2]
            return MisplacedPolicy.RESOURCE_POLICY(resource=resource, remove=remove, **words)
    callers = {who for one in read_policy(probe, function) for who in principals_of(one)}
    if callers - set(later_callers):
        return MisplacedPolicy.FUNCTION_POLICY(**words)
    return NotAttempted(NOTHING_YET.format(role=role))


def _serves(rights: Rights, needs: Sequence[Need]) -> bool:
    """Return whether a role was meant for these needs: it is about one of their resources."""
    return any(
        right.statement.covers_resource(access.resource, {}) and right.is_of(need.service)
        for right in rights.own
        for need in needs
        for access in need.accesses
    )


def _find_resource_policy(probe: Probe, need: Need) -> str:
    """Return which call removes the policy of the need's bucket or table, "" if it has none."""
    read, argument, none = RESOURCE_POLICIES[need.service]
    value = need.container if argument == "ResourceArn" else need.container.rpartition(":")[2]
    try:
        getattr(probe.client(need.service), read)(**{argument: value})
    except ClientError as error:
        if error_code(error) != none:
            raise
        return ""
    return read.replace("get", "delete")
