"""The account of a test against the running engine."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.engine.support import Aws


@pytest.fixture
def aws(client: Callable[..., Any], account: str) -> Iterator[Aws]:
    made = Aws(client, account)
    yield made
    made.leave()
