"""Exercise time-out: the limit that ends a function that takes too long."""

import random

from helpers.checks import Diagnosis, Link, NotAttempted, Probe, require
from helpers.checks.function import configuration, other_function
from helpers.labs.first_function.limits import GIVEN, require_given_code, require_work

NAME = "slow_report"

NOT_YET = "`slow_report` still has its time-out of 1 second."
DONE = "`slow_report` now finishes its work, and a run that hangs would soon be stopped."


class TimeOut(Diagnosis):
    MEMORY_INSTEAD = Link.CONFIGURATION("""
        You have changed the memory of `slow_report`, to {memory} MB. But it was stopped because
        its time was up, and its time-out is still 1 second. Set `Timeout`, and put `MemorySize`
        back to 128.""")
    OTHER_FUNCTION = Link.FUNCTION("""
        `slow_report` still has its time-out of 1 second. The time-out of `{name}` is no longer the
        usual 3 seconds: was that meant for `slow_report`?""")
    TOO_LONG = Link.CONFIGURATION("""
        A time-out of {timeout} seconds is more than this work needs. It is a safety net: a function
        that hangs keeps running, and is paid for, until its time-out is over. Choose from 2 to 10
        seconds.""")
    MILLISECONDS = Link.CONFIGURATION("""
        `Timeout` is in seconds, and AWS would refuse {timeout} of them: it allows 900 at most,
        fifteen minutes. Did you mean milliseconds? Choose from 2 to 10 seconds.""")
    TOO_SHORT = Link.CONFIGURATION(
        "`slow_report` was stopped before its work was done: give it more time."
    )


def check(probe: Probe) -> str:
    settings = configuration(probe, NAME)
    timeout, memory = settings["Timeout"], settings["MemorySize"]
    if timeout == 1:
        require(memory == 128, TimeOut.MEMORY_INSTEAD, memory=memory)
        require_given_code(probe, NAME)
        other = other_function(probe, NAME, lambda each: each["Timeout"] != 3, GIVEN)
        require(other is None, TimeOut.OTHER_FUNCTION, name=other)
        raise NotAttempted(NOT_YET)
    require(timeout <= 900, TimeOut.MILLISECONDS, timeout=timeout)
    require(timeout <= 10, TimeOut.TOO_LONG, timeout=timeout)
    seconds = random.randrange(145, 156) / 100
    require_work(
        probe,
        NAME,
        {"seconds": seconds},
        {"slept": seconds},
        lambda report: report.duration_ms > seconds * 1000 - 20,  # a clock's tick less is no matter
        TimeOut.TOO_SHORT,
    )
    return DONE
