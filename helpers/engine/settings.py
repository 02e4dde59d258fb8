"""The environment in which the engine's process is started, free of the learner's own."""

import os
from collections.abc import Mapping
from pathlib import Path

# What a process needs from its parent to run at all; everything else is left out. The last is set
# only while coverage measures what the tests reach in the engine.
INHERITED = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "SYSTEMROOT",
    "LD_LIBRARY_PATH",
    "SSL_CERT_FILE",
    "COVERAGE_PROCESS_CONFIG",
)

# The file descriptor of the socket that the engine inherits.
LISTENER = "LAB_LISTENER"
# The file in which the engine is recorded; see watch.py.
RECORD = "LAB_RECORD"
# The home folder of the user who started the engine; the engine's HOME is another.
OWNERS_HOME = "LAB_OWNERS_HOME"

# The seconds after which an unused engine ends; see idle.py.
IDLE = "LAB_IDLE"
IDLE_SECONDS = 4 * 60 * 60

LOCALSTACK = {
    "LAMBDA_RUNTIME_EXECUTOR": "process",
    "GATEWAY_SERVER": "loopback",
    "PROVIDER_OVERRIDE_DYNAMODB": "moto",
    "PROVIDER_OVERRIDE_DYNAMODBSTREAMS": "moto",
    "PROVIDER_OVERRIDE_KINESIS": "moto",
    # It sends nothing to anyone and downloads nothing.
    "DISABLE_EVENTS": "1",
    "SKIP_SSL_CERT_DOWNLOAD": "1",
    "DNS_ADDRESS": "0",
    # Presigned URLs are verified.
    "S3_SKIP_SIGNATURE_VALIDATION": "0",
    # Labs wait for effects, so poll often and retry soon.
    "LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC": "0.1",
    "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC": "0.2",
    "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_ERROR_SEC": "1",
    "LAMBDA_RETRY_BASE_DELAY": "1",
    # How long an idle execution environment is kept, in milliseconds.
    "LAMBDA_KEEPALIVE_MS": "600000",
    # Calls between services stay inside the process.
    "IN_MEMORY_CLIENT": "1",
    # Queue URLs must be reachable without DNS.
    "SQS_ENDPOINT_STRATEGY": "path",
    "SQS_DISABLE_CLOUDWATCH_METRICS": "1",
    "GATEWAY_WORKER_COUNT": "128",
    # Large memory blocks (packages, images) are returned to the system once they are free, and not
    # kept in an arena for each of a hundred threads. In bytes; only glibc reads these two.
    "MALLOC_MMAP_THRESHOLD_": "262144",
    "MALLOC_ARENA_MAX": "2",
}


def has_owner(environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether a lab has started this engine, which then serves only its owner.

    An engine that is started by hand is an ordinary LocalStack, open to everybody who reaches it.
    """
    return RECORD in environ


def engine_environment(folder: Path, port: int, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of an engine that lives in `folder` and listens on `port`.

    Each engine has its own home, volume and temporary folder, so that two engines, of one user or
    of two, never share anything.
    """
    own = {
        "HOME": str(folder),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "TMPDIR": str(folder / "tmp"),
        "FILESYSTEM_ROOT": str(folder / "volume"),
        "CONFIG_DIR": str(folder / "config"),
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "LOCALSTACK_HOST": f"127.0.0.1:{port}",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        # The engine's own clients must never ask a real EC2 instance for its role.
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONUNBUFFERED": "1",
        IDLE: str(idle_seconds(environ)),
    }
    inherited = {name: environ[name] for name in INHERITED if name in environ}
    return inherited | LOCALSTACK | own


def idle_seconds(environ: Mapping[str, str]) -> float:
    """Return the seconds after which an unused engine ends, from LAB_IDLE.

    "inf" is allowed: the engine then runs until it is stopped. Raises ValueError.
    """
    seconds = float(environ.get(IDLE) or IDLE_SECONDS)
    if not seconds > 0:
        raise ValueError(f"{IDLE} must be greater than 0")
    return seconds
