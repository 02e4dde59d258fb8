"""What the engine leaves out of its memory is still there for those who use it."""

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
