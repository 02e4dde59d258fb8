"""SQS, SNS and SES:
docs.aws.amazon.com/service-authorization/latest/reference/list_sqs.html
docs.aws.amazon.com/service-authorization/latest/reference/list_sns.html
docs.aws.amazon.com/service-authorization/latest/reference/list_ses.html

Where a list operation has no resource of its own, its resource is the one that AWS names when it
refuses the operation ("… is not authorized to perform: SNS:ListTopics on resource:
arn:aws:sns:us-east-1:123456789012:*").
"""

import base64
import binascii
import json
import re

from helpers.aws.iam.actions.model import EVERYTHING, Access, Call, as_arn, as_mapping, as_text
from helpers.aws.iam.actions.rules import (
    Resource,
    Rule,
    Service,
    everything,
    fixed,
    given,
    given_arn,
    on,
    resource,
    with_context,
)

_FROM = re.compile(r"^From:\s*(.+)$", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"<([^<>]+)>")


def queue(call: Call) -> str:
    """Return the queue of a QueueUrl, in each of the forms that AWS and LocalStack write.

    https://sqs.eu-west-1.amazonaws.com/123456789012/orders
    https://eu-west-1.queue.amazonaws.com/123456789012/orders
    http://sqs.eu-west-1.localhost.localstack.cloud:4566/000000000000/orders
    http://localhost:4566/queue/eu-west-1/000000000000/orders
    http://localhost:4566/000000000000/orders

    LocalStack takes a queue's name for its URL, and without either the path of the request.
    """
    url = call.text("QueueUrl") or as_text(call.path)
    host, *path = url.rpartition("://")[2].rstrip("/").split("/")
    if len(path) >= 2:
        return f"arn:aws:sqs:{_region_of(host, path) or call.region}:{path[-2]}:{path[-1]}"
    name = call.text("QueueName") or call.text("QueueUrl")
    account = call.text("QueueOwnerAWSAccountId") or call.account
    return f"arn:aws:sqs:{call.region}:{account}:{name}" if name else EVERYTHING


def _region_of(host: str, path: list[str]) -> str:
    """Return the region in a queue's URL, or an empty string."""
    first, second, *_ = [*host.split("."), "", ""]
    if path[0] == "queue" and len(path) == 4:
        return path[1]
    if first == "queue":
        return "us-east-1"
    if first == "sqs":
        return second
    return first if second == "queue" else ""


def _moved(call: Call) -> list[Access]:
    """Return what moving messages needs: to consume the one queue and to send to the other."""
    source = as_arn(call.get("SourceArn") or _source_of_task(call.text("TaskHandle")))
    actions = {
        "StartMessageMoveTask": ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"),
        "CancelMessageMoveTask": ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"),
        "ListMessageMoveTasks": ("GetQueueAttributes",),
    }[call.operation]
    found = [Access(f"sqs:{action}", source) for action in (call.operation, *actions)]
    destination = as_arn(call.get("DestinationArn"))
    return [*found, Access("sqs:SendMessage", destination)] if destination != EVERYTHING else found


def _source_of_task(handle: str) -> str:
    """Return the source queue of a task handle: base64 of {"taskId": …, "sourceArn": …}."""
    try:
        return as_text(as_mapping(json.loads(base64.b64decode(handle))).get("sourceArn"))
    except (ValueError, binascii.Error):
        return ""


SQS = Service(
    prefix="sqs",
    default=queue,
    resources={"ListQueues": fixed("sqs", "")},
    actions={
        "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
        "DeleteMessageBatch": "DeleteMessage",
        "SendMessageBatch": "SendMessage",
    },
    rules=dict.fromkeys(
        ("StartMessageMoveTask", "CancelMessageMoveTask", "ListMessageMoveTasks"), _moved
    ),
    also=given("CreateQueue", tags="TagQueue"),
)


def topic_of_subscription(call: Call) -> str:
    """Return the topic, which AWS names when it refuses access to a subscription."""
    topic, _, subscription = call.text("SubscriptionArn").rpartition(":")
    return as_arn(topic) if topic.count(":") == 5 and subscription else EVERYTHING


SNS = Service(
    prefix="sns",
    default=given_arn("TopicArn", "ResourceArn"),
    resources={
        "CreateTopic": resource("sns", "{}", "Name"),
        "ListTopics": fixed("sns", "*"),
        "Publish": given_arn("TopicArn", "TargetArn"),
        **on(
            topic_of_subscription,
            "GetSubscriptionAttributes SetSubscriptionAttributes Unsubscribe",
        ),
    },
    actions={"PublishBatch": "Publish"},
    also=given("CreateTopic", Tags="TagResource", DataProtectionPolicy="PutDataProtectionPolicy"),
    context={"Protocol": "sns:protocol", "Endpoint": "sns:endpoint"},
)


def sender(call: Call) -> str:
    """Return the sending identity. AWS uses the domain's where the address is not verified."""
    arn, address = _sender_arn(call), _address(call)
    return arn if arn != EVERYTHING or not address else call.arn("ses", f"identity/{address}")


_sender_arn = given_arn("SourceArn", "FromArn", "BounceSenderArn")


def _address(call: Call) -> str:
    """Return the bare address of "Ada <ada@example.com>"."""
    written = call.text("Source") or call.text("BounceSender") or _from_header(call)
    found = _ADDRESS.search(written)
    return (found[1] if found else written).strip()


def _from_header(call: Call) -> str:
    data = as_mapping(call.get("RawMessage")).get("Data")
    message = data.decode("utf-8", "replace") if isinstance(data, bytes) else as_text(data)
    found = _FROM.search(message)
    return found[1] if found else ""


_set = resource("ses", "configuration-set/{}", "ConfigurationSetName")
_template = resource("ses", "template/{}", "TemplateArn", "Template")
_verification = resource("ses", "custom-verification-email-template/{}", "TemplateName")


def _created_set(call: Call) -> str:
    name = as_text(as_mapping(call.get("ConfigurationSet")).get("Name"))
    return call.arn("ses", f"configuration-set/{name}") if name else EVERYTHING


def _send(*more: Resource) -> Rule:
    """Return the rule of sending: on the identity, and on what else the request names."""

    def rule(call: Call) -> list[Access]:
        named = [arn for find in more if (arn := find(call)) != EVERYTHING]
        found = SES.on(call, call.operation, sender(call), *named)
        address = _address(call)
        return with_context(found, {"ses:fromaddress": address} if address else {})

    return rule


SES = Service(
    prefix="ses",
    default=everything,
    resources={
        **on(
            _set,
            "CreateConfigurationSetEventDestination DeleteConfigurationSet"
            " DeleteConfigurationSetEventDestination PutConfigurationSetDeliveryOptions"
            " UpdateConfigurationSetEventDestination",
        ),
        **on(
            _verification,
            "CreateCustomVerificationEmailTemplate DeleteCustomVerificationEmailTemplate"
            " GetCustomVerificationEmailTemplate SendCustomVerificationEmail"
            " UpdateCustomVerificationEmailTemplate",
        ),
        "CreateConfigurationSet": _created_set,
    },
    rules={
        **dict.fromkeys(("SendEmail", "SendRawEmail"), _send(_set)),
        **dict.fromkeys(("SendTemplatedEmail", "SendBulkTemplatedEmail"), _send(_template, _set)),
        "SendBounce": _send(),
    },
    context={"ReturnPath": "ses:feedbackaddress"},
)
