"""Functions of a check's own, gone when it is over: copies of a learner's, or a learner's file.

With other settings, a copy shows what the learner's function would do elsewhere, or in need.
"""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from helpers.checks.function import configuration, variables
from helpers.checks.package import package_bytes
from helpers.exercises.probe import Probe
from helpers.functions.deploy import RUNTIME

NAMED = "check"


def copy_of(probe: Probe, name: str, *, role: str = "", **environment: str) -> str:
    """Deploy a copy of that function, with these environment variables changed; its name.

    It has the same role, or the one of the ARN `role`; helpers/checks/roles.py makes such.
    """
    settings = configuration(probe, name)
    return _create(probe, package_bytes(probe, name), **_settings(settings, role, environment))


def copy_behind(
    probe: Probe, name: str, file: str, code: str, *, role: str = "", **environment: str
) -> str:
    """Like `copy_of`, with one more file, whose handler is called instead.

    The learner's handler is named in the environment variable HANDLER.
    """
    settings = configuration(probe, name)
    buffer = io.BytesIO(package_bytes(probe, name))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(f"{file}.py", code)
    changed = _settings(settings, role, environment | {"HANDLER": settings["Handler"]})
    return _create(probe, buffer.getvalue(), **changed | {"Handler": f"{file}.handler"})


def _settings(
    settings: Mapping[str, Any], role: str, environment: Mapping[str, str]
) -> dict[str, Any]:
    same = ("Runtime", "Role", "Handler", "Timeout", "MemorySize")
    kept = {setting: settings[setting] for setting in same} | ({"Role": role} if role else {})
    return kept | {"Environment": {"Variables": {**variables(settings), **environment}}}


def function_of(probe: Probe, files: Mapping[str, str], handler: str, role: str) -> str:
    """Deploy a function made of these files, with the role of that ARN; its name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    return _create(probe, buffer.getvalue(), Runtime=RUNTIME, Role=role, Handler=handler)


def _create(probe: Probe, package: bytes, **settings: object) -> str:
    aws, name = probe.client("lambda"), probe.unique(NAMED)
    probe.afterwards(probe.client("logs").delete_log_group, logGroupName=f"/aws/lambda/{name}")
    aws.create_function(FunctionName=name, Code={"ZipFile": package}, **settings)
    probe.afterwards(aws.delete_function, FunctionName=name)
    aws.get_waiter("function_active_v2").wait(
        FunctionName=name, WaiterConfig={"Delay": 0.05, "MaxAttempts": 600}
    )
    return name
