"""Functions of a check's own: they differ as they should, and nothing of them stays."""

import time

import pytest

from helpers.checks.denied import denied_action
from helpers.checks.faults import copy_behind, copy_of, copy_refused_once, function_of
from helpers.checks.roles import copy_of_role
from tests.checks.desk import Shop

SEND = """\
import os, boto3
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="x")
"""
BEFORE = """\
import os, greeter
def handler(event, context):
    return greeter.handler(event * 10, 0), os.environ["MORE"]
"""


@pytest.fixture
def shop(client, tmp_path):
    shop = Shop(client, tmp_path)
    yield shop
    names = [each["FunctionName"] for each in shop.aws.list_functions()["Functions"]]
    assert set(names) <= {"greeter"}
    time.sleep(0.2)
    groups = shop.client("logs").describe_log_groups()["logGroups"]
    assert [each for each in groups if "greeter" not in each["logGroupName"]] == []
    roles = [each["RoleName"] for each in shop.client("iam").list_roles()["Roles"]]
    assert roles == ["greeter-role"]


def test_a_copy_has_other_variables(shop):
    code = "import os\ndef handler(event, context): return os.environ['WHERE'], os.environ['KEPT']"
    variables = {"WHERE": "here", "KEPT": "yes"}
    shop.create("greeter", code, Environment={"Variables": variables})
    with shop.probe as probe:
        assert probe.invoke(copy_of(probe, "greeter", WHERE="there")).result == ["there", "yes"]
        assert probe.invoke("greeter").result == ["here", "yes"]


def test_a_copy_may_have_a_role_of_its_own(shop):
    sqs = shop.client("sqs")
    url = sqs.create_queue(QueueName="elsewhere")["QueueUrl"]
    wanted = {"QueueUrl": url, "AttributeNames": ["QueueArn"]}
    arn = sqs.get_queue_attributes(**wanted)["Attributes"]["QueueArn"]
    shop.create("greeter", SEND, Environment={"Variables": {"QUEUE_URL": url}})
    with shop.probe as probe:
        refused = probe.invoke(copy_of(probe, "greeter"))
        assert denied_action(refused).lower() == "sqs:sendmessage"
        may_send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": arn}
        role = copy_of_role(probe, shop.role(), may_send)
        answer = probe.invoke(copy_of(probe, "greeter", role=role))
        assert (answer.error, denied_action(answer)) == (None, "")


def test_a_copy_gets_its_events_from_a_module_in_front_of_it(shop):
    shop.create("greeter", "def handler(event, context): return event + 1")
    with shop.probe as probe:
        copy = copy_behind(probe, "greeter", "before", BEFORE, MORE="1")
        assert probe.invoke(copy, 4).result == [41, "1"]
        assert probe.invoke("greeter", 4).result == 5


def test_a_copy_is_refused_one_call_and_not_the_next(shop):
    code = """\
import boto3
def handler(event, context):
    for _ in range(2):
        try:
            boto3.client("sqs").list_queues()
        except Exception as error:
            print(error)
"""
    shop.create("greeter", code)
    with shop.probe as probe:
        copy = copy_refused_once(probe, "greeter", "ListQueues", "SlowDown")
        assert probe.invoke(copy).result == ["ListQueues"]


def test_a_function_of_files_runs_them(shop):
    files = {"probe.py": "import other\ndef handler(event, context): return other.WORD"}
    with shop.probe as probe:
        role = shop.role()
        name = function_of(probe, files | {"other.py": "WORD = 'hi'"}, "probe.handler", role)
        assert probe.invoke(name).result == "hi"
