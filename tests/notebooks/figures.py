"""How a notebook measures: words of prose against lines of code, and how cells follow each other.

Prose is what is read as such: no HTML tags, addresses of links, code fences or diagrams.
"""

import re
from dataclasses import dataclass
from itertools import groupby, pairwise

from helpers.sheets.notebook import Notebook

NOT_PROSE = re.compile(r"```.*?```|<!--.*?-->|<[^>]+>|\]\([^)]*\)|\|?[\s|:-]{3,}\|", re.DOTALL)
WORD = re.compile(r"\w[\w'.-]*")


@dataclass(frozen=True)
class Figures:
    words: int
    code_lines: int
    longest_cell: int  # lines
    longest_run: int  # code cells in a row
    after_prose: float  # the share of code cells right after prose

    @property
    def words_per_line(self) -> float:
        return self.words / self.code_lines


def measure(notebook: Notebook) -> Figures:
    cells = notebook["cells"]
    kinds = [cell["cell_type"] for cell in cells]
    code = [_lines(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    prose = [cell["source"] for cell in cells if cell["cell_type"] == "markdown"]
    after = sum(pair == ("markdown", "code") for pair in pairwise(kinds))
    return Figures(
        words=sum(_words(source) for source in prose),
        code_lines=sum(code),
        longest_cell=max(code),
        longest_run=max(len(list(run)) for kind, run in groupby(kinds) if kind == "code"),
        after_prose=after / len(code),
    )


def _lines(source: str) -> int:
    return sum(bool(line.strip()) for line in source.splitlines())


def _words(source: str) -> int:
    return len(
        WORD.findall(NOT_PROSE.sub(" ", source.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")))
    )
