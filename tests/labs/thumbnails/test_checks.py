"""Lab 05's checks: what a sheet can't show. The answers are in wrong_ and right_answers.py."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.checks.buckets import keys_in
from helpers.checks.links.s3_notification import rules_of
from helpers.cloud.engine import Ask, engine_of
from helpers.course.project import find_project
from helpers.exercises.verdict import Outcome, Verdict
from helpers.functions.deploy import deploy, spec_from
from helpers.labs.thumbnails import drawn, loop, package, studio
from helpers.labs.thumbnails.refused import Refusal, Work, find_refusal
from tests.checks.desk import Desk
from tests.labs.thumbnails.wrong_answers import worked

DATA = find_project().data("thumbnails")
PICTURES, HANDLER, BACKUP = (
    worked.answer(exercise)[0].partition("\n")[2] for exercise in ("modes", "sizes", "loop")
)
LOOPING = BACKUP.replace('        copy = f"backup/{name}"\n', "").replace("> 60", "> 60000")
LATER = ["fit", "trigger", "keys", "modes", "quarantine", "sizes"]

Statement = dict[str, Any]


def allow(action: str | list[str], *resources: str) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": list(resources)}


class Room(Desk):
    """The desk of lab 05: two buckets, the function of two files, and its role."""

    def __init__(self, client: Callable[..., Any], folder: Path, engine: Ask, account: str) -> None:
        super().__init__("thumbnails", client, folder, engine)
        self.aws, self.s3 = self.client("lambda"), self.client("s3")
        self.uploads, self.gallery, self.playground = (
            f"{name}-{account}" for name in ("photos", "thumbnails", "playground")
        )
        for bucket in (self.uploads, self.gallery, self.playground):
            self.s3.create_bucket(Bucket=bucket)
        self.read = allow("s3:GetObject", f"arn:aws:s3:::{self.uploads}/*")
        self.write_small = allow("s3:PutObject", f"arn:aws:s3:::{self.gallery}/*")
        (self.folder / "thumbnailer").mkdir()

    def deploy(self, pictures: str = PICTURES, handler: str = HANDLER) -> None:
        self.write("thumbnailer/pictures.py", pictures)
        self.write("thumbnailer/thumbnailer.py", handler)
        self.role_named("thumbnailer-role", self.read, self.write_small)
        wanted = spec_from(
            self.folder / "thumbnailer",
            packages=("pillow",),
            timeout=10,
            memory=512,
            environment={"GALLERY": self.gallery},
        )
        deploy(self.client, wanted)

    def deploy_backup(self, code: str) -> None:
        self.write("backup.py", code)
        own = f"arn:aws:s3:::{self.playground}/*"
        self.role_named("backup-role", allow(["s3:GetObject", "s3:PutObject"], own))
        deploy(self.client, spec_from(self.folder / "backup.py"))
        self.trigger(self.playground, "backup", [])

    def listen(self) -> None:
        suffixes = [{"Name": "suffix", "Value": suffix} for suffix in (".jpg", ".png")]
        self.trigger(self.uploads, "thumbnailer", suffixes)

    def trigger(self, bucket: str, function: str, suffixes: list[dict[str, str]]) -> None:
        """Let S3 invoke the function, for incoming/ with each of the suffixes, if any."""
        self.aws.add_permission(
            FunctionName=function,
            StatementId="bucket",
            Principal="s3.amazonaws.com",
            Action="lambda:InvokeFunction",
        )
        arn = self.aws.get_function_configuration(FunctionName=function)["FunctionArn"]
        prefix, each = {"Name": "prefix", "Value": "incoming/"}, suffixes or [None]
        rules = [
            {
                "LambdaFunctionArn": arn,
                "Events": ["s3:ObjectCreated:*"],
                "Filter": {"Key": {"FilterRules": [prefix, suffix] if suffix else [prefix]}},
            }
            for suffix in each
        ]
        self.s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={"LambdaFunctionConfigurations": rules}
        )

    def everything(self) -> Any:
        """Return all that a check could leave behind or change."""
        buckets = [bucket["Name"] for bucket in self.s3.list_buckets()["Buckets"]]
        kept = [(each, keys_in(self.probe, each), rules_of(self.probe, each)) for each in buckets]
        roles = self.client("iam").get_account_authorization_details()["RoleDetailList"]
        functions = self.aws.list_functions()["Functions"]
        return kept, json.dumps([functions, roles], default=str, sort_keys=True)


@pytest.fixture
def room(client, tmp_path, cloud, account):
    return Room(client, tmp_path, engine_of(cloud, account), account)


def says(verdict: Verdict) -> str:
    return f"{verdict.link}: {verdict.diagnosis}"


def test_all_is_still_right_when_the_lab_has_gone_on_and_nothing_is_changed(room):
    room.deploy()
    room.listen()
    room.deploy_backup(BACKUP)
    before = room.everything()
    for exercise in [each.name for each in room.exercises] * 2:
        verdict = room.check(exercise)
        assert verdict.correct, verdict
    assert room.everything() == before


def test_a_function_or_a_bucket_that_is_gone_is_said_to_be_gone(room):
    exercises = ["package", "role", *LATER]
    assert {says(room.check(each)) for each in exercises} == {"function: function.gone"}
    room.deploy()
    room.s3.delete_bucket(Bucket=room.gallery)
    assert {says(room.check(each)) for each in exercises} == {"bucket: bucket.gone"}


def test_a_role_that_lacks_something_is_named_in_every_later_exercise(room):
    room.deploy()
    room.listen()
    room.role_named("thumbnailer-role", room.read)
    missing = {"Effect": "Allow", "Action": "s3:PutObject"}
    for exercise in LATER:
        verdict = room.check(exercise)
        assert says(verdict) == "role: role.denied", exercise
        objects = f"arn:aws:s3:::{room.gallery}/*"
        assert json.loads(verdict.evidence) == missing | {"Resource": objects}


def test_what_the_role_allows_and_a_boundary_does_not_is_seen_at_work(room):
    room.deploy()
    iam = room.client("iam")
    document = {"Version": "2012-10-17", "Statement": [room.read, allow("logs:*", "*")]}
    boundary = iam.create_policy(PolicyName="limit", PolicyDocument=json.dumps(document))
    iam.put_role_permissions_boundary(
        RoleName="thumbnailer-role", PermissionsBoundary=boundary["Policy"]["Arn"]
    )
    assert says(room.check("role")) == "role: role.denied"


ERROR = (
    "An error occurred (AccessDenied) when calling the {} operation: User: f is not authorized to "
    'perform: {} on resource: "arn:aws:s3:::{}" because no identity-based policy allows that'
)


@pytest.mark.parametrize(
    ("call", "action", "resource", "id"),
    [
        ("GetObject", "s3:GetObject", "photos/incoming/a b.jpg", ""),
        ("GetObject", "s3:ListBucket", "photos", "refused.no-such-key"),
        ("ListObjectsV2", "s3:ListBucket", "photos", "refused.beyond-its-work"),
        ("PutObject", "s3:PutObject", "photos/incoming/a.jpg", "refused.beyond-its-work"),
    ],
)
def test_what_a_role_rightly_refuses_is_the_fault_of_the_code(room, call, action, resource, id):
    work = Work("f", "work", {"s3:GetObject": "photos", "s3:PutObject": "gallery"})
    message = ERROR.format(call, action, resource)
    assert find_refusal(room.probe, message) == Refusal(call, action, f"arn:aws:s3:::{resource}")
    beyond = work.beyond(room.probe, message)
    assert (beyond.id if beyond else "") == id
    assert find_refusal(room.probe, "KeyError: 'Records'") is None


LOADED = HANDLER.replace("import os\n", "import io\nimport os\n").replace(
    'photo = s3.get_object(Bucket=bucket, Key=key)["Body"].read()',
    "store = io.BytesIO(); s3.download_fileobj(bucket, key, store); photo = store.getvalue()",
)


def test_a_head_request_that_is_refused_says_less_and_is_understood_all_the_same(room):
    room.deploy(handler=LOADED.replace("urllib.parse.unquote_plus", "str"))
    assert says(room.check("keys")) == "code: keys.not-decoded"
    room.deploy(handler=LOADED)
    room.role_named("thumbnailer-role", room.write_small)
    verdict = room.check("keys")
    assert says(verdict) == "role: role.denied"
    assert "do this: `s3:GetObject`" in verdict.message


def test_an_image_shown_for_every_photo_is_found_out(room):
    canned = drawn.draw(160, 100).jpeg
    room.deploy(f"def thumbnail(photo, edge):\n    return {canned!r}\n")
    assert room.check("fit").outcome is Outcome.INCORRECT
    assert says(room.check("keys")) == "code: keys.other-image"


def test_an_upload_that_the_function_changes_is_named(room):
    room.deploy(handler=f"{HANDLER}\n        s3.delete_object(Bucket=bucket, Key=key)\n")
    room.role_named("thumbnailer-role", allow("s3:*", "*"))
    assert says(room.check("fit")) == "effect: thumbnail.upload-changed"
    assert says(room.check("quarantine")) == "effect: quarantine.upload-gone"


def test_a_bucket_that_does_not_invoke_the_function_is_named_in_the_later_exercises(
    room, monkeypatch
):
    monkeypatch.setattr(studio, "PATIENCE", 1.0)
    room.deploy()
    assert says(room.check("sizes")) == "event source: thumbnail.not-invoked"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("s3.put_object(", "dict(", "effect: thumbnail.missing"),
        ('{size}/{name}.jpg"', '{size}/x-{name}.jpg"', "effect: thumbnail.elsewhere"),
        ("thumbnail(photo, edge)", "photo[:9]", "effect: thumbnail.not-an-image"),
        ("thumbnail(photo, edge)", "1 / 0", "code: function.raised"),
    ],
)
def test_what_a_package_makes_of_a_photo_is_seen_without_s3(room, old, new, expected):
    assert old in HANDLER
    room.deploy(handler=HANDLER.replace(old, new))
    room.client("iam").delete_role_policy(RoleName="thumbnailer-role", PolicyName="desk")
    verdict = room.check("package")
    assert says(verdict) == expected
    assert "in_the_place_of_s3" not in verdict.evidence


def test_a_backup_that_still_loops_is_stopped_and_cleared_away(room):
    room.deploy_backup(LOOPING)
    assert says(room.check("loop")) == "effect: loop.still-loops"
    room.probe.wait_for(lambda: not keys_in(room.probe, room.playground))


def test_a_copy_in_another_bucket_is_not_found(room, monkeypatch):
    monkeypatch.setattr(loop, "PATIENCE", 2.0)
    room.deploy_backup(BACKUP.replace("(Bucket=bucket", f"(Bucket={room.gallery!r}"))
    assert says(room.check("loop")) == "code: refused.beyond-its-work"
    room.role_named("backup-role", allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::*/*"))
    assert says(room.check("loop")) == "effect: loop.no-copy"


def test_pillow_for_another_machine_is_named():
    names = ["PIL/__init__.py", "pillow.libs/libjpeg.so", "pictures.py", "thumbnailer.py"]
    found = package.why_not_loaded(names, "", "ImportError: cannot import name '_imaging'")
    assert found.id == "package.other-build"


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_the_quarters_of_a_drawn_image_are_recognised(format):
    image = drawn.landscape()
    decoded = drawn.decoded(drawn.encoded(image.image, format))
    assert decoded
    assert drawn.quarters(decoded) == image.quarters
    assert drawn.name_of((250, 252, 251)) == "white"
    assert drawn.name_of((128, 128, 128)) == "rgb(128, 128, 128)"
    assert drawn.decoded(b"words") is None


def test_the_photos_are_what_the_lab_says_of_them():
    files = [file for file in DATA.iterdir() if file.suffix in (".jpg", ".png")]
    images = {file.name: drawn.decoded(file.read_bytes()) for file in files}
    modes = {name: images[name].mode for name in ("badge.png", "poster.png", "print.jpg")}
    assert modes == {"badge.png": "RGBA", "poster.png": "P", "print.jpg": "CMYK"}
    assert images["cat.jpg"].getexif()[0x0112] == 6
    assert images["notes.jpg"] is images["broken.jpg"] is None
    assert images["badge.png"].getpixel((0, 0)) == (0, 0, 0, 0)
    note = (DATA / "README.md").read_text("utf-8")
    assert sum(file.stat().st_size for file in files) <= 500_000
    assert all(f"`{file.name}`" in note for file in files)  # and under which licence
