"""Every run of the tests has a cloud of its own, and knows nothing of the learner's.

A home folder (LAB_HOME) for each of pytest-xdist's workers, and thereby an engine for each. The
process that was started first owns the folders: it stops the engines and removes them at the end,
also after a failure, Ctrl-C or a worker that crashed.

This file is in the root so that it also holds for `pytest solutions/01_first_function.ipynb`.
"""

import os
import re
import shutil
import signal
import tempfile
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

OWNED = pytest.StashKey[Path]()
RECORD = pytest.StashKey[dict[str, float]]()  # seconds, by the test's id
CACHED = "lab/seconds"  # below .pytest_cache/v
PROOFS = "test_proofs.py::"
BROWSER = "tests/browser/"
# Seconds that a test takes where none were recorded, as on a clean clone: by the first part that
# is in its id. They are rough, on two cores; what matters is that no long file comes last.
GUESSES = {
    PROOFS: 90.0,
    BROWSER: 5.0,
    ".ipynb::": 0.3,
    "tests/test_": 3.0,
    "tests/labs/": 0.7,
    "tests/cloud/": 0.7,
    "tests/engine/": 0.5,
    "": 0.1,
}
NOT_INHERITED = re.compile(r"AWS_|BOTO|LOCALSTACK_|LAB_|NBGRADER_|.*_proxy$", re.IGNORECASE)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lab-home", help="use this home and its engine, and leave them as they are")
    parser.addoption(
        "--whole-sheets",
        default=date.today().isoformat(),
        help="run these labs' sheets whole in the browser: cron,streams or all, or those of a day",
    )


def pytest_report_header(config: pytest.Config) -> str:
    whole = config.getoption("whole_sheets")
    return f"sheets run whole in the browser: those of --whole-sheets={whole}"


def pytest_configure(config: pytest.Config) -> None:
    # what ignores a signal hands that on to all it starts: after `pytest &`, or nohup
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: None)
    for name in [name for name in os.environ if NOT_INHERITED.match(name)]:
        del os.environ[name]
    # a call that slips past the cloud under test finds no credentials, here or on the network
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
    given = getattr(config, "workerinput", {}).get("lab_home") or config.getoption("lab_home")
    if given is None:
        # not under /tmp, which every function may read
        config.stash[OWNED] = Path(tempfile.mkdtemp(prefix="lab-tests-", dir="/var/tmp"))
    home = Path(given) if given else config.stash[OWNED] / "home"
    home.mkdir(exist_ok=True)
    os.environ["LAB_HOME"] = str(home)
    os.environ["IPYTHONDIR"] = str(home / "ipython")  # kernels run no start-up files of the user's
    config.stash[RECORD] = read_record(config)


def read_record(config: pytest.Config) -> dict[str, float]:
    """Return how long each test took in earlier runs; this run is recorded likewise."""
    if workerinput := getattr(config, "workerinput", None):
        return dict(workerinput["record"])
    if (cache := getattr(config, "cache", None)) is None:  # -p no:cacheprovider
        return {}
    config.pluginmanager.register(Stopwatch(cache))
    return dict(cache.get(CACHED, {}))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:  # type: ignore[no-untyped-def]
    """pytest-xdist starts a worker: all of them are to put the tests into the same order."""
    node.workerinput["record"] = node.config.stash[RECORD]
    if owned := node.config.stash.get(OWNED, None):
        node.workerinput["lab_home"] = str(owned / node.gateway.id)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log):  # type: ignore[no-untyped-def]
    """A file's tests go to one worker, in order: a notebook's cells do not run apart.

    `unit_of` says what counts as a file.
    """
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit_of(nodeid)

    return Scheduling(config, log) if config.getvalue("dist") == "loadfile" else None


def unit_of(nodeid: str) -> str:
    """Return the name of what one worker runs as a whole: the test's file, with two exceptions.

    The proofs of each lab are long and independent of one another, so each is a unit of its own.
    All browser tests are one unit, so that every sheet is opened and run there only once.
    """
    if PROOFS in nodeid:
        return nodeid
    return BROWSER if BROWSER in nodeid else nodeid.partition("::")[0]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest unit comes first, so that no worker waits for another at the end."""
    recorded = config.stash[RECORD]
    seconds: defaultdict[str, float] = defaultdict(float)
    for item in items:
        seconds[unit_of(item.nodeid)] += recorded.get(item.nodeid, guess(item.nodeid))
    items.sort(key=lambda item: -seconds[unit_of(item.nodeid)])


def guess(nodeid: str) -> float:
    """Return how many seconds a test of its kind takes, where none was recorded."""
    return next(seconds for part, seconds in GUESSES.items() if part in nodeid)


class Stopwatch:
    """Records how long each test took, for the order of the next run."""

    def __init__(self, cache: pytest.Cache) -> None:
        self._cache = cache
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds[report.nodeid] += report.duration

    def pytest_sessionfinish(self) -> None:
        if self._seconds:
            now = {nodeid: round(seconds, 3) for nodeid, seconds in self._seconds.items()}
            self._cache.set(CACHED, self._cache.get(CACHED, {}) | now)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A notebook finds its cloud running: what the lab says when it starts one is no output."""
    if item.path.suffix == ".ipynb" and item.name == "Cell 0":
        from helpers.cloud.embedded import Engine

        Engine(Path(os.environ["LAB_HOME"])).start()


def pytest_unconfigure(config: pytest.Config) -> None:
    owned = config.stash.get(OWNED, None)
    if owned is None:
        return
    try:
        for home in owned.iterdir():
            stop_engine(home)
    finally:
        shutil.rmtree(owned, ignore_errors=True)


def stop_engine(home: Path) -> None:
    if (home / "engine.json").exists():
        from helpers.cloud.embedded import Engine

        Engine(home).stop()
