"""The parts that each service's table is made of."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from helpers.aws.iam.actions.model import (
    EVERYTHING,
    Access,
    Call,
    as_arn,
    as_mapping,
    as_text,
    mappings,
    texts,
)

Resource = Callable[[Call], str]
Rule = Callable[[Call], list[Access]]


@dataclass(frozen=True)
class Service:
    """The IAM side of one service: the actions and resources of its operations.

    An operation needs the action of its own name on `default`, unless a table says otherwise.
    """

    prefix: str
    default: Resource
    resources: Mapping[str, Resource] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)  # operation -> an action's other name
    rules: Mapping[str, Rule] = field(default_factory=dict)  # operations with several accesses
    also: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Operation -> parameter -> the action that is needed as well if the parameter is given."""
    context: Mapping[str, str] = field(default_factory=dict)  # parameter -> condition key
    free: Collection[str] = ()  # operations that need no permission

    def accesses(self, call: Call) -> list[Access]:
        """Return what the operation needs, the access that AWS names first in front."""
        operation = call.operation
        if operation in self.free:
            return []
        if operation in self.rules:
            return self.rules[operation](call)
        resource = self.resources.get(operation, self.default)(call)
        return self.on(call, self.actions.get(operation, operation), resource)

    def on(self, call: Call, action: str, *resources: str) -> list[Access]:
        """Return the action on each resource, and what the parameters need as well."""
        context = {**conditions(call, self.context), **request_tags(call)}
        needed = [action, *self._also(call)]
        return [
            Access(f"{self.prefix}:{each}", resource, context)
            for each in needed
            for resource in dict.fromkeys(resources or (EVERYTHING,))
        ]

    def _also(self, call: Call) -> Iterable[str]:
        table = self.also.get(call.operation)
        if not table:
            return ()
        return dict.fromkeys(action for name, action in table.items() if call.get(name))


def everything(call: Call) -> str:
    """Return "*", the resource of an operation that has none."""
    return EVERYTHING


def resource(service: str, pattern: str, *parameters: str, default: str = "") -> Resource:
    """Return an extractor that writes the first given parameter into the ARN's pattern.

    A parameter that holds an ARN is the resource itself.

    >>> find = resource("sns", "{}", "TopicArn", "Name")
    >>> find(Call("sns", "CreateTopic", {"Name": "alarms"}, "123456789012", "us-east-1"))
    'arn:aws:sns:us-east-1:123456789012:alarms'
    """
    head, _, tail = pattern.partition("{}")

    def find(call: Call) -> str:
        value = next((text for name in parameters if (text := call.text(name))), default)
        if value.startswith("arn:"):
            return value
        return call.arn(service, f"{head}{value}{tail}") if value else EVERYTHING

    return find


def given_arn(*parameters: str) -> Resource:
    """Return an extractor for the first parameter that is an ARN."""

    def find(call: Call) -> str:
        for parameter in parameters:
            if (found := as_arn(call.get(parameter))) != EVERYTHING:
                return found
        return EVERYTHING

    return find


def fixed(service: str, name: str) -> Resource:
    """Return an extractor for a resource that is the same in each request."""

    def find(call: Call) -> str:
        return call.arn(service, name)

    return find


def first_of(*candidates: Resource) -> Resource:
    """Return an extractor for the first resource that the request names."""

    def find(call: Call) -> str:
        for candidate in candidates:
            found = candidate(call)
            if found != EVERYTHING:
                return found
        return EVERYTHING

    return find


def each(service: str, pattern: str, parameter: str) -> Callable[[Call], list[str]]:
    """Return an extractor for the resources that a list of names or ARNs stands for."""
    head, _, tail = pattern.partition("{}")

    def find(call: Call) -> list[str]:
        return [
            name if name.startswith("arn:") else call.arn(service, f"{head}{name}{tail}")
            for name in texts(call.get(parameter))
        ]

    return find


def needs_each(prefix: str, action: str, find: Callable[[Call], list[str]]) -> Rule:
    """Return a rule: the action on each of the resources."""

    def rule(call: Call) -> list[Access]:
        return [
            Access(f"{prefix}:{action}", each) for each in dict.fromkeys(find(call) or [EVERYTHING])
        ]

    return rule


def needs_all(prefix: str, action: str, *candidates: Resource) -> Rule:
    """Return a rule: the action on all resources that the request names."""

    def find(call: Call) -> list[str]:
        return [found for candidate in candidates if (found := candidate(call)) != EVERYTHING]

    return needs_each(prefix, action, find)


def on(found: Resource, operations: str) -> dict[str, Resource]:
    """Return that resource for each of the operations, whose names are separated by spaces."""
    return dict.fromkeys(operations.split(), found)


def given(operations: str, **needed: str) -> dict[str, Mapping[str, str]]:
    """Return a table for `Service.also`: given("CreateTopic", Tags="TagResource")."""
    return dict.fromkeys(operations.split(), needed)


def with_context(found: list[Access], known: Mapping[str, str]) -> list[Access]:
    """Return the accesses with more condition keys."""
    if not known:
        return found
    return [Access(one.action, one.resource, {**one.context, **known}) for one in found]


def conditions(call: Call, keys: Mapping[str, str]) -> dict[str, str]:
    """Return the condition keys that the request's parameters give."""
    return {
        keys[name]: as_condition(value)
        for name, value in as_mapping(call.request).items()
        if name in keys and isinstance(value, str | bool | int)
    }


def as_condition(value: str | bool | int) -> str:
    """Return the value as IAM compares it.

    >>> as_condition(True), as_condition(7), as_condition("eu")
    ('true', '7', 'eu')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


def request_tags(call: Call) -> dict[str, str]:
    """Return aws:RequestTag/<key> for the tags of the request."""
    tags = call.get("Tags") or call.get("tags")
    if not tags:
        return {}
    pairs = [(as_text(k), as_text(v)) for k, v in as_mapping(tags).items()]
    pairs += [
        (as_text(tag.get("Key") or tag.get("key")), as_text(tag.get("Value") or tag.get("value")))
        for tag in mappings(tags)
    ]
    return {f"aws:requesttag/{key.lower()}": value for key, value in pairs if key}
