"""Lab 05: a bucket of photos, a function with Pillow, and a bucket of thumbnails."""

from helpers.checks.thumbnails.fit import FIT
from helpers.checks.thumbnails.keys import KEYS
from helpers.checks.thumbnails.loop import LOOP
from helpers.checks.thumbnails.modes import MODES
from helpers.checks.thumbnails.package import PACKAGE
from helpers.checks.thumbnails.quarantine import QUARANTINE
from helpers.checks.thumbnails.role import ROLE
from helpers.checks.thumbnails.sizes import SIZES
from helpers.checks.thumbnails.trigger import TRIGGER

EXERCISES = (PACKAGE, ROLE, FIT, LOOP, TRIGGER, KEYS, MODES, QUARANTINE, SIZES)
