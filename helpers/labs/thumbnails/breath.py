"""A store that is out of breath: what the learner's handler does when S3 refuses what it writes.

No bucket can be brought to that, so a copy of the function has a handler of the check's own before
the learner's: it lets the first call that writes an object fail as AWS would.
"""

from helpers.checks.faults import copy_behind
from helpers.checks.function import ask
from helpers.exercises.verdict import Incorrect
from helpers.labs.thumbnails.drawn import draw
from helpers.labs.thumbnails.scene import NAME, Scene, s3_event

ASIDE = """\
A good photo went into quarantine because the store refused its thumbnail once (`SlowDown`). \
Nothing is wrong with the file: the next attempt would succeed. Catch `OSError` and nothing \
wider, or keep the writing out of the `try`."""
SWALLOWED = """\
The store refused a thumbnail once (`SlowDown`), and the function ended as if all were well: \
nobody would try again. Catch `OSError` and nothing wider, or keep the writing out of the `try`."""

FILE = "out_of_breath"
CODE = """\
import importlib
import os

from botocore.client import BaseClient
from botocore.exceptions import ClientError

module, _, name = os.environ["HANDLER"].rpartition(".")
learners = getattr(importlib.import_module(module.replace("/", ".")), name)
call = BaseClient._make_api_call
refused = []


def refuse_once(self, operation, parameters):
    if operation == "PutObject" and not refused:
        refused.append(operation)
        error = {"Code": "SlowDown", "Message": "Please reduce your request rate."}
        raise ClientError({"Error": error}, operation)
    return call(self, operation, parameters)


def handler(event, context):
    BaseClient._make_api_call = refuse_once
    refused.clear()
    learners(event, context)
    return refused
"""


def see_failure(scene: Scene) -> None:
    """Raises Incorrect if the function takes a write that was refused for the photo's fault."""
    key = scene.upload(draw(300, 200).stored(), "-breath.jpeg")
    copy = copy_behind(scene.probe, NAME, FILE, CODE)
    answer = ask(scene.probe, copy, s3_event(scene.uploads, key))
    if scene.fetch(f"quarantine/{key.removeprefix('incoming/')}"):
        raise Incorrect(ASIDE, link="code")
    if not answer.error and answer.result:
        raise Incorrect(SWALLOWED, link="code")
