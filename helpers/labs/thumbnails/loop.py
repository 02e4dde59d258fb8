"""Exercise loop: a function that writes into the bucket which calls it, and not to call itself."""

import random
from collections.abc import Iterable, Sequence

from helpers.aws.report import LoggedInvocation
from helpers.checks.function import ask, configuration
from helpers.checks.logs import Runs, printed
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.thumbnails.given import BACKUP
from helpers.labs.thumbnails.refused import Work
from helpers.labs.thumbnails.rules import Rule, rules_of
from helpers.labs.thumbnails.scene import (
    blamed,
    fetch,
    keys_in,
    remove_marked,
    s3_event,
    see_bucket,
)

NAME, FILE = "backup", "backup.py"
PATIENCE = 10.0  # seconds for a copy to appear
QUIET, LOGGED_WITHIN = 0.4, 5.0  # seconds
TASK = "read what comes into its bucket and write a copy there"
ERROR = "[ERROR]"  # how Lambda begins the line about an error that was not caught

NOT_CALLED = """\
The bucket `{bucket}` no longer calls `backup` for what comes into `incoming/`: there is no such \
rule. The rule was right; what has to change is where the copy goes."""
BRAKED = """\
The brake is still on: `backup` is allowed no execution environment, so nothing is copied at all. \
Release it with `lambda_.delete_function_concurrency`."""
STILL_LOOPS = """\
The copy is at a place for which the bucket calls `backup` again. One upload, and the function ran \
for its own copies too."""
FAILED = """\
The copy is there, but then `backup` stopped with the error below, so Lambda will run it twice \
more."""
MOVED = """\
The copy is there, but the upload itself is gone or changed. Leave it where it is."""
NO_COPY = """\
`backup` ran, and no copy has appeared in its bucket. For the upload below there should be one \
under `{wanted}`."""
OTHER_NAME = """\
There is a copy, and it calls nobody, but it should be called `{wanted}`. Below is what the bucket \
holds."""
OTHER_BYTES = "The copy under `{wanted}` does not hold what was uploaded."
SEVERAL = "There should be one copy of each upload, under `{wanted}`, and there are more."
DONE = "One upload, one copy: `backup` no longer calls itself."


def check(probe: Probe) -> str:
    settings = configuration(probe, NAME)
    bucket = f"playground-{settings['FunctionArn'].split(':')[4]}"
    see_bucket(probe, bucket)
    try:
        _see_brake(probe)
        _see_copy(probe, bucket, settings["FunctionArn"])
    except Incorrect as error:
        given = [BACKUP] if _is_braked(probe) else []
        raise blamed(probe, error, FILE, given, NAME) from None
    return DONE


def _is_braked(probe: Probe) -> bool:
    answer = probe.client("lambda").get_function_concurrency(FunctionName=NAME)
    return bool(answer.get("ReservedConcurrentExecutions") == 0)


def _see_brake(probe: Probe) -> None:
    if _is_braked(probe):
        raise Incorrect(BRAKED, link="configuration")


def _see_copy(probe: Probe, bucket: str, arn: str) -> None:
    rules = [rule for rule in rules_of(probe, bucket) if rule.function == arn]
    mark, data = probe.unique("check"), random.randbytes(40)
    upload, wanted = f"incoming/{mark}.jpg", f"backup/{mark}.jpg"
    if not any(rule.matches(upload) for rule in rules):
        raise Incorrect(NOT_CALLED.format(bucket=bucket), link="event source")
    probe.afterwards(remove_marked, probe, bucket, mark)
    Runs(probe, NAME).rest(QUIET)  # what others have set going must not be taken for this one
    runs = Runs(probe, NAME)
    probe.client("s3").put_object(Bucket=bucket, Key=upload, Body=data)
    _wait_for_copy(probe, bucket, mark, upload, wanted)
    ran = _ended(probe, runs)  # a copy says nothing of what the function does after it
    found = _marked(probe, bucket, mark)
    _see_no_loop(found, upload, rules)
    _see_no_failure(probe, bucket, printed(ran))
    _see_what_is_there(probe, bucket, found, upload, wanted, data)


def _marked(probe: Probe, bucket: str, mark: str) -> list[str]:
    """The upload's key, and all that came of it."""
    return [key for key in keys_in(probe, bucket) if mark in key]


def _wait_for_copy(probe: Probe, bucket: str, mark: str, upload: str, wanted: str) -> None:
    try:
        probe.wait_for(lambda: set(_marked(probe, bucket, mark)) - {upload}, timeout=PATIENCE)
        return
    except TimeoutError:
        pass
    answer = ask(probe, NAME, s3_event(bucket, upload))
    if answer.error:
        raise _work_in(bucket).failure(probe, answer)
    raise Incorrect(NO_COPY.format(wanted=wanted), link="effect", evidence=upload)


def _ended(probe: Probe, runs: Runs) -> Sequence[LoggedInvocation]:
    """Return the run for the upload, once it has ended; none where nothing is logged."""
    try:
        return probe.wait_for(runs.new, timeout=LOGGED_WITHIN)
    except TimeoutError:
        return ()


def _see_no_loop(found: list[str], upload: str, rules: Iterable[Rule]) -> None:
    again = [key for key in found if key != upload and any(rule.matches(key) for rule in rules)]
    if again:
        raise Incorrect(STILL_LOOPS, link="effect", evidence="\n".join([upload, *again]))


def _see_no_failure(probe: Probe, bucket: str, log: str) -> None:
    """A run that copies and then fails is no success: Lambda runs it twice more."""
    errors = [line for line in log.splitlines() if line.startswith(ERROR)]
    if errors:
        failed = Incorrect(FAILED, link="code", evidence=errors[0])
        raise _work_in(bucket).beyond(probe, errors[0]) or failed


def _work_in(bucket: str) -> Work:
    return Work(NAME, TASK, {"s3:GetObject": bucket, "s3:PutObject": bucket})


def _see_what_is_there(
    probe: Probe, bucket: str, found: list[str], upload: str, wanted: str, data: bytes
) -> None:
    original, copy = fetch(probe, bucket, upload), fetch(probe, bucket, wanted)
    if original is None or original.data != data:
        raise Incorrect(MOVED, link="effect", evidence="\n".join(found))
    if copy is None:
        words = OTHER_NAME.format(wanted=wanted)
        raise Incorrect(words, link="effect", evidence="\n".join(found))
    if len(found) > 2:
        words = SEVERAL.format(wanted=wanted)
        raise Incorrect(words, link="effect", evidence="\n".join(found))
    if copy.data != data:
        raise Incorrect(OTHER_BYTES.format(wanted=wanted), link="effect")
