"""A real JupyterLab, started as `lab` starts it, and a real Chromium that looks at it."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, expect, sync_playwright

from helpers.cloud.model import Cloud
from helpers.command.jupyter import jupyter_lab
from helpers.course.project import Sheet as Lab
from helpers.sheets.notebook import code_cells, read
from tests.browser.labs import (
    LOOKED_AT,
    PROJECT,
    Opener,
    as_far_as_its_panel,
    second_half,
    whole_sheets,
)
from tests.browser.page import WINDOW, Sheet
from tests.browser.tiny import TINY

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MACOS = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
MISSING = (
    "There is no Chromium here, so nothing was looked at in a browser. "
    "Install it (Debian, Ubuntu: apt-get install chromium) and run the tests again."
)
FLAGS = (
    "--no-sandbox",  # which root, as in a container, can't have
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing else can be reached
)
HERE = Path(__file__).parent
LONG = 60_000  # milliseconds until a thing must have happened


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is. Without one the tests are skipped; in CI they fail."""
    found = next(filter(None, map(shutil.which, (*NAMES, ON_MACOS))), None)
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    expect.set_options(timeout=LONG)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sheets, as a learner has them: what is saved is saved there.

    Beside them a tiny one, and those that are run only as far as their panel.
    """
    root = tmp_path_factory.mktemp("the course")
    shutil.copytree(PROJECT.labs, root / "labs", ignore=shutil.ignore_patterns("*/*/"))
    (root / "labs" / "tiny.ipynb").write_text(json.dumps(TINY))
    for lab in map(PROJECT.sheet, LOOKED_AT):
        panel = json.dumps(as_far_as_its_panel(lab))
        (root / "labs" / f"panel_{lab.file}").write_text(panel)
    return root


@pytest.fixture(scope="session")
def jupyter(course: Path, cloud: Cloud, chromium: str) -> Iterator[str]:
    """The address of JupyterLab: everything before labs/."""
    log = course / "jupyter.log"
    own = {f"JUPYTER_{name}_DIR": str(course / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    with jupyter_lab(
        course, "labs/tiny.ipynb", log, browser=False, environ={**os.environ, **own}
    ) as server:
        yield server.wait_until_answering()


@pytest.fixture(scope="session")
def run_file(
    browser: Browser, jupyter: str, course: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Sheet]]:
    """Opens a file in a window of its own and runs it; once only, however many tests look on.

    Given the number of a code cell as well, it runs what is above that one first. The next file
    takes its place: window and kernel of the one before are ended. So tests are sorted by file,
    below.
    """
    shots = tmp_path_factory.mktemp("pictures")
    with ExitStack() as at_the_end:

        @lru_cache(maxsize=1)
        def attempt(file: str, half: int) -> Sheet | Exception:
            at_the_end.close()
            window = browser.new_context(viewport=WINDOW, reduced_motion="reduce")
            at_the_end.callback(end_kernels, jupyter)
            at_the_end.callback(window.close)
            window.set_default_timeout(LONG)
            sources = [cell["source"] for cell in code_cells(read(course / "labs" / file))]
            sheet = Sheet(window.new_page(), sources, shots)
            try:
                sheet.open(jupyter.replace("tiny.ipynb", file))
                sheet.run_in_two(half) if half else sheet.run_all()
            except Exception as error:  # noqa: BLE001 - else each test would wait for minutes again
                return error
            return sheet

        def run(file: str, half: int = 0) -> Sheet:
            outcome = attempt(file, half)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        yield run


@pytest.fixture(scope="session")
def run_sheet(run_file: Callable[..., Sheet], pytestconfig: pytest.Config) -> Opener:
    """Runs a lab's sheet: whole if it is its turn, else as far as its panel."""
    whole = whole_sheets(pytestconfig.option.whole_sheets)

    def run(lab: Lab) -> Sheet:
        if lab in whole:
            return run_file(lab.file, second_half(lab))
        sheet = run_file(f"panel_{lab.file}")
        assert sheet.failed_cells() == []
        return sheet

    return run


def end_kernels(jupyter: str) -> None:
    """A kernel outlives its window, and a panel in it may go on working."""
    base, _, token = jupyter.partition("/lab/tree/labs/tiny.ipynb?token=")
    with requests.Session() as http:
        http.trust_env = False
        http.headers["Authorization"] = f"token {token}"
        for kernel in http.get(f"{base}/api/kernels", timeout=10).json():
            http.delete(f"{base}/api/kernels/{kernel['id']}", timeout=30)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is asked of a `whole` sheet is asked of each; of one in `two`, of those with a break."""
    labs = whole_sheets(metafunc.config.option.whole_sheets)
    for name, asked in {"whole": labs, "two": [lab for lab in labs if second_half(lab)]}.items():
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, asked, ids=lambda lab: lab.name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of one sheet come together, whatever files they are in."""
    places = [n for n, item in enumerate(items) if item.path.is_relative_to(HERE)]
    for place, item in zip(places, sorted((items[n] for n in places), key=_file), strict=True):
        items[place] = item


def _file(item: pytest.Item) -> str:
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    labs = [value for value in parameters.values() if isinstance(value, Lab)]
    return labs[0].file if labs else ""
