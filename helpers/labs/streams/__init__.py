"""Lab 04: a stream of clicks that is counted, and a table whose changes are events."""

from helpers.labs.streams.changes import CHANGES
from helpers.labs.streams.count import COUNT
from helpers.labs.streams.give_up import GIVE_UP
from helpers.labs.streams.isolate import ISOLATE
from helpers.labs.streams.key import KEY
from helpers.labs.streams.once import ONCE
from helpers.labs.streams.trigger import TRIGGER

EXERCISES = (KEY, COUNT, TRIGGER, ISOLATE, GIVE_UP, CHANGES, ONCE)
