"""SQS: messages wait in a queue until a function has handled them."""

import json

from tests.engine.support import TELL, Aws, Queue, until

FAIL_ON_BAD = """
import json

def handler(event, context):
    bodies = [record["body"] for record in event["Records"]]
    print("saw " + json.dumps({"Records": bodies}))
    if "bad" in bodies:
        raise ValueError("bad")
"""
REPORT_BAD = """
import json

def handler(event, context):
    print("saw " + json.dumps({"Records": [record["body"] for record in event["Records"]]}))
    return {
        "batchItemFailures": [
            {"itemIdentifier": record["messageId"]}
            for record in event["Records"]
            if record["body"] == "bad"
        ]
    }
"""


def send(aws: Aws, queue: Queue, *bodies: str) -> None:
    entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(bodies)]
    aws.sqs.send_message_batch(QueueUrl=queue.url, Entries=entries)


def left(aws: Aws, queue: Queue) -> int:
    """Return the number of messages in the queue, visible or not."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    response = aws.sqs.get_queue_attributes(QueueUrl=queue.url, AttributeNames=names)
    return sum(int(response["Attributes"][name]) for name in names)


def queue_with_a_last_resort(aws: Aws) -> tuple[Queue, Queue]:
    """Create a queue with a dead-letter queue, to which a message moves after one attempt."""
    dead = aws.queue("dead")
    policy = json.dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": 1})
    return aws.queue("queue", RedrivePolicy=policy, VisibilityTimeout="1"), dead


def test_a_message_reaches_the_function_and_leaves_the_queue(aws: Aws) -> None:
    queue = aws.queue()
    aws.trigger(aws.deploy(TELL), queue.arn)
    aws.sqs.send_message(
        QueueUrl=queue.url,
        MessageBody="hello",
        MessageAttributes={"colour": {"DataType": "String", "StringValue": "red"}},
    )
    (record,) = until(aws.records)
    assert record["body"] == "hello"
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == queue.arn
    assert record["messageAttributes"]["colour"]["stringValue"] == "red"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    until(lambda: left(aws, queue) == 0)


def test_messages_arrive_in_batches_of_at_most_the_batch_size(aws: Aws) -> None:
    queue = aws.queue()
    send(aws, queue, *"abcdefg")
    aws.trigger(aws.deploy(TELL), queue.arn, BatchSize=3)
    until(lambda: len(aws.records()) == 7)
    sizes = [len(event["Records"]) for event in aws.seen()]
    assert max(sizes) == 3
    assert sorted(record["body"] for record in aws.records()) == list("abcdefg")


def test_a_batching_window_gathers_messages(aws: Aws) -> None:
    queue = aws.queue()
    aws.trigger(aws.deploy(TELL), queue.arn, BatchSize=10, MaximumBatchingWindowInSeconds=1)
    for body in "abc":
        send(aws, queue, body)
    until(aws.seen)
    assert [record["body"] for record in aws.records()] == list("abc")


def test_a_failed_batch_is_retried_as_a_whole(aws: Aws) -> None:
    queue = aws.queue(VisibilityTimeout="1")
    send(aws, queue, "good", "bad")
    aws.trigger(aws.deploy(FAIL_ON_BAD), queue.arn)
    until(lambda: len(aws.seen()) >= 2)
    assert all(sorted(event["Records"]) == ["bad", "good"] for event in aws.seen())


def test_after_a_partial_failure_only_the_failed_messages_are_retried(aws: Aws) -> None:
    queue, dead = queue_with_a_last_resort(aws)
    send(aws, queue, "good", "bad", "better")
    aws.trigger(
        aws.deploy(REPORT_BAD), queue.arn, FunctionResponseTypes=["ReportBatchItemFailures"]
    )
    assert until(lambda: aws.received(dead)) == ["bad"]
    assert sorted(aws.records()) == ["bad", "better", "good"]
    assert left(aws, queue) == 0


def test_a_message_that_keeps_failing_goes_to_the_dead_letter_queue(aws: Aws) -> None:
    queue, dead = queue_with_a_last_resort(aws)
    send(aws, queue, "bad")
    aws.trigger(aws.deploy(FAIL_ON_BAD), queue.arn)
    assert until(lambda: aws.received(dead)) == ["bad"]


def test_only_messages_that_match_the_filter_arrive(aws: Aws) -> None:
    queue = aws.queue()
    pattern = json.dumps({"body": {"kind": ["order"]}})
    aws.trigger(aws.deploy(TELL), queue.arn, FilterCriteria={"Filters": [{"Pattern": pattern}]})
    send(aws, queue, '{"kind": "visit"}', '{"kind": "order"}')
    until(lambda: left(aws, queue) == 0)
    assert [json.loads(record["body"])["kind"] for record in until(aws.records)] == ["order"]


def test_bodies_arrive_as_they_were_sent(aws: Aws) -> None:
    bodies = ['{"a":1,"b":"ü"}', '"quoted"', "1.50", " [1,2] ", "not json"]
    queue = aws.queue()
    aws.trigger(aws.deploy(TELL), queue.arn)
    send(aws, queue, *bodies)
    until(lambda: len(aws.records()) == len(bodies))
    assert sorted(record["body"] for record in aws.records()) == sorted(bodies)


def test_a_fifo_queue_keeps_the_order_of_each_group(aws: Aws) -> None:
    queue = aws.queue("queue.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    aws.trigger(aws.deploy(TELL), queue.arn)
    for n in range(6):
        aws.sqs.send_message(
            QueueUrl=queue.url, MessageBody=str(n), MessageGroupId="even" if n % 2 == 0 else "odd"
        )
    until(lambda: len(aws.records()) == 6)
    bodies = [int(record["body"]) for record in aws.records()]
    assert [n for n in bodies if n % 2 == 0] == [0, 2, 4]
    assert [n for n in bodies if n % 2] == [1, 3, 5]


def test_a_disabled_mapping_delivers_nothing_until_it_is_enabled(aws: Aws) -> None:
    queue = aws.queue()
    trigger = aws.trigger(aws.deploy(TELL), queue.arn, Enabled=False)
    send(aws, queue, "waiting")
    aws.lambda_.update_event_source_mapping(UUID=trigger, Enabled=True)
    assert until(aws.records)[0]["body"] == "waiting"


def test_a_disabled_mapping_can_be_deleted_and_created_again(aws: Aws) -> None:
    queue, function = aws.queue(), aws.deploy(TELL)
    for _ in range(2):
        trigger = aws.trigger(function, queue.arn, Enabled=False)
        aws.lambda_.delete_event_source_mapping(UUID=trigger)
        until(lambda: aws.lambda_.list_event_source_mappings()["EventSourceMappings"] == [])


def test_a_deleted_mapping_leaves_messages_in_the_queue(aws: Aws) -> None:
    queue = aws.queue()
    trigger = aws.trigger(aws.deploy(TELL), queue.arn)
    aws.lambda_.delete_event_source_mapping(UUID=trigger)
    until(lambda: aws.lambda_.list_event_source_mappings()["EventSourceMappings"] == [])
    send(aws, queue, "left alone")
    assert left(aws, queue) == 1
