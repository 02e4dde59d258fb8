"""The cloud that AWS calls go to: how it is chosen, started, found and stopped.

embedded  LocalStack in a process of the learner's own machine: the default
attached  a LocalStack that already runs: AWS_ENDPOINT_URL or LOCALSTACK_HOST
aws       a real account, only when asked for by name: LAB_CLOUD=aws
"""

from helpers.cloud.choose import choose_kind, open_cloud
from helpers.cloud.errors import (
    CloudDidNotStart,
    CloudError,
    CloudRefused,
    CloudUnreachable,
)
from helpers.cloud.model import Cloud, Kind

__all__ = [
    "Cloud",
    "CloudDidNotStart",
    "CloudError",
    "CloudRefused",
    "CloudUnreachable",
    "Kind",
    "choose_kind",
    "open_cloud",
]
