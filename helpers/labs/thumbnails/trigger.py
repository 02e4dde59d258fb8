"""Exercise trigger: the bucket of uploads invokes the function, for photos in incoming/ only."""

import json

from helpers.checks import Probe
from helpers.checks.links.permission import read_policy, require_permission
from helpers.checks.links.s3_notification import S3, remove_rules, require_notification
from helpers.labs.thumbnails.drawn import draw, encoded
from helpers.labs.thumbnails.studio import NAME, Studio, small

DONE = "The bucket invokes `thumbnailer` for photos in `incoming/`, and for nothing else."


def check(probe: Probe) -> str:
    studio, photo = Studio(probe), draw(300, 200)
    require_notification(
        probe,
        studio.uploads,
        NAME,
        prefix="incoming/",
        suffixes=(".jpg", ".png"),
        written=studio.gallery,
    )
    require_permission(probe, NAME, S3, f"arn:aws:s3:::{studio.uploads}")
    studio.upload(photo.jpeg, "-no.txt")  # these two should have no thumbnail
    studio.upload(photo.jpeg, "-no.jpg", folder="elsewhere/")
    for ending, data in {"-a.jpg": photo.jpeg, "-b.png": encoded(photo.image, "PNG")}.items():
        key = studio.upload(data, ending)
        studio.require_invoked(key, [small(key)])
    return DONE


def undo_wrong_answer(probe: Probe) -> None:
    """Remove the rules of both buckets, and what was permitted: the worked answer sets them."""
    studio, aws = Studio(probe), probe.client("lambda")
    remove_rules(probe, studio.uploads, studio.gallery)
    if read_policy(probe, NAME):
        for statement in json.loads(aws.get_policy(FunctionName=NAME)["Policy"])["Statement"]:
            aws.remove_permission(FunctionName=NAME, StatementId=statement["Sid"])
