"""Kinesis Data Streams and Data Firehose:
docs.aws.amazon.com/service-authorization/latest/reference/list_kinesis.html
docs.aws.amazon.com/service-authorization/latest/reference/list_firehose.html
"""

import base64
import binascii

from helpers.aws.iam.actions.model import EVERYTHING, Call, as_arn
from helpers.aws.iam.actions.rules import Service, everything, first_of, given, on, resource


def _stream_of_iterator(call: Call) -> str:
    """Return the stream of moto's iterators: base64 of "<name>:<shard>:<sequence number>".

    The name is "None" where the iterator was asked for by the stream's ARN, as Lambda does.
    """
    try:
        decoded = base64.b64decode(call.text("ShardIterator")).decode()
    except (ValueError, binascii.Error):
        return EVERYTHING
    name, shard, _ = [*decoded.split(":"), "", ""][:3]
    is_named = name not in ("", "None") and shard
    return call.arn("kinesis", f"stream/{name}") if is_named else EVERYTHING


stream = resource("kinesis", "stream/{}", "StreamARN", "StreamName", "ResourceARN")


def consumer(call: Call) -> str:
    """Return the consumer. Its ARN ends with the time of its registration, which a name lacks."""
    arn, name, of = as_arn(call.get("ConsumerARN")), call.text("ConsumerName"), stream(call)
    if arn != EVERYTHING or not name or of == EVERYTHING:
        return arn
    return f"{of}/consumer/{name}:*"


# The reference lists no resource for UpdateShardCount, UpdateStreamMode and enhanced monitoring.
# Policies in use name the stream all the same (AWS's own samples for scaling do), so that it is
# the resource here.
KINESIS = Service(
    prefix="kinesis",
    default=stream,
    resources={
        **on(consumer, "DescribeStreamConsumer DeregisterStreamConsumer SubscribeToShard"),
        **on(everything, "DescribeLimits ListStreams"),
        "GetRecords": first_of(_stream_of_iterator, stream),
    },
    also={
        **given("CreateStream", Tags="AddTagsToStream"),
        **given("RegisterStreamConsumer", Tags="TagResource"),
    },
)

FIREHOSE = Service(
    prefix="firehose",
    default=resource("firehose", "deliverystream/{}", "DeliveryStreamName"),
    resources=on(everything, "ListDeliveryStreams"),
    also=given("CreateDeliveryStream", Tags="TagDeliveryStream"),
)
