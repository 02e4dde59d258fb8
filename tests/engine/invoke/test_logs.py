"""The log of an invocation in CloudWatch Logs."""

import base64
import gzip
import json
import re
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.engine.support import TELL, Aws, until

ID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
REPORT = re.compile(
    rf"REPORT RequestId: {ID}\tDuration: (?P<duration>\d+\.\d\d) ms\t"
    r"Billed Duration: (?P<billed>\d+) ms\tMemory Size: (?P<size>\d+) MB\t"
    r"Max Memory Used: (?P<used>\d+) MB\t(Init Duration: (?P<init>\d+\.\d\d) ms\t)?"
)
SPEAK = """
import logging, sys

def handler(event, context):
    print("printed")
    print("to stderr", file=sys.stderr)
    logging.getLogger().warning("warned")
"""


def test_a_cold_start_logs_complete_lines_in_order(aws: Aws) -> None:
    aws.deploy("print('loading')\ndef handler(event, context): print('working')", MemorySize=256)
    request_id = aws.invoke().request_id
    init, loading, start, working, end, last = aws.logs()
    assert re.match(r"INIT_START Runtime Version: python", init)
    assert (loading, working) == ("loading", "working")
    assert start == f"START RequestId: {request_id} Version: $LATEST"
    assert end == f"END RequestId: {request_id}"
    report = REPORT.fullmatch(last + "\t" * (not last.endswith("\t")))
    assert report
    assert report["size"] == "256"
    assert 5 < int(report["used"]) < 256


def test_a_process_that_ends_during_its_init_reports_memory_too(aws: Aws) -> None:
    aws.deploy("import sys\nsys.exit(3)\n")
    report = REPORT.search(aws.invoke().log)
    assert report
    assert 1 < int(report["used"]) < 128


def test_a_cold_start_is_billed_with_its_init(aws: Aws) -> None:
    aws.deploy()
    report = REPORT.search(aws.invoke().log)
    assert report
    together = float(report["duration"]) + float(report["init"])
    assert together <= int(report["billed"]) <= together + 1


def test_a_warm_invocation_reports_no_init_duration(aws: Aws) -> None:
    aws.deploy()
    aws.invoke()
    log = aws.invoke().log
    report = REPORT.search(log)
    assert report
    assert report["init"] is None
    assert float(report["duration"]) <= int(report["billed"]) <= float(report["duration"]) + 1
    assert "INIT_START" not in log


def test_printed_and_logged_lines_arrive(aws: Aws) -> None:
    aws.deploy(SPEAK)
    request_id = aws.invoke().request_id
    lines = aws.logs()
    assert "printed" in lines
    assert "to stderr" in lines
    pattern = rf"\[WARNING\]\t\d{{4}}-\d\d-\d\dT[\d:.]+Z\t{request_id}\twarned"
    assert any(re.fullmatch(pattern, line) for line in lines)


def test_a_traceback_is_one_event(aws: Aws) -> None:
    aws.deploy("def handler(event, context):\n    return 1 / 0\n")
    aws.invoke()
    (error,) = (line for line in aws.logs() if line.startswith("[ERROR]"))
    # The runtime client indents with spaces that do not break, on AWS too.
    assert error.replace("\xa0", " ").splitlines() == [
        "[ERROR] ZeroDivisionError: division by zero",
        "Traceback (most recent call last):",
        '  File "/var/task/main.py", line 2, in handler',
        "    return 1 / 0",
    ]


def test_a_timeout_is_logged_between_start_and_end(aws: Aws) -> None:
    aws.deploy("import time\ndef handler(event, context): time.sleep(9)", Timeout=1)
    request_id = aws.invoke().request_id
    lines = aws.logs()
    assert re.fullmatch(rf"[\d:.T-]+Z {request_id} Task timed out after 1.00 seconds", lines[2])
    assert lines[3] == f"END RequestId: {request_id}"
    assert "Status: timeout" in lines[4]


def test_each_execution_environment_has_its_own_log_stream(aws: Aws) -> None:
    aws.deploy("def handler(event, context): return context.log_stream_name")
    first = aws.invoke().result
    assert aws.invoke().result == first
    aws.lambda_.update_function_configuration(FunctionName="function", Description="new")
    second = aws.invoke().result
    logs = aws.client("logs")
    streams = logs.describe_log_streams(logGroupName="/aws/lambda/function")["logStreams"]
    assert {stream["logStreamName"] for stream in streams} == {first, second}
    assert len({first, second}) == 2


def test_log_events_have_timestamps_in_order(aws: Aws) -> None:
    aws.deploy()
    aws.invoke()
    aws.invoke()
    group = aws.client("logs").filter_log_events(logGroupName="/aws/lambda/function")
    times = [event["timestamp"] for event in group["events"]]
    assert times == sorted(times)


def shop_log(aws: Aws, *messages: str) -> Any:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="shop")
    logs.create_log_stream(logGroupName="shop", logStreamName="one")
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": message} for message in messages]
    logs.put_log_events(logGroupName="shop", logStreamName="one", logEvents=events)
    return logs


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("order", [17, 18, 170]),
        ('"order 17"', [17, 170]),
        ("order 18", [18]),
        ("?18 ?170", [18, 170]),
        ("order -18", [17, 170]),
    ],
)
def test_a_log_can_be_filtered(aws: Aws, pattern: str, found: list[int]) -> None:
    logs = shop_log(aws, *(f"order {n}" for n in (17, 18, 170)))
    answer = logs.filter_log_events(logGroupName="shop", filterPattern=pattern)
    assert [event["message"] for event in answer["events"]] == [f"order {n}" for n in found]


def test_a_json_log_can_be_filtered_by_its_fields(aws: Aws) -> None:
    lines = ['{"level": "ERROR", "ms": 5}', '{"level": "ERROR", "ms": 250}', "ERROR in plain words"]
    logs = shop_log(aws, *lines)
    pattern = '{ $.level = "ERR*" && $.ms > 100 }'
    answer = logs.filter_log_events(logGroupName="shop", filterPattern=pattern)
    assert [event["message"] for event in answer["events"]] == [lines[1]]


@pytest.mark.parametrize("pattern", ["[ip, user, status=404]", "%ERR.*%", "{ level = ERROR }", "{"])
def test_an_unsupported_pattern_is_refused_and_never_matches_everything(
    aws: Aws, pattern: str
) -> None:
    logs, refused = shop_log(aws, "one"), pytest.raises(ClientError, match="Invalid filter pattern")
    group = {"logGroupName": "shop", "filterPattern": pattern}
    with refused:
        logs.filter_log_events(**group)
    metric = {"metricName": "errors", "metricNamespace": "shop", "metricValue": "1"}
    with refused:
        logs.put_metric_filter(filterName="errors", metricTransformations=[metric], **group)
    with refused:
        logs.put_subscription_filter(filterName="all", destinationArn=aws.deploy(TELL), **group)


def test_a_subscription_receives_the_events_that_its_pattern_matches(aws: Aws) -> None:
    logs, function = shop_log(aws, "before"), aws.deploy(TELL)
    aws.allow("logs.amazonaws.com", f"arn:aws:logs:us-east-1:{aws.account}:log-group:shop:*")
    logs.put_subscription_filter(
        logGroupName="shop",
        filterName="slow",
        filterPattern="{ $.ms > 100 }",
        destinationArn=function,
    )
    now = int(time.time() * 1000)
    for ms in (5, 250):
        event = {"timestamp": now, "message": json.dumps({"ms": ms})}
        logs.put_log_events(logGroupName="shop", logStreamName="one", logEvents=[event])
    (seen,) = until(aws.seen)
    data = json.loads(gzip.decompress(base64.b64decode(seen["awslogs"]["data"])))
    assert [event["message"] for event in data["logEvents"]] == ['{"ms": 250}']
