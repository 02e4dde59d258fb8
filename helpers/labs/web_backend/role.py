"""Exercise role: the one right that the function's role lacks, and no right besides.

The role's policies are read first, since they name the mistake. Then the function is invoked and
has to reach its table; what it makes of the answer is the next exercise's matter.
"""

from botocore.exceptions import ClientError

from helpers.aws.errors import error_code
from helpers.aws.iam.resource_policy import principals_of
from helpers.checks.function import ask, configuration, failure
from helpers.checks.links.permission import read_policy
from helpers.checks.rights import Rights, rights_of
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import NotAttempted
from helpers.functions.deploy import WRITE_LOGS
from helpers.labs.web_backend.shelf import TABLE, fill_shelf
from helpers.labs.web_backend.statement import QUERY, incorrect, require_query_only

NAME, OWN_ROLE = "catalogue", "catalogue-role"
GATEWAY = "apigateway.amazonaws.com"  # a later exercise lets it invoke the function

NOTHING_YET = """\
The role `{role}` allows writing logs and nothing else, so the query is still refused. What is \
looked for is a policy in this role with one statement: `Effect`, `Action` and `Resource`. (If AWS \
refused your policy, the last line of the error says which part it could not read.)"""
OTHER_ROLE = """\
The role `{other}` was given a right to use DynamoDB, but `catalogue` runs with `{role}`. A \
function may do what its own role allows, and nothing else."""
NOT_ATTACHED = """\
There is a policy `{policy}`, but no role has it. Attach it to `{role}` with \
`iam.attach_role_policy`, or write the statement into the role with `iam.put_role_policy`."""
ON_TABLE = """\
The table `products` has a policy of its own now. This exercise wants the right in the role, where \
one can read what the function may do. Remove the table's policy with \
`dynamodb.meta.client.delete_resource_policy`, and write the statement into `{role}`."""
ON_FUNCTION = """\
`add_permission` says who may *invoke* `catalogue`. What `catalogue` itself may do is written into \
its role, `{role}`, with `iam.put_role_policy`."""
DONE = "With its role `catalogue` can query the table `products`, and do nothing else with it."


def check(probe: Probe) -> str:
    role = configuration(probe, NAME)["Role"].rpartition("/")[2]
    table = probe.client("dynamodb").describe_table(TableName=TABLE)["Table"]["TableArn"]
    rights = rights_of(probe, role, NAME)
    if not rights.own:
        raise _no_policy(probe, role, table)
    require_query_only(rights, role, table)
    _require_answer(probe)
    return DONE


def _no_policy(probe: Probe, role: str, table: str) -> Exception:
    words = _elsewhere(probe, role, table)
    return incorrect(words) if words else NotAttempted(NOTHING_YET.format(role=role))


def _elsewhere(probe: Probe, role: str, table: str) -> str:
    """Where the policy is instead, in words; "" if there is none."""
    iam = probe.client("iam")
    pages = iam.get_paginator("list_roles").paginate()
    for other in (each["RoleName"] for page in pages for each in page["Roles"]):
        if other != role and _names_dynamodb(rights_of(probe, other, NAME)):
            return OTHER_ROLE.format(other=other, role=role)
    for policy in iam.list_policies(Scope="Local")["Policies"]:
        if not policy["AttachmentCount"]:
            return NOT_ATTACHED.format(policy=policy["PolicyName"], role=role)
    if _has_policy(probe, table):
        return ON_TABLE.format(role=role)
    callers = {who for one in read_policy(probe, NAME) for who in principals_of(one)}
    return ON_FUNCTION.format(role=role) if callers - {GATEWAY} else ""


def _names_dynamodb(rights: Rights) -> bool:
    service = QUERY.partition(":")[0]
    actions = [action for right in rights.own for action in right.statement.actions]
    return any(action.partition(":")[0].lower() == service for action in actions)


def _has_policy(probe: Probe, table: str) -> bool:
    try:
        probe.client("dynamodb").get_resource_policy(ResourceArn=table)
    except ClientError as error:
        if error_code(error) != "PolicyNotFoundException":
            raise
        return False
    return True


def _require_answer(probe: Probe) -> None:
    """See that the query reaches the table. A Decimal in its answer is not looked at here."""
    category, _ = fill_shelf(probe, 1)
    answer = ask(probe, NAME, {"pathParameters": {"category": category}})
    if answer.error and "Decimal" not in answer.error.message:
        raise failure(probe, answer)


def undo_wrong_answer(probe: Probe) -> None:
    """Take out of the role what a wrong answer put there: it may allow too much, or deny."""
    iam = probe.client("iam")
    for name in iam.list_role_policies(RoleName=OWN_ROLE)["PolicyNames"]:
        iam.delete_role_policy(RoleName=OWN_ROLE, PolicyName=name)
    for policy in iam.list_attached_role_policies(RoleName=OWN_ROLE)["AttachedPolicies"]:
        if policy["PolicyArn"] != WRITE_LOGS:
            iam.detach_role_policy(RoleName=OWN_ROLE, PolicyArn=policy["PolicyArn"])
