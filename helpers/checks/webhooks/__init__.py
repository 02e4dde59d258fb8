"""Lab 06: a receiver of webhooks, from a forged payment to the change of a secret."""

from helpers.checks.webhooks.dead_letter import DEAD_LETTER
from helpers.checks.webhooks.once import ONCE
from helpers.checks.webhooks.queue import QUEUE_EXERCISE
from helpers.checks.webhooks.raw_body import RAW_BODY
from helpers.checks.webhooks.replay import REPLAY
from helpers.checks.webhooks.rotation import ROTATION
from helpers.checks.webhooks.second_sender import SECOND_SENDER
from helpers.checks.webhooks.signature import SIGNATURE

EXERCISES = (
    RAW_BODY,
    SIGNATURE,
    REPLAY,
    QUEUE_EXERCISE,
    ONCE,
    DEAD_LETTER,
    SECOND_SENDER,
    ROTATION,
)
