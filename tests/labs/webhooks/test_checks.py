"""Lab 06's checks, where no sheet reaches: what is missing, what is slow, and what stays behind."""

import pytest

from helpers.cloud.engine import engine_of
from helpers.exercises.verdict import Incorrect, Outcome
from helpers.labs.webhooks.once import work
from helpers.labs.webhooks.post import Attempt
from helpers.labs.webhooks.scene import pay, require_answered
from helpers.labs.webhooks.senders import Paywell, Sent
from helpers.sheets import worked_answer
from tests.checks.desk import Desk, zip_of

SECRET = "whsec_between_us"
RECEIVER = """\
import os
import time
from freshness import is_fresh
from paywell import is_genuine, parts_of
from request import body_of, header
from shop import ship

def handler(event, context):
    body = body_of(event)
    signature = header(event, "Paywell-Signature") or ""
    if not is_genuine(body, signature, os.environ["PAYWELL_SECRET"]):
        return {"statusCode": 401}
    if not is_fresh(parts_of(signature)["t"], time.time()):
        return {"statusCode": 401}
    ship(body)
    return {"statusCode": 200}
"""
SHOP = """\
import json
import uuid
import boto3

def ship(body):
    order = json.loads(body)["data"]["object"]["metadata"]["order"]
    parcel = {"order": {"S": order}, "parcel": {"S": str(uuid.uuid4())}}
    boto3.client("dynamodb").put_item(TableName="parcels", Item=parcel)
"""
# Times out until the message has come so many times.
SLOW = """\
import time
import boto3

def handler(event, context):
    aws = boto3.client("dynamodb")
    came = aws.update_item(
        TableName="deliveries", Key={{"delivery": {{"S": "came"}}}}, ReturnValues="UPDATED_NEW",
        UpdateExpression="ADD times :one", ExpressionAttributeValues={{":one": {{"N": "1"}}}},
    )["Attributes"]["times"]["N"]
    if int(came) < {times}:
        time.sleep(9)
    return came
"""
NOTHING = "def handler(event, context): pass"


def worked(exercise):
    """Return the file that the worked answer writes first."""
    return worked_answer("webhooks", exercise)[0].partition("\n")[2]


class Counter(Desk):
    """The desk of lab 06: a receiver that packs by itself, made of the worked answers."""

    def __init__(self, client, folder, engine):
        super().__init__("webhooks", client, folder, engine)
        self.aws = self.client("lambda")
        actions = ["dynamodb:PutItem", "dynamodb:UpdateItem", "sqs:SendMessage"]
        may = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        self.role = self.role_named("receiver-role", may)

    def table(self, name, *keys):
        kinds = zip(keys, ("HASH", "RANGE"), strict=False)
        self.client("dynamodb").create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k in keys],
            KeySchema=[{"AttributeName": k, "KeyType": kind} for k, kind in kinds],
        )

    def create(self, name, files, timeout=3, **variables):
        for file, text in files.items():
            self.write(file, text)
        self.aws.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=self.role,
            Handler=f"{name}.handler",
            Timeout=timeout,
            Code={"ZipFile": zip_of(files)},
            Environment={"Variables": variables},
        )
        self.aws.get_waiter("function_active_v2").wait(FunctionName=name)

    def open(self, **more):
        """Deploy the receiver of the worked answers, with more files, and give it an address."""
        answers = {"request": "raw-body", "paywell": "signature", "freshness": "replay"}
        files = {f"{file}.py": worked(exercise) for file, exercise in answers.items()}
        self.table("parcels", "order", "parcel")
        self.table("deliveries", "delivery")
        own = {"receiver.py": RECEIVER, "shop.py": SHOP}
        self.create("receiver", files | own | more, PAYWELL_SECRET=SECRET, CODEYARD_SECRET=SECRET)
        made = self.aws.create_function_url_config(FunctionName="receiver", AuthType="NONE")
        self.aws.add_permission(
            FunctionName="receiver",
            StatementId="everybody",
            Action="lambda:InvokeFunctionUrl",
            Principal="*",
            FunctionUrlAuthType="NONE",
        )
        return Paywell(made["FunctionUrl"], SECRET)


@pytest.fixture
def counter(client, tmp_path, cloud, account):
    return Counter(client, tmp_path, engine_of(cloud, account))


def test_without_a_file_nothing_was_attempted(counter):
    for exercise in ("raw-body", "signature", "replay", "queue", "once", "second-sender"):
        assert counter.check(exercise).outcome is Outcome.NOT_ATTEMPTED


def test_the_checks_of_a_right_receiver_leave_nothing_behind(counter):
    counter.open()
    assert counter.check("raw-body").correct
    assert counter.check("signature").correct
    assert counter.check("replay").correct
    assert counter.client("dynamodb").scan(TableName="parcels")["Count"] == 0
    names = [each["FunctionName"] for each in counter.aws.list_functions()["Functions"]]
    assert names == ["receiver"]


def test_a_receiver_that_refuses_or_does_not_answer_is_told_apart(counter):
    paywell = counter.open()
    with counter.probe as probe:
        with pytest.raises(Incorrect) as refused:
            pay(probe, Paywell(paywell.url, "another secret"))
        silence = Sent("Paywell", paywell.payment("A-1"), (Attempt(None, timeout=0.1),))
        with pytest.raises(Incorrect, match=r"within 0\.1 seconds") as silent:
            require_answered(probe, silence, {})
    assert (refused.value.id, silent.value.id) == ("receiver.refused", "receiver.no-answer")


def test_without_a_worker_the_queue_can_not_be_read(counter):
    counter.open(**{"intake.py": worked("queue")})
    assert counter.check("queue").diagnosis == "queue.missing"
    counter.client("sqs").create_queue(QueueName="deliveries")
    assert counter.check("queue").diagnosis == "function.gone"


@pytest.mark.parametrize(("times", "outcome"), [(3, "3"), (9, "function.timed-out")])
def test_a_worker_that_is_slow_now_and_then_gets_its_message_again(counter, times, outcome):
    paywell = counter.open()
    counter.create("worker", {"worker.py": SLOW.format(times=times)}, timeout=1)
    with counter.probe as probe:
        try:
            found = work(probe, "worker", paywell.payment("A-1")).result
        except Incorrect as error:
            found = error.id
    assert found == outcome


def test_an_api_that_is_not_whole_is_told_piece_by_piece(counter):
    counter.open(**{"codeyard.py": worked("second-sender")})
    gateway = counter.client("apigateway")
    assert counter.check("second-sender").outcome is Outcome.NOT_ATTEMPTED
    api = gateway.create_rest_api(name="hooks")["id"]
    assert counter.check("second-sender").diagnosis == "rest-api.no-stage"
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    method = {"restApiId": api, "resourceId": root, "httpMethod": "POST"}
    gateway.put_method(**method, authorizationType="NONE")
    gateway.put_integration(**method, type="MOCK")
    gateway.create_deployment(restApiId=api, stageName="prod")
    assert counter.check("second-sender").diagnosis == "rest-api.no-method"
