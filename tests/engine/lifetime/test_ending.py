"""The end of an engine."""

from functools import partial
from pathlib import Path

import boto3
import psutil

from helpers.cloud.embedded import Engine
from tests.conftest import REGION
from tests.engine.support import Aws, until

RESTLESS = """
import subprocess

def handler(event, context):
    return subprocess.Popen(["sleep", "600"]).pid
"""


def test_an_engine_that_is_stopped_ends_all_that_its_functions_started(
    lab_home: Path,
) -> None:
    engine = Engine(lab_home / "ends")
    cloud = engine.start(say=print)
    try:
        secret = cloud.secret_access_key("000000000000")
        session = boto3.Session("000000000000", secret, region_name=REGION)
        aws = Aws(partial(session.client, endpoint_url=cloud.endpoint), "000000000000")
        aws.deploy(RESTLESS)
        restless = psutil.Process(aws.invoke().result)
        psutil.Process(cloud.pid).terminate()
        until(lambda: engine.status().state == "dead")
        assert not restless.is_running() or restless.status() == psutil.STATUS_ZOMBIE
    finally:
        engine.stop()
