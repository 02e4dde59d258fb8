"""The engine's own folder for S3's objects.

LocalStack stores them in /tmp/localstack-s3-storage. If two engines on a machine shared that, each
would delete the other's buckets of the same name, and a second user couldn't write there at all.
"""

import tempfile
from pathlib import Path
from typing import Any

from localstack.services.s3.storage.ephemeral import EphemeralS3ObjectStore
from localstack.utils.patch import patch


def install() -> None:
    patch(EphemeralS3ObjectStore.__init__)(_use_the_engines_folder)


def _use_the_engines_folder(init: Any, store: EphemeralS3ObjectStore, *_: Any) -> None:
    init(store, str(Path(tempfile.gettempdir(), "s3")))  # TMPDIR is the engine's, see settings.py
