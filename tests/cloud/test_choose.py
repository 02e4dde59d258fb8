"""Choose the cloud by the environment."""

from pathlib import Path

import pytest

from helpers.cloud import Cloud, CloudRefused, CloudUnreachable, choose_kind, open_cloud
from helpers.cloud.environment import point_boto3_at
from helpers.cloud.home import lab_home

HERE = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}


@pytest.mark.parametrize(
    ("environ", "kind"),
    [
        ({}, "embedded"),
        ({"AWS_ACCESS_KEY_ID": "AKIA", "AWS_PROFILE": "work", "AWS_REGION": "x"}, "embedded"),
        (HERE, "attached"),
        ({"LOCALSTACK_HOST": "localhost"}, "attached"),
        (HERE | {"LAB_CLOUD": "embedded"}, "embedded"),
        ({"LAB_CLOUD": " Attached "}, "attached"),
        ({"LAB_CLOUD": "aws"}, "aws"),
        ({"LAB_CLOUD": ""}, "embedded"),
    ],
)
def test_the_environment_chooses_the_cloud(environ: dict[str, str], kind: str) -> None:
    assert choose_kind(environ) == kind


def test_a_process_started_from_a_notebook_uses_the_notebooks_kind_of_cloud() -> None:
    environ: dict[str, str] = {}
    point_boto3_at(Cloud("embedded", "http://127.0.0.1:4566", "4.9.2"), "1" * 12, environ)
    assert choose_kind(environ) == "embedded"
    point_boto3_at(Cloud("attached", "http://127.0.0.1:4566", "4.9.2"), "1" * 12, environ)
    assert choose_kind(environ) == "attached"


def test_a_misspelled_cloud_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(CloudRefused, match=r"LAB_CLOUD=embeded .* \(did you mean embedded\?\)"):
        choose_kind({"LAB_CLOUD": "embeded"})


def test_aws_is_not_used_yet_even_when_asked_for() -> None:
    with pytest.raises(CloudRefused, match="nothing was called"):
        open_cloud({"LAB_CLOUD": "aws", "AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "x"})


@pytest.mark.parametrize("value", ["4h", "0", "-1", "nan"])
def test_an_invalid_idle_time_is_refused(value: str, tmp_path: Path) -> None:
    with pytest.raises(CloudRefused, match=f"LAB_IDLE={value} is not a number of seconds"):
        open_cloud({"LAB_IDLE": value, "LAB_HOME": str(tmp_path / "home")})
    assert not (tmp_path / "home").exists()


def test_an_attached_cloud_needs_an_address() -> None:
    with pytest.raises(CloudRefused, match="AWS_ENDPOINT_URL nor LOCALSTACK_HOST"):
        open_cloud({"LAB_CLOUD": "attached"})


def test_a_running_localstack_is_attached_to(cloud: Cloud) -> None:
    opened = open_cloud({"AWS_ENDPOINT_URL": cloud.endpoint})
    assert opened == Cloud("attached", cloud.endpoint, cloud.version)


def test_if_no_localstack_answers_none_is_started_instead(tmp_path: Path) -> None:
    environ = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "LAB_HOME": str(tmp_path / "home")}
    with pytest.raises(CloudUnreachable, match="no LocalStack answers there"):
        open_cloud(environ)
    assert not (tmp_path / "home").exists()


def test_an_embedded_cloud_that_already_runs_is_used(cloud: Cloud, lab_home: Path) -> None:
    assert open_cloud({"LAB_HOME": str(lab_home)}, say=print) == cloud


def test_the_home_is_the_users_unless_lab_home_is_set() -> None:
    assert lab_home({"LAB_HOME": "~/labs"}) == Path.home() / "labs"
    assert lab_home({}).name == "serverless-lab"
