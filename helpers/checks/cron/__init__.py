"""Lab 03: jobs that run by the clock, and stand what happens to jobs."""

from helpers.checks.cron.catch_up import CATCH_UP
from helpers.checks.cron.cleaner import CLEANER
from helpers.checks.cron.event_time import EVENT_TIME
from helpers.checks.cron.invite import PERMISSION
from helpers.checks.cron.month_end import MONTH_END
from helpers.checks.cron.night import NIGHT
from helpers.checks.cron.once import ONCE
from helpers.checks.cron.split import SPLIT

EXERCISES = (NIGHT, PERMISSION, EVENT_TIME, ONCE, MONTH_END, CATCH_UP, SPLIT, CLEANER)
