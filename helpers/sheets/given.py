"""The code that a lab gives to its learners, gathered from its sheet and its data.

%%writefile thumbnails/thumbnailer/pictures.py         {"thumbnailer/pictures.py": [
from PIL import Image                           →          "from PIL import Image\\n…",
…                                                          …what a later cell writes…]}
"""

import json
import re
from collections.abc import Iterator

from helpers.course.project import NoSuchLab, Project, Sheet
from helpers.sheets.notebook import Notebook, code_cells

WRITTEN = re.compile(r"%%writefile [^/\n]+/(?P<path>\S+)\n(?P<text>.*)", re.DOTALL)


def given_code(project: Project, sheet: Sheet, made: Notebook) -> str:
    """Return as JSON what the sheet's cells write into the work folder, and its data's programs."""
    found: dict[str, list[str]] = {}
    for path, text in (*_from_data(project, sheet), *_from_cells(made)):
        if text not in found.setdefault(path, []):
            found[path].append(text)
    return json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _from_cells(made: Notebook) -> Iterator[tuple[str, str]]:
    for cell in code_cells(made):
        if written := WRITTEN.fullmatch(cell["source"]):
            yield written["path"], f"{written['text']}\n"


def _from_data(project: Project, sheet: Sheet) -> Iterator[tuple[str, str]]:
    try:
        folder = project.data(sheet.name)
    except NoSuchLab:
        return
    for file in sorted(folder.rglob("*.py")):
        yield file.relative_to(folder).as_posix(), file.read_text("utf-8")
