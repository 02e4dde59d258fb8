"""What the engine changes in LocalStack and moto is as it was when the engine was written.

Each failure names a module of ours that an update of LocalStack may have broken; see seams.py.
"""

from collections import Counter

import pytest

from tests.engine.seams import installed, listed, seams

SEAMS = {
    path: (module, known) for module, paths in listed().items() for path, known in paths.items()
}


@pytest.fixture(scope="module")
def signatures() -> dict[str, str]:
    return {path: known for paths in installed().values() for path, known in paths.items()}


@pytest.mark.parametrize("path", SEAMS)
def test_a_seam_has_the_listed_signature(path: str, signatures: dict[str, str]) -> None:
    module, known = SEAMS[path]
    now = signatures.get(path, "missing")
    assert now == known, f"helpers/engine/{module}: {path} was {known}, and is {now}"


def test_every_seam_is_listed_with_its_module() -> None:
    now = {module: sorted(paths) for module, paths in installed().items()}
    assert now == {module: sorted(paths) for module, paths in listed().items()}


def test_nothing_is_changed_in_two_places() -> None:
    """The order of two changes of one function would depend on the order of our plugins."""
    changed = Counter(seam.path for seam in seams() if not seam.is_override)
    overridden = Counter(seam.path for seam in seams() if seam.is_override)
    methods = {path for path in overridden if path.rpartition(".")[2][0].islower()}
    assert [path for path, times in changed.items() if times > 1] == []
    assert [path for path in methods if overridden[path] > 1 or path in changed] == []
