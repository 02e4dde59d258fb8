"""Lab 06: a receiver of webhooks, from a forged payment to the change of a secret."""

from helpers.labs.webhooks.dead_letter import DEAD_LETTER
from helpers.labs.webhooks.once import ONCE
from helpers.labs.webhooks.queue import QUEUE_EXERCISE
from helpers.labs.webhooks.raw_body import RAW_BODY
from helpers.labs.webhooks.replay import REPLAY
from helpers.labs.webhooks.rotation import ROTATION
from helpers.labs.webhooks.second_sender import SECOND_SENDER
from helpers.labs.webhooks.signature import SIGNATURE

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
