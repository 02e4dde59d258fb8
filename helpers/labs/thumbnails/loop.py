"""Exercise loop: a function that writes into the bucket that invokes it, but not for ever."""

import random

from helpers.checks import Diagnosis, Incorrect, Link, Probe, first_of, require
from helpers.checks.buckets import find_object, keys_in, own_mark, require_bucket
from helpers.checks.code import require_deployed, submission
from helpers.checks.effects import find_effect
from helpers.checks.function import ask, configuration
from helpers.checks.links.s3_notification import rules_of
from helpers.checks.logs import Runs, printed
from helpers.checks.sample_events import s3_event
from helpers.labs.thumbnails.refused import Work

NAME, FILE = "backup", "backup.py"
PATIENCE = 10.0  # seconds for a copy to appear
QUIET = 0.4  # seconds
TASK = "read what comes into its bucket and write a copy there"
ERROR = "[ERROR]"  # how Lambda begins the line about an error that was not caught

DONE = "One upload, one copy: `backup` no longer invokes itself."


class Loop(Diagnosis):
    BRAKED = Link.CONFIGURATION("""
        The brake is still on: `backup` may use no execution environment, so nothing is copied at
        all. Release it with `lambda_.delete_function_concurrency`.""")
    NO_RULE = Link.EVENT_SOURCE("""
        The bucket `{bucket}` no longer invokes `backup` for what comes into `incoming/`: there is
        no such rule. The rule was right; change where the copy goes.""")
    NO_COPY = Link.EFFECT("""
        `backup` ran, and no copy has appeared in its bucket. For the upload below there should be
        one under `{wanted}`.""")
    STILL_LOOPS = Link.EFFECT("""
        The copy is at a place for which the bucket invokes `backup` again. One upload, and the
        function ran for its own copies, too.""")
    FAILED = Link.CODE("""
        The copy is there, but then `backup` stopped with the error below, so Lambda will run it
        twice more.""")
    MOVED = Link.EFFECT("""
        The copy is there, but the upload itself is gone or changed. Leave it where it is.""")
    OTHER_NAME = Link.EFFECT("""
        There is a copy, and it invokes nothing, but its key should be `{wanted}`. Below is what the
        bucket holds.""")
    SEVERAL = Link.EFFECT("""
        There should be one copy of each upload, under `{wanted}`, and there are more.""")
    OTHER_BYTES = Link.EFFECT("The copy under `{wanted}` does not hold what was uploaded.")


def check(probe: Probe) -> str:
    bucket = f"playground-{configuration(probe, NAME)['FunctionArn'].split(':')[4]}"
    require_bucket(probe, bucket)
    with submission(probe, NAME, FILE):
        limit = probe.client("lambda").get_function_concurrency(FunctionName=NAME)
        require(limit.get("ReservedConcurrentExecutions") != 0, Loop.BRAKED)
    try:
        _require_one_copy(probe, bucket)
    except Incorrect:
        require_deployed(probe, NAME, FILE)
        raise
    return DONE


def _require_one_copy(probe: Probe, bucket: str) -> None:
    mark, data = own_mark(probe, bucket), random.randbytes(40)
    upload, wanted = f"incoming/{mark}.jpg", f"backup/{mark}.jpg"
    arn = configuration(probe, NAME)["FunctionArn"]
    rules = [rule for rule in rules_of(probe, bucket) if rule.function == arn]
    require(any(rule.matches(upload) for rule in rules), Loop.NO_RULE, bucket=bucket)
    Runs(probe, NAME).rest(QUIET)  # what others have started must not be taken for this one
    runs = Runs(probe, NAME)
    probe.client("s3").put_object(Bucket=bucket, Key=upload, Body=data)
    others = find_effect(
        probe, lambda: {*keys_in(probe, bucket, mark=mark)} - {upload}, within=PATIENCE
    )
    if not others:
        raise _no_copy(probe, bucket, upload, wanted)
    log = printed(runs.new())  # a copy says nothing of what the function does after it
    found = keys_in(probe, bucket, mark=mark)
    again = [key for key in found if key != upload and any(rule.matches(key) for rule in rules)]
    require(not again, Loop.STILL_LOOPS, "\n".join([upload, *again]))
    _require_no_error(probe, bucket, log)
    original, copy = find_object(probe, bucket, upload), find_object(probe, bucket, wanted)
    slip = first_of(
        (Loop.MOVED, original is None or original.data != data),
        (Loop.OTHER_NAME, copy is None),
        (Loop.SEVERAL, len(found) > 2),
        (Loop.OTHER_BYTES, copy and copy.data != data),
    )
    if slip:
        raise slip("\n".join(found), wanted=wanted)


def _no_copy(probe: Probe, bucket: str, upload: str, wanted: str) -> Exception:
    answer = ask(probe, NAME, s3_event(bucket, upload))
    if answer.error:
        return _work_in(bucket).failure(probe, answer)
    return Loop.NO_COPY(upload, wanted=wanted)


def _require_no_error(probe: Probe, bucket: str, log: str) -> None:
    """Require that a run that copies does not fail after that: Lambda would run it twice more."""
    for line in log.splitlines():
        if line.startswith(ERROR):
            raise _work_in(bucket).beyond(probe, line) or Loop.FAILED(line)


def _work_in(bucket: str) -> Work:
    return Work(NAME, TASK, {"s3:GetObject": bucket, "s3:PutObject": bucket})
