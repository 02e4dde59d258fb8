"""A sheet in JupyterLab, as a test looks at it and handles it."""

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Request, ViewportSize, expect

IDLE = re.compile(r"\| Idle")
ERROR = '[data-mime-type="application/vnd.jupyter.stderr"]'  # red: tracebacks, warnings
RUNNING = re.compile(r"\[\*\]")
DONE = re.compile(r"\[\d+\]")
WINDOW = ViewportSize(width=1200, height=1000)
TALL = 16_000  # pixels, of which a picture can't have more
PATIENCE = 300_000  # milliseconds for a whole sheet, on a machine that does much else


class Sheet:
    """One notebook in one window; `sources` are those of its code cells.

    `elsewhere` lists what was asked of any other machine, `failed_above` the cells that had failed
    when the first half was run.
    """

    def __init__(self, page: Page, sources: Sequence[str], shots: Path) -> None:
        self.page = page
        self.elsewhere: list[str] = []
        self.failed_above: list[int] = []
        self._sources = sources
        self._shots = shots
        page.on("request", self._note)

    def open(self, address: str) -> None:
        """Load it, without the tabs of other windows, and wait until its kernel is ready."""
        self.page.goto(f"{address}&reset")
        expect(self.page.locator("#jp-main-statusbar")).to_contain_text(IDLE)

    @property
    def code_cells(self) -> Locator:
        return self.page.locator(".jp-Notebook .jp-CodeCell")

    def run_all(self) -> None:
        """Run every cell from top to bottom, and wait until the last one is done."""
        self._choose("Run All Cells", last=self.code_cells.count() - 1)

    def run_in_two(self, half: int) -> None:
        """Run all above that code cell, counted from 0, and the cell itself; then all below."""
        self._select(half)
        self._choose("Run All Above Selected Cell", last=half - 1)
        self.run_cell(half)
        self.failed_above = self.failed_cells()
        self._select(half + 1)
        self._choose("Run Selected Cell and All Below", last=self.code_cells.count() - 1)

    def run_cell(self, number: int) -> None:
        """Run that code cell, counted from 0, once more."""
        self._select(number)
        self.page.keyboard.press("Shift+Enter")
        expect(self.code_cells.nth(number).locator(".jp-InputPrompt")).to_have_text(DONE)

    def number_of(self, words: str) -> int:
        """The number of the last code cell that holds these words, counted from 0."""
        return max(n for n, source in enumerate(self._sources) if words in source)

    def output_of(self, number: int) -> Locator:
        """What the code cell of that number, counted from 0, shows."""
        return self.code_cells.nth(number).locator(".jp-OutputArea-output")

    def failed_cells(self) -> list[int]:
        """The numbers of the code cells that show an error, or anything else in red."""
        cells = self.code_cells
        return [n for n in range(cells.count()) if cells.nth(n).locator(ERROR).count()]

    def wear(self, theme: str) -> None:
        """Change the system's theme, "light" or "dark"; JupyterLab is to follow."""
        self.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        body = self.page.locator("body")
        expect(body).to_have_attribute("data-jp-theme-light", str(theme == "light").lower())

    def unroll(self) -> None:
        """Make the window as high as the sheet, so that one picture shows all of it."""
        sheet = self.page.locator(".jp-Notebook .jp-WindowedPanel-outer")
        self._resize(TALL)  # cells that were never in sight don't know yet how high they are
        self._resize(WINDOW["height"])
        self._resize(min(int(sheet.evaluate("it => it.scrollHeight")) + 150, TALL))
        sheet.evaluate("it => { it.scrollTop = 0 }")
        self._settle()

    def shoot(self, name: str) -> Path:
        """A picture of all that is in the window, kept with the test's temporary files."""
        path = self._shots / f"{name}.png"
        self.page.screenshot(path=path)
        return path

    def shoot_part(self, part: Locator, name: str) -> Path:
        """A picture of one thing in the window, likewise."""
        path = self._shots / f"{name}.png"
        part.screenshot(path=path)
        return path

    def _select(self, number: int) -> None:
        self.code_cells.nth(number).locator(".jp-InputArea-editor").click()

    def _choose(self, item: str, last: int) -> None:
        """Choose that item of the menu Run, after which the cell `last` is the last one to run."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name=item, exact=True).click()
        prompt = self.code_cells.nth(last).locator(".jp-InputPrompt")
        expect(prompt).to_have_text(DONE, timeout=PATIENCE)
        expect(self.code_cells.locator(".jp-InputPrompt", has_text=RUNNING)).to_have_count(0)

    def _resize(self, height: int) -> None:
        self.page.set_viewport_size({"width": WINDOW["width"], "height": height})
        self._settle()

    def _settle(self) -> None:
        """Until the browser has drawn what has changed."""
        self.page.evaluate("new Promise(seen => setTimeout(() => requestAnimationFrame(seen)))")

    def _note(self, request: Request) -> None:
        host = urlsplit(request.url).hostname
        if host not in (None, "127.0.0.1"):
            self.elsewhere.append(request.url)
