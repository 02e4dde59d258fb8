"""An API call, and the accesses that it needs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

EVERYTHING = "*"
_MAPPINGS = (dict, Mapping)  # a dict is recognized ten times faster than a Mapping


@dataclass(frozen=True)
class Access:
    """One IAM action on one resource, which a policy has to allow.

    `resource` is an ARN, or "*" where the operation has no resource, where the request does not
    name it, or where the operation is in no table. `context` holds the condition keys that the
    request alone determines, in lower case. A key with several values (dynamodb:LeadingKeys) makes
    several accesses, each with one of them.
    """

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Call:
    """One API request, parsed into botocore's shapes.

    `partition_keys` names the partition keys of DynamoDB's tables and indexes, such as "orders" and
    "orders/index/by-day": dynamodb:LeadingKeys is the value of that attribute, and a request does
    not say which of its attributes it is.
    """

    service: str  # botocore's name: "s3", "stepfunctions"
    operation: str  # "GetObject"
    request: Mapping[str, Any]
    account: str
    region: str
    method: str = "POST"
    path: str = "/"
    partition_keys: Mapping[str, str] = field(default_factory=dict, hash=False)

    def get(self, parameter: str) -> Any:
        """Return the parameter, or None."""
        return as_mapping(self.request).get(parameter)

    def text(self, parameter: str) -> str:
        """Return the parameter if it is a string, otherwise an empty one."""
        return as_text(self.get(parameter))

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource in the caller's account and region."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def as_mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, _MAPPINGS) else {}


def as_arn(value: Any) -> str:
    """Return the value if it is an ARN, otherwise "*"."""
    return value if isinstance(value, str) and value.startswith("arn:") else EVERYTHING


def as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def texts(value: Any) -> list[str]:
    """Return the strings of a list, without the empty ones."""
    return [one for one in as_list(value) if isinstance(one, str) and one]


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """Return the structures of a list."""
    return [one for one in as_list(value) if isinstance(one, _MAPPINGS)]


def find_all(value: Any, path: str) -> Iterator[str]:
    """Yield the strings at a path such as "Targets[].RoleArn"."""
    if not path:
        if isinstance(value, str) and value:
            yield value
        return
    name, _, rest = path.partition(".")
    found = as_mapping(value).get(name.removesuffix("[]"))
    for one in as_list(found) if name.endswith("[]") else [found]:
        yield from find_all(one, rest)
