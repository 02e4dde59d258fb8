"""Choose the cloud from the environment, and open it."""

import difflib
import os
from collections.abc import Callable, Mapping

from helpers.cloud import attached
from helpers.cloud.embedded import Engine
from helpers.cloud.environment import is_ours
from helpers.cloud.errors import CloudRefused
from helpers.cloud.health import ask
from helpers.cloud.home import lab_home
from helpers.cloud.model import Cloud, Kind
from helpers.engine.settings import IDLE_SECONDS, idle_seconds

KINDS: tuple[Kind, ...] = ("embedded", "attached", "aws")

UNKNOWN_KIND = """\
LAB_CLOUD={value} is not a cloud that the labs know{hint}.
Unset it to use the cloud that comes with the course, or set it to one of: embedded, attached,
aws."""

NOTHING_TO_ATTACH = """\
LAB_CLOUD=attached, but neither AWS_ENDPOINT_URL nor LOCALSTACK_HOST says where LocalStack runs.
Set one of them, for example AWS_ENDPOINT_URL=http://127.0.0.1:4566."""

AWS_NOT_SUPPORTED = """\
LAB_CLOUD=aws asks for your real AWS account. None of today's labs uses one, so nothing was called.
Unset LAB_CLOUD to use the cloud that comes with the course."""

BAD_IDLE_SECONDS = """\
LAB_IDLE={value} is not a number of seconds greater than 0.
Correct it, or unset it: your cloud then stays for {hours:g} hours after it was last used."""


def choose_kind(environ: Mapping[str, str] = os.environ) -> Kind:
    """Return the kind of cloud that the environment asks for. Raises CloudRefused if unknown."""
    named = environ.get("LAB_CLOUD", "").strip().lower()
    if named:
        for kind in KINDS:
            if named == kind:
                return kind
        near = difflib.get_close_matches(named, KINDS, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise CloudRefused(UNKNOWN_KIND.format(value=named, hint=hint))
    return "attached" if attached.setting(environ) and not _is_embedded(environ) else "embedded"


def open_cloud(
    environ: Mapping[str, str] = os.environ, say: Callable[[str], None] = print
) -> Cloud:
    """Return the cloud to work with. The embedded one is started if it isn't running.

    Raises CloudError; every message says what to do next.
    """
    kind = choose_kind(environ)
    if kind == "aws":
        raise CloudRefused(AWS_NOT_SUPPORTED)
    if kind == "embedded":
        require_idle_seconds(environ)
        return Engine(lab_home(environ)).start(say)
    setting = attached.setting(environ)
    if setting is None or _is_embedded(environ):
        raise CloudRefused(NOTHING_TO_ATTACH)
    return attached.attach(*setting)


def _is_embedded(environ: Mapping[str, str]) -> bool:
    """Return whether AWS_ENDPOINT_URL is the embedded cloud's: set by a lab or by `lab env`."""
    endpoint = environ.get("AWS_ENDPOINT_URL", "")
    return is_ours(environ) or bool(endpoint and Engine(lab_home(environ)).is_at(endpoint))


def require_idle_seconds(environ: Mapping[str, str]) -> None:
    """Raise CloudRefused if LAB_IDLE is set to something other than a number of seconds."""
    try:
        idle_seconds(environ)
    except ValueError:
        message = BAD_IDLE_SECONDS.format(value=environ["LAB_IDLE"], hours=IDLE_SECONDS / 3600)
        raise CloudRefused(message) from None


def is_running(cloud: Cloud, environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether this very cloud still runs, as far as can be told without a call."""
    return cloud.kind != "embedded" or Engine(lab_home(environ)).is_running(cloud)


def is_answering(cloud: Cloud, timeout: float = 5) -> bool:
    """Return whether the cloud answers within `timeout` seconds. AWS is not asked."""
    return cloud.kind == "aws" or ask(cloud.endpoint, timeout) is not None
