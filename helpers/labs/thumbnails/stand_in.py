"""The learner's handler with a store of the check's own in the place of S3.

So a check can see what the package makes of a photo before the function's role allows anything. A
copy of the function has a handler of the check's own before the learner's.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass, replace

from helpers.checks.faults import copy_behind
from helpers.checks.function import ask, failure
from helpers.exercises.probe import Probe
from helpers.labs.thumbnails.scene import NAME, s3_event

FILE = "in_the_place_of_s3"
CODE = """\
import base64
import importlib
import io
import os
import traceback

from botocore.client import BaseClient

module, _, name = os.environ["HANDLER"].rpartition(".")
learners = getattr(importlib.import_module(module.replace("/", ".")), name)
call = BaseClient._make_api_call


def handler(event, context):
    photo, written = base64.b64decode(event.pop("photo")), []

    def answer(self, operation, parameters):
        if operation == "GetObject":
            return {"Body": io.BytesIO(photo)}
        if operation != "PutObject":
            return call(self, operation, parameters)
        body = parameters["Body"]
        data = body.read() if hasattr(body, "read") else body
        written.append([parameters["Bucket"], parameters["Key"], base64.b64encode(data).decode()])
        return {}

    BaseClient._make_api_call = answer
    try:
        learners(event, context)
    except Exception as problem:
        below = problem.__traceback__.tb_next  # what the learner's own files did
        told = traceback.format_exception(type(problem), problem, below)
        return {"error": f"{type(problem).__name__}: {problem}", "trace": "".join(told)}
    return {"written": written}
"""


@dataclass(frozen=True)
class Written:
    """One object that the handler wrote."""

    bucket: str
    key: str
    data: bytes


@dataclass(frozen=True)
class Answer:
    """What the handler wrote; or its error, with the way to it through the learner's files."""

    written: tuple[Written, ...] = ()
    error: str = ""
    trace: str = ""


def run_with_a_store(probe: Probe, bucket: str, key: str, photo: bytes) -> Answer:
    """Give the handler the event about that photo. Raises Incorrect if it does not get so far."""
    copy = copy_behind(probe, NAME, FILE, CODE)
    event = s3_event(bucket, key) | {"photo": b64encode(photo).decode()}
    answer = ask(probe, copy, event)
    if answer.error:
        raise failure(probe, replace(answer, function=NAME))
    told = answer.result
    written = [
        Written(place, name, b64decode(data)) for place, name, data in told.pop("written", ())
    ]
    return Answer(tuple(written), **told)
