"""Functions of a check's own, gone when it is over: copies of a learner's, or a learner's file.

With other settings, or where AWS refuses a call, a copy shows what the learner's function would do.
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

# Begins a file for `copy_behind`: `learners` is the learner's handler, `call` what makes each call.
LEARNERS = """\
import importlib
import os

from botocore.client import BaseClient

module, _, name = os.environ["HANDLER"].rpartition(".")
learners = getattr(importlib.import_module(module.replace("/", ".")), name)
call = BaseClient._make_api_call
"""
REFUSE_ONCE = """
from botocore.exceptions import ClientError

refused = []


def refuse_once(self, operation, parameters):
    if operation == os.environ["REFUSED"] and not refused:
        refused.append(operation)
        error = {"Code": os.environ["ERROR"], "Message": "Please reduce your request rate."}
        raise ClientError({"Error": error}, operation)
    return call(self, operation, parameters)


def handler(event, context):
    BaseClient._make_api_call = refuse_once
    refused.clear()
    learners(event, context)
    return refused
"""


def copy_of(probe: Probe, name: str, *, role: str = "", **environment: str) -> str:
    """Deploy a copy of that function with these environment variables changed. Returns its name.

    It has the same role, or the one of the ARN `role`; helpers/checks/roles.py makes such.
    """
    settings = configuration(probe, name)
    return _create(probe, package_bytes(probe, name), **_settings(settings, role, environment))


def copy_behind(
    probe: Probe, name: str, file: str, code: str, *, role: str = "", **environment: str
) -> str:
    """Deploy a copy with one more file, whose handler is called instead. Returns its name.

    The learner's handler is named in the environment variable HANDLER.
    """
    settings = configuration(probe, name)
    buffer = io.BytesIO(package_bytes(probe, name))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(f"{file}.py", code)
    changed = _settings(settings, role, environment | {"HANDLER": settings["Handler"]})
    return _create(probe, buffer.getvalue(), **changed | {"Handler": f"{file}.handler"})


def copy_refused_once(probe: Probe, name: str, operation: str, error: str) -> str:
    """Deploy a copy to which AWS refuses the first call of that operation. Returns its name.

    `error` is the code of the refusal: "SlowDown", say. Where the copy does not fail, its result
    is the list of what was refused, empty if it never made such a call.
    """
    code = LEARNERS + REFUSE_ONCE
    return copy_behind(probe, name, "refuse_once", code, REFUSED=operation, ERROR=error)


def _settings(
    settings: Mapping[str, Any], role: str, environment: Mapping[str, str]
) -> dict[str, Any]:
    same = ("Runtime", "Role", "Handler", "Timeout", "MemorySize")
    kept = {setting: settings[setting] for setting in same} | ({"Role": role} if role else {})
    return kept | {"Environment": {"Variables": {**variables(settings), **environment}}}


def function_of(probe: Probe, files: Mapping[str, str], handler: str, role: str) -> str:
    """Deploy a function made of these files, with the role of that ARN. Returns its name."""
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
