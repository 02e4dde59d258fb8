"""Modules that the engine doesn't load can still be used, and its caches are small."""

import subprocess
import sys

import pytest

PREPARE = "import sys; from helpers.engine.lean import leave_out; leave_out(); "


@pytest.mark.parametrize(
    "code",
    [
        "from moto.batch.utils import JobStatus; assert 'moto.ec2' not in sys.modules",
        "from moto.backends import get_backend; get_backend('batch')['123456789012']['us-east-1']",
        "import jsonschema; jsonschema.validate('x', {'type': 'string', 'format': 'uri'})",
    ],
)
def test_only_what_is_used_is_loaded(code: str) -> None:
    subprocess.run([sys.executable, "-c", PREPARE + code], check=True)


def test_the_engine_keeps_few_of_its_own_clients() -> None:
    code = """
from localstack.aws.connect import ClientFactory, connect_to
from localstack.aws.handlers import service
from helpers.engine.lean import MAX_CLIENTS, MAX_PARSERS, keep_fewer_clients
keep_fewer_clients()
for account in range(MAX_PARSERS + 5):
    client = connect_to(aws_access_key_id=f"{account:012}").sqs
    parser = service.create_parser(client.meta.service_model)
connect_to(aws_access_key_id=f"{account:012}").sqs
assert ClientFactory._get_client.cache_info().hits == 1
assert service.create_parser(client.meta.service_model) is parser
assert ClientFactory._get_client.cache_info().currsize == MAX_CLIENTS
assert service.create_parser.cache_info().currsize == MAX_PARSERS
"""
    subprocess.run([sys.executable, "-c", code], check=True)
