"""The Condition element: what a statement requires of a request, and whether that holds.

    "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::photos"},
                  "StringEquals": {"aws:SourceAccount": ["111122223333", "444455556666"]}}

Every key has to match; one of its values is enough. What a missing key means:

    StringEquals …                  false        ForAllValues:…     true
    StringNotEquals … (negated)     true         ForAnyValue:…      false
    …IfExists                       true         Null               true if "true"

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

import binascii
import ipaddress
import re
from base64 import b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from operator import eq, ge, gt, le, lt

from helpers.aws.iam.patterns import Context, is_arn_like, is_like, resolve

FOR_ALL_VALUES, FOR_ANY_VALUE = "forallvalues", "foranyvalue"
IF_EXISTS = "ifexists"
NULL = "null"

Comparison = Callable[[str, str], bool]  # the policy's value, the request's value
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Operator:
    """The parts of a condition operator such as ForAnyValue:StringNotLikeIfExists."""

    matches: Comparison
    is_negated: bool = False
    set_operator: str = ""
    if_exists: bool = False
    is_null: bool = False
    takes_variables: bool = False
    takes_wildcards: bool = False

    @property
    def if_missing(self) -> bool:
        """The result when the request has no such key."""
        if self.if_exists or self.set_operator == FOR_ALL_VALUES:
            return True
        return self.is_negated and self.set_operator != FOR_ANY_VALUE

    @property
    def needs_all(self) -> bool:
        """Return whether all values of the request have to match, and not just one of them."""
        return self.set_operator == FOR_ALL_VALUES or (self.is_negated and not self.set_operator)


@dataclass(frozen=True)
class Condition:
    """One operator, one key and its values, as written in the policy.

    `has_variables` is false in a policy of version 2008-10-17, which takes `${…}` literally.
    """

    operator: str
    key: str
    values: tuple[str, ...]
    has_variables: bool = True

    def holds(self, context: Context) -> bool:
        """Return whether the request with this context meets the condition."""
        operator = parse_operator(self.operator)
        actual = _values_of(context.get(self.key.lower()))
        if operator.is_null or operator.set_operator:
            actual = [value for value in actual if value]  # an empty string counts as no value
        if operator.is_null:
            return ("false" if actual else "true") in [value.lower() for value in self.values]
        if not actual:
            return operator.if_missing
        wanted = self._wanted(operator, context)
        results = (
            any(operator.matches(pattern, value) for pattern in wanted) != operator.is_negated
            for value in actual
        )
        return all(results) if operator.needs_all else any(results)

    def _wanted(self, operator: Operator, context: Context) -> Sequence[str]:
        if not (self.has_variables and operator.takes_variables):
            return self.values
        literally = not operator.takes_wildcards
        resolved = (resolve(value, context, literally=literally) for value in self.values)
        return [value for value in resolved if value is not None]


@lru_cache(maxsize=256)
def parse_operator(name: str) -> Operator:
    """Return the operator of that name. Raises ValueError if AWS knows no such operator."""
    prefix, colon, rest = name.lower().rpartition(":")
    base = rest.removesuffix(IF_EXISTS)
    has_set_operator = prefix in (FOR_ALL_VALUES, FOR_ANY_VALUE)
    positive = NEGATED.get(base, base)
    is_known = positive in COMPARISONS or rest == NULL
    if not is_known or bool(colon) != has_set_operator:
        raise ValueError(f"Invalid condition operator: {name}")
    return Operator(
        matches=COMPARISONS.get(positive, eq),
        is_negated=base in NEGATED,
        set_operator=prefix,
        if_exists=base != rest,
        is_null=base == NULL,
        takes_variables=base.startswith(("string", "arn", "bool")),
        takes_wildcards=positive == "stringlike" or positive.startswith("arn"),
    )


def _values_of(given: str | Sequence[str] | None) -> Sequence[str]:
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else given


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _date(text: str) -> float | None:
    """Return the time as seconds since 1970, which AWS accepts as well as ISO 8601."""
    if re.fullmatch(r"\d{5,}(\.\d+)?", text):
        return float(text)
    if re.fullmatch(r"\d{4}(-\d\d)?", text):
        text = f"{text}-01-01"[:10]
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def _compared(
    read: Callable[[str], float | None], test: Callable[[float, float], bool]
) -> Comparison:
    def matches(wanted: str, actual: str) -> bool:
        limit, value = read(wanted), read(actual)
        return limit is not None and value is not None and test(value, limit)

    return matches


def _equal_ignoring_case(wanted: str, actual: str) -> bool:
    return wanted.lower() == actual.lower()


def _equal_binary(wanted: str, actual: str) -> bool:
    """Return whether two values in base64, of the policy and of the context, are equal."""
    try:
        return b64decode(wanted, validate=True) == b64decode(actual, validate=True)
    except binascii.Error:
        return False


def _is_in_network(wanted: str, actual: str) -> bool:
    network, address = _network(wanted), _address(actual)
    return network is not None and address is not None and address in network


@lru_cache(maxsize=256)
def _network(text: str) -> IpNetwork | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _address(text: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


ORDERS: dict[str, Callable[[float, float], bool]] = {
    "equals": eq,
    "lessthan": lt,
    "lessthanequals": le,
    "greaterthan": gt,
    "greaterthanequals": ge,
}
COMPARISONS: dict[str, Comparison] = {
    "stringequals": eq,
    "stringequalsignorecase": _equal_ignoring_case,
    "stringlike": is_like,
    **{f"numeric{order}": _compared(_number, test) for order, test in ORDERS.items()},
    **{f"date{order}": _compared(_date, test) for order, test in ORDERS.items()},
    "bool": _equal_ignoring_case,
    "binaryequals": _equal_binary,
    "ipaddress": _is_in_network,
    "arnequals": is_arn_like,
    "arnlike": is_arn_like,
}
NEGATED = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}
