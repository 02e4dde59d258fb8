"""Exercises time-out and memory: the two limits that end a function, and what they should be."""

import random
from collections.abc import Mapping
from typing import Any

from helpers.checks.deployed import (
    OUT_OF_MEMORY,
    OUT_OF_TIME,
    ask,
    configuration,
    failure,
    is_same_code,
    other_function,
    package_files,
)
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.functions.invoke import Invocation
from helpers.labs.first_function.given import FUNCTIONS, RESIZE_PLAN, SLOW_REPORT

Settings = Mapping[str, Any]

DEFAULT_TIME, DEFAULT_MEMORY, DEFAULT_DISK = 3, 128, 512  # seconds, MB, MB

# time-out

REPORT = "slow_report"
GIVEN_TIME = 1  # second
LEAST_TIME, MOST_TIME = 2, 10

TIME_AS_GIVEN = "`slow_report` still has its time-out of 1 second."
MEMORY_NOT_TIME = """\
You have changed the memory of `slow_report`, to {memory} MB. But it was stopped because its time \
was up, and its time-out is still 1 second. Set `Timeout`, and put `MemorySize` back to 128."""
WORKS_LESS = """\
You have changed the code of `slow_report`, but the work takes as long as it takes. Leave the code \
as it was given, and set the function's `Timeout`."""
TIME_ELSEWHERE = """\
`slow_report` still has its time-out of 1 second. The time-out of `{name}` is no longer the usual \
3 seconds: was that meant for `slow_report`?"""
TOO_LONG = """\
A time-out of {timeout} seconds is more than this work needs. It is a safety net: a function that \
hangs keeps running, and is paid for, until its time-out is over. Choose from 2 to 10 seconds."""
IN_MILLISECONDS = """\
`Timeout` is in seconds, and AWS would refuse {timeout} of them: it allows 900 at most, fifteen \
minutes. Did you mean milliseconds? Choose from 2 to 10 seconds."""
STILL_TOO_SHORT = "`slow_report` was stopped before its work was done: give it more time."
TIME_DONE = "`slow_report` now finishes its work, and a run that hangs would soon be stopped."


def check_time_out(probe: Probe) -> str:
    settings = configuration(probe, REPORT)
    timeout = settings["Timeout"]
    if timeout == GIVEN_TIME:
        raise _time_as_given(probe, settings)
    if timeout > MOST_TIME:
        words = IN_MILLISECONDS if timeout > 900 else TOO_LONG
        raise Incorrect(words.format(timeout=timeout), link="time-out")
    seconds = random.randrange(145, 156) / 100
    answer = ask(probe, REPORT, {"seconds": seconds})
    if answer.error:
        raise _stopped(probe, answer, OUT_OF_TIME, STILL_TOO_SHORT, "time-out")
    if _part(answer, "slept") != seconds or not _took(answer, seconds):
        raise Incorrect(WORKS_LESS, link="code", evidence=_shown(answer))
    return TIME_DONE


def _time_as_given(probe: Probe, settings: Settings) -> Exception:
    if settings["MemorySize"] != DEFAULT_MEMORY:
        words = MEMORY_NOT_TIME.format(memory=settings["MemorySize"])
        return Incorrect(words, link="time-out")
    if not _is_as_given(probe, REPORT, SLOW_REPORT):
        return Incorrect(WORKS_LESS, link="code")
    other = other_function(probe, REPORT, lambda each: each["Timeout"] != DEFAULT_TIME, FUNCTIONS)
    if other:
        return Incorrect(TIME_ELSEWHERE.format(name=other), link="function")
    return NotAttempted(TIME_AS_GIVEN)


def _took(answer: Invocation, seconds: float) -> bool:
    """Whether it really worked that long; a clock's tick less is no matter."""
    return answer.report is not None and answer.report.duration_ms > seconds * 1000 - 20


# memory

PLAN = "resize_plan"
NEEDED = 150  # MB for the picture alone
MOST_MEMORY = 512

MEMORY_AS_GIVEN = "`resize_plan` still has 128 MB of memory."
TIME_NOT_MEMORY = """\
You have changed the time-out of `resize_plan`, to {timeout} seconds. But it was stopped because \
its memory was full, and that is still 128 MB. Set `MemorySize`, and put `Timeout` back to 3."""
DISK_NOT_MEMORY = """\
`EphemeralStorage` is the function's disk, its folder `/tmp`. But it was stopped because its \
memory was full, and that is still 128 MB. Set `MemorySize`, and put the disk back to 512."""
PLANS_LESS = """\
You have changed the code of `resize_plan`, but the picture is as large as it is. Leave the code \
as it was given, and set the function's `MemorySize`."""
MEMORY_ELSEWHERE = """\
`resize_plan` still has 128 MB of memory. The memory of `{name}` is no longer the usual 128 MB: \
was that meant for `resize_plan`?"""
TOO_MUCH = """\
{memory} MB is more than the picture needs, and you pay for all of it while the function runs. \
Choose 512 MB or less."""
TOO_LITTLE = """\
{memory} MB is not enough for a picture of 150 MB: Python itself needs room beside it. Give the \
function some more."""
MEMORY_DONE = """\
`resize_plan` now has room for its picture. You pay for all {memory} MB while it runs, used or \
not: take what is needed, and a little to spare."""


def check_memory(probe: Probe) -> str:
    settings = configuration(probe, PLAN)
    memory = settings["MemorySize"]
    if memory == DEFAULT_MEMORY:
        raise _memory_as_given(probe, settings)
    if memory > MOST_MEMORY:
        raise Incorrect(TOO_MUCH.format(memory=memory), link="memory")
    megabytes = random.randrange(NEEDED - 2, NEEDED + 1)
    answer = ask(probe, PLAN, {"megabytes": megabytes})
    if answer.error:
        words = TOO_LITTLE.format(memory=memory)
        raise _stopped(probe, answer, OUT_OF_MEMORY, words, "memory")
    if _part(answer, "held") != megabytes or not _used(answer, megabytes):
        raise Incorrect(PLANS_LESS, link="code", evidence=_shown(answer))
    return MEMORY_DONE.format(memory=memory)


def _memory_as_given(probe: Probe, settings: Settings) -> Exception:
    if settings["Timeout"] != DEFAULT_TIME:
        words = TIME_NOT_MEMORY.format(timeout=settings["Timeout"])
        return Incorrect(words, link="memory")
    if settings.get("EphemeralStorage", {}).get("Size", DEFAULT_DISK) != DEFAULT_DISK:
        return Incorrect(DISK_NOT_MEMORY, link="memory")
    if not _is_as_given(probe, PLAN, RESIZE_PLAN):
        return Incorrect(PLANS_LESS, link="code")
    other = other_function(
        probe, PLAN, lambda each: each["MemorySize"] != DEFAULT_MEMORY, FUNCTIONS
    )
    if other:
        return Incorrect(MEMORY_ELSEWHERE.format(name=other), link="function")
    return NotAttempted(MEMORY_AS_GIVEN)


def _used(answer: Invocation, megabytes: int) -> bool:
    return answer.report is not None and answer.report.max_memory_mb >= megabytes


# both


def _is_as_given(probe: Probe, name: str, code: str) -> bool:
    return is_same_code(package_files(probe, name).get(f"{name}.py", ""), code)


def _part(answer: Invocation, key: str) -> Any:
    """That part of the result; None where there is no such part."""
    return answer.result.get(key) if isinstance(answer.result, dict) else None


def _stopped(probe: Probe, answer: Invocation, kinds: set[str], words: str, link: str) -> Incorrect:
    """It was ended by that limit, or else by something that has nothing to do with it."""
    assert answer.error
    if answer.error.type not in kinds:
        return failure(probe, answer)
    return Incorrect(words, link=link, evidence=_shown(answer))


def _shown(answer: Invocation) -> str:
    said = str(answer.error) if answer.error else f"returned {answer.result}"
    return f"{said}\n{answer.report.summary()}" if answer.report else said
