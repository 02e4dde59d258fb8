"""Point boto3 at a cloud, and only there.

boto3 reads the environment, so a plain `boto3.client("s3")` in a notebook needs no argument.
Whatever else the learner's environment says (profiles, credentials, endpoints, proxies) is hidden
from it: without the credentials of a real account no request can be signed for one, and as every
endpoint is the cloud's, no request is sent anywhere else.
"""

import os
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from urllib.parse import urlsplit

from helpers.cloud.model import Cloud

REGION = "us-east-1"
# Set together with AWS_ENDPOINT_URL, to tell our setting from the learner's.
OUR_ENDPOINT = "LAB_ENDPOINT"
NO_FILE = os.devnull


def point_boto3_at(cloud: Cloud, account: str, environ: MutableMapping[str, str]) -> None:
    """Make `environ` send every AWS call to `cloud`, as `account` (12 digits)."""
    for name in [name for name in environ if name.startswith("AWS_")]:
        del environ[name]
    environ.update(
        {
            "AWS_ENDPOINT_URL": cloud.endpoint,
            # LocalStack takes an access key of 12 digits as the account's id.
            "AWS_ACCESS_KEY_ID": account,
            "AWS_SECRET_ACCESS_KEY": cloud.secret_access_key(account),
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_CONFIG_FILE": NO_FILE,
            "AWS_SHARED_CREDENTIALS_FILE": NO_FILE,
            "AWS_EC2_METADATA_DISABLED": "true",
            # With more, boto3 would retry for ten seconds before it reports that the cloud ended.
            "AWS_MAX_ATTEMPTS": "2",
        }
    )
    environ.pop(OUR_ENDPOINT, None)
    if cloud.kind == "embedded":  # the learner set an attached cloud, and it stays the learner's
        environ[OUR_ENDPOINT] = cloud.endpoint
    for name in ("NO_PROXY", "no_proxy"):
        environ[name] = _without_proxy(cloud, environ.get(name, ""))


@contextmanager
def endpoint_named(cloud: Cloud, environ: MutableMapping[str, str] = os.environ) -> Iterator[None]:
    """Set AWS_ENDPOINT_URL to `cloud` for the block, and change nothing else."""
    before = environ.get("AWS_ENDPOINT_URL")
    environ["AWS_ENDPOINT_URL"] = cloud.endpoint
    try:
        yield
    finally:
        if before is None:
            del environ["AWS_ENDPOINT_URL"]
        else:
            environ["AWS_ENDPOINT_URL"] = before


def is_ours(environ: Mapping[str, str]) -> bool:
    """Return whether AWS_ENDPOINT_URL was set by a lab, here or in the parent process."""
    return environ.get("AWS_ENDPOINT_URL", "") == environ.get(OUR_ENDPOINT)


def _without_proxy(cloud: Cloud, no_proxy: str) -> str:
    """Return the hosts to reach without a proxy: those in `no_proxy`, this machine, the cloud."""
    names = [name.strip() for name in no_proxy.split(",") if name.strip()]
    host = urlsplit(cloud.endpoint).hostname or ""
    return ",".join(dict.fromkeys([*names, "127.0.0.1", "localhost", host]))
