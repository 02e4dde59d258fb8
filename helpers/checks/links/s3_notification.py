"""The link "event source" of a bucket: its rules, which say for what it invokes which function.

AWS refuses a rule for a function that S3 may not invoke on behalf of that bucket; the refusal is
kept by the embedded cloud, and so the mistake can be named though there is no rule to read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpers.checks.diagnosis import Diagnosis, require
from helpers.checks.function import configuration
from helpers.checks.links.permission import read_policy, require_permission
from helpers.exercises.denial import Denial
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Link, NotAttempted

S3 = "s3.amazonaws.com"
EVERY_CREATION = "s3:ObjectCreated:*"
CREATIONS = {
    "s3:ObjectCreated:Put",
    "s3:ObjectCreated:Post",
    "s3:ObjectCreated:Copy",
    "s3:ObjectCreated:CompleteMultipartUpload",
}

NOTHING_YET = "The bucket `{bucket}` has no rules yet, so it invokes no function."


class S3Notification(Diagnosis):
    NO_RULES = Link.EVENT_SOURCE("""
        S3 may invoke `{function}`, but the bucket `{bucket}` has no rules, so it never does. Give
        it some with `s3.put_bucket_notification_configuration`.""")
    OTHER_BUCKET = Link.EVENT_SOURCE("""
        The rules are on the bucket `{other}`, into which `{function}` writes: each of its objects
        would invoke it again. They belong on `{bucket}`; remove these with an empty
        `NotificationConfiguration={{}}`.""")
    OTHER_FUNCTION = Link.EVENT_SOURCE("""
        The rules of the bucket invoke `{other}`. The function that they should name is
        `{function}`.""")
    REFUSED_FOR_BUCKET = Link.EVENT_SOURCE("""
        S3 refused your rules: they were for the bucket `{other}`, into which `{function}` writes,
        and S3 may not invoke the function for that one. Put them on the bucket `{bucket}`.""")
    REFUSED_FOR_FUNCTION = Link.EVENT_SOURCE("""
        S3 refused your rules: they name the function `{other}`, which S3 may not invoke for this
        bucket. The function that they should name is `{function}`.""")
    REPLACED = Link.EVENT_SOURCE("""
        There is a rule for `{there}`, and none for `{missing}`. A second call of
        `put_bucket_notification_configuration` replaces what the first one set: put all rules into
        one list, and make one call.""")
    NO_SUFFIX = Link.EVENT_SOURCE("""
        The bucket also invokes the function for `{example}`. Each rule needs a filter for the
        suffix as well.""")
    NO_DOT = Link.EVENT_SOURCE("""
        The bucket also invokes the function for `{example}`. A suffix filter begins with the dot:
        `{suffix}`.""")
    NO_PREFIX = Link.EVENT_SOURCE("""
        The bucket also invokes the function for `{example}`. Each rule needs a filter for the
        prefix `{prefix}` as well.""")
    NOT_FOR = Link.EVENT_SOURCE("""
        The bucket does not invoke the function for `{example}`. A filter is compared letter by
        letter: the prefix is `{prefix}`, the suffix `{suffix}`, without a slash before it or a
        star.""")
    WRONG_EVENTS = Link.EVENT_SOURCE("""
        The bucket invokes the function only for {events}. Objects are put, copied or uploaded in
        parts; `s3:ObjectCreated:*` stands for all of these.""")


@dataclass(frozen=True)
class Rule:
    """One entry of LambdaFunctionConfigurations; `function` is its ARN."""

    function: str
    events: tuple[str, ...]
    prefix: str = ""
    suffix: str = ""

    def matches(self, key: str) -> bool:
        """Return whether the rule is for an object of that key."""
        return key.startswith(self.prefix) and key.endswith(self.suffix)

    @property
    def is_for_every_creation(self) -> bool:
        return EVERY_CREATION in self.events or set(self.events) >= CREATIONS

    @property
    def name(self) -> str:
        return self.function.rpartition(":")[2]

    def __str__(self) -> str:
        return f"{', '.join(self.events)} of {self.prefix}…{self.suffix} invokes {self.name}"


def rules_of(probe: Probe, bucket: str) -> list[Rule]:
    """Return the bucket's rules that invoke a function."""
    found = probe.client("s3").get_bucket_notification_configuration(Bucket=bucket)
    return [_rule(each) for each in found.get("LambdaFunctionConfigurations", [])]


def remove_rules(probe: Probe, *buckets: str) -> None:
    """Leave these buckets without any rule."""
    for bucket in buckets:
        probe.client("s3").put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={}
        )


def require_notification(
    probe: Probe,
    bucket: str,
    function: str,
    *,
    prefix: str,
    suffixes: Sequence[str],
    written: str,
) -> None:
    """Require that the bucket invokes the function for keys with that prefix and those suffixes.

    And for no others. `written` is the bucket into which the function writes: rules on that one
    are named. Raises NotAttempted as long as nothing was done. The permission is checked by
    `require_permission`, and here only where there are no rules.
    """
    arn, rules = configuration(probe, function)["FunctionArn"], rules_of(probe, bucket)
    if not rules:
        raise _no_rules(probe, bucket, arn, written)
    evidence, name = "\n".join(map(str, rules)), arn.rpartition(":")[2]
    for rule in rules:
        is_its_own, other = rule.function == arn, rule.name
        require(is_its_own, S3Notification.OTHER_FUNCTION, evidence, other=other, function=name)
    for rule in rules:
        events = " and ".join(f"`{event}`" for event in rule.events)
        require(rule.is_for_every_creation, S3Notification.WRONG_EVENTS, evidence, events=events)
    for slip, example, suffix in _to_be_ignored(prefix, suffixes):
        is_ignored = not any(rule.matches(example) for rule in rules)
        require(is_ignored, slip, evidence, example=example, prefix=prefix, suffix=suffix)
    _require_each(rules, prefix, suffixes, evidence)


def _to_be_ignored(
    prefix: str, suffixes: Sequence[str]
) -> Iterator[tuple[S3Notification, str, str]]:
    """Yield keys that no rule may match, and what a rule lacks that does."""
    yield S3Notification.NO_SUFFIX, f"{prefix}clip.mp4", ""
    for suffix in suffixes:
        yield S3Notification.NO_SUFFIX, f"{prefix}clip{suffix}.mp4", suffix
        yield S3Notification.NO_DOT, f"{prefix}not{suffix.removeprefix('.')}", suffix
    for suffix in suffixes:
        yield S3Notification.NO_PREFIX, f"notes/plan{suffix}", suffix
        yield S3Notification.NO_PREFIX, f"notes/{prefix}plan{suffix}", suffix


def _require_each(
    rules: Sequence[Rule], prefix: str, suffixes: Sequence[str], evidence: str
) -> None:
    """Require that a key with each of the suffixes is matched."""
    examples = {suffix: f"{prefix}photo{suffix}" for suffix in suffixes}
    matched = [each for each in suffixes if any(rule.matches(examples[each]) for rule in rules)]
    missing = [each for each in suffixes if each not in matched]
    if missing and matched and len(rules) == 1:
        raise S3Notification.REPLACED(evidence, there=matched[0], missing=missing[0])
    for suffix in missing:
        example = examples[suffix]
        raise S3Notification.NOT_FOR(evidence, example=example, prefix=prefix, suffix=suffix)


def _no_rules(probe: Probe, bucket: str, arn: str, written: str) -> Exception:
    """Say what was done instead, or what S3 refused to do."""
    name = arn.rpartition(":")[2]
    words = {"bucket": bucket, "function": name, "other": written}
    if rules_of(probe, written):
        return S3Notification.OTHER_BUCKET(**words)
    refused = _find_refused(probe, bucket, written)
    if refused and refused.source == f"arn:aws:s3:::{written}":
        return S3Notification.REFUSED_FOR_BUCKET(**words)
    if refused and refused.resource != arn:
        other = refused.resource.rpartition(":")[2]
        return S3Notification.REFUSED_FOR_FUNCTION(**words | {"other": other})
    if refused or read_policy(probe, name):
        require_permission(probe, name, S3, f"arn:aws:s3:::{bucket}")
        return S3Notification.NO_RULES(**words)
    return NotAttempted(NOTHING_YET.format(bucket=bucket))


def _find_refused(probe: Probe, *buckets: str) -> Denial | None:
    """Return what S3 was last denied for one of these buckets: so it refused their rules.

    S3 tries a function before it accepts a rule for it. What was denied before the first bucket
    was made belongs to an earlier run of the sheet.
    """
    sources = {f"arn:aws:s3:::{bucket}" for bucket in buckets}
    there = probe.client("s3").list_buckets()["Buckets"]
    begun = next(each["CreationDate"] for each in there if each["Name"] == buckets[0])
    denials = [
        denial
        for denial in probe.denials()
        if denial.principal == S3
        and denial.source in sources
        and datetime.fromisoformat(denial.at) >= begun
    ]
    return denials[-1] if denials else None


def _rule(told: Mapping[str, Any]) -> Rule:
    filters = told.get("Filter", {}).get("Key", {}).get("FilterRules", [])
    parts = {each["Name"].lower(): each["Value"] for each in filters}
    events = tuple(told["Events"])
    return Rule(told["LambdaFunctionArn"], events, parts.get("prefix", ""), parts.get("suffix", ""))
