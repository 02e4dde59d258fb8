"""Lab 06's checks: right answers in other words, and what the proofs in the sheet do not reach."""

import json
import time

import pytest

from helpers.checks.denied import denied_action
from helpers.checks.faults import copy_behind, copy_of, function_of
from helpers.checks.roles import copy_of_role
from helpers.cloud.engine import engine_of
from helpers.exercises.verdict import Incorrect, NotAttempted, Outcome
from helpers.labs.webhooks.comparing import see_constant_time
from helpers.labs.webhooks.files import see_written
from helpers.labs.webhooks.once import check_once
from helpers.sheets import worked_answer
from tests.checks.desk import Desk, zip_of
from tests.labs.webhooks.wrong_answers import TRY

SECRET = "whsec_between_us"
RECEIVER = """\
import json
import os
import time
from freshness import is_fresh
from intake import take_in
from paywell import is_genuine, parts_of
from request import body_of, header

def handler(event, context):
    body = body_of(event)
    signature = header(event, "Paywell-Signature") or ""
    if not is_genuine(body, signature, os.environ["PAYWELL_SECRET"]):
        return {"statusCode": 401}
    if not is_fresh(parts_of(signature)["t"], time.time()):
        return {"statusCode": 401}
    return take_in("paywell", json.loads(body)["id"], body)
"""
INTAKE = """\
import json
import os
import uuid
import boto3

def take_in(sender, delivery, body):
    order = json.loads(body)["data"]["object"]["metadata"]["order"]
    parcel = {"order": {"S": order}, "parcel": {"S": str(uuid.uuid4())}}
    boto3.client("dynamodb").put_item(TableName="parcels", Item=parcel)
    return {"statusCode": 200}
"""


READING = "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"


def may(resource: str | list[str], *actions: str) -> dict[str, object]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def worked(exercise: str, cell: int = 0) -> str:
    """The file that the worked answer writes."""
    return worked_answer("webhooks", exercise)[cell].partition("\n")[2]


class Counter(Desk):
    """The desk of lab 06: a receiver that packs by itself, made of these files."""

    def __init__(self, client, folder, engine):
        super().__init__("webhooks", client, folder, engine)
        self.aws = self.client("lambda")
        account = self.client("sts").get_caller_identity()["Account"]
        self.tables = f"arn:aws:dynamodb:us-east-1:{account}:table"
        self.queue = f"arn:aws:sqs:us-east-1:{account}:deliveries"
        self.role = self.role_named(
            "receiver-role",
            may(self.queue, "sqs:SendMessage"),
            may([f"{self.tables}/parcels", f"{self.tables}/deliveries"], "dynamodb:PutItem"),
            may(self.queue, *(f"sqs:{action}" for action in READING)),
        )
        self.files = {
            "receiver.py": RECEIVER,
            "intake.py": INTAKE,
            "request.py": worked("raw-body"),
            "paywell.py": worked("signature"),
            "freshness.py": worked("replay"),
        }

    def table(self, name, *keys):
        kinds = zip(keys, ("HASH", "RANGE"), strict=False)
        self.client("dynamodb").create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k in keys],
            KeySchema=[{"AttributeName": k, "KeyType": kind} for k, kind in kinds],
        )

    def open(self, public=True, **changed):
        """Deploy it with some files changed, and give it an address."""
        for name, text in (self.files | changed).items():
            self.write(name, text)
        self.table("parcels", "order", "parcel")
        self.table("deliveries", "delivery")
        self.create("receiver", {"PAYWELL_SECRET": SECRET}, self.files | changed)
        self.aws.create_function_url_config(FunctionName="receiver", AuthType="NONE")
        if public:
            self.aws.add_permission(
                FunctionName="receiver",
                StatementId="everybody",
                Action="lambda:InvokeFunctionUrl",
                Principal="*",
                FunctionUrlAuthType="NONE",
            )

    def create(self, name, variables, files):
        self.aws.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=self.role,
            Handler=f"{name}.handler",
            MemorySize=256,
            Code={"ZipFile": zip_of(files)},
            Environment={"Variables": variables},
        )
        self.aws.get_waiter("function_active_v2").wait(FunctionName=name)


@pytest.fixture
def counter(client, tmp_path, cloud, account):
    return Counter(client, tmp_path, engine_of(cloud, account))


# the learner's files


def test_without_a_file_nothing_was_attempted(counter):
    for exercise in ("raw-body", "signature", "replay", "queue", "once", "second-sender"):
        assert counter.check(exercise).outcome is Outcome.NOT_ATTEMPTED


def test_a_file_whose_function_has_another_name_is_told(counter):
    counter.write("paywell.py", "def genuine(body, signature, secret):\n    return True\n")
    verdict = counter.check("signature")
    assert "no function `is_genuine`" in verdict.message


def test_what_was_begun_in_one_of_two_functions_counts_as_attempted(counter):
    text = "def ask(sender):\n    return []\ndef find(sender, try_with):\n    pass\n"
    counter.write("keys.py", text)
    assert see_written(counter.probe, "keys.py", "ask", "find", todo="") == text
    counter.write("keys.py", text.replace("return []", '"""Words."""'))
    with pytest.raises(NotAttempted, match="still empty"):
        see_written(counter.probe, "keys.py", "ask", "find", todo="still empty")


@pytest.mark.parametrize(
    "way",
    [
        "import hmac\nx = hmac.compare_digest(a, b)",
        "from hmac import compare_digest\nx = compare_digest(a, b)",
        "from secrets import compare_digest as same\nfrom hmac import compare_digest\n"
        "x = compare_digest(a, b)",
    ],
)
def test_any_comparison_in_constant_time_will_do(way):
    see_constant_time({"paywell.py": way}, "paywell.py")


def test_a_comparison_that_tells_by_its_time_is_shown():
    with pytest.raises(Incorrect) as caught:
        see_constant_time({"paywell.py": "x = 1\nreturned = a == b\n"}, "paywell.py")
    assert caught.value.evidence == "returned = a == b"


# raw-body

REQUESTS = {
    "with a comprehension": """\
import base64
def body_of(event):
    text = event["body"]
    return base64.b64decode(text) if event["isBase64Encoded"] else bytes(text, "utf-8")
def header(event, name):
    lower = {each.lower(): value for each, value in event["headers"].items()}
    return lower.get(name.lower())
""",
    "with next": """\
from base64 import b64decode
def body_of(event):
    return [str.encode, b64decode][event["isBase64Encoded"]](event["body"])
def header(event, name):
    same = (v for k, v in event["headers"].items() if k.casefold() == name.casefold())
    return next(same, None)
""",
}


@pytest.mark.parametrize("how", REQUESTS)
def test_a_request_may_be_read_in_any_way(counter, how):
    counter.create("receiver", {}, {"receiver.py": "def handler(event, context): pass"})
    counter.write("request.py", REQUESTS[how])
    assert counter.check("raw-body").correct


def test_a_body_of_another_kind_is_told(counter):
    counter.create("receiver", {}, {"receiver.py": "def handler(event, context): pass"})
    text = REQUESTS["with a comprehension"].replace("return base64", "return 3 or base64")
    counter.write("request.py", text)
    assert "a value of the type `int`" in counter.check("raw-body").message


# signature and replay


def test_the_receiver_of_the_sheet_is_right(counter):
    counter.open()
    assert counter.check("signature").correct
    assert counter.check("replay").correct
    assert counter.client("dynamodb").scan(TableName="parcels")["Count"] == 0
    names = [each["FunctionName"] for each in counter.aws.list_functions()["Functions"]]
    assert names == ["receiver"]


def test_a_url_that_nobody_may_call_is_a_matter_of_permission(counter):
    counter.open(public=False)
    for exercise in ("signature", "replay"):
        verdict = counter.check(exercise)
        assert verdict.link == "permission"
        assert "each request would get a 403" in verdict.message


def test_a_receiver_without_an_address_can_be_reached_by_nobody(counter):
    counter.open()
    counter.aws.delete_function_url_config(FunctionName="receiver")
    verdict = counter.check("signature")
    assert verdict.link == "event source"
    assert "no function URL" in verdict.message


def test_a_receiver_that_knows_no_secret_is_told(counter):
    counter.open()
    counter.aws.update_function_configuration(
        FunctionName="receiver", Environment={"Variables": {"SECRET": SECRET}}
    )
    verdict = counter.check("signature")
    assert verdict.link == "configuration"
    assert "`PAYWELL_SECRET`" in verdict.message


def test_a_receiver_that_works_off_what_it_refuses_is_found_out(counter):
    both = RECEIVER.replace(
        '        return {"statusCode": 401}\n    if not is_fresh',
        '        take_in("paywell", "", body)\n        return {"statusCode": 401}\n'
        "    if not is_fresh",
    )
    counter.open(**{"receiver.py": both})
    verdict = counter.check("signature")
    assert verdict.link == "effect"
    assert "its parcel was packed all the same" in verdict.message


def test_a_body_that_is_not_signed_can_be_changed(counter):
    only_id = worked("signature").replace("+ body", "+ body[:40]")
    counter.open(**{"paywell.py": only_id})
    assert counter.check("signature").outcome is Outcome.INCORRECT


def test_a_freshness_that_raises_is_no_refusal(counter):
    raising = (
        "def is_fresh(stamp, now):\n    assert abs(now - int(stamp)) <= 300\n    return True\n"
    )
    counter.open(**{"freshness.py": raising})
    assert "as if something had broken" in counter.check("replay").message


# once


def test_once_may_be_written_in_any_way_that_is_all_or_nothing(counter):
    batch = TRY.replace("raise", "raise error").replace("return True", 'return "it is new"')
    text = worked("once").replace(TRY, batch)
    assert text != worked("once")
    worker = worked("once", 2)
    shop = """\
import os
def parcel_for(payment):
    import uuid
    order = payment["data"]["object"]["metadata"]["order"]
    parcel = {"order": {"S": order}, "parcel": {"S": str(uuid.uuid4())}}
    return {"TableName": os.environ["PARCELS"], "Item": parcel}
"""
    files = {"once.py": text, "worker.py": worker, "work.py": worked("once", 1), "shop.py": shop}
    intake = worked("queue")
    counter.open(**{"intake.py": intake})
    queue = counter.client("sqs").create_queue(QueueName="deliveries")["QueueUrl"]
    counter.aws.update_function_configuration(
        FunctionName="receiver",
        Environment={"Variables": {"PAYWELL_SECRET": SECRET, "QUEUE_URL": queue}},
    )
    for name, written in files.items():
        counter.write(name, written)
    counter.create("worker", {"PARCELS": "parcels", "DELIVERIES": "deliveries"}, files)
    arn = f"arn:aws:sqs:us-east-1:{queue.split('/')[-2]}:deliveries"
    made = counter.aws.create_event_source_mapping(FunctionName="worker", EventSourceArn=arn)
    try:
        with counter.probe as probe:
            assert "one parcel" in check_once(probe)
        assert counter.client("dynamodb").scan(TableName="deliveries")["Count"] == 0
    finally:
        counter.aws.delete_event_source_mapping(UUID=made["UUID"])


# dead-letter


def test_a_policy_that_leads_elsewhere_is_told(counter):
    sqs = counter.client("sqs")
    queue = sqs.create_queue(QueueName="deliveries")["QueueUrl"]
    assert counter.check("dead-letter").outcome is Outcome.NOT_ATTEMPTED
    sqs.create_queue(QueueName="deliveries-dead")
    sqs.create_queue(QueueName="cellar")
    arn = f"arn:aws:sqs:us-east-1:{queue.split('/')[-2]}:cellar"
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": policy})
    assert "puts messages aside into `cellar`" in counter.check("dead-letter").message


# what the sheet gives, and a learner may lose

NOTHING = "def handler(event, context): pass"


def queue_of(counter, **variables):
    """The queue `deliveries`, and its address in the receiver's environment."""
    url = counter.client("sqs").create_queue(QueueName="deliveries")["QueueUrl"]
    counter.aws.update_function_configuration(
        FunctionName="receiver",
        Environment={"Variables": {"PAYWELL_SECRET": SECRET, "QUEUE_URL": url} | variables},
    )
    counter.aws.get_waiter("function_updated_v2").wait(FunctionName="receiver")
    return url


def test_a_queue_needs_a_worker_and_the_receiver_its_address(counter):
    counter.open(**{"intake.py": worked("queue")})
    queue_of(counter, QUEUE_URL="http://elsewhere/queue")
    verdict = counter.check("queue")
    assert verdict.link == "function"
    assert "There is no function `worker`" in verdict.message
    counter.create("worker", {}, {"worker.py": NOTHING})
    assert counter.check("queue").link == "configuration"


def test_a_receiver_that_packs_before_it_answers_is_found_out(counter):
    send = worked("queue").replace("    return", "    pack(body)\n    return")
    pack = INTAKE.replace("def take_in(sender, delivery, body)", "def pack(body)")
    counter.open(
        **{
            "intake.py": send.replace("import json", "import json\nfrom pack import pack"),
            "pack.py": pack,
        }
    )
    url = queue_of(counter)
    counter.create("worker", {"PACKING_SECONDS": "0.6"}, {"worker.py": NOTHING})
    arn = f"arn:aws:sqs:us-east-1:{url.split('/')[-2]}:deliveries"
    made = counter.aws.create_event_source_mapping(FunctionName="worker", EventSourceArn=arn)
    try:
        verdict = counter.check("queue")
    finally:
        counter.aws.delete_event_source_mapping(UUID=made["UUID"])
    assert "the parcel was packed already" in verdict.message


def test_a_worker_that_does_not_know_its_tables_is_told(counter):
    counter.write("once.py", worked("once"))
    counter.create(
        "worker", {"PARCELS": "parcels"}, {"worker.py": NOTHING, "once.py": worked("once")}
    )
    verdict = counter.check("once")
    assert verdict.link == "configuration"
    assert "`DELIVERIES`" in verdict.message


def test_an_api_that_is_not_whole_is_told_piece_by_piece(counter):
    counter.open(**{"codeyard.py": worked("second-sender")})
    gateway = counter.client("apigateway")
    assert counter.check("second-sender").outcome is Outcome.NOT_ATTEMPTED
    api = gateway.create_rest_api(name="hooks")["id"]
    assert "it was never deployed" in counter.check("second-sender").message
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    method = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    gateway.put_method(**method, authorizationType="NONE")
    gateway.put_integration(**method, type="MOCK")
    gateway.create_deployment(restApiId=api, stageName="prod")
    verdict = counter.check("second-sender")
    assert verdict.link == "event source"
    assert "no method POST" in verdict.message


def test_a_receiver_that_does_not_know_where_its_secrets_are_is_told(counter):
    counter.open(**{"keys.py": worked("rotation")})
    verdict = counter.check("rotation")
    assert verdict.link == "configuration"
    assert "`SECRETS`" in verdict.message


# copies


def test_a_copy_has_other_settings_and_leaves_nothing(counter):
    code = "import os\ndef handler(event, context): return os.environ['WHERE'], os.environ['KEPT']"
    counter.create("receiver", {"WHERE": "here", "KEPT": "yes"}, {"receiver.py": code})
    with counter.probe as probe:
        name = copy_of(probe, "receiver", WHERE="there")
        assert probe.invoke(name).result == ["there", "yes"]
        assert probe.invoke("receiver").result == ["here", "yes"]
    names = [each["FunctionName"] for each in counter.aws.list_functions()["Functions"]]
    assert names == ["receiver"]


def test_a_copy_may_have_a_role_of_its_own(counter):
    code = (
        "import os, boto3\n"
        "def handler(event, context):\n"
        "    boto3.client('sqs').send_message(QueueUrl=os.environ['QUEUE_URL'], MessageBody='x')"
    )
    url = counter.client("sqs").create_queue(QueueName="elsewhere")["QueueUrl"]
    arn = counter.queue.replace("deliveries", "elsewhere")
    counter.create("receiver", {"QUEUE_URL": url}, {"receiver.py": code})
    with counter.probe as probe:
        refused = probe.invoke(copy_of(probe, "receiver"))
        assert denied_action(refused).lower() == "sqs:sendmessage"
        role = copy_of_role(probe, counter.role, may(arn, "sqs:SendMessage"))
        answer = probe.invoke(copy_of(probe, "receiver", role=role))
        assert (answer.error, denied_action(answer)) == (None, "")
    names = [each["RoleName"] for each in counter.client("iam").list_roles()["Roles"]]
    assert names == ["receiver-role"]


def test_a_copy_gets_its_events_by_a_module_before_it(counter):
    code = "def handler(event, context): return event + 1"
    before = (
        "import os, receiver\n"
        "def handler(event, context): return receiver.handler(event * 10, 0), os.environ['MORE']"
    )
    counter.create("receiver", {}, {"receiver.py": code})
    with counter.probe as probe:
        assert probe.invoke(
            copy_behind(probe, "receiver", "before", before, MORE="1"), 4
        ).result == [41, "1"]
        assert probe.invoke("receiver", 4).result == 5


def test_a_function_of_files_is_gone_when_the_check_is(counter):
    files = {"probe.py": "import other\ndef handler(event, context): return other.WORD"}
    with counter.probe as probe:
        name = function_of(
            probe, files | {"other.py": "WORD = 'hi'"}, "probe.handler", counter.role
        )
        assert probe.invoke(name).result == "hi"
    assert counter.aws.list_functions()["Functions"] == []
    time.sleep(0.2)
    groups = counter.client("logs").describe_log_groups()["logGroups"]
    assert [group["logGroupName"] for group in groups] == []
