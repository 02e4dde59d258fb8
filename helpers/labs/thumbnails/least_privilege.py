"""A role measured by what the work needs: what it lacks, and what it allows beyond that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from botocore.session import get_session

from helpers.aws.iam.actions.storage import ACTIONS, VERSION_ACTIONS
from helpers.aws.iam.patterns import is_action_like, is_resource_like
from helpers.checks.rights import Access, Right, Rights
from helpers.exercises.verdict import Incorrect

DENIED = """\
The statement below denies `{action}`, and to deny counts more than any Allow. Remove it."""
BUCKET_ITSELF = """\
`{resource}` is the ARN of the bucket itself. `{action}` is done to an object, and an object's ARN \
is the bucket's, a slash and the key. A `*` stands for any key."""
ONLY_SOME = """\
`{action}` is allowed on some objects of the bucket, but not on every one under `{folder}/`. Below \
is what it is allowed on."""
SWAPPED = """\
The buckets are swapped. `s3:GetObject` is needed on the bucket of uploads and `s3:PutObject` on \
the gallery; the policy has it the other way round."""
OTHER_RESOURCE = """\
`{action}` is allowed, but on something else. What it is allowed on and what is needed are below, \
one under the other."""
CONDITION = """\
The statement below allows `{action}` under a condition that is not met here. The work needs no \
condition."""
NO_SUCH_ACTION = """\
S3 has no action `{found}`, and AWS takes such a policy without a word. What is needed is \
`{action}`."""
MISSING = "The function may not {task}: no statement allows `{action}`."
ONE_OF_TWO = """\
The function may {other}, but not {task}: no statement allows `{action}`. (A second policy of the \
same name replaces the first.)"""

TOO_WIDE = """\
The statement below, in the policy `{policy}`, allows more than the work needs. With it the \
function could also {more}. {cure}"""
EACH_ON_EACH = """\
It allows each of its actions on each of its resources: write two statements, one for each \
bucket."""
ANY_ACTION = "`{pattern}` stands for many actions: name the one that is needed."
ANY_RESOURCE = "`{pattern}` stands for other buckets too: name the objects of one bucket."
ALL_BUT = "It allows all but what it names: name what is needed instead."
LEAVE_OUT = "Leave out what is not needed."


@dataclass(frozen=True)
class Need:
    """An action that the work needs on the objects of a bucket; `key` is one of them."""

    action: str
    bucket: str
    key: str
    task: str

    @property
    def bucket_arn(self) -> str:
        return f"arn:aws:s3:::{self.bucket}"

    @property
    def access(self) -> Access:
        return Access(self.action, f"{self.bucket_arn}/{self.key}")


@dataclass(frozen=True)
class Beyond:
    """An access that the work does not need, and what a function could do with it."""

    access: Access
    meaning: str
    in_another_bucket: bool = False


# Less than the work needs


def lack(rights: Rights, needs: Sequence[Need]) -> Incorrect | None:
    """Return which need is not met, and why; None if all are."""
    missing = [need for need in needs if not rights.allow(need.access)]
    if not missing:
        return None
    need = missing[0]
    denying = rights.applying_to(need.access, allows=False)
    if denying:
        return _incorrect(DENIED.format(action=need.action), denying[0].as_json())
    near = _naming(rights, need.action)
    if not near:
        return _no_action(rights, need, needs)
    return _other_resource(rights, near, need, needs)


def _naming(rights: Rights, action: str) -> list[Right]:
    """Return the statements that allow the action on some resource."""
    return [
        right
        for right in rights.own
        if right.statement.allows and right.statement.covers_action(action)
    ]


def _no_action(rights: Rights, need: Need, needs: Sequence[Need]) -> Incorrect:
    unknown = [action for action in _actions(rights) if _is_unknown(action)]
    if unknown:
        words = NO_SUCH_ACTION.format(found=unknown[0], action=need.action)
        return _incorrect(words)
    met = [other.task for other in needs if rights.allow(other.access)]
    words = ONE_OF_TWO if met else MISSING
    return _incorrect(words.format(task=need.task, action=need.action, other="".join(met[:1])))


def _actions(rights: Rights) -> Iterator[str]:
    for right in rights.own:
        yield from right.statement.actions if right.statement.allows else ()


def _is_unknown(action: str) -> bool:
    is_of_s3 = action.lower().startswith("s3:")
    return is_of_s3 and not any(is_action_like(action, known) for known in _s3_actions())


@cache
def _s3_actions() -> frozenset[str]:
    """S3's actions: most are named after the operation that needs them."""
    operations = get_session().get_service_model("s3").operation_names
    names = {*operations, *ACTIONS.values(), *VERSION_ACTIONS.values()}
    return frozenset(f"s3:{name}" for name in names)


def _other_resource(
    rights: Rights, near: Sequence[Right], need: Need, needs: Sequence[Need]
) -> Incorrect:
    for right in near:
        if right.statement.covers_resource(need.access.resource, rights.context(need.access)):
            return _incorrect(CONDITION.format(action=need.action), right.as_json())
    named = [resource for right in near for resource in right.statement.resources]
    itself = [one for one in named if one.rstrip("/") == need.bucket_arn]
    if itself:
        return _incorrect(BUCKET_ITSELF.format(resource=itself[0], action=need.action))
    some = [one for one in named if one.startswith(f"{need.bucket_arn}/")]
    if some:
        words = ONLY_SOME.format(action=need.action, folder=need.key.partition("/")[0])
        return _incorrect(words, "\n".join(some))
    if _are_swapped(rights, needs):
        return _incorrect(SWAPPED, "\n".join(right.as_json() for right in rights.own))
    allowed, needed = "\n           ".join(named), f"{need.bucket_arn}/*"
    evidence = f"allowed on {allowed}\nneeded on  {needed}"
    return _incorrect(OTHER_RESOURCE.format(action=need.action), evidence)


def _are_swapped(rights: Rights, needs: Sequence[Need]) -> bool:
    """Whether each action is allowed on the bucket of the other."""
    first, last = needs[0], needs[-1]
    crossed = [
        Need(first.action, last.bucket, last.key, ""),
        Need(last.action, first.bucket, first.key, ""),
    ]
    return all(rights.allow(need.access) for need in crossed)


# More than the work needs


def excess(rights: Rights, beyond: Sequence[Beyond]) -> Incorrect | None:
    """Return which statement allows more, and what; None if none does."""
    for right in rights.own:
        more = [
            one
            for one in beyond
            if rights.allow(one.access) and right in rights.applying_to(one.access, allows=True)
        ]
        if more:
            meanings = list(dict.fromkeys(one.meaning for one in more))[:3]
            words = TOO_WIDE.format(
                policy=right.policy, more=_listed(meanings), cure=_cure(right, more)
            )
            return _incorrect(words, right.as_json())
    return None


def _cure(right: Right, more: Sequence[Beyond]) -> str:
    statement = right.statement
    if statement.not_actions or statement.not_resources:
        return ALL_BUT
    wild = [ANY_ACTION.format(pattern=one) for one in statement.actions if _has_wildcard(one)]
    elsewhere = {one.access.resource for one in more if one.in_another_bucket}
    wild += [
        ANY_RESOURCE.format(pattern=one)
        for one in statement.resources
        if any(is_resource_like(one, resource) for resource in elsewhere)
    ]
    if wild:
        return " ".join(wild)
    return EACH_ON_EACH if min(len(statement.actions), len(statement.resources)) > 1 else LEAVE_OUT


def _has_wildcard(pattern: str) -> bool:
    return bool(set(pattern) & set("*?"))


def _listed(items: Sequence[str]) -> str:
    *others, last = items
    return f"{', '.join(others)} and {last}" if others else last


def _incorrect(words: str, evidence: str = "") -> Incorrect:
    return Incorrect(words, link="role", evidence=evidence)
