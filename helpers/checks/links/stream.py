"""The link "stream": a Kinesis stream, or the stream of a table's changes."""

from botocore.exceptions import ClientError

from helpers.aws.errors import error_code
from helpers.checks.diagnosis import Diagnosis, require
from helpers.checks.tables import Table
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Link


class Stream(Diagnosis):
    GONE = Link.STREAM("There is no stream `{name}`. Run the cell that creates it again.")
    NOT_ENABLED = Link.STREAM("""
        The table `{table}` has no stream. Run the cell that creates the table again.""")


def require_stream(probe: Probe, name: str) -> str:
    """Return the ARN of the Kinesis stream. Raises Stream.GONE."""
    try:
        found = probe.client("kinesis").describe_stream_summary(StreamName=name)
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        raise Stream.GONE(name=name) from None
    return str(found["StreamDescriptionSummary"]["StreamARN"])


def require_table_stream(probe: Probe, table: str) -> str:
    """Return the ARN of the table's stream. Raises Table.GONE, or Stream.NOT_ENABLED."""
    try:
        found = probe.client("dynamodb").describe_table(TableName=table)["Table"]
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        raise Table.GONE(table=table) from None
    require("LatestStreamArn" in found, Stream.NOT_ENABLED, table=table)
    return str(found["LatestStreamArn"])


def own_stream(probe: Probe, shards: int) -> str:
    """Create a stream for this check alone; returns its name."""
    name, aws = probe.unique("check"), probe.client("kinesis")
    aws.create_stream(StreamName=name, ShardCount=shards)
    probe.afterwards(aws.delete_stream, StreamName=name)
    aws.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
    return name
