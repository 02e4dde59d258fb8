"""Exercise memory: the limit that ends a function that needs too much of it."""

import random

from helpers.checks import Diagnosis, Link, NotAttempted, Probe, require
from helpers.checks.function import configuration, other_function
from helpers.labs.first_function.limits import GIVEN, require_given_code, require_work

NAME = "resize_plan"

NOT_YET = "`resize_plan` still has 128 MB of memory."
DONE = """\
`resize_plan` now has room for its picture. You pay for all {memory} MB while it runs, used or \
not: take what is needed, and a little to spare."""


class Memory(Diagnosis):
    TIME_INSTEAD = Link.CONFIGURATION("""
        You have changed the time-out of `resize_plan`, to {timeout} seconds. But it was stopped
        because its memory was full, and that is still 128 MB. Set `MemorySize`, and put `Timeout`
        back to 3.""")
    DISK_INSTEAD = Link.CONFIGURATION("""
        `EphemeralStorage` is the function's disk, its folder `/tmp`. But it was stopped because
        its memory was full, and that is still 128 MB. Set `MemorySize`, and put the disk back to
        512.""")
    OTHER_FUNCTION = Link.FUNCTION("""
        `resize_plan` still has 128 MB of memory. The memory of `{name}` is no longer the usual 128
        MB: was that meant for `resize_plan`?""")
    TOO_MUCH = Link.CONFIGURATION("""
        {memory} MB is more than the picture needs, and you pay for all of it while the function
        runs. Choose 512 MB or less.""")
    TOO_LITTLE = Link.CONFIGURATION("""
        {memory} MB is not enough for a picture of 150 MB: Python itself needs room beside it. Give
        the function some more.""")


def check(probe: Probe) -> str:
    settings = configuration(probe, NAME)
    memory, timeout = settings["MemorySize"], settings["Timeout"]
    if memory == 128:
        require(timeout == 3, Memory.TIME_INSTEAD, timeout=timeout)
        disk = settings.get("EphemeralStorage", {}).get("Size", 512)
        require(disk == 512, Memory.DISK_INSTEAD)
        require_given_code(probe, NAME)
        other = other_function(probe, NAME, lambda each: each["MemorySize"] != 128, GIVEN)
        require(other is None, Memory.OTHER_FUNCTION, name=other)
        raise NotAttempted(NOT_YET)
    require(memory <= 512, Memory.TOO_MUCH, memory=memory)
    megabytes = random.randrange(148, 151)
    require_work(
        probe,
        NAME,
        {"megabytes": megabytes},
        {"held": megabytes},
        lambda report: report.max_memory_mb >= megabytes,
        Memory.TOO_LITTLE,
        memory=memory,
    )
    return DONE.format(memory=memory)
