"""Run an engine where the network is loopback only, and count the attempts to leave it.

    unshare -rn python -m tests.engine.alone HOME

Without any route the kernel counts every packet that was meant for another machine
(/proc/net/snmp), and every datagram: a name that was looked up would be one.
"""

import fcntl
import json
import socket
import struct
import sys
from pathlib import Path
from typing import Any

import boto3

from helpers.cloud.embedded import Engine
from tests.engine.support import TELL, Aws, until

SIOCSIFFLAGS, IFF_UP = 0x8914, 1
ACCOUNT = "123456789012"


def bring_loopback_up() -> None:
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def attempts() -> dict[str, int]:
    counters: dict[str, int] = {}
    lines = Path("/proc/net/snmp").read_text().splitlines()
    for names, values in zip(lines[::2], lines[1::2], strict=True):
        if names.startswith(("Ip:", "Udp:")):
            counters |= dict(zip(names.split()[1:], map(int, values.split()[1:]), strict=True))
    for line in Path("/proc/net/snmp6").read_text().splitlines():
        name, value = line.split()
        counters[name] = int(value)
    return {name: counters[name] for name in ("OutNoRoutes", "Ip6OutNoRoutes", "OutDatagrams")}


def work(aws: Aws) -> int:
    """Have three services invoke a function, and return the number of records it received."""
    function = aws.deploy(TELL)
    queue = aws.queue()
    aws.kinesis.create_stream(StreamName="stream", ShardCount=1)
    stream = aws.kinesis.describe_stream(StreamName="stream")["StreamDescription"]["StreamARN"]
    table = aws.dynamodb.create_table(
        TableName="table",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )["TableDescription"]["LatestStreamArn"]
    aws.sqs.send_message(QueueUrl=queue.url, MessageBody="x")
    aws.kinesis.put_record(StreamName="stream", Data=b"x", PartitionKey="x")
    aws.dynamodb.put_item(TableName="table", Item={"id": {"S": "x"}})
    aws.trigger(function, queue.arn)
    for source in (stream, table):
        aws.trigger(function, source, StartingPosition="TRIM_HORIZON")
    until(lambda: len(aws.records()) == 3)
    return len(aws.records())


def main() -> None:
    bring_loopback_up()
    engine = Engine(Path(sys.argv[1]))
    cloud = engine.start()

    def client(service: str, **more: Any) -> Any:
        secret = cloud.secret_access_key(ACCOUNT)
        keys = {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": secret}
        return boto3.client(
            service, endpoint_url=cloud.endpoint, region_name="us-east-1", **keys, **more
        )

    try:
        records = work(Aws(client, ACCOUNT))
        print(json.dumps({"records": records, "attempts": attempts()}))
    finally:
        engine.stop()


if __name__ == "__main__":
    main()
