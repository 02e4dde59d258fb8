"""Submitted code: whether it was changed at all, and whether what runs is what was written."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.checks.diagnosis import Diagnosis
from helpers.checks.function import configuration
from helpers.checks.given import is_given
from helpers.checks.package import is_same_code, package_files
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, Link, NotAttempted

AS_GIVEN = "{files} in the cloud is still as it was given to you."


class Code(Diagnosis):
    NOT_DEPLOYED = Link.PACKAGE("""
        `{path}` has changed since it was last deployed, so `{function}` still runs the code from
        before. Deploy it again.""")
    NOT_IN_PACKAGE = Link.PACKAGE("""
        The package of `{function}` has no `{file}` at its top; it holds {names}. Package all of its
        files, without the folder that they are in, and deploy that.""")


def submitted(probe: Probe, function: str, *names: str, not_yet: str = AS_GIVEN) -> dict[str, str]:
    """Return the files of the function's package, of which these run as the learner wrote them.

    Raises NotAttempted as long as all of them are as the lab gives them, on the disk too.
    """
    configuration(probe, function)  # an upload may still be under way
    deployed = package_files(probe, function)
    if all(_is_given(probe, function, name, deployed.get(name, "")) for name in names):
        raise NotAttempted(not_yet.format(files=_listed(names)))
    return require_deployed(probe, function, *names)


def require_deployed(probe: Probe, function: str, *names: str) -> dict[str, str]:
    """Return the files of the function's package, of which these run as they lie on the disk.

    The learner's files lie in the folder named after the function, or in the work folder itself.
    """
    configuration(probe, function)  # an upload may still be under way
    deployed, folder = package_files(probe, function), _folder(probe, function)
    for name in names:
        path = folder / name
        if name not in deployed:
            raise Code.NOT_IN_PACKAGE(function=function, file=name, names=_listed(deployed))
        written = path.read_text("utf-8", errors="replace") if path.is_file() else deployed[name]
        if not is_same_code(written, deployed[name]):
            shown = path.relative_to(probe.folder.parent).as_posix()
            raise Code.NOT_DEPLOYED(path=shown, function=function)
    return deployed


@contextmanager
def submission(probe: Probe, function: str, *names: str, not_yet: str = AS_GIVEN) -> Iterator[None]:
    """Blame what a check finds in this block on the code only if it is the learner's own.

    Where the block raises Incorrect, `submitted` has the first word: as given, or not deployed.
    """
    try:
        yield
    except Incorrect:
        submitted(probe, function, *names, not_yet=not_yet)
        raise


def _is_given(probe: Probe, function: str, name: str, deployed: str) -> bool:
    """Return whether the lab gave both what runs and what was written, if it was written."""
    path = _folder(probe, function) / name
    given_as = path.relative_to(probe.folder).as_posix()
    written = path.read_text("utf-8", errors="replace") if path.is_file() else deployed
    return all(is_given(probe, given_as, text) for text in (deployed, written))


def _folder(probe: Probe, function: str) -> Path:
    folder = probe.folder / function
    return folder if folder.is_dir() else probe.folder


def _listed(names: Iterable[str]) -> str:
    quoted = [f"`{name}`" for name in sorted(names)][:5] or ["nothing at all"]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if quoted[1:] else quoted)
