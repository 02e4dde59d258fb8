"""Lab 04: a stream of clicks that is counted, and a table whose changes are events."""

from helpers.checks.streams.changes import CHANGES
from helpers.checks.streams.count import COUNT
from helpers.checks.streams.give_up import GIVE_UP
from helpers.checks.streams.isolate import ISOLATE
from helpers.checks.streams.key import KEY
from helpers.checks.streams.once import ONCE
from helpers.checks.streams.trigger import TRIGGER

EXERCISES = (KEY, COUNT, TRIGGER, ISOLATE, GIVE_UP, CHANGES, ONCE)
