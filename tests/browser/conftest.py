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
from helpers.course.project import find_project
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
    """A copy of the sheets, as a learner has them, and a tiny one: what is saved is saved there."""
    root = tmp_path_factory.mktemp("the course")
    shutil.copytree(find_project().labs, root / "labs", ignore=shutil.ignore_patterns("*/*/"))
    (root / "labs" / "tiny.ipynb").write_text(json.dumps(TINY))
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
def run_sheet(
    browser: Browser, jupyter: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Sheet]]:
    """Opens a sheet in a window of its own and runs it; once only, however many tests look on.

    Given the number of a code cell as well, it runs what is above that one. The next sheet takes
    its place: window and kernel of the one before are ended. So tests are sorted by sheet, below.
    """
    shots = tmp_path_factory.mktemp("pictures")
    with ExitStack() as at_the_end:

        @lru_cache(maxsize=1)
        def attempt(file: str, above: int | None) -> Sheet | Exception:
            at_the_end.close()
            window = browser.new_context(viewport=WINDOW, reduced_motion="reduce")
            at_the_end.callback(end_kernels, jupyter)
            at_the_end.callback(window.close)
            window.set_default_timeout(LONG)
            sheet = Sheet(window.new_page(), shots)
            try:
                sheet.open(jupyter.replace("tiny.ipynb", file))
                sheet.run_all() if above is None else sheet.run_above(above)
            except Exception as error:  # noqa: BLE001 - else each test would wait for minutes again
                return error
            return sheet

        def run(file: str, above: int | None = None) -> Sheet:
            outcome = attempt(file, above)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        yield run


def end_kernels(jupyter: str) -> None:
    """A kernel outlives its window, and a panel in it may go on working."""
    base, _, token = jupyter.partition("/lab/tree/labs/tiny.ipynb?token=")
    with requests.Session() as http:
        http.trust_env = False
        http.headers["Authorization"] = f"token {token}"
        for kernel in http.get(f"{base}/api/kernels", timeout=10).json():
            http.delete(f"{base}/api/kernels/{kernel['id']}", timeout=30)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of one sheet come together, whatever files they are in."""
    places = [n for n, item in enumerate(items) if item.path.is_relative_to(HERE)]
    for place, item in zip(places, sorted((items[n] for n in places), key=_file), strict=True):
        items[place] = item


def _file(item: pytest.Item) -> str:
    lab = item.callspec.params.get("lab") if hasattr(item, "callspec") else None
    return getattr(lab, "file", "")
