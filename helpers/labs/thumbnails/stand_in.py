"""The learner's handler with a store of the check's own in the place of S3.

So a check can see what the package makes of a photo before the function's role allows anything.
"""

from base64 import b64encode
from dataclasses import replace

from helpers.checks import Probe
from helpers.checks.faults import LEARNERS, copy_behind
from helpers.checks.function import ask
from helpers.checks.sample_events import s3_event
from helpers.functions.invoke import Invocation
from helpers.labs.thumbnails.studio import NAME

CODE = """
import base64
import io


def handler(event, context):
    photo, written = base64.b64decode(event.pop("photo")), []

    def answer(self, operation, parameters):
        if operation == "GetObject":
            return {"Body": io.BytesIO(photo)}
        if operation != "PutObject":
            return call(self, operation, parameters)
        body = parameters.get("Body", b"")
        data = base64.b64encode(body.read() if hasattr(body, "read") else body).decode()
        written.append([parameters.get("Bucket"), parameters.get("Key"), data])
        return {}

    BaseClient._make_api_call = answer
    learners(event, context)
    return written
"""


def run_with_a_store(probe: Probe, bucket: str, key: str, photo: bytes) -> Invocation:
    """Invoke the handler with the event for that photo.

    The result is a list of what it wrote: bucket, key, and the data in base64.
    """
    copy = copy_behind(probe, NAME, "in_the_place_of_s3", LEARNERS + CODE)
    event = s3_event(bucket, key) | {"photo": b64encode(photo).decode()}
    return replace(ask(probe, copy, event), function=NAME)
