"""A call that AWS refused to a function: does its role lack that, or should its code not try it?

The role of a function allows its work and nothing else. So whatever goes beyond the work is
refused, and then the code is at fault. What the work itself needs is left to the verdict's own look
at what was denied, which names the role.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from helpers.checks import Diagnosis, Incorrect, Link, Probe
from helpers.checks.denied import DENIED
from helpers.checks.function import failure
from helpers.functions.invoke import Invocation

CALL = re.compile(r"when calling the (\w+) operation")
FORBIDDEN = "(403)"  # all that the answer to a HEAD request says


class Refused(Diagnosis):
    BEYOND_ITS_WORK = Link.CODE("""
        `{function}` tried `{action}` on the resource below. Its role does not allow that, and
        should not: its work is to {task}. Change the code, not the role.""")
    NO_SUCH_KEY = Link.CODE("""
        `{function}` asked for an object that is not there. Its role may not list the bucket, so S3
        does not say so: it denies `s3:ListBucket`. Is the key decoded, and whole?""")


@dataclass(frozen=True)
class Refusal:
    call: str  # the operation: "GetObject"
    action: str  # "s3:GetObject"
    resource: str  # its ARN

    @property
    def is_for_a_missing_object(self) -> bool:
        """Return whether S3 hides with it that there is no such object."""
        return self.action == "s3:ListBucket" and self.call in ("GetObject", "HeadObject")


@dataclass(frozen=True)
class Work:
    """What a function is for, in words; `needs` are its actions and the bucket of each."""

    function: str
    task: str
    needs: Mapping[str, str]

    def failure(self, probe: Probe, answer: Invocation) -> Incorrect:
        """Return why an invocation of the function failed."""
        assert answer.error
        error = answer.error.message
        failed = self.beyond(probe, error) or failure(probe, answer)
        refusal = find_refusal(probe, error)
        if refusal and self._needs(refusal) and refusal.action not in error:
            failed.evidence += f"\n{refusal.action} on {refusal.resource}"
        return failed

    def beyond(self, probe: Probe, error: str) -> Incorrect | None:
        """Return what to say of a call that the role should not allow, None of any other."""
        refusal = find_refusal(probe, error)
        if refusal is None or self._needs(refusal):
            return None
        if refusal.is_for_a_missing_object:
            return Refused.NO_SUCH_KEY(function=self.function)
        words = {"function": self.function, "action": refusal.action, "task": self.task}
        return Refused.BEYOND_ITS_WORK(refusal.resource, **words)

    def _needs(self, refusal: Refusal) -> bool:
        bucket = self.needs.get(refusal.action)
        return bool(bucket) and refusal.resource.startswith(f"arn:aws:s3:::{bucket}/")


def find_refusal(probe: Probe, error: str) -> Refusal | None:
    """Return what AWS refused, as the error says; None if it says something else."""
    called = CALL.search(error)
    call = called[1] if called else ""
    if denied := DENIED.search(error):
        return Refusal(call, denied[1], denied[2] or denied[3] or "*")
    if FORBIDDEN in error and (denials := probe.denials()):
        return Refusal(call, denials[-1].action, denials[-1].resource)
    return None
