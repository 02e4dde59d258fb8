"""A bucket's rules: for which events and keys it calls which function."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.exercises.probe import Probe

EVERY_CREATION = "s3:ObjectCreated:*"
CREATIONS = {
    "s3:ObjectCreated:Put",
    "s3:ObjectCreated:Post",
    "s3:ObjectCreated:Copy",
    "s3:ObjectCreated:CompleteMultipartUpload",
}


@dataclass(frozen=True)
class Rule:
    function: str  # its ARN
    events: tuple[str, ...]
    prefix: str = ""
    suffix: str = ""

    def matches(self, key: str) -> bool:
        """Whether the bucket calls for an object of that key."""
        return key.startswith(self.prefix) and key.endswith(self.suffix)

    @property
    def on_every_creation(self) -> bool:
        return EVERY_CREATION in self.events or set(self.events) >= CREATIONS

    def __str__(self) -> str:
        name = self.function.rsplit(":", 1)[-1]
        return f"{', '.join(self.events)} of {self.prefix}…{self.suffix} calls {name}"


def rules_of(probe: Probe, bucket: str) -> list[Rule]:
    """The bucket's rules that call a function."""
    found = probe.client("s3").get_bucket_notification_configuration(Bucket=bucket)
    return [_rule(each) for each in found.get("LambdaFunctionConfigurations", [])]


def _rule(told: Mapping[str, Any]) -> Rule:
    filters = told.get("Filter", {}).get("Key", {}).get("FilterRules", [])
    parts = {each["Name"].lower(): each["Value"] for each in filters}
    return Rule(
        told["LambdaFunctionArn"],
        tuple(told["Events"]),
        parts.get("prefix", ""),
        parts.get("suffix", ""),
    )
