"""Judge an exercise: run its check and say what came of it.

A check is a function of a Probe. Coming back is *correct*; raising carries the message:

NotAttempted    there is nothing to look at yet
Incorrect       something is there, and one link of the chain is broken
CantCheck       the check itself could not do its work

Four outcomes, and never a fifth: what else a check runs into becomes one of them here.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from botocore.exceptions import BotoCoreError, ClientError

from helpers.aws.errors import describe_error, error_code, is_missing
from helpers.errors import NoSuchFunction
from helpers.exercises.denial import ANYBODY, Denial
from helpers.exercises.exercise import Exercise
from helpers.exercises.probe import Probe
from helpers.exercises.refused import RefusedCall
from helpers.exercises.verdict import (
    CantCheck,
    Incorrect,
    Link,
    NotAttempted,
    Outcome,
    Verdict,
)

# What a check has read in the cloud itself: what was denied meanwhile only follows from it.
SET_UP = {Link.ROUTE, Link.PERMISSION, Link.ROLE}
# How a function fails by itself, and says at what.
FAILED = {Link.CODE, Link.CONFIGURATION, Link.PACKAGE}
DENIED = {"403", "AccessDenied", "AccessDeniedException", "AuthorizationError"}
WELL_DONE = "It works."
MISSING_WORDS = "Something the exercise needs is not there."
DENIED_WORDS = "A permission is missing."
AWS_FAILED = "AWS answered the check with an error that is not about your work."
CHECK_FAILED = "The check itself failed; that is a fault of the lab, not of your work."


def not_through(error: Exception) -> str:
    return f"A call did not get through: {error}"


def judge(
    exercise: Exercise, probe: Probe, explain: Callable[[Exception], str] = not_through
) -> Verdict:
    """Run the check and say what came of it. Whatever happens in the check, this does not raise.

    `explain` puts into words that the cloud could not be reached.
    """
    try:
        return _judge(exercise, probe)
    except BotoCoreError as error:
        return Verdict(exercise.name, Outcome.CANT_CHECK, explain(error))


def _judge(exercise: Exercise, probe: Probe) -> Verdict:
    before = max((denied.number for denied in probe.denials()), default=0)
    try:
        with probe:
            praise = exercise.check(probe)
    except BotoCoreError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, a learner gets a verdict
        verdict = _with_refusal(_verdict(exercise.name, error), probe.refused(exercise.name))
        return _with_denial(verdict, probe.denials(after=before))
    return Verdict(exercise.name, Outcome.CORRECT, praise or WELL_DONE)


def _with_refusal(verdict: Verdict, refused: Sequence[RefusedCall]) -> Verdict:
    """Name the call that was refused where the check found nothing: so there was an attempt."""
    if verdict.outcome is not Outcome.NOT_ATTEMPTED or not refused:
        return verdict
    call = refused[-1]
    return Verdict(verdict.exercise, Outcome.INCORRECT, str(call), call.message, call.link, call.id)


def _with_denial(verdict: Verdict, denials: Sequence[Denial]) -> Verdict:
    """Name what was denied while the check looked, where that explains what it found.

    A function that fails at something else fails at that, whatever was denied besides. And a check
    that has found what is set up at fault knows more of it.
    """
    if verdict.outcome is not Outcome.INCORRECT or verdict.link in SET_UP:
        return verdict
    for denied in reversed(denials):
        if _explains(denied, verdict):
            message, evidence = denied.in_words(), denied.statement()
            return replace(
                verdict,
                message=message,
                link=denied.link,
                evidence=evidence,
                diagnosis=f"{denied.link}.denied",
            )
    return verdict


def _explains(denied: Denial, verdict: Verdict) -> bool:
    if denied.principal == ANYBODY:
        return False
    if denied.action.startswith("logs:") and verdict.link != Link.EFFECT:
        return False
    evidence = verdict.evidence.lower()  # SQS writes actions in lower case
    return verdict.link not in FAILED or denied.action.lower() in evidence


def _verdict(name: str, error: Exception) -> Verdict:
    match error:
        case NotAttempted():
            return Verdict(name, Outcome.NOT_ATTEMPTED, str(error))
        case Incorrect():
            return Verdict(
                name, Outcome.INCORRECT, str(error), error.evidence, error.link, error.id
            )
        case CantCheck():
            return Verdict(name, Outcome.CANT_CHECK, str(error))
        case NoSuchFunction():
            return Verdict(
                name,
                Outcome.INCORRECT,
                str(error),
                link=Link.FUNCTION,
                diagnosis="function.unknown",
            )
        case TimeoutError():
            return Verdict(
                name, Outcome.INCORRECT, str(error), link=Link.EFFECT, diagnosis="effect.not-seen"
            )
        case ClientError():
            return _from_aws(name, error)
    evidence = f"{type(error).__name__}: {error}"
    return Verdict(name, Outcome.CANT_CHECK, CHECK_FAILED, evidence)


def _from_aws(name: str, error: ClientError) -> Verdict:
    code, evidence = error_code(error), f"{error.operation_name}: {describe_error(error)}"
    if is_missing(error):
        return Verdict(name, Outcome.INCORRECT, MISSING_WORDS, evidence, diagnosis="effect.missing")
    if code in DENIED:
        return Verdict(
            name,
            Outcome.INCORRECT,
            DENIED_WORDS,
            evidence,
            Link.PERMISSION,
            "permission.denied",
        )
    return Verdict(name, Outcome.CANT_CHECK, AWS_FAILED, evidence)
