"""Point boto3 at a cloud, and only there.

boto3 reads the environment: so plain `boto3.client("s3")` in a notebook needs no argument, and
whatever else the learner's environment says (profiles, credentials, endpoints, proxies) is put
out of its sight. Without credentials of a real account nothing could be signed for it, and with
every endpoint on the cloud nothing is sent anywhere else.
"""

import os
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from urllib.parse import urlsplit

from helpers.cloud.model import Cloud

REGION = "us-east-1"
# Set by us beside AWS_ENDPOINT_URL, to tell our own setting from the learner's.
OURS = "LAB_ENDPOINT"
NO_FILE = os.devnull


def point_boto3_at(cloud: Cloud, account: str, environ: MutableMapping[str, str]) -> None:
    """Make `environ` send every AWS call to `cloud`, as `account` (12 digits)."""
    for name in [name for name in environ if name.startswith("AWS_")]:
        del environ[name]
    environ.update(
        {
            "AWS_ENDPOINT_URL": cloud.endpoint,
            # LocalStack takes a 12-digit access key for the account's number.
            "AWS_ACCESS_KEY_ID": account,
            "AWS_SECRET_ACCESS_KEY": cloud.secret_access_key(account),
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_CONFIG_FILE": NO_FILE,
            "AWS_SHARED_CREDENTIALS_FILE": NO_FILE,
            "AWS_EC2_METADATA_DISABLED": "true",
            # boto3 would hide a cloud that has ended behind ten seconds of further attempts.
            "AWS_MAX_ATTEMPTS": "2",
        }
    )
    environ.pop(OURS, None)
    if cloud.kind == "embedded":  # an attached cloud was the learner's own setting, and stays so
        environ[OURS] = cloud.endpoint
    for name in ("NO_PROXY", "no_proxy"):
        environ[name] = _with(cloud, environ.get(name, ""))


@contextmanager
def endpoint_named(cloud: Cloud, environ: MutableMapping[str, str] = os.environ) -> Iterator[None]:
    """Have AWS_ENDPOINT_URL name `cloud` for a while, and nothing else be changed."""
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
    """Whether AWS_ENDPOINT_URL is the embedded cloud's, set here or in the parent process."""
    return environ.get("AWS_ENDPOINT_URL", "") == environ.get(OURS)


def _with(cloud: Cloud, no_proxy: str) -> str:
    """The hosts to reach without a proxy: those named already, this machine and the cloud."""
    names = [name.strip() for name in no_proxy.split(",") if name.strip()]
    host = urlsplit(cloud.endpoint).hostname or ""
    return ",".join(dict.fromkeys([*names, "127.0.0.1", "localhost", host]))
