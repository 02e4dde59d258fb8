"""The one thing that no answer shows: how long a comparison takes."""

import ast
from collections.abc import Mapping

from helpers.exercises.verdict import Incorrect

NOT_CONSTANT = """\
Your answers are right. But the comparison in `{file}` takes the longer, the more of a signature \
is right, and from that a forger can find one letter after another. No answer shows it, so the \
check has looked into your code: use `hmac.compare_digest(one, other)` in place of `==`."""


def see_constant_time(files: Mapping[str, str], file: str) -> None:
    """Raises Incorrect if nothing in that file compares in constant time."""
    nodes = ast.walk(ast.parse(files[file]))
    called = {_name(node.func) for node in nodes if isinstance(node, ast.Call)}
    if "compare_digest" not in called:
        line = next((each.strip() for each in files[file].splitlines() if "==" in each), "")
        raise Incorrect(NOT_CONSTANT.format(file=file), link="code", evidence=line)


def _name(function: ast.expr) -> str:
    """
    >>> _name(ast.parse("hmac.compare_digest", mode="eval").body)
    'compare_digest'
    """
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
