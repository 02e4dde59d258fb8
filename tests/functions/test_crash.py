"""Where a function's own code stopped."""

import pytest

from helpers.functions.crash import Crash, crash_of
from helpers.functions.invoke import FunctionError, invoke
from tests.checks.desk import Shop, zip_of

OWN = '  File "/var/task/count.py", line 7, in handler\n    total = add(record)\n'
HELPER = '  File "/var/task/minutes.py", line 3, in add\n    table.update_item(Key=key)\n'
BOTO = '  File "/var/runtime/botocore/client.py", line 602, in _api_call\n    return self.call()\n'
PILLOW = '  File "/var/task/PIL/Image.py", line 3480, in open\n    raise UnidentifiedImageError\n'


def crash(*frames: str) -> Crash:
    return crash_of(FunctionError("ValueError", "no such table", frames))


@pytest.mark.parametrize("libraries", [(), (BOTO,), (PILLOW,), (BOTO, BOTO)])
def test_the_last_line_of_the_learners_own_is_where_it_stopped(libraries):
    found = crash(OWN, HELPER, *libraries)
    assert (found.file, found.line, found.code) == ("minutes.py", 3, "table.update_item(Key=key)")
    assert found.where == " in line 3 of `minutes.py`"
    assert str(found) == (
        "minutes.py, line 3:  table.update_item(Key=key)\nValueError: no such table"
    )


def test_without_a_line_of_the_learners_only_the_error_is_told():
    assert crash(BOTO).where == ""
    assert str(crash()) == "ValueError: no such table"


def test_a_crash_in_the_cloud_is_found_below_boto3s_frames(client, tmp_path):
    shop = Shop(client, tmp_path)
    code = """\
import boto3

def handler(event, context):
    return boto3.client("s3").put_object(Bucket="nowhere", Key=7)
"""
    shop.create("greeter", code, Code={"ZipFile": zip_of({"greeter.py": code})})
    error = invoke(client, "greeter", {}).error
    assert error
    found = crash_of(error)
    assert (found.file, found.line) == ("greeter.py", 4)
    assert found.code.startswith("return boto3")
