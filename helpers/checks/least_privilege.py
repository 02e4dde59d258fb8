"""Least privilege: the role of a function allows what its work needs, and nothing else.

    require_least_privilege(
        probe,
        "thumbnailer",
        [Need("s3:GetObject", "arn:aws:s3:::photos/*", "read the photos", ("incoming/a.jpg",))],
        [Excess("s3:DeleteObject", "arn:aws:s3:::photos/incoming/a.jpg", "delete photos")],
    )

The policies are read, and decided on as AWS decides; nothing is tried in the cloud.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from botocore.session import get_session

from helpers.aws.iam.actions.storage import ACTIONS, VERSION_ACTIONS
from helpers.aws.iam.patterns import is_action_like, is_resource_like
from helpers.checks.diagnosis import Diagnosis, first_of, require
from helpers.checks.function import configuration
from helpers.checks.misplaced_policy import why_no_policy
from helpers.checks.rights import Access, Excess, Need, Right, Rights, rights_of
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, Link
from helpers.functions.deploy import WRITE_LOGS

MORE = """\
The statement below, in the policy `{policy}`, allows more than the work needs. With it `{function}`
could also {more}. """

AWS_OWN = "arn:aws:iam::aws:"  # how the ARN of a policy begins that AWS maintains


class LeastPrivilege(Diagnosis):
    PRINCIPAL = Link.ROLE("""
        A statement of the policy `{policy}` has a `Principal`. AWS does not accept that in the
        policy of a role, which is always about whoever has the role. Leave it out.""")

    DENIED = Link.ROLE("""
        A statement of the policy `{policy}` denies `{action}`, and an explicit `Deny` overrides
        every `Allow`. Remove it, or make it an `Allow`.""")
    CONDITION = Link.ROLE("""
        The policy `{policy}` allows `{action}` only under a condition, which is not met here. The
        work needs no condition: leave it out.""")
    NAMES_THE_BUCKET = Link.ROLE("""
        `{named}` names the bucket, but `{action}` is for its objects. The ARN of an object is the
        bucket's, a slash and the key; a `*` stands for any key.""")
    ONLY_SOME = Link.ROLE("""
        `{action}` is allowed on some objects of the bucket, but not on each one under `{folder}`.
        Below is what it is allowed on.""")
    INDEX = Link.ROLE("""
        The policy `{policy}` allows `{action}` on an index of the table, but not on the table
        itself. What it names and what is needed are below, one under the other.""")
    SWAPPED = Link.ROLE("""
        The resources are swapped: each of the two actions is allowed on what the other one needs.
        Exchange them.""")
    OTHER_RESOURCE = Link.ROLE("""
        The policy `{policy}` allows `{action}`, but on another resource. What it names and what is
        needed are below, one under the other.""")
    NO_SUCH_ACTION = Link.ROLE("""
        There is no action `{named}`, though AWS accepts a policy that names one. What is needed is
        `{action}`.""")
    OTHER_ACTION = Link.ROLE("""
        The policy `{policy}` allows {named} on the right resource, but what `{function}` needs in
        order to {task} is `{action}`.""")
    ONE_MISSING = Link.ROLE("""
        `{function}` may {met}, but not {task}: no statement allows `{action}`. (A second policy of
        the same name replaces the first.)""")
    MISSING = Link.ROLE("""
        `{function}` may not {task}: no statement allows `{action}`. The message with which AWS
        refused the call names the action and its resource.""")

    MANAGED_BY_AWS = Link.ROLE(
        MORE
        + """AWS maintains this policy, and it is for all resources of an account. Detach it with
        `iam.detach_role_policy`, and allow the needed actions on the needed resources."""
    )
    NOT_NEEDED = Link.ROLE(
        MORE
        + """Another policy allows all that is needed, so remove this one:
        `iam.delete_role_policy(RoleName="{role}", PolicyName="{policy}")`."""
    )
    ALL_BUT = Link.ROLE(MORE + "It allows all but what it names: name what is needed instead.")
    WILD_ACTION = Link.ROLE(MORE + "`{named}` stands for many actions: name what is needed.")
    WILD_RESOURCE = Link.ROLE(MORE + "`{named}` stands for other resources, too: name the one.")
    EACH_ON_EACH = Link.ROLE(
        MORE
        + """It allows each of its actions on each of its resources: write one statement for each
        resource."""
    )
    LEAVE_OUT = Link.ROLE(MORE + "Leave out what is not needed.")
    NO_LOGS = Link.ROLE("""
        The role `{role}` no longer allows writing logs, so you would not hear of any error. Attach
        the policy `AWSLambdaBasicExecutionRole` again; `lab.deploy` does so, too.""")


@dataclass(frozen=True)
class _Work:
    function: str
    role: str
    needs: Sequence[Need]
    excesses: Sequence[Excess]


def require_least_privilege(
    probe: Probe,
    function: str,
    needs: Sequence[Need],
    excesses: Sequence[Excess],
    *,
    later_callers: Collection[str] = (),
) -> None:
    """Require that the function's role allows all needs, none of the excesses, and writing logs.

    The excesses that tell most come first. `later_callers` are the principals that another exercise
    allows to invoke the function. Raises NotAttempted as long as there is no policy at all.
    """
    role = configuration(probe, function)["Role"].rpartition("/")[2]
    work, rights = _Work(function, role, needs, excesses), rights_of(probe, role, function)
    if not rights.own:
        raise why_no_policy(probe, function, role, needs, later_callers)
    for right in rights.own:
        principals = right.statement.principals or right.statement.not_principals
        evidence = right.as_json()
        require(not principals, LeastPrivilege.PRINCIPAL, evidence, policy=right.policy)
    for need in needs:
        for access in need.accesses:
            if not rights.allow(access):
                raise _lack(rights, need, access, work)
    for right in rights.own:
        more = [each for each in excesses if _is_through(right, rights, each.access)]
        if more:
            raise _excess(rights, right, more, work)
    group = f"arn:aws:logs:{rights.region}:{rights.caller.account}:log-group:/aws/lambda/{function}"
    may_log = rights.allow(Access("logs:PutLogEvents", f"{group}:log-stream:any"))
    require(may_log, LeastPrivilege.NO_LOGS, role=role)


def empty_role(probe: Probe, role: str) -> None:
    """Take all out of the role but the policy for writing logs, which it has again."""
    iam = probe.client("iam")
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=name)
    for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        if policy["PolicyArn"] != WRITE_LOGS:
            iam.detach_role_policy(RoleName=role, PolicyArn=policy["PolicyArn"])
    iam.attach_role_policy(RoleName=role, PolicyArn=WRITE_LOGS)


def _lack(rights: Rights, need: Need, refused: Access, work: _Work) -> Incorrect:
    """Return why that access is not allowed: what the statement lacks that comes nearest."""
    words = {"action": need.action, "task": need.task, "function": work.function}
    if denying := rights.applying_to(refused, allows=False):
        evidence = denying[0].as_json()
        return LeastPrivilege.DENIED(evidence, policy=denying[0].policy, **words)
    allowing = [right for right in rights.own if right.statement.allows]
    near = [right for right in allowing if right.statement.covers_action(need.action)]
    if near:
        return _other_resource(rights, near, need, refused, work)
    named = [action for right in allowing for action in right.statement.actions]
    unknown = [action for action in named if _is_unknown(action, need.service)]
    there = [
        right
        for right in allowing
        if right.statement.covers_resource(refused.resource, {}) and right.is_of(need.service)
    ]
    met = [each.task for each in work.needs if all(map(rights.allow, each.accesses))]
    if unknown:
        return LeastPrivilege.NO_SUCH_ACTION(named=unknown[0], **words)
    if there:
        evidence = there[0].as_json()
        listed = _listed(f"`{action}`" for action in there[0].statement.actions)
        return LeastPrivilege.OTHER_ACTION(evidence, policy=there[0].policy, named=listed, **words)
    if met:
        return LeastPrivilege.ONE_MISSING(met=met[0], **words)
    return LeastPrivilege.MISSING("\n".join(right.as_json() for right in rights.own), **words)


def _other_resource(
    rights: Rights, near: Sequence[Right], need: Need, refused: Access, work: _Work
) -> Incorrect:
    """Return what is wrong with the resources of the statements that allow the action."""
    context = rights.context(refused)
    for right in near:
        if right.statement.covers_resource(refused.resource, context):
            evidence = right.as_json()
            return LeastPrivilege.CONDITION(evidence, policy=right.policy, action=need.action)
    named = [arn for right in near for arn in right.statement.resources]
    bucket = [arn for arn in named if arn.rstrip("/") == need.container != need.resource]
    inside = [arn for arn in named if arn.startswith(f"{need.container}/")]
    found = first_of(
        (LeastPrivilege.NAMES_THE_BUCKET, bucket),
        (LeastPrivilege.INDEX, inside and need.service == "dynamodb"),
        (LeastPrivilege.ONLY_SOME, inside),
        (LeastPrivilege.SWAPPED, _are_swapped(rights, work.needs)),
        (LeastPrivilege.OTHER_RESOURCE, True),
    )
    assert found
    return found(
        f"named   {', '.join(named)}\nneeded  {need.resource}",
        policy=near[0].policy,
        action=need.action,
        folder=refused.resource.rpartition(":")[2].rpartition("/")[0] + "/",
        named=(bucket or named or ["NotResource"])[0],
    )


def _are_swapped(rights: Rights, needs: Sequence[Need]) -> bool:
    """Return whether each action is allowed on what the other one needs."""
    if len(needs) != 2:
        return False
    one, other = (need.accesses[0] for need in needs)
    crossed = Access(one.action, other.resource), Access(other.action, one.resource)
    return all(map(rights.allow, crossed))


def _is_unknown(action: str, service: str) -> bool:
    is_its_own = action.lower().startswith(f"{service}:")
    return is_its_own and not any(is_action_like(action, known) for known in _actions_of(service))


@cache
def _actions_of(service: str) -> frozenset[str]:
    """Return the service's actions: most are named after the operation that needs them."""
    names = set(get_session().get_service_model(service).operation_names)
    if service == "s3":
        names |= {*ACTIONS.values(), *VERSION_ACTIONS.values()}
    return frozenset(f"{service}:{name}" for name in names)


def _is_through(right: Right, rights: Rights, access: Access) -> bool:
    """Return whether the access is allowed, and by that statement."""
    return rights.allow(access) and right in rights.applying_to(access, allows=True)


def _excess(rights: Rights, right: Right, more: Sequence[Excess], work: _Work) -> Incorrect:
    """Return what the statement allows too much, and what to write instead."""
    statement, actions = right.statement, [each for each in right.statement.actions if _wild(each)]
    resources = list(_beyond(statement.resources, more, work.needs))
    others = [each for each in rights.every if each.policy != right.policy]
    needed = [access for need in work.needs for access in need.accesses]
    is_spare = not right.arn and all(map(replace(rights, every=others).allow, needed))
    has_both = min(len(statement.actions), len(statement.resources)) > 1 < len(work.needs)
    found = first_of(
        (LeastPrivilege.MANAGED_BY_AWS, right.arn.startswith(AWS_OWN)),
        (LeastPrivilege.NOT_NEEDED, is_spare),
        (LeastPrivilege.ALL_BUT, statement.not_actions or statement.not_resources),
        (LeastPrivilege.WILD_ACTION, actions),
        (LeastPrivilege.WILD_RESOURCE, resources),
        (LeastPrivilege.EACH_ON_EACH, has_both),
        (LeastPrivilege.LEAVE_OUT, True),
    )
    assert found
    return found(
        right.as_json(),
        policy=right.policy,
        function=work.function,
        role=work.role,
        more=_listed([*dict.fromkeys(f"{each.meaning} (`{each.action}`)" for each in more)][:3]),
        named=next(iter([*actions, *resources]), ""),
    )


def _beyond(
    patterns: Iterable[str], more: Sequence[Excess], needs: Sequence[Need]
) -> Iterator[str]:
    """Yield the patterns that stand for resources outside all that is needed."""
    outside = [
        each.resource
        for each in more
        if not any(is_resource_like(need.resource, each.resource) for need in needs)
    ]
    for pattern in filter(_wild, patterns):
        if any(is_resource_like(pattern, resource) for resource in outside):
            yield pattern


def _wild(pattern: str) -> bool:
    return bool(set(pattern) & set("*?"))


def _listed(items: Iterable[str]) -> str:
    *others, last = items
    return f"{', '.join(others)} and {last}" if others else last
