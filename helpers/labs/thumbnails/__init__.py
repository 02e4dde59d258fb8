"""Lab 05: a bucket of photos, a function with Pillow, and a bucket of thumbnails."""

from helpers.labs.thumbnails.fit import FIT
from helpers.labs.thumbnails.keys import KEYS
from helpers.labs.thumbnails.loop import LOOP
from helpers.labs.thumbnails.modes import MODES
from helpers.labs.thumbnails.package import PACKAGE
from helpers.labs.thumbnails.quarantine import QUARANTINE
from helpers.labs.thumbnails.role import ROLE
from helpers.labs.thumbnails.sizes import SIZES
from helpers.labs.thumbnails.trigger import TRIGGER

EXERCISES = (PACKAGE, ROLE, FIT, LOOP, TRIGGER, KEYS, MODES, QUARANTINE, SIZES)
