"""Exercise role: a role with which the function can do its work, and nothing more."""

from collections.abc import Iterator, Sequence

from botocore.exceptions import ClientError

from helpers.aws.errors import error_code
from helpers.checks.function import configuration
from helpers.checks.links.permission import read_policy
from helpers.checks.rights import Access, Rights, rights_of
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.functions.deploy import WRITE_LOGS
from helpers.labs.thumbnails.drawn import draw
from helpers.labs.thumbnails.least_privilege import Beyond, Need, excess, lack
from helpers.labs.thumbnails.scene import NAME, Scene

ROLE_NAME = f"{NAME}-role"

NOTHING_YET = """\
The role `{role}` still allows writing logs, and nothing else. (If AWS refused your policy, the \
last line of the error says why.)"""
RUNS_AS_ANOTHER = """\
`thumbnailer` runs with the role `{other}`. The next `lab.deploy` gives it `{role}` again, so \
write the policy into that one."""
ANOTHER_ROLE = """\
It is the role `{other}` that has the policy. `thumbnailer` runs with `{role}`, which still allows \
writing logs, and nothing else."""
NOT_ATTACHED = """\
The policy `{policy}` exists, but it is attached to no role. Attach it to `{role}` with \
`iam.attach_role_policy`, or write it into the role with `iam.put_role_policy`."""
BUCKET_POLICY = """\
It is the bucket `{bucket}` that has a policy now. Within one account AWS would accept that too, \
but nobody could see from the role what the function may do. Write the policy into `{role}`."""
FUNCTION_POLICY = """\
The role `{role}` still allows writing logs, and nothing else. `add_permission` writes the \
function's own policy, which says who may *invoke* the function. What the function itself may do \
is what its role allows."""
WITH_PRINCIPAL = """\
A statement of the policy `{policy}` has a `Principal`. AWS refuses that in the policy of a role: \
the principal is whoever holds the role."""
NO_LOGS = """\
The role may no longer write logs, so you would not hear of any error. Attach the policy \
`AWSLambdaBasicExecutionRole` again; `lab.deploy` does so too."""
DONE = "With its role `thumbnailer` can read photos and write thumbnails, and do nothing else."


def check(probe: Probe) -> str:
    role = configuration(probe, NAME)["Role"].rpartition("/")[2]
    scene = Scene(probe)
    if role != ROLE_NAME:
        raise Incorrect(RUNS_AS_ANOTHER.format(other=role, role=ROLE_NAME), link="role")
    rights, needs = rights_of(probe, ROLE_NAME, NAME), _needs(scene)
    if not rights.own:
        raise _no_policy(probe, needs)
    _see_no_principal(rights)
    broken = lack(rights, needs) or excess(rights, _beyond(scene, rights.caller.account))
    if broken:
        raise broken
    _see_logs(rights)
    assert scene.made_of(draw(300, 200).stored()).picture
    return DONE


def _needs(scene: Scene) -> list[Need]:
    read, write = "read the photos", "write into the gallery"
    return [
        Need("s3:GetObject", scene.uploads, f"incoming/{scene.mark}.jpg", read),
        *(
            Need("s3:PutObject", scene.gallery, f"{folder}/{scene.mark}.jpg", write)
            for folder in ("small", "large", "quarantine")
        ),
    ]


def _beyond(scene: Scene, account: str) -> list[Beyond]:
    """What the role must not allow, the most telling first."""
    uploads, gallery = (f"arn:aws:s3:::{name}" for name in (scene.uploads, scene.gallery))
    photo, thumb = f"{uploads}/incoming/{scene.mark}.jpg", f"{gallery}/small/{scene.mark}.jpg"
    here = f"{scene.probe.client('lambda').meta.region_name}:{account}"
    return [
        Beyond(Access("s3:DeleteObject", photo), "delete uploads"),
        Beyond(Access("s3:PutObject", photo), "write into the bucket of uploads"),
        Beyond(Access("s3:GetObject", thumb), "read what is in the gallery"),
        Beyond(Access("s3:DeleteObject", thumb), "delete thumbnails"),
        *_in_other_buckets(scene),
        Beyond(Access("s3:PutObjectAcl", thumb), "change who may see a thumbnail"),
        Beyond(Access("s3:PutObjectTagging", thumb), "tag thumbnails"),
        Beyond(Access("s3:GetObjectVersion", photo), "read older versions of uploads"),
        Beyond(Access("s3:GetObjectAcl", photo), "read who may see an upload"),
        Beyond(Access("s3:GetObjectTagging", photo), "read the tags of uploads"),
        Beyond(Access("s3:ListBucket", uploads), "list the uploads"),
        Beyond(Access("s3:ListBucket", gallery), "list the gallery"),
        Beyond(Access("s3:PutBucketPolicy", uploads), "change the policy of a bucket"),
        Beyond(Access("s3:PutBucketPolicy", gallery), "change the policy of a bucket"),
        Beyond(Access("s3:DeleteBucket", uploads), "delete a bucket"),
        Beyond(Access("s3:DeleteBucket", gallery), "delete a bucket"),
        Beyond(Access("s3:ListAllMyBuckets", "arn:aws:s3:::*"), "list all buckets"),
        Beyond(Access("dynamodb:Scan", f"arn:aws:dynamodb:{here}:table/orders"), "read tables"),
        Beyond(
            Access("lambda:InvokeFunction", f"arn:aws:lambda:{here}:function:{NAME}"),
            "invoke functions",
        ),
        Beyond(
            Access("iam:PutRolePolicy", f"arn:aws:iam::{account}:role/{ROLE_NAME}"), "change roles"
        ),
    ]


def _in_other_buckets(scene: Scene) -> Iterator[Beyond]:
    """Any other bucket, and those whose names only begin like the two."""
    for name in (scene.mark, f"{scene.uploads}-{scene.mark}", f"{scene.gallery}-{scene.mark}"):
        there = f"arn:aws:s3:::{name}/{scene.mark}"
        yield Beyond(Access("s3:GetObject", there), "read other buckets", True)
        yield Beyond(Access("s3:PutObject", there), "write into other buckets", True)


# No policy in the role: where is it then?


def _no_policy(probe: Probe, needs: Sequence[Need]) -> Exception:
    words = _elsewhere(probe, needs)
    if words:
        return Incorrect(words, link="role")
    return NotAttempted(NOTHING_YET.format(role=ROLE_NAME))


def _elsewhere(probe: Probe, needs: Sequence[Need]) -> str:
    iam = probe.client("iam")
    for page in iam.get_paginator("list_roles").paginate():
        for role in page["Roles"]:
            rights = rights_of(probe, role["RoleName"], NAME)
            if any(rights.allow(need.access) for need in needs):
                return ANOTHER_ROLE.format(other=role["RoleName"], role=ROLE_NAME)
    for policy in iam.list_policies(Scope="Local")["Policies"]:
        if not policy["AttachmentCount"]:
            return NOT_ATTACHED.format(policy=policy["PolicyName"], role=ROLE_NAME)
    for bucket in dict.fromkeys(need.bucket for need in needs):
        if _has_policy(probe, bucket):
            return BUCKET_POLICY.format(bucket=bucket, role=ROLE_NAME)
    return FUNCTION_POLICY.format(role=ROLE_NAME) if read_policy(probe, NAME) else ""


def _has_policy(probe: Probe, bucket: str) -> bool:
    try:
        probe.client("s3").get_bucket_policy(Bucket=bucket)
    except ClientError as error:
        if error_code(error) != "NoSuchBucketPolicy":
            raise
        return False
    return True


# What is left to see in a role


def _see_no_principal(rights: Rights) -> None:
    for right in rights.own:
        if right.statement.principals or right.statement.not_principals:
            words = WITH_PRINCIPAL.format(policy=right.policy)
            raise Incorrect(words, link="role", evidence=right.as_json())


def _see_logs(rights: Rights) -> None:
    group = f"arn:aws:logs:{rights.region}:{rights.caller.account}:log-group:/aws/lambda/{NAME}"
    if not rights.allow(Access("logs:PutLogEvents", f"{group}:log-stream:any")):
        raise Incorrect(NO_LOGS, link="role")


def undo_wrong_answer(probe: Probe) -> None:
    """Give the function its role again, and take out of it all but writing logs."""
    iam, aws = probe.client("iam"), probe.client("lambda")
    for name in iam.list_role_policies(RoleName=ROLE_NAME)["PolicyNames"]:
        iam.delete_role_policy(RoleName=ROLE_NAME, PolicyName=name)
    for policy in iam.list_attached_role_policies(RoleName=ROLE_NAME)["AttachedPolicies"]:
        if policy["PolicyArn"] != WRITE_LOGS:
            iam.detach_role_policy(RoleName=ROLE_NAME, PolicyArn=policy["PolicyArn"])
    iam.attach_role_policy(RoleName=ROLE_NAME, PolicyArn=WRITE_LOGS)
    arn = iam.get_role(RoleName=ROLE_NAME)["Role"]["Arn"]
    if configuration(probe, NAME)["Role"] != arn:
        aws.update_function_configuration(FunctionName=NAME, Role=arn)
        configuration(probe, NAME)
