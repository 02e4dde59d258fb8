"""A policy document: what each of its statements says, and what it applies to.

    {"Version": "2012-10-17", "Statement": [{
        "Sid": "FromTheBucket",
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": "arn:aws:lambda:us-east-1:111122223333:function:resize",
        "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::photos"}}}]}

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from helpers.aws.iam.conditions import Condition, parse_operator
from helpers.aws.iam.patterns import Context, is_action_like, is_resource_like, resolve_resource

CURRENT_VERSION = "2012-10-17"
VERSIONS = ("2008-10-17", CURRENT_VERSION)  # of the policy language; the older has no variables
POLICY_ELEMENTS = {"Version", "Id", "Statement"}
STATEMENT_ELEMENTS = {
    *("Sid", "Effect", "Condition"),
    *("Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource"),
}
PRINCIPAL_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")


class Principal(NamedTuple):
    """One entry of a Principal element; "*" alone is read as {"AWS": "*"}."""

    type: str
    id: str


EVERYONE = Principal("AWS", "*")


@dataclass(frozen=True)
class Statement:
    """One statement of a policy.

    In an identity-based policy it has neither `principals` nor `not_principals`. Without
    `resources` and `not_resources` it applies to any resource, as in the trust policy of a role.
    """

    sid: str
    allows: bool
    principals: tuple[Principal, ...] = ()
    not_principals: tuple[Principal, ...] = ()
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    has_variables: bool = True

    def applies_to(self, action: str, resource: str, context: Context) -> bool:
        """Return whether the statement applies, whoever makes the request."""
        return (
            self.covers_action(action)
            and self.covers_resource(resource, context)
            and all(condition.holds(context) for condition in self.conditions)
        )

    def covers_action(self, action: str) -> bool:
        """Return whether Action names the action, or NotAction does not."""
        if self.not_actions:
            return not any(is_action_like(pattern, action) for pattern in self.not_actions)
        return any(is_action_like(pattern, action) for pattern in self.actions)

    def covers_resource(self, resource: str, context: Context) -> bool:
        """Return whether Resource names the resource, or NotResource does not."""
        if self.not_resources:
            return not self._names(self.not_resources, resource, context)
        return not self.resources or self._names(self.resources, resource, context)

    def unmet_conditions(self, context: Context) -> tuple[Condition, ...]:
        """Return the conditions that keep the statement from applying."""
        return tuple(item for item in self.conditions if not item.holds(context))

    def _names(self, patterns: Sequence[str], resource: str, context: Context) -> bool:
        for pattern in patterns:
            resolved = resolve_resource(pattern, context) if self.has_variables else pattern
            if resolved is not None and is_resource_like(resolved, resource):
                return True
        return False


def parse(document: str | Mapping[str, Any]) -> tuple[Statement, ...]:
    """Return the statements of a policy document. Raises ValueError if it is not valid.

    An element that takes a list may have a single value instead.
    """
    return _parse_json(document) if isinstance(document, str) else _parse_policy(document)


@lru_cache(maxsize=1024)
def _parse_json(text: str) -> tuple[Statement, ...]:
    try:
        document = json.loads(text, object_pairs_hook=_without_duplicates)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"The policy is not valid JSON: {error}") from None
    return _parse_policy(document)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) < len(pairs):
        keys = [key for key, _ in pairs]
        duplicate = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"The policy has the key {duplicate!r} twice in the same object")
    return unique


def _parse_policy(document: Any) -> tuple[Statement, ...]:
    _require(isinstance(document, Mapping), "A policy has to be a JSON object")
    _require_known(document, POLICY_ELEMENTS, "The policy")
    version = document.get("Version", VERSIONS[0])
    _require(version in VERSIONS, f"Version has to be {' or '.join(VERSIONS)}, not {version!r}")
    statements = _as_list(document.get("Statement"))
    _require(bool(statements), "The policy has no Statement")
    return tuple(
        _parse_statement(statement, f"Statement {number}", version == CURRENT_VERSION)
        for number, statement in enumerate(statements, start=1)
    )


def _parse_statement(given: Any, name: str, has_variables: bool) -> Statement:
    _require(isinstance(given, Mapping), f"{name} has to be a JSON object")
    _require_known(given, STATEMENT_ELEMENTS, name)
    _require("Effect" in given, f"{name} has no Effect")
    effect = given["Effect"]
    _require(effect in ("Allow", "Deny"), f"{name}: Effect has to be Allow or Deny, not {effect!r}")
    for element in ("Principal", "Action", "Resource"):
        both = element in given and f"Not{element}" in given
        _require(not both, f"{name} has both {element} and Not{element}")
    _require("Action" in given or "NotAction" in given, f"{name} has no Action")
    return Statement(
        sid=str(given.get("Sid", "")),
        allows=effect == "Allow",
        principals=tuple(_principals(given, "Principal", name)),
        not_principals=tuple(_principals(given, "NotPrincipal", name)),
        actions=_strings(given, "Action", name),
        not_actions=_strings(given, "NotAction", name),
        resources=_strings(given, "Resource", name),
        not_resources=_strings(given, "NotResource", name),
        conditions=tuple(_conditions(given.get("Condition", {}), name, has_variables)),
        has_variables=has_variables,
    )


def _strings(given: Mapping[str, Any], element: str, name: str) -> tuple[str, ...]:
    """Return the element's strings, at least one; () if there is no such element."""
    if element not in given:
        return ()
    items = _as_list(given[element])
    _require(bool(items), f"{name}: {element} is empty")
    _require(all(isinstance(item, str) for item in items), f"{name}: {element} takes only strings")
    return tuple(items)


def _principals(given: Mapping[str, Any], element: str, name: str) -> Iterator[Principal]:
    if element not in given:
        return
    principals = {"AWS": "*"} if given[element] == "*" else given[element]
    _require(
        isinstance(principals, Mapping) and bool(principals),
        f'{name}: {element} has to be "*" or an object such as {{"Service": "s3.amazonaws.com"}}',
    )
    _require_known(principals, set(PRINCIPAL_TYPES), f"{name}: {element}")
    for type_ in principals:
        for id_ in _strings(principals, type_, f"{name}: {element}"):
            yield Principal(type_, id_)


def _conditions(given: Any, name: str, has_variables: bool) -> Iterator[Condition]:
    _require(isinstance(given, Mapping), f"{name}: Condition has to be a JSON object")
    for operator, keys in given.items():
        parse_operator(operator)
        _require(isinstance(keys, Mapping), f"{name}: {operator} has to be a JSON object")
        for key, values in keys.items():
            items = _as_list(values)
            _require(bool(items), f"{name}: {operator} has no value for {key}")
            strings = tuple(_condition_value(item, f"{name}: {key}") for item in items)
            yield Condition(operator, key, strings, has_variables)


def _condition_value(value: Any, name: str) -> str:
    """Return the value as a string: quotation marks are optional for numbers and Booleans."""
    if isinstance(value, bool):
        return str(value).lower()
    _require(isinstance(value, str | int | float), f"{name} takes strings, numbers and Booleans")
    return str(value)


def _as_list(given: Any) -> Sequence[Any]:
    if given is None:
        return ()
    return given if isinstance(given, list | tuple) else (given,)


def _require_known(given: Mapping[str, Any], known: set[str], name: str) -> None:
    unknown = sorted(set(given) - known)
    _require(not unknown, f"{name} has an unknown element: {', '.join(unknown)}")


def _require(is_valid: bool, message: str) -> None:
    if not is_valid:
        raise ValueError(message)
