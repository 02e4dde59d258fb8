"""Where S3 keeps its objects: in the engine's own folder.

LocalStack has one place for all, /tmp/localstack-s3-storage. There, of two engines on a machine,
each deletes the other's buckets of the same name, and a second user may not write at all.
"""

import tempfile
from pathlib import Path
from typing import Any

from localstack.services.s3.storage.ephemeral import EphemeralS3ObjectStore
from localstack.utils.patch import patch


def install() -> None:
    patch(EphemeralS3ObjectStore.__init__)(_in_a_folder_of_its_own)


def _in_a_folder_of_its_own(init: Any, store: EphemeralS3ObjectStore, *_: Any) -> None:
    init(store, str(Path(tempfile.gettempdir(), "s3")))  # TMPDIR is the engine's: settings.py
