"""Where helpers/engine changes LocalStack and moto, read from its source.

    python -m tests.engine.seams > tests/engine/seams.txt

records the signatures of the installed releases. Read the diff after an update: where a signature
has changed, the module of ours may have to change, too.
"""

import ast
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ENGINE = Path(__file__).parents[2] / "helpers" / "engine"
LIST = Path(__file__).with_name("seams.txt")
CHANGED = ("localstack", "moto", "rolo")

# Runs in a process of its own, in which nothing is changed. A "?" marks a method of a subclass,
# which is a seam only if the base class has it.
DESCRIBE = """
import inspect, json, pkgutil, sys

def describe(path):
    try:
        found = pkgutil.resolve_name(path.rstrip("?"))
    except (ImportError, AttributeError):
        return "" if path.endswith("?") else "missing"
    return str(inspect.signature(found)) if callable(found) else type(found).__name__

print(json.dumps({path: describe(path) for path in json.load(sys.stdin)}))
"""


@dataclass(frozen=True, order=True)
class Seam:
    """A name of LocalStack's or moto's, by its import path, that one of our modules changes."""

    module: str
    path: str
    is_override: bool = False  # in a subclass of ours, which leaves the class itself as it is


def seams() -> list[Seam]:
    """Return all seams in the source of helpers/engine, with any that is changed more than once."""
    return [
        Seam(str(file.relative_to(ENGINE)), path, is_override)
        for file in sorted(ENGINE.rglob("*.py"))
        for path, is_override in _changes(ast.parse(file.read_text()))
    ]


def signatures(paths: set[str]) -> dict[str, str]:
    """Return the signature, or type, of each path in the installed releases."""
    described = subprocess.run(
        [sys.executable, "-c", DESCRIBE],
        input=json.dumps(sorted(paths)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(described.stdout)
    return {path.rstrip("?"): signature for path, signature in found.items() if signature}


def installed() -> dict[str, dict[str, str]]:
    """Return the signature of each changed path, by our module."""
    found = seams()
    known = signatures({seam.path + "?" * seam.is_override for seam in found})
    modules: dict[str, dict[str, str]] = defaultdict(dict)
    for seam in found:
        if seam.path in known:
            modules[seam.module][seam.path] = known[seam.path]
    return modules


def listed() -> dict[str, dict[str, str]]:
    """Return what seams.txt has, in the same form."""
    modules: dict[str, dict[str, str]] = defaultdict(dict)
    module = ""
    for line in LIST.read_text().splitlines():
        if line.startswith("["):
            module = line.strip("[]")
        elif line:
            path, _, signature = line.partition(": ")
            modules[module][path] = signature
    return modules


def _changes(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    imports = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in CHANGED
        for alias in node.names
    }
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name("patch"), args=[target]):  # patch(LambdaService.invoke)
                yield _path(target, imports) or ast.unparse(target), False
            case ast.Assign(targets=[ast.Attribute() as target]):  # notifications.quote = str
                if path := _path(target, imports):
                    yield path, False
            case ast.ClassDef(bases=bases):
                for path in filter(None, (_path(base, imports) for base in bases)):
                    yield path, True
                    for method in node.body:
                        if isinstance(method, ast.FunctionDef) and method.name != "__init__":
                            yield f"{path}.{method.name}", True


def _path(node: ast.expr, imports: dict[str, str]) -> str:
    """Return the import path of `a.b` or `a.b[c]`, "" if `a` is neither LocalStack's nor moto's."""
    names = ast.unparse(node.value if isinstance(node, ast.Subscript) else node).split(".")
    return ".".join([imports[names[0]], *names[1:]]) if names[0] in imports else ""


if __name__ == "__main__":
    for module, found in sorted(installed().items()):
        print(f"[{module}]")
        for path, signature in found.items():
            print(f"{path}: {signature}")
        print()
