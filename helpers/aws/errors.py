"""Read boto3's ClientErrors."""

from botocore.exceptions import ClientError

# The error codes with which the services report that a resource does not exist.
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
    """Return AWS's code for the error, such as "ResourceNotFoundException"."""
    return str(error.response.get("Error", {}).get("Code", ""))


def describe_error(error: ClientError) -> str:
    """Return AWS's code for the error and its message, in one line."""
    message = error.response.get("Error", {}).get("Message") or "no message"
    return f"{error_code(error)}: {message}"


def is_missing(error: ClientError) -> bool:
    """Return whether AWS reports that the resource does not exist."""
    return error_code(error) in MISSING
