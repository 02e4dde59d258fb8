"""The account of a test against the running engine."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.support import Aws


@pytest.fixture
def aws(client: Callable[..., Any], account: str) -> Aws:
    return Aws(client, account)
