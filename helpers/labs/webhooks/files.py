"""The files that the learner writes in this lab: whether they are begun, and whether they run."""

import ast

from helpers.checks.function import configuration
from helpers.checks.package import is_same_code, package_files
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted

NO_FILE = "There is no file `webhooks/{file}` yet. Run the cell that writes it."
NO_FUNCTION = "`webhooks/{file}` has no function `{name}` any more. The other files call it."
UNREADABLE = "Python can't read `webhooks/{file}`: line {line} is not written as it should be."
NOT_UPLOADED = """\
`webhooks/{file}` has changed since `{function}` was deployed, so what runs is another version of \
it. Run the cell with `lab.deploy` again."""


def see_written(probe: Probe, file: str, *functions: str, todo: str) -> str:
    """The text of that file, in which each of these functions does something.

    Raises NotAttempted, with `todo`, as long as they are what the sheet's stub leaves of them.
    """
    path = probe.folder / file
    if not path.is_file():
        raise NotAttempted(NO_FILE.format(file=file))
    text = path.read_text("utf-8", errors="replace")
    tree = _parsed(file, text)
    found = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for name in functions:
        if name not in found:
            raise Incorrect(NO_FUNCTION.format(file=file, name=name), link="code")
    if all(_is_empty(found[name]) for name in functions):
        raise NotAttempted(todo)
    return text


def _parsed(file: str, text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError) as error:
        words = UNREADABLE.format(file=file, line=getattr(error, "lineno", 1))
        raise Incorrect(words, link="code", evidence=f"{type(error).__name__}: {error}") from None


def _is_empty(function: ast.FunctionDef) -> bool:
    """Whether there is nothing but `pass` and texts in it."""
    return all(
        isinstance(each, ast.Pass)
        or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        for each in function.body
    )


def see_uploaded(probe: Probe, function: str, file: str) -> dict[str, str]:
    """The files in that function's package, once it holds what the learner's file holds."""
    configuration(probe, function)
    found = package_files(probe, function)
    written = (probe.folder / file).read_text("utf-8", errors="replace")
    if not is_same_code(found.get(file, ""), written):
        raise Incorrect(NOT_UPLOADED.format(file=file, function=function), link="package")
    return found
