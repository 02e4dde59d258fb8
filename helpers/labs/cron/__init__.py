"""Lab 03: jobs that run by the clock, and stand what happens to jobs."""

from helpers.labs.cron.catch_up import CATCH_UP
from helpers.labs.cron.cleaner import CLEANER
from helpers.labs.cron.event_time import EVENT_TIME
from helpers.labs.cron.invite import PERMISSION
from helpers.labs.cron.month_end import MONTH_END
from helpers.labs.cron.night import NIGHT
from helpers.labs.cron.once import ONCE
from helpers.labs.cron.split import SPLIT

EXERCISES = (NIGHT, PERMISSION, EVENT_TIME, ONCE, MONTH_END, CATCH_UP, SPLIT, CLEANER)
