"""Exercise role: a role with which the function can do its work, and nothing more."""

from helpers.checks import Diagnosis, Link, Probe, require
from helpers.checks.function import configuration
from helpers.checks.least_privilege import empty_role, require_least_privilege
from helpers.checks.rights import Excess, Need
from helpers.labs.thumbnails.drawn import draw
from helpers.labs.thumbnails.studio import NAME, Studio

ROLE_NAME = f"{NAME}-role"

DONE = "With its role `thumbnailer` can read photos and write thumbnails, and do nothing else."

PHOTO, THUMB = "arn:aws:s3:::{uploads}/incoming/{mark}.jpg", "arn:aws:s3:::{gallery}/small/{mark}"
EXCESSES = (  # those that tell most come first
    ("s3:DeleteObject", PHOTO, "delete uploads"),
    ("s3:PutObject", PHOTO, "write into the bucket of uploads"),
    ("s3:GetObject", THUMB, "read what is in the gallery"),
    ("s3:DeleteObject", THUMB, "delete thumbnails"),
    ("s3:GetObject", "arn:aws:s3:::{mark}/{mark}", "read other buckets"),
    ("s3:GetObject", "arn:aws:s3:::{uploads}-{mark}/{mark}", "read other buckets"),
    ("s3:GetObject", "arn:aws:s3:::{gallery}-{mark}/{mark}", "read other buckets"),
    ("s3:PutObject", "arn:aws:s3:::{mark}/{mark}", "write into other buckets"),
    ("s3:PutObject", "arn:aws:s3:::{uploads}-{mark}/{mark}", "write into other buckets"),
    ("s3:PutObject", "arn:aws:s3:::{gallery}-{mark}/{mark}", "write into other buckets"),
    ("s3:PutObjectAcl", THUMB, "change who may see a thumbnail"),
    ("s3:PutObjectTagging", THUMB, "tag thumbnails"),
    ("s3:GetObjectVersion", PHOTO, "read older versions of uploads"),
    ("s3:GetObjectAcl", PHOTO, "read who may see an upload"),
    ("s3:GetObjectTagging", PHOTO, "read the tags of uploads"),
    ("s3:ListBucket", "arn:aws:s3:::{uploads}", "list the uploads"),
    ("s3:ListBucket", "arn:aws:s3:::{gallery}", "list the gallery"),
    ("s3:PutBucketPolicy", "arn:aws:s3:::{uploads}", "change the policy of a bucket"),
    ("s3:PutBucketPolicy", "arn:aws:s3:::{gallery}", "change the policy of a bucket"),
    ("s3:DeleteBucket", "arn:aws:s3:::{uploads}", "delete a bucket"),
    ("s3:DeleteBucket", "arn:aws:s3:::{gallery}", "delete a bucket"),
    ("s3:ListAllMyBuckets", "arn:aws:s3:::*", "list all buckets"),
    ("dynamodb:Scan", "arn:aws:dynamodb:{region}:{account}:table/orders", "read tables"),
    ("lambda:InvokeFunction", "{function}", "invoke functions"),
    ("iam:PutRolePolicy", "arn:aws:iam::{account}:role/thumbnailer-role", "change roles"),
)


class Role(Diagnosis):
    RUNS_AS_ANOTHER = Link.ROLE("""
        `thumbnailer` runs with the role `{other}`. The next `lab.deploy` gives it
        `thumbnailer-role` again, so write the policy into that one.""")


def check(probe: Probe) -> str:
    settings, studio = configuration(probe, NAME), Studio(probe)
    other, function = settings["Role"].rpartition("/")[2], settings["FunctionArn"]
    require(other == ROLE_NAME, Role.RUNS_AS_ANOTHER, other=other)
    uploads, gallery = (f"arn:aws:s3:::{each}/*" for each in (studio.uploads, studio.gallery))
    keys = tuple(f"{folder}/{studio.mark}.jpg" for folder in ("small", "large", "quarantine"))
    needs = [
        Need("s3:GetObject", uploads, "read the photos", (f"incoming/{studio.mark}.jpg",)),
        Need("s3:PutObject", gallery, "write into the gallery", keys),
    ]
    region, account = function.split(":")[3:5]
    words = vars(studio) | {"region": region, "account": account, "function": function}
    excesses = [Excess(action, arn.format(**words), meaning) for action, arn, meaning in EXCESSES]
    require_least_privilege(probe, NAME, needs, excesses)
    studio.thumbnail_of(draw(300, 200).jpeg)
    return DONE


def undo_wrong_answer(probe: Probe) -> None:
    """Give the function its role again, and take out of it all but writing logs."""
    empty_role(probe, ROLE_NAME)
    arn = probe.client("iam").get_role(RoleName=ROLE_NAME)["Role"]["Arn"]
    if configuration(probe, NAME)["Role"] != arn:
        probe.client("lambda").update_function_configuration(FunctionName=NAME, Role=arn)
        configuration(probe, NAME)  # waits for it
