"""EventBridge, EventBridge Scheduler and Step Functions:
docs.aws.amazon.com/service-authorization/latest/reference/list_events.html
docs.aws.amazon.com/service-authorization/latest/reference/list_scheduler.html
docs.aws.amazon.com/service-authorization/latest/reference/list_stepfunctions.html
"""

from helpers.aws.iam.actions.model import (
    EVERYTHING,
    Access,
    Call,
    as_arn,
    as_mapping,
    as_text,
    mappings,
)
from helpers.aws.iam.actions.rules import (
    Resource,
    Service,
    everything,
    first_of,
    fixed,
    given,
    given_arn,
    needs_all,
    on,
    resource,
    with_context,
)


def bus_arn(call: Call, name: str) -> str:
    return name if name.startswith("arn:") else call.arn("events", f"event-bus/{name or 'default'}")


def rule(call: Call) -> str:
    """Return rule/<name>, or rule/<bus>/<name> where the bus is not the default one."""
    name = call.text("Name") or call.text("Rule")
    if not name or name.startswith("arn:"):
        return name or EVERYTHING
    region, account, bus = _bus(call)
    path = name if bus in ("", "default") else f"{bus}/{name}"
    return f"arn:aws:events:{region}:{account}:rule/{path}"


def _bus(call: Call) -> tuple[str, str, str]:
    """Return the region, account and name of the request's event bus, given by name or ARN."""
    given = call.text("EventBusName")
    parts = given.split(":")
    if given.startswith("arn:") and len(parts) == 6:
        return parts[3], parts[4], parts[5].removeprefix("event-bus/")
    return call.region, call.account, given


def _events(kind: str, *parameters: str) -> Resource:
    return resource("events", f"{kind}/{{}}", *parameters)


def _put_events(call: Call) -> list[Access]:
    """Return PutEvents on the bus of each entry."""
    found: dict[tuple[str, str, str], Access] = {}
    for entry in mappings(call.get("Entries")):
        source, kind = as_text(entry.get("Source")), as_text(entry.get("DetailType"))
        arn = bus_arn(call, as_text(entry.get("EventBusName")))
        context = {"events:source": source, "events:detail-type": kind}
        context = {key: value for key, value in context.items() if value}
        found.setdefault((arn, source, kind), Access("events:PutEvents", arn, context))
    return list(found.values()) or [Access("events:PutEvents", EVERYTHING)]


def _put_targets(call: Call) -> list[Access]:
    """Return PutTargets on the rule, once for each target: events:TargetArn is its ARN."""
    targets = [as_text(one.get("Arn")) for one in mappings(call.get("Targets"))]
    return [
        Access("events:PutTargets", rule(call), {"events:targetarn": arn} if arn else {})
        for arn in dict.fromkeys(targets or [""])
    ]


def _destination(call: Call) -> str:
    return as_arn(as_mapping(call.get("Destination")).get("Arn"))


_archive = _events("archive", "ArchiveName")
_api_destination = _events("api-destination", "Name")
_connection = _events("connection", "ConnectionArn")
_replay = _events("replay", "ReplayName")
_source = given_arn("EventSourceArn")


def _own_bus(call: Call) -> str:
    """Return the bus of an archive, which is looked for in the caller's account only."""
    name = _source(call).partition(":event-bus/")[2]
    return call.arn("events", f"event-bus/{name}") if name else EVERYTHING


EVENTS = Service(
    prefix="events",
    default=everything,
    resources={
        **on(
            rule,
            "DeleteRule DescribeRule DisableRule EnableRule ListTargetsByRule PutRule"
            " RemoveTargets",
        ),
        **on(_events("event-bus", "Name"), "CreateEventBus DeleteEventBus"),
        **on(lambda call: bus_arn(call, call.text("Name")), "DescribeEventBus UpdateEventBus"),
        **on(_archive, "DeleteArchive DescribeArchive UpdateArchive"),
        **on(_replay, "CancelReplay DescribeReplay"),
        **on(
            _events("connection", "Name"),
            "CreateConnection DeauthorizeConnection DeleteConnection DescribeConnection"
            " UpdateConnection",
        ),
        **on(_api_destination, "DeleteApiDestination DescribeApiDestination UpdateApiDestination"),
        **on(
            _events("endpoint", "Name"),
            "CreateEndpoint DeleteEndpoint DescribeEndpoint UpdateEndpoint",
        ),
        **on(given_arn("ResourceARN"), "ListTagsForResource TagResource UntagResource"),
        "ListRules": fixed("events", "rule/*"),
    },
    rules={
        "CreateApiDestination": needs_all(
            "events", "CreateApiDestination", _api_destination, _connection
        ),
        "CreateArchive": needs_all("events", "CreateArchive", _archive, _own_bus),
        "PutEvents": _put_events,
        "PutTargets": _put_targets,
        "StartReplay": needs_all("events", "StartReplay", _replay, _source, _destination),
    },
    also=given("CreateEventBus PutRule", Tags="TagResource"),
)


def schedule(call: Call) -> str:
    name, group = call.text("Name"), call.text("GroupName") or "default"
    return call.arn("scheduler", f"schedule/{group}/{name}") if name else EVERYTHING


def schedules(call: Call) -> str:
    return call.arn("scheduler", f"schedule/{call.text('GroupName') or '*'}/*")


SCHEDULER = Service(
    prefix="scheduler",
    default=schedule,
    resources={
        **on(
            resource("scheduler", "schedule-group/{}", "Name"),
            "CreateScheduleGroup DeleteScheduleGroup GetScheduleGroup",
        ),
        **on(given_arn("ResourceArn"), "ListTagsForResource TagResource UntagResource"),
        "ListSchedules": schedules,
        "ListScheduleGroups": fixed("scheduler", "schedule-group/*"),
    },
    also=given("CreateScheduleGroup", Tags="TagResource"),
)


def split_qualifier(arn: str) -> tuple[str, str]:
    """Return a state machine's ARN, and the version or alias at its end.

    >>> split_qualifier("arn:aws:states:eu-west-1:123456789012:stateMachine:orders:live")
    ('arn:aws:states:eu-west-1:123456789012:stateMachine:orders', 'live')
    """
    head, _, qualifier = arn.rpartition(":")
    return (head, qualifier) if head.count(":") == 6 else (arn, "")


_machine_arn = given_arn("stateMachineArn", "stateMachineAliasArn", "stateMachineVersionArn")


def _state_machine(call: Call) -> tuple[str, str]:
    return split_qualifier(_machine_arn(call))


def state_machine(call: Call) -> str:
    """Return the state machine: versions and aliases have no resource of their own.

    docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
    """
    return _state_machine(call)[0]


def _routed_machine(call: Call) -> str:
    """Return the state machine to whose versions a new alias points."""
    for route in mappings(call.get("routingConfiguration")):
        if (arn := as_arn(route.get("stateMachineVersionArn"))) != EVERYTHING:
            return split_qualifier(arn)[0]
    return EVERYTHING


class StepFunctions(Service):
    """The service, with the condition key for a version or alias: states:StateMachineQualifier."""

    def on(self, call: Call, action: str, *resources: str) -> list[Access]:
        qualifier = _state_machine(call)[1]
        known = {"states:statemachinequalifier": qualifier} if qualifier else {}
        return with_context(super().on(call, action, *resources), known)


STATES = StepFunctions(
    prefix="states",
    default=first_of(
        state_machine, given_arn("executionArn", "mapRunArn", "activityArn", "resourceArn")
    ),
    resources={
        "CreateActivity": resource("states", "activity:{}", "name"),
        "CreateStateMachine": resource("states", "stateMachine:{}", "name"),
        "CreateStateMachineAlias": _routed_machine,
        "ListActivities": fixed("states", "activity:*"),
        "ListStateMachines": fixed("states", "stateMachine:*"),
    },
    also={
        **given("CreateActivity", tags="TagResource"),
        **given("CreateStateMachine", tags="TagResource", publish="PublishStateMachineVersion"),
        **given("UpdateStateMachine", publish="PublishStateMachineVersion"),
    },
)
