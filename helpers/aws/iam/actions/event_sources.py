"""The permissions that a function's role needs for an event source, and Lambda's error without.

docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html

CreateEventSourceMapping, and the update that changes the function, are refused with
InvalidParameterValueException and one of the messages below. SQS's names the first action that is
missing; those of the streams always name all.
"""

from collections.abc import Mapping

EVENT_SOURCE_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "sqs": ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    "kinesis": ("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream"),
    "dynamodb": (
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:DescribeStream",
        "dynamodb:ListStreams",
    ),
}
"""Service of the event source -> the actions on it that the role has to allow."""

REFUSED_WITHOUT: Mapping[str, tuple[str, ...]] = {
    "sqs": EVENT_SOURCE_ACTIONS["sqs"],
    "kinesis": EVENT_SOURCE_ACTIONS["kinesis"],
    "dynamodb": EVENT_SOURCE_ACTIONS["dynamodb"][:3],
}
"""The actions without any of which AWS is known to refuse the mapping.

The documentation asks for dynamodb:ListStreams too, but roles that allow it on the stream only,
where it has no effect, are accepted.
"""

MANAGED_POLICY_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "sqs": EVENT_SOURCE_ACTIONS["sqs"],
    "kinesis": (
        *EVENT_SOURCE_ACTIONS["kinesis"],
        "kinesis:DescribeStreamSummary",
        "kinesis:ListShards",
        "kinesis:ListStreams",
        "kinesis:SubscribeToShard",
    ),
    "dynamodb": EVENT_SOURCE_ACTIONS["dynamodb"],
}
"""What AWSLambda{SQSQueue,Kinesis,DynamoDB}ExecutionRole allow besides writing logs.

A mapping is created without the additional Kinesis actions: they save Lambda other calls.
"""

EVENT_SOURCE_REFUSALS: Mapping[str, str] = {
    "sqs": "The function execution role does not have permissions to call {action} on SQS",
    "kinesis": (
        "Cannot access stream {arn}. Please ensure the role can perform the GetRecords,"
        " GetShardIterator, DescribeStream, ListShards, and ListStreams Actions on your stream"
        " in IAM."
    ),
    "dynamodb": (
        "Cannot access stream {arn}. Please ensure the role can perform the GetRecords,"
        " GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM."
    ),
}
"""AWS's messages: {action} without its prefix ("ReceiveMessage"), {arn} of the stream."""

DEAD_LETTER_ACTIONS: Mapping[str, str] = {"sqs": "sqs:SendMessage", "sns": "sns:Publish"}
"""What a function's DeadLetterConfig needs from its role, by the target's service."""

FAILURE_ACTIONS: Mapping[str, str] = {**DEAD_LETTER_ACTIONS, "s3": "s3:PutObject"}
"""What the on-failure destination of a stream's mapping needs, by the destination's service."""

DEAD_LETTER_REFUSAL = (
    "The provided execution role does not have permissions to call {action} on {service}"
)
"""AWS's message at CreateFunction and UpdateFunctionConfiguration; {service} is SQS or SNS."""


def refusal(source: str, *, action: str, arn: str) -> str:
    """Return AWS's message for a role that may not read the event source.

    >>> refusal("sqs", action="sqs:DeleteMessage", arn="")
    'The function execution role does not have permissions to call DeleteMessage on SQS'
    """
    return EVENT_SOURCE_REFUSALS[source].format(action=action.partition(":")[2], arn=arn)
