"""Lab 05's checks: right answers in other words, what must not be touched, and the way ahead.

The wrong answers are in wrong_answers.py; the proofs run them in the sheet itself.
"""

import io
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from helpers.labs.thumbnails.least_privilege import Need, lack
from helpers.labs.thumbnails.rules import Rule, rules_of
from helpers.labs.thumbnails.scene import keys_in
from PIL import Image

from helpers.aws.iam.authorization import Caller
from helpers.aws.iam.policy import parse
from helpers.checks.package import is_same_code, package_file
from helpers.checks.rights import Access, Right, Rights
from helpers.checks.rights import _statements as statements_of
from helpers.cloud.engine import Ask, engine_of
from helpers.course.project import find_project
from helpers.exercises.exercise import find_exercise
from helpers.exercises.verdict import Incorrect, Outcome
from helpers.functions.deploy import WRITE_LOGS, deploy, spec_from
from helpers.labs.thumbnails import drawn, fit, given, loop, modes, package
from helpers.labs.thumbnails.fit import is_fitted
from helpers.labs.thumbnails.refused import Refusal, Work, refusal_in
from tests.checks.desk import Desk
from tests.labs.thumbnails import wrong_answers as worked

PROJECT = find_project()
DATA = PROJECT.data("thumbnails")
S3 = "s3.amazonaws.com"


Statement = dict[str, Any]


def allow(action: str | list[str], *resources: str, effect: str = "Allow") -> Statement:
    return {"Effect": effect, "Action": action, "Resource": list(resources)}


class Studio(Desk):
    """The desk of lab 05: two buckets, the function of two files, and its role."""

    def __init__(self, client: Callable[..., Any], folder: Path, engine: Ask) -> None:
        super().__init__("thumbnails", client, folder, engine)
        self.aws, self.s3 = self.client("lambda"), self.client("s3")
        account = self.client("sts").get_caller_identity()["Account"]
        self.uploads, self.gallery, self.playground = (
            f"{name}-{account}" for name in ("photos", "thumbnails", "playground")
        )
        for bucket in (self.uploads, self.gallery):
            self.s3.create_bucket(Bucket=bucket)
        (self.folder / "thumbnailer").mkdir()

    @property
    def read(self) -> Statement:
        return allow("s3:GetObject", f"arn:aws:s3:::{self.uploads}/*")

    @property
    def write_thumbnails(self) -> Statement:
        return allow("s3:PutObject", f"arn:aws:s3:::{self.gallery}/*")

    def deploy(self, pictures: str, handler: str, packages: tuple[str, ...] = ("pillow",)) -> None:
        self.write("thumbnailer/pictures.py", pictures)
        self.write("thumbnailer/thumbnailer.py", handler)
        environment = {"GALLERY": self.gallery}
        wanted = spec_from(
            self.folder / "thumbnailer",
            packages=packages,
            timeout=10,
            memory=512,
            environment=environment,
        )
        self.may(self.read, self.write_thumbnails)
        deploy(self.client, wanted)

    def deploy_backup(self, code: str) -> None:
        self.write("backup.py", code)
        own = f"arn:aws:s3:::{self.playground}/*"
        self.role_named("backup-role", allow(["s3:GetObject", "s3:PutObject"], own))
        deploy(self.client, spec_from(self.folder / "backup.py"))

    def may(self, *allowed: Statement) -> None:
        """What the role of the function allows from now on, beside writing logs."""
        self.role_named("thumbnailer-role", *allowed)
        if not allowed:
            for name in self.policies():
                iam = self.client("iam")
                iam.delete_role_policy(RoleName="thumbnailer-role", PolicyName=name)

    def policies(self) -> list[str]:
        found = self.client("iam").list_role_policies(RoleName="thumbnailer-role")
        return list(found["PolicyNames"])

    def trigger(self, *rules: Rule, bucket: str = "", function: str = "thumbnailer") -> None:
        self.aws.add_permission(
            FunctionName=function,
            StatementId="bucket",
            Principal=S3,
            Action="lambda:InvokeFunction",
        )
        listed = [configuration(rule) for rule in rules]
        self.s3.put_bucket_notification_configuration(
            Bucket=bucket or self.uploads,
            NotificationConfiguration={"LambdaFunctionConfigurations": listed},
        )

    def arn(self, function: str = "thumbnailer") -> str:
        return str(self.aws.get_function_configuration(FunctionName=function)["FunctionArn"])

    def listen(self) -> None:
        rule = partial(Rule, self.arn(), ("s3:ObjectCreated:*",), "incoming/")
        self.trigger(rule(".jpg"), rule(".png"))

    def everything(self) -> Any:
        """All that a check could leave behind or change."""
        buckets = [bucket["Name"] for bucket in self.s3.list_buckets()["Buckets"]]
        keys = {bucket: keys_in(self.probe, bucket) for bucket in buckets}
        rules = {bucket: rules_of(self.probe, bucket) for bucket in buckets}
        functions = self.aws.list_functions()["Functions"]
        roles = self.client("iam").get_account_authorization_details()["RoleDetailList"]
        return keys, rules, json.dumps([functions, roles], default=str, sort_keys=True)


def configuration(rule: Rule) -> dict[str, Any]:
    pairs = {"Prefix": rule.prefix, "Suffix": rule.suffix}  # S3 itself writes them so
    filters = [{"Name": name, "Value": value} for name, value in pairs.items() if value]
    return {
        "LambdaFunctionArn": rule.function,
        "Events": list(rule.events),
        "Filter": {"Key": {"FilterRules": filters}},
    }


@pytest.fixture
def studio(client, tmp_path, cloud, account):
    return Studio(client, tmp_path, engine_of(cloud, account))


# right answers in other words

FACTOR = """\
    factor = min(edge / picture.width, edge / picture.height, 1)
    size = max(1, round(picture.width * factor)), max(1, round(picture.height * factor))
    picture = picture.resize(size)
    buffer ="""
MASK = """\
    picture = ImageOps.exif_transpose(picture).convert("RGBA")
    ground = Image.new("RGB", picture.size, (255, 255, 255))
    ground.paste(picture, mask=picture.getchannel("A"))
    picture = ground
    picture.thumbnail"""
NOTE_KEPT = worked.MODES.replace("    picture = ImageOps.exif_transpose(picture)\n", "").replace(
    '"JPEG", quality=85', '"JPEG", quality=85, exif=note'
)
NOTE_KEPT = NOTE_KEPT.replace(
    "    if picture.has", "    note = picture.getexif()\n    if picture.has"
)
BASE_NAME = worked.SIZES.replace('key.removeprefix("incoming/")', 'key.split("/")[-1]')


def test_a_size_may_be_computed(studio):
    studio.deploy(given.PICTURES_FIT.replace("    buffer =", FACTOR, 1), given.HANDLER_NAIVE)
    assert studio.check("package").correct
    assert studio.check("fit").correct


@pytest.mark.parametrize(
    "pictures",
    [given.PICTURES_MODES.replace("    picture.thumbnail", MASK), NOTE_KEPT],
    ids=["a mask", "the note kept"],
)
def test_modes_may_be_handled_in_any_way_that_is_seen_right(studio, pictures):
    studio.deploy(pictures, worked.KEYS)
    studio.listen()
    assert studio.check("modes").correct


def test_all_is_still_right_when_the_lab_has_gone_on(studio):
    studio.deploy(worked.MODES, BASE_NAME)
    studio.listen()
    before = studio.everything()
    names = [exercise.name for exercise in studio.exercises if exercise.name != "loop"]
    for name in names * 2:
        verdict = studio.check(name)
        assert verdict.correct, verdict
    assert studio.everything() == before


# nothing to look at yet


def test_what_the_sheet_gives_is_no_attempt(studio):
    studio.deploy(given.PICTURES_NAIVE, given.HANDLER_NAIVE, packages=())
    assert studio.check("package").outcome is Outcome.NOT_ATTEMPTED
    studio.deploy(given.PICTURES_NAIVE, given.HANDLER_NAIVE)
    for name in ("fit", "trigger", "keys"):
        assert studio.check(name).outcome is Outcome.NOT_ATTEMPTED, name


@pytest.mark.parametrize(
    "exercise", ["package", "role", "fit", "trigger", "keys", "modes", "sizes"]
)
def test_a_function_that_is_gone_is_said_to_be_gone(studio, exercise):
    verdict = studio.check(exercise)
    assert verdict.outcome is Outcome.INCORRECT
    assert "`thumbnailer` is gone" in verdict.message


def test_a_bucket_that_is_gone_is_said_to_be_gone(studio):
    studio.deploy(given.PICTURES_NAIVE, given.HANDLER_NAIVE)
    studio.s3.delete_bucket(Bucket=studio.gallery)
    assert f"The bucket `{studio.gallery}` is gone" in studio.check("package").message


# the role


def test_a_role_may_say_the_same_in_other_words(studio):
    studio.deploy(given.PICTURES_NAIVE, given.HANDLER_NAIVE)
    iam = studio.client("iam")
    uploads, gallery = (f"arn:aws:s3:::{name}/*" for name in (studio.uploads, studio.gallery))
    folder = f"arn:aws:s3:::{studio.uploads}/incoming/*"
    studio.may(
        allow(["s3:GetObject", "S3:getobject"], uploads, folder), allow("s3:putobject", gallery)
    )
    assert studio.check("role").correct
    studio.may(allow("s3:GetObject", folder), studio.write_thumbnails)  # where the photos are
    assert studio.check("role").correct
    document = {"Version": "2012-10-17", "Statement": studio.write_thumbnails}  # not a list
    policy = iam.create_policy(PolicyName="write", PolicyDocument=json.dumps(document))
    studio.may(studio.read)
    iam.attach_role_policy(RoleName="thumbnailer-role", PolicyArn=policy["Policy"]["Arn"])
    before = studio.everything()
    for _ in range(2):
        verdict = studio.check("role")
        assert verdict.correct, verdict
    assert studio.everything() == before


def test_the_package_is_judged_before_the_role_allows_anything(studio):
    studio.deploy(given.PICTURES_NAIVE, given.HANDLER_NAIVE)
    studio.may()
    assert studio.check("role").outcome is Outcome.NOT_ATTEMPTED
    assert studio.check("package").correct


@pytest.mark.parametrize("exercise", ["fit", "keys", "trigger", "modes", "quarantine", "sizes"])
def test_a_role_that_lacks_something_is_named_in_every_later_exercise(studio, exercise):
    studio.deploy(worked.MODES, worked.SIZES)
    studio.listen()
    studio.may(studio.read)
    verdict = studio.check(exercise)
    assert (verdict.outcome, verdict.link) == (Outcome.INCORRECT, "role")
    assert "AWS did not let `thumbnailer-role` do this: `s3:PutObject`" in verdict.message
    missing = {"Effect": "Allow", "Action": "s3:PutObject"}
    objects = f"arn:aws:s3:::{studio.gallery}/*"
    assert json.loads(verdict.evidence) == missing | {"Resource": objects}


def test_a_statement_that_is_too_wide_is_shown(studio):
    studio.deploy(given.PICTURES_NAIVE, given.HANDLER_NAIVE)
    wide = allow("s3:Put*", f"arn:aws:s3:::{studio.gallery}/*")
    studio.may(studio.read, wide)
    verdict = studio.check("role")
    assert (verdict.outcome, verdict.link) == (Outcome.INCORRECT, "role")
    assert "in the policy `desk`" in verdict.message
    assert json.loads(verdict.evidence) == wide


def test_what_the_role_allows_and_a_boundary_does_not_is_seen_at_work(studio):
    studio.deploy(given.PICTURES_NAIVE, given.HANDLER_NAIVE)
    iam = studio.client("iam")
    document = {"Version": "2012-10-17", "Statement": [studio.read, allow("logs:*", "*")]}
    boundary = iam.create_policy(PolicyName="limit", PolicyDocument=json.dumps(document))
    arn = boundary["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName="thumbnailer-role", PermissionsBoundary=arn)
    verdict = studio.check("role")
    assert (verdict.outcome, verdict.link) == (Outcome.INCORRECT, "role")
    assert "do this: `s3:PutObject`" in verdict.message


def test_the_way_to_the_worked_role_is_cleared(studio):
    studio.deploy(given.PICTURES_NAIVE, given.HANDLER_NAIVE)
    iam = studio.client("iam")
    role = {"RoleName": "thumbnailer-role"}
    iam.attach_role_policy(**role, PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
    iam.detach_role_policy(**role, PolicyArn=WRITE_LOGS)
    other = studio.role_named("other-role", allow("s3:*", "*"))
    studio.aws.update_function_configuration(FunctionName="thumbnailer", Role=other)
    find_exercise(studio.exercises, "role").undo(studio.probe)
    assert studio.policies() == []
    attached = iam.list_attached_role_policies(**role)["AttachedPolicies"]
    assert [policy["PolicyArn"] for policy in attached] == [WRITE_LOGS]
    iam.delete_role_policy(RoleName="other-role", PolicyName="desk")
    assert studio.check("role").outcome is Outcome.NOT_ATTEMPTED
    studio.may(studio.read, studio.write_thumbnails)
    assert studio.check("role").correct


CALLER = Caller("111122223333", "arn:aws:sts::111122223333:assumed-role/thumbnailer-role/f")
NEEDS = [
    Need("s3:GetObject", "photos", "incoming/a.jpg", "read the photos"),
    Need("s3:PutObject", "gallery", "small/a.jpg", "write into the gallery"),
]


def rights(*statements: Statement) -> Rights:
    documents = [{"Version": "2012-10-17", "Statement": one} for one in statements]
    found = [
        Right("own", "", one, *parse(document))
        for one, document in zip(statements, documents, strict=True)
    ]
    return Rights(CALLER, "us-east-1", found)


PHOTOS, GALLERY = "arn:aws:s3:::photos/*", "arn:aws:s3:::gallery/*"


@pytest.mark.parametrize(
    ("words", "statements"),
    [
        ("may not read the photos", [allow("sqs:SendMessage", "*")]),
        ("may read the photos, but not write", [allow("s3:GetObject", PHOTOS)]),
        ("S3 has no action `s3:ReadObject`", [allow("s3:ReadObject", PHOTOS)]),
        ("is the ARN of the bucket itself", [allow("s3:GetObject", PHOTOS[:-2])]),
        (
            "The buckets are swapped",
            [allow("s3:GetObject", GALLERY), allow("s3:PutObject", PHOTOS)],
        ),
        ("not on every one under `incoming/`", [allow("s3:GetObject", PHOTOS[:-1] + "old/*")]),
        ("on something else", [allow("s3:GetObject", GALLERY)]),
        ("denies `s3:GetObject`", [allow("s3:*", "*"), allow("s3:Get*", "*", effect="Deny")]),
    ],
)
def test_what_a_role_lacks_is_told(words, statements):
    found = lack(rights(*statements), NEEDS)
    assert found
    assert found.link == "role"
    assert words in str(found)


def test_a_policy_that_aws_could_not_read_is_shown():
    written = {"Effect": "Maybe", "Action": "s3:GetObject", "Resource": "*"}
    with pytest.raises(Incorrect, match="AWS can't read the policy `photos`") as raised:
        list(statements_of("photos", "", {"Statement": written}))
    assert json.loads(raised.value.evidence) == written


def test_actions_are_the_same_in_any_case_and_lack_nothing():
    assert (
        lack(rights(allow("S3:getOBJECT", PHOTOS), allow("s3:putobject", GALLERY)), NEEDS) is None
    )


def test_a_role_is_asked_as_aws_asks_it():
    condition = {"Condition": {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}}
    assert rights(allow("s3:GetObject", PHOTOS) | condition).allow(NEEDS[0].access)
    assert not rights().allow(Access("s3:GetObject", PHOTOS))


# what was refused

ERROR = (
    "An error occurred (AccessDenied) when calling the {} operation: User: {} is not authorized to "
    'perform: {} on resource: "arn:aws:s3:::{}" because no identity-based policy allows that'
)


@pytest.mark.parametrize(
    ("call", "action", "resource", "words"),
    [
        ("GetObject", "s3:GetObject", "photos/incoming/a b.jpg", ""),
        ("PutObject", "s3:PutObject", "gallery/large/a.jpg", ""),
        ("GetObject", "s3:ListBucket", "photos", "asked for an object that is not there"),
        ("ListObjectsV2", "s3:ListBucket", "photos", "tried `s3:ListBucket`"),
        ("PutObject", "s3:PutObject", "photos/incoming/a.jpg", "tried `s3:PutObject`"),
        ("DeleteObject", "s3:DeleteObject", "gallery/a.jpg", "tried `s3:DeleteObject`"),
    ],
)
def test_what_a_role_rightly_refuses_is_the_code_s_fault(studio, call, action, resource, words):
    work = Work("f", "work", {"s3:GetObject": "photos", "s3:PutObject": "gallery"})
    told = ERROR.format(call, "f", action, resource)
    assert refusal_in(studio.probe, told) == Refusal(call, action, f"arn:aws:s3:::{resource}")
    beyond = work.beyond(studio.probe, told)
    assert words in str(beyond or "")
    assert bool(beyond) is bool(words)
    assert beyond is None or action not in beyond.evidence  # the verdict keeps these words


LOADED = worked.KEYS.replace(
    'photo = s3.get_object(Bucket=bucket, Key=key)["Body"].read()',
    "store = io.BytesIO(); s3.download_fileobj(bucket, key, store); photo = store.getvalue()",
).replace("import os\n", "import io\nimport os\n")


def test_a_head_request_that_is_refused_says_less_and_is_understood_all_the_same(studio):
    studio.deploy(worked.MODES, LOADED.replace("urllib.parse.unquote_plus(key)", "key"))
    verdict = studio.check("keys")
    assert "that has to be decoded before the object is fetched" in verdict.message
    assert "key in the bucket" in verdict.evidence
    studio.deploy(worked.MODES, LOADED)
    studio.may(studio.write_thumbnails)
    verdict = studio.check("keys")
    assert verdict.link == "role"
    assert "do this: `s3:GetObject`" in verdict.message


def test_an_error_that_is_no_refusal_is_none(studio):
    assert refusal_in(studio.probe, "KeyError: 'Records'") is None
    assert refusal_in(studio.probe, "An error occurred (403) when calling the HeadObject") is None


# what the proofs do not reach


def test_a_thumbnail_that_is_no_picture_or_no_jpeg_is_told(studio):
    studio.deploy("def thumbnail(photo, edge):\n    return b'soon'\n", given.HANDLER_NAIVE)
    assert "it is no picture" in studio.check("fit").message
    studio.deploy(worked.FIT.replace('"JPEG", quality=85', '"PNG"'), given.HANDLER_NAIVE)
    assert "is a PNG; it should be a JPEG" in studio.check("fit").message


def test_a_picture_shown_to_all_is_found_out(studio):
    canned = drawn.draw(160, 100).stored()
    studio.deploy(f"def thumbnail(photo, edge):\n    return {canned!r}\n", worked.KEYS)
    assert studio.check("fit").outcome is Outcome.INCORRECT
    assert "shows another picture" in studio.check("keys").message


def test_a_bucket_that_does_not_call_is_named_in_the_later_exercises(studio):
    studio.deploy(worked.MODES, worked.SIZES)
    verdict = studio.check("sizes")
    assert (verdict.outcome, verdict.link) == (Outcome.INCORRECT, "event source")
    assert "which was only uploaded" in verdict.message


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("s3.put_object(", "dict(", "no thumbnail has arrived"),
        ('f"small/{name}.jpg"', 'f"small/x-{name}.jpg"', "but under another key"),
        ("small = thumbnail(photo, 160)", "small = photo[:9]", "it is no picture"),
        ("small = thumbnail(photo, 160)", "small = 1 / 0", "stopped with the error below"),
    ],
)
def test_what_a_package_does_with_a_photo_is_told_without_s3(studio, old, new, words):
    studio.deploy(given.PICTURES_NAIVE, worked.changed(given.HANDLER_NAIVE, ((old, new),)))
    studio.may()
    verdict = studio.check("package")
    assert verdict.outcome is Outcome.INCORRECT
    assert words in verdict.message
    assert "in_the_place_of_s3" not in verdict.evidence


def test_rules_for_another_function_that_may_be_invoked_are_told(studio):
    studio.s3.create_bucket(Bucket=studio.playground)
    studio.deploy(worked.MODES, worked.KEYS)
    studio.deploy_backup(given.BACKUP)
    rule = Rule(studio.arn("backup"), ("s3:ObjectCreated:*",), "incoming/", ".jpg")
    studio.trigger(rule, function="backup")
    assert "The rules of the bucket call `backup`" in studio.check("trigger").message


def test_the_way_to_the_worked_answer_is_cleared_of_rules_and_permissions(studio):
    studio.deploy(worked.MODES, worked.KEYS)
    undo = find_exercise(studio.exercises, "trigger").undo
    undo(studio.probe)
    studio.listen()
    undo(studio.probe)
    studio.listen()
    assert studio.check("trigger").correct


def test_a_colleague_who_still_loops_is_stopped_and_cleared_away(studio):
    studio.s3.create_bucket(Bucket=studio.playground)
    studio.deploy_backup(given.BACKUP.replace("> 60", "> 60000"))
    rule = Rule(studio.arn("backup"), ("s3:ObjectCreated:*",), "incoming/")
    studio.trigger(rule, bucket=studio.playground, function="backup")
    verdict = studio.check("loop")
    assert "the function ran for its own copies too" in verdict.message
    studio.probe.wait_for(lambda: not keys_in(studio.probe, studio.playground))


def test_a_copy_in_another_bucket_is_not_found(studio, monkeypatch):
    monkeypatch.setattr(loop, "PATIENCE", 2.0)
    studio.s3.create_bucket(Bucket=studio.playground)
    code = given.BACKUP.replace("incoming/copy-of-", "backup/")
    studio.deploy_backup(
        code.replace("copy_object(Bucket=bucket", f"copy_object(Bucket={studio.gallery!r}")
    )
    rule = Rule(studio.arn("backup"), ("s3:ObjectCreated:*",), "incoming/")
    studio.trigger(rule, bucket=studio.playground, function="backup")
    verdict = studio.check("loop")
    assert "`backup` tried `s3:PutObject`" in verdict.message
    own = allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::*/*")
    studio.role_named("backup-role", own)
    assert "no copy has appeared in its bucket" in studio.check("loop").message


ASIDE = 'put(f"quarantine/{name}", photo, Metadata={"reason": reason})'
QUARANTINES = {
    "It went somewhere else. Below": (ASIDE, ASIDE.replace("{name}", "{name}.txt")),
    "There is a thumbnail of": (ASIDE, f'{ASIDE}; put(f"small/{{name}}.jpg", b"?")'),
    "has no thumbnail any more": ('put(f"small/{name}.jpg", small', 'put("none.jpg", small'),
}


@pytest.mark.parametrize("words", QUARANTINES)
def test_a_quarantine_that_is_not_quite_right_is_told(studio, words):
    studio.deploy(worked.MODES, worked.changed(worked.QUARANTINE, (QUARANTINES[words],)))
    verdict = studio.check("quarantine")
    assert words.removeprefix("It ") in verdict.message


def test_other_bytes_and_a_lost_quarantine_are_told(studio):
    noise = ("quality=85)\n", "quality=85, comment=__import__('os').urandom(9))\n")
    studio.deploy(worked.changed(worked.MODES, (noise,)), worked.SIZES)
    assert "left other bytes" in studio.check("sizes").message
    studio.deploy(worked.MODES, worked.changed(worked.SIZES, ((ASIDE, "continue"),)))
    assert "no longer put into quarantine" in studio.check("sizes").message


def test_pillow_for_another_machine_is_told(studio):
    names = ["PIL/__init__.py", "pillow.libs/libjpeg.so", "pictures.py", "thumbnailer.py"]
    evidence = "ImportError: cannot import name '_imaging' from 'PIL'"
    told = package._without_pillow(studio.probe, names, "", evidence)
    assert "made for another machine" in str(told)


@pytest.mark.parametrize(
    ("photo", "thumb", "words"),
    [((100, 60), (50, 30), "became even smaller"), ((640, 427), (100, 67), "The longer side")],
)
def test_a_size_that_is_too_small_is_told(photo, thumb, words):
    assert words in fit._slip(photo, thumb)


def test_what_became_of_a_transparent_place_is_told():
    case = modes._transparent("RGBA")
    size = case.drawn.size
    for ground, words in {
        "black": "come to light",
        "red": "should be white, and it is red",
    }.items():
        colour = (drawn.COLOURS | drawn.GROUNDS)[ground]
        assert words in modes._slip(case, Image.new("RGB", size, colour))


def test_proportions_lost_on_the_way_are_told():
    case = modes._cases()[0]
    assert "its proportions" in modes._slip(case, case.drawn.picture.resize((160, 160)))


# pictures


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_the_quarters_of_a_drawn_picture_are_recognised(format):
    picture = drawn.broad()
    assert drawn.quarters(drawn.opened(picture.stored(format))) == picture.quarters


def test_colours_are_named_only_where_they_are_near():
    assert drawn.name_of((250, 252, 251)) == "white"
    assert drawn.name_of((128, 128, 128)) == "rgb(128, 128, 128)"


@pytest.mark.parametrize("data", [b"", b"a text", (DATA / "broken.jpg").read_bytes()])
def test_what_is_no_picture_is_none(data):
    assert drawn.opened(data) is None


@pytest.mark.parametrize(
    ("size", "photo", "fits"),
    [
        ((160, 107), (640, 427), True),
        ((160, 160), (640, 427), False),
        ((50, 30), (50, 30), True),
        ((160, 96), (50, 30), False),
    ],
)
def test_a_size_fits_or_not(size, photo, fits):
    assert is_fitted(size, photo, 160) is fits


def test_a_rule_matches_whole_prefixes_and_suffixes():
    rule = Rule("arn", ("s3:ObjectCreated:Put",), "incoming/", ".jpg")
    assert rule.matches("incoming/a.jpg")
    assert not rule.matches("incoming/a.JPG")
    assert not rule.matches("a/incoming/a.jpg")
    assert not rule.on_every_creation


# what the sheet gives

WRITTEN = {
    "pictures.py": (given.PICTURES_NAIVE, given.PICTURES_FIT, given.PICTURES_MODES),
    "thumbnailer.py": (
        given.HANDLER_NAIVE,
        given.HANDLER_KEYS,
        given.HANDLER_QUARANTINE,
        given.HANDLER_SIZES,
    ),
    "backup.py": (given.BACKUP, given.BACKUP),
}


@pytest.mark.parametrize("file", WRITTEN)
def test_the_sheet_gives_the_code_that_the_checks_know(file):
    notebook = json.loads((PROJECT.labs / PROJECT.sheet("thumbnails").file).read_text("utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"]]
    marked = [cell for cell in cells if cell.startswith("%%writefile") and file in cell[:60]]
    codes = [cell.partition("\n")[2] for cell in marked]
    assert len(codes) == len(WRITTEN[file])
    for code, known in zip(codes, WRITTEN[file], strict=True):
        assert is_same_code(code, known)


def test_the_deployed_file_is_read_from_its_package(studio):
    studio.deploy(given.PICTURES_NAIVE, given.HANDLER_NAIVE, packages=())
    assert package_file(studio.probe, "thumbnailer", "pictures.py") == given.PICTURES_NAIVE
    assert package_file(studio.probe, "thumbnailer", "other.py") is None


# the photos that come with the lab


def opened(name: str) -> Image.Image:
    return Image.open(io.BytesIO((DATA / name).read_bytes()))


def test_the_photos_are_what_the_lab_says_of_them():
    modes = {name: opened(name).mode for name in ("badge.png", "poster.png", "print.jpg")}
    assert modes == {"badge.png": "RGBA", "poster.png": "P", "print.jpg": "CMYK"}
    assert opened("cat.jpg").getexif()[0x0112] == 6
    assert drawn.opened((DATA / "notes.jpg").read_bytes()) is None
    badge = opened("badge.png")
    assert badge.getpixel((0, 0)) == (0, 0, 0, 0)


def test_the_photos_are_small_and_each_licence_is_stated():
    photos = [file for file in DATA.iterdir() if file.suffix in (".jpg", ".png")]
    note = (DATA / "README.md").read_text("utf-8")
    assert sum(file.stat().st_size for file in photos) <= 500_000
    assert all(f"`{file.name}`" in note for file in photos)
