"""Lab 05's checks: right answers in other words, what must not be touched, and the way ahead.

The wrong answers are in tests/wrong_answers; the proofs run them in the sheet itself.
"""

import io
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from helpers.checks.deployed import is_same_code, package_file
from helpers.checks.thumbnails import drawn, fit, given, loop, modes, package
from helpers.checks.thumbnails.fit import is_fitted
from helpers.checks.thumbnails.rules import Rule, rules_of
from helpers.checks.thumbnails.scene import keys_in
from helpers.exercises import Outcome, find_exercise
from helpers.functions import deploy, wanted_from
from helpers.project import find_project
from tests.checks.desk import Desk
from tests.wrong_answers import thumbnails as worked

PROJECT = find_project()
DATA = PROJECT.data("thumbnails")
S3 = "s3.amazonaws.com"


class Studio(Desk):
    """The desk of lab 05: two buckets, and the function of two files."""

    def __init__(self, client: Callable[..., Any], folder: Path) -> None:
        super().__init__("thumbnails", client, folder)
        self.aws, self.s3 = self.client("lambda"), self.client("s3")
        account = self.client("sts").get_caller_identity()["Account"]
        self.uploads, self.gallery, self.playground = (
            f"{name}-{account}" for name in ("photos", "thumbnails", "playground")
        )
        for bucket in (self.uploads, self.gallery):
            self.s3.create_bucket(Bucket=bucket)
        (self.folder / "thumbnailer").mkdir()

    def deploy(self, pictures: str, handler: str, packages: tuple[str, ...] = ("pillow",)) -> None:
        self.write("thumbnailer/pictures.py", pictures)
        self.write("thumbnailer/thumbnailer.py", handler)
        environment = {"GALLERY": self.gallery}
        wanted = wanted_from(
            self.folder / "thumbnailer",
            packages=packages,
            timeout=10,
            memory=512,
            environment=environment,
        )
        deploy(self.client, wanted)

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
        return keys, rules, json.dumps(functions, default=str, sort_keys=True)


def configuration(rule: Rule) -> dict[str, Any]:
    pairs = {"Prefix": rule.prefix, "Suffix": rule.suffix}  # S3 itself writes them so
    filters = [{"Name": name, "Value": value} for name, value in pairs.items() if value]
    return {
        "LambdaFunctionArn": rule.function,
        "Events": list(rule.events),
        "Filter": {"Key": {"FilterRules": filters}},
    }


@pytest.fixture
def studio(client, tmp_path):
    return Studio(client, tmp_path)


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


@pytest.mark.parametrize("exercise", ["package", "fit", "trigger", "keys", "modes", "sizes"])
def test_a_function_that_is_gone_is_said_to_be_gone(studio, exercise):
    verdict = studio.check(exercise)
    assert verdict.outcome is Outcome.INCORRECT
    assert "`thumbnailer` is gone" in verdict.message


def test_a_bucket_that_is_gone_is_said_to_be_gone(studio):
    studio.deploy(given.PICTURES_NAIVE, given.HANDLER_NAIVE)
    studio.s3.delete_bucket(Bucket=studio.gallery)
    assert f"The bucket `{studio.gallery}` is gone" in studio.check("package").message


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


def test_the_way_to_the_worked_answer_is_cleared_of_rules_and_permissions(studio):
    studio.deploy(worked.MODES, worked.KEYS)
    make_way = find_exercise(studio.exercises, "trigger").make_way
    make_way(studio.probe)
    studio.listen()
    make_way(studio.probe)
    studio.listen()
    assert studio.check("trigger").correct


def test_a_colleague_who_still_loops_is_stopped_and_cleared_away(studio):
    studio.s3.create_bucket(Bucket=studio.playground)
    studio.write("backup.py", given.BACKUP.replace("> 60", "> 60000"))
    deploy(studio.client, wanted_from(studio.folder / "backup.py"))
    rule = Rule(studio.arn("backup"), ("s3:ObjectCreated:*",), "incoming/")
    studio.trigger(rule, bucket=studio.playground, function="backup")
    verdict = studio.check("loop")
    assert "the function ran for its own copies too" in verdict.message
    studio.probe.wait_for(lambda: not keys_in(studio.probe, studio.playground))


def test_a_copy_in_another_bucket_is_not_found(studio, monkeypatch):
    monkeypatch.setattr(loop, "PATIENCE", 2.0)
    studio.s3.create_bucket(Bucket=studio.playground)
    code = given.BACKUP.replace("incoming/copy-of-", "backup/")
    studio.write(
        "backup.py",
        code.replace("copy_object(Bucket=bucket", f"copy_object(Bucket={studio.gallery!r}"),
    )
    deploy(studio.client, wanted_from(studio.folder / "backup.py"))
    rule = Rule(studio.arn("backup"), ("s3:ObjectCreated:*",), "incoming/")
    studio.trigger(rule, bucket=studio.playground, function="backup")
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
