"""What AWS's errors say."""

from botocore.exceptions import ClientError

# What AWS answers about something that is not there, service by service.
MISSING = {
    "404",
    "NoSuchBucket",
    "NoSuchEntity",
    "NoSuchKey",
    "NotFound",
    "NotFoundException",
    "QueueDoesNotExist",
    "AWS.SimpleQueueService.NonExistentQueue",
    "ResourceNotFoundException",
}


def error_code(error: ClientError) -> str:
    """AWS's name for what went wrong, "ResourceNotFoundException" for one."""
    return str(error.response.get("Error", {}).get("Code", ""))


def error_words(error: ClientError) -> str:
    """What AWS said, in one line: its name for the error, and its message."""
    message = error.response.get("Error", {}).get("Message") or "no further words"
    return f"{error_code(error)}: {message}"


def is_missing(error: ClientError) -> bool:
    """Whether AWS says that what was asked for does not exist."""
    return error_code(error) in MISSING
