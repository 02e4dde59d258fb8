"""CloudWatch Logs and CloudWatch:
docs.aws.amazon.com/service-authorization/latest/reference/list_logs.html
docs.aws.amazon.com/service-authorization/latest/reference/list_cloudwatch.html
"""

from helpers.aws.iam.actions.model import EVERYTHING, Access, Call, as_arn, texts
from helpers.aws.iam.actions.rules import (
    Resource,
    Service,
    each,
    everything,
    fixed,
    given,
    given_arn,
    needs_each,
    on,
    resource,
)


def _group(call: Call, given: str) -> str:
    """Return the ARN of a log group that is given by name or by ARN, without ":*" at its end."""
    if given.startswith("arn:"):
        return given.removesuffix(":*")
    return call.arn("logs", f"log-group:{given}")


def _stream(call: Call, group: str, stream: str = "") -> str:
    return f"{_group(call, group)}:log-stream:{stream}" if group else EVERYTHING


def log_group(call: Call) -> str:
    """Return the group as AWS names it when it refuses access: "…:log-group:<name>:log-stream:".

    Policies have to say "…:log-group:<name>:*", which this matches and the bare name does not.
    docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
    """
    return _stream(call, call.text("logGroupName") or call.text("logGroupIdentifier"))


def log_stream(call: Call) -> str:
    group = call.text("logGroupName") or call.text("logGroupIdentifier")
    return _stream(call, group, call.text("logStreamName"))


def tagged(call: Call) -> str:
    """Return the group without ":*": only the actions for tags are about that ARN."""
    return as_arn(call.get("resourceArn")).removesuffix(":*")


def _groups(call: Call) -> list[str]:
    names = texts([call.get("logGroupName")])
    for parameter in ("logGroupNames", "logGroupIdentifiers"):
        names += texts(call.get(parameter))
    return [_stream(call, name) for name in names]


def _create_group(call: Call) -> list[Access]:
    found = LOGS.on(call, "CreateLogGroup", log_group(call))
    if not call.get("tags"):
        return found
    return [*found, Access("logs:TagResource", _group(call, call.text("logGroupName")))]


def _put_subscription(call: Call) -> list[Access]:
    """Return the action on the group, and on a destination of CloudWatch Logs."""
    found = [Access("logs:PutSubscriptionFilter", log_group(call))]
    destination = call.text("destinationArn")
    if destination.startswith("arn:") and ":destination:" in destination:
        found.append(Access("logs:PutSubscriptionFilter", destination))
    return found


LOGS = Service(
    prefix="logs",
    default=everything,
    resources={
        **on(
            log_group,
            "AssociateKmsKey CreateExportTask DeleteDataProtectionPolicy DeleteLogGroup"
            " DeleteMetricFilter DeleteRetentionPolicy DeleteSubscriptionFilter"
            " DeleteTransformer DescribeLogStreams DescribeMetricFilters"
            " DescribeSubscriptionFilters DisassociateKmsKey FilterLogEvents"
            " GetDataProtectionPolicy GetLogGroupFields GetTransformer ListTagsLogGroup"
            " PutDataProtectionPolicy PutMetricFilter PutRetentionPolicy PutTransformer"
            " TagLogGroup UntagLogGroup",
        ),
        **on(log_stream, "CreateLogStream DeleteLogStream GetLogEvents PutLogEvents"),
        **on(tagged, "ListTagsForResource TagResource UntagResource"),
        **on(
            resource("logs", "destination:{}", "destinationName"),
            "DeleteDestination PutDestination PutDestinationPolicy",
        ),
        "DescribeLogGroups": fixed("logs", "log-group::log-stream:"),
    },
    actions={"GetLogObject": "GetLogRecord"},
    rules={
        "CreateLogGroup": _create_group,
        "PutSubscriptionFilter": _put_subscription,
        "StartLiveTail": needs_each("logs", "StartLiveTail", _groups),
        "StartQuery": needs_each("logs", "StartQuery", _groups),
    },
    also=given("PutDestination", tags="TagResource"),
)


def _alarms(call: Call) -> list[str]:
    return each("cloudwatch", "alarm:{}", "AlarmNames")(call) or [_alarm(call)]


def _dashboard(*parameters: str) -> Resource:
    """Return an extractor: a dashboard's ARN has no region."""

    def find(call: Call) -> str:
        for parameter in parameters:
            if name := call.text(parameter):
                return f"arn:aws:cloudwatch::{call.account}:dashboard/{name}"
        return EVERYTHING

    return find


def _dashboards(call: Call) -> list[str]:
    names = texts(call.get("DashboardNames"))
    return [f"arn:aws:cloudwatch::{call.account}:dashboard/{name}" for name in names]


_alarm = resource("cloudwatch", "alarm:{}", "AlarmName")
_described = resource("cloudwatch", "alarm:{}", "AlarmName", default="*")
_insight = resource("cloudwatch", "insight-rule/{}", "RuleName")

CLOUDWATCH = Service(
    prefix="cloudwatch",
    default=everything,
    resources={
        **on(_alarm, "DescribeAlarmContributors PutCompositeAlarm PutMetricAlarm SetAlarmState"),
        **on(_described, "DescribeAlarmHistory"),
        **on(_insight, "GetInsightRuleReport PutInsightRule"),
        **on(_dashboard("DashboardName"), "GetDashboard PutDashboard"),
        **on(
            resource("cloudwatch", "metric-stream/{}", "Name"),
            "DeleteMetricStream GetMetricStream PutMetricStream",
        ),
        **on(given_arn("ResourceARN"), "ListTagsForResource TagResource UntagResource"),
    },
    rules={
        **{
            operation: needs_each("cloudwatch", operation, _alarms)
            for operation in ("DeleteAlarms", "DisableAlarmActions", "EnableAlarmActions")
        },
        **{
            operation: needs_each(
                "cloudwatch", operation, each("cloudwatch", "insight-rule/{}", "RuleNames")
            )
            for operation in ("DeleteInsightRules", "DisableInsightRules", "EnableInsightRules")
        },
        **{
            operation: needs_each(
                "cloudwatch", operation, each("cloudwatch", "metric-stream/{}", "Names")
            )
            for operation in ("StartMetricStreams", "StopMetricStreams")
        },
        "DeleteDashboards": needs_each("cloudwatch", "DeleteDashboards", _dashboards),
        "DescribeAlarms": needs_each(
            "cloudwatch",
            "DescribeAlarms",
            lambda call: each("cloudwatch", "alarm:{}", "AlarmNames")(call) or [_described(call)],
        ),
    },
    also=given(
        "PutCompositeAlarm PutInsightRule PutMetricAlarm PutMetricStream", Tags="TagResource"
    ),
    context={"Namespace": "cloudwatch:namespace"},
)
