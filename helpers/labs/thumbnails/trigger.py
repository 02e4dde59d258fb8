"""Exercise trigger: the bucket of uploads calls the function, for the right keys."""

import json
from collections.abc import Sequence
from datetime import datetime

from helpers.checks.function import configuration
from helpers.checks.links.permission import read_policy, see_permission
from helpers.exercises.denial import Denial
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.labs.thumbnails.drawn import draw
from helpers.labs.thumbnails.rules import Rule, rules_of
from helpers.labs.thumbnails.scene import NAME, Scene, see_arrival

S3 = "s3.amazonaws.com"

NOTHING_YET = "The bucket `{bucket}` has no rules so far, so it invokes no function."
NO_RULES = """\
`thumbnailer` may be invoked, but the bucket `{bucket}` does not know that it should: it has no \
rules. Give it two with `s3.put_bucket_notification_configuration`."""
OTHER_BUCKET = """\
The rules are on the bucket `{bucket}`, into which the thumbnails go. Each thumbnail would call \
the function again. They belong on the bucket in `uploads`; remove these with an empty \
`NotificationConfiguration={{}}`."""
OTHER_FUNCTION = "The rules of the bucket call `{name}`. It is `thumbnailer` that they should call."
REFUSED_FOR_OTHER_BUCKET = """\
S3 has refused your rules: they were for the bucket `{bucket}`, into which the thumbnails go, and \
`thumbnailer` may not be invoked for that one. Put them on the bucket in `uploads`."""
REFUSED_FOR_OTHER_FUNCTION = """\
S3 has refused your rules: they name the function `{name}`, which may not be invoked for this \
bucket. It is `thumbnailer` that they should name."""
REPLACED = """\
There is a rule for `{there}`, and none for `{missing}`. A second call of \
`put_bucket_notification_configuration` replaces what the first one has set: put both rules into \
one list, and make one call."""
NO_SUFFIX = """\
The bucket calls for every file in `incoming/`, a `{example}` too. Each rule needs a filter for \
the suffix as well."""
NO_DOT = """\
The bucket calls for `{example}`, too, which is no photo by its name. The suffix begins with the \
dot: `.jpg`."""
NO_PREFIX = """\
The bucket calls for photos anywhere in it, `{example}` too. Each rule needs a filter for the \
prefix `incoming/` as well."""
NOT_FOR = """\
The bucket does not call for `{example}`. A filter is compared letter by letter: the prefix is \
`incoming/`, with the slash at its end and none before it, and the suffix `{suffix}`, with its \
dot and without a star."""
WRONG_EVENTS = """\
The bucket calls for {events}. Photos come into it in several ways, put, copied or uploaded in \
parts; `s3:ObjectCreated:*` stands for all of them."""
DONE = "The bucket calls `thumbnailer` for photos in `incoming/`, and for nothing else."


def check(probe: Probe) -> str:
    arn = configuration(probe, NAME)["FunctionArn"]
    scene = Scene(probe)
    rules = rules_of(probe, scene.uploads)
    if not rules:
        raise _no_rules(probe, scene, arn)
    _see_rules(rules, arn)
    see_permission(probe, NAME, S3, f"arn:aws:s3:::{scene.uploads}")
    _see_thumbnails(scene)
    return DONE


def _no_rules(probe: Probe, scene: Scene, arn: str) -> Exception:
    if rules_of(probe, scene.gallery):
        words = OTHER_BUCKET.format(bucket=scene.gallery)
        return Incorrect(words, link="event source")
    refused = _refused(probe, scene)
    if refused and refused.source == f"arn:aws:s3:::{scene.gallery}":
        words = REFUSED_FOR_OTHER_BUCKET.format(bucket=scene.gallery)
        return Incorrect(words, link="event source")
    if refused and refused.resource != arn:
        words = REFUSED_FOR_OTHER_FUNCTION.format(name=refused.resource.rpartition(":")[2])
        return Incorrect(words, link="event source")
    if refused or read_policy(probe, NAME):
        see_permission(probe, NAME, S3, f"arn:aws:s3:::{scene.uploads}")
        return Incorrect(NO_RULES.format(bucket=scene.uploads), link="event source")
    return NotAttempted(NOTHING_YET.format(bucket=scene.uploads))


def _refused(probe: Probe, scene: Scene) -> Denial | None:
    """Return what S3 was last denied for one of the two buckets: so it refused their rules.

    S3 tries a function before it takes a rule for it. What was denied before the bucket was made
    belongs to an earlier run of the sheet.
    """
    sources = {f"arn:aws:s3:::{bucket}" for bucket in (scene.uploads, scene.gallery)}
    buckets = scene.s3.list_buckets()["Buckets"]
    begun = next(each["CreationDate"] for each in buckets if each["Name"] == scene.uploads)
    denials = [
        one
        for one in probe.denials()
        if one.principal == S3 and one.source in sources and datetime.fromisoformat(one.at) >= begun
    ]
    return denials[-1] if denials else None


def _see_rules(rules: Sequence[Rule], arn: str) -> None:
    words = _slip(rules, arn)
    if words:
        evidence = "\n".join(str(rule) for rule in rules)
        raise Incorrect(words, link="event source", evidence=evidence)


def _slip(rules: Sequence[Rule], arn: str) -> str:
    """What is wrong with the rules; nothing if they are as they should be."""
    others = [rule for rule in rules if rule.function != arn]
    if others:
        return OTHER_FUNCTION.format(name=others[0].function.rsplit(":", 1)[-1])
    for rule in rules:
        if not rule.on_every_creation:
            events = " and ".join(f"`{event}`" for event in rule.events)
            return WRONG_EVENTS.format(events=events)
    return _too_many(rules) or _too_few(rules)


def _too_many(rules: Sequence[Rule]) -> str:
    def calls(key: str) -> bool:
        return any(rule.matches(key) for rule in rules)

    for example in ("incoming/clip.mp4", "incoming/clip.jpg.mp4"):
        if calls(example):
            return NO_SUFFIX.format(example=example)
    for example in ("incoming/notjpg", "incoming/notpng"):
        if calls(example):
            return NO_DOT.format(example=example)
    for example in ("notes/plan.jpg", "notes/plan.png", "notes/incoming/plan.jpg"):
        if calls(example):
            return NO_PREFIX.format(example=example)
    return ""


def _too_few(rules: Sequence[Rule]) -> str:
    missing = [
        suffix
        for suffix in (".jpg", ".png")
        if not any(rule.matches(f"incoming/photo{suffix}") for rule in rules)
    ]
    there = [rule.suffix for rule in rules if rule.matches(f"incoming/photo{rule.suffix}")]
    if len(missing) == 1 and len(rules) == 1 and there:
        return REPLACED.format(there=there[0], missing=missing[0])
    if missing:
        return NOT_FOR.format(example=f"incoming/photo{missing[0]}", suffix=missing[0])
    return ""


def _see_thumbnails(scene: Scene) -> None:
    """Two photos that should have a thumbnail, after two that should have none."""
    photo = draw(300, 200)
    scene.upload(photo.stored(), "-no.txt")
    scene.upload(photo.stored(), "-no.jpg", folder="elsewhere/")
    keys = [scene.upload(photo.stored(), "-a.jpg"), scene.upload(photo.stored("PNG"), "-b.png")]
    for key in keys:
        see_arrival(scene, key)


def undo_wrong_answer(probe: Probe) -> None:
    """Remove the rules of both buckets, and what was permitted: the worked answer sets them."""
    scene = Scene(probe)
    for bucket in (scene.uploads, scene.gallery):
        scene.s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    aws = probe.client("lambda")
    if read_policy(probe, NAME):
        for statement in json.loads(aws.get_policy(FunctionName=NAME)["Policy"])["Statement"]:
            aws.remove_permission(FunctionName=NAME, StatementId=statement["Sid"])
