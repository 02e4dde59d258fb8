"""What a role's policies allow of the table: the query, and nothing besides. Raises Incorrect."""

from collections.abc import Iterator, Sequence

from helpers.checks.rights import Access, Right, Rights
from helpers.exercises.verdict import Incorrect
from helpers.labs.web_backend.shelf import TABLE

QUERY = "dynamodb:Query"
ELSEWHERE = "ap-south-1"  # a region that the lab does not use
AWS_OWN = "arn:aws:iam::aws:"  # how the ARN of a policy begins that AWS has prepared

PRINCIPAL = """\
A statement in `{policy}` has a `Principal`. AWS does not accept that in the policy of a role: the \
policy is always about whoever has the role. Leave it out."""
DENIED = """\
A statement in `{policy}` denies the query, and a `Deny` counts more than any `Allow`. Put the \
policy again under the same name, with `"Effect": "Allow"`."""
CONDITION = """\
`{policy}` allows the query only under a condition, and that is not met here. Leave it out."""
INDEX = """\
`{policy}` allows the query on an index of the table, but not on the table itself. The table's ARN \
is in `products.table_arn`."""
OTHER_TABLE = """\
`{policy}` allows the query, but on another table. What it names and what is needed are below, one \
under the other."""
OTHER_RESOURCE = """\
`{policy}` allows the query, but its `Resource` is not the ARN of the table. What it names and \
what is needed are below, one under the other."""
OTHER_ACTION = """\
`{policy}` allows {actions} on the table, but the function makes a query. The message names the \
action that was refused: `dynamodb:Query`."""
NEITHER = """\
No statement in `{policy}` allows the query on the table: neither its action nor its resource is \
the one that was refused. Both are in the message with which AWS refused the query."""

TOO_WIDE = """\
The query is allowed, but the policy `{policy}` allows more. With it `catalogue` could also \
{meaning} (`{action}`). {cure}"""
ONE_ACTION = "Name the one action that is needed: `dynamodb:Query`."
ONE_TABLE = "Name the one table, by its whole ARN: `products.table_arn`."
ALL_BUT = "Name what is allowed (`Action`, `Resource`), not what is excepted."
PREPARED = """\
AWS has prepared this policy for every table of every account. Detach it with \
`iam.detach_role_policy`, and write a statement for the one action and the one table."""
NOT_NEEDED = """\
Another policy allows the query, so remove this one: `iam.delete_role_policy(RoleName="{role}", \
PolicyName="{policy}")`."""

ON_THE_TABLE = {
    "dynamodb:DeleteTable": "delete the table",
    "dynamodb:PutItem": "change prices",
    "dynamodb:UpdateItem": "change prices",
    "dynamodb:DeleteItem": "delete products",
    "dynamodb:BatchWriteItem": "change prices",
    "dynamodb:UpdateTable": "change the table's settings",
    "dynamodb:Scan": "read the whole table",
    "dynamodb:GetItem": "fetch single products",
    "dynamodb:BatchGetItem": "fetch single products",
    "dynamodb:DescribeTable": "read the table's settings",
}


def incorrect(words: str, evidence: str = "") -> Incorrect:
    return Incorrect(words, link="role", evidence=evidence)


def require_query_only(rights: Rights, role: str, table: str) -> None:
    """See that a function with these rights may query the table of that ARN, and do no more."""
    query = Access(QUERY, table)
    for right in rights.own:
        if right.statement.principals or right.statement.not_principals:
            raise incorrect(PRINCIPAL.format(policy=right.policy), right.as_json())
    if not rights.allow(query):
        raise _refused(rights, query)
    for access, meaning in _too_much(table):
        if rights.allow(access):
            right = rights.applying_to(access, allows=True)[0]
            cure = _cure(rights, right, role, query)
            words = {"policy": right.policy, "meaning": meaning, "action": access.action}
            raise incorrect(TOO_WIDE.format(**words, cure=cure), right.as_json())


def _too_much(table: str) -> Iterator[tuple[Access, str]]:
    """What must not be allowed besides, the worst first, and what the function could do with it."""
    region, account = table.split(":")[3:5]
    role = f"arn:aws:iam::{account}:role/any"
    yield Access("iam:PutRolePolicy", role), "give itself any right"
    yield Access("s3:GetObject", "arn:aws:s3:::any/file"), "read every bucket"
    for action, meaning in ON_THE_TABLE.items():
        yield Access(action, table), meaning
    for other in (f"{table.removesuffix(TABLE)}orders", f"{table}-of-last-year"):
        yield Access(QUERY, other), "query other tables"
    yield Access(QUERY, table.replace(region, ELSEWHERE)), "query a table in another region"


def _refused(rights: Rights, query: Access) -> Incorrect:
    """Why the query is not allowed: what the statement lacks that comes nearest."""
    if denying := rights.applying_to(query, allows=False):
        return incorrect(DENIED.format(policy=denying[0].policy), denying[0].as_json())
    allowing = [right for right in rights.own if right.statement.allows]
    for right in allowing:
        if right.statement.covers_action(QUERY):
            return _other_resource(right, query.resource)
    for right in allowing:
        if right.statement.covers_resource(query.resource, {}):
            actions = " and ".join(f"`{action}`" for action in right.statement.actions)
            words = OTHER_ACTION.format(policy=right.policy, actions=actions)
            return incorrect(words, right.as_json())
    first = rights.own[0]
    return incorrect(NEITHER.format(policy=first.policy), first.as_json())


def _other_resource(right: Right, table: str) -> Incorrect:
    if right.statement.covers_resource(table, {}):
        return incorrect(CONDITION.format(policy=right.policy), right.as_json())
    named, words = right.statement.resources, OTHER_RESOURCE
    if _all_begin(named, f"{table}/index/"):
        words = INDEX
    elif _all_begin(named, table.removesuffix(TABLE)):
        words = OTHER_TABLE
    evidence = f"Resource  {', '.join(named)}\nneeded    {table}"
    return incorrect(words.format(policy=right.policy), evidence)


def _all_begin(texts: Sequence[str], start: str) -> bool:
    return bool(texts) and all(text.startswith(start) for text in texts)


def _cure(rights: Rights, right: Right, role: str, query: Access) -> str:
    """What to do about a statement that allows too much."""
    others = [each for each in rights.every if each.policy != right.policy]
    if right.arn.startswith(AWS_OWN):
        return PREPARED
    if not right.arn and Rights(rights.caller, rights.region, others).allow(query):
        return NOT_NEEDED.format(role=role, policy=right.policy)
    return " ".join(_narrower(right, query.resource))


def _narrower(right: Right, table: str) -> Iterator[str]:
    """What to write instead of that statement."""
    statement = right.statement
    if statement.not_actions or statement.not_resources:
        yield ALL_BUT
    if any(action.lower() != QUERY.lower() for action in statement.actions):
        yield ONE_ACTION
    if any(arn != table and not arn.startswith(f"{table}/index/") for arn in statement.resources):
        yield ONE_TABLE
