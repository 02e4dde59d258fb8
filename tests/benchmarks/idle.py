"""What the engine costs when nobody does anything: a course's clock and ten mappings to look at."""

import time
from collections.abc import Iterator

from tests.benchmarks.bench import ACCOUNT, ECHO, Bench, until
from tests.benchmarks.figures import Figure

WINDOW = 4.0  # seconds
SETTLE = 3.0  # seconds, for what is still going on


def measure(bench: Bench) -> Iterator[Figure]:
    before = share_of_a_core(bench)
    add_mappings(bench)
    yield Figure("Engine: idle, share of a core, ten more mappings", share_of_a_core(bench), "%", 5)
    yield Figure("Engine: idle, share of a core, without them", before, "%")


def share_of_a_core(bench: Bench) -> list[float]:
    process = bench.process()
    time.sleep(SETTLE)
    process.cpu_percent()
    samples: list[float] = []
    for _ in range(max(bench.runs // 2, 2)):
        time.sleep(WINDOW)
        samples.append(process.cpu_percent())
    return samples


def add_mappings(bench: Bench) -> None:
    """Six queues, two streams of one shard and two of tables."""
    bench.deploy(ECHO, "idle")
    for n in range(6):
        bench.client("sqs").create_queue(QueueName=f"idle-{n}")
        _map(bench, f"arn:aws:sqs:us-east-1:{ACCOUNT}:idle-{n}")
    for n in range(2):
        bench.client("kinesis").create_stream(StreamName=f"idle-{n}", ShardCount=1)
        _map(
            bench, f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/idle-{n}", StartingPosition="LATEST"
        )
        _map(bench, _table_with_a_stream(bench, f"idle-{n}"), StartingPosition="LATEST")


def _map(bench: Bench, source: str, **more: str) -> None:
    client = bench.client("lambda")
    made = client.create_event_source_mapping(FunctionName="idle", EventSourceArn=source, **more)
    until(lambda: client.get_event_source_mapping(UUID=made["UUID"])["State"] == "Enabled")


def _table_with_a_stream(bench: Bench, name: str) -> str:
    made = bench.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    return str(made["TableDescription"]["LatestStreamArn"])
