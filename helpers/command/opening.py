"""Open the course: start the cloud and JupyterLab side by side, and stop both at the end."""

import os
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager, suppress

from helpers.cloud.choose import choose_kind, open_cloud
from helpers.cloud.embedded import Engine
from helpers.cloud.errors import CloudError
from helpers.cloud.home import lab_home
from helpers.cloud.model import Cloud
from helpers.command.jupyter import can_open_browser, jupyter_lab
from helpers.course.project import Project
from helpers.system.interrupts import held

FIRST_PAGE = "labs/00_welcome.ipynb"

READY = """\
  JupyterLab  {address}
  Your cloud  LocalStack {version} at {endpoint}
{hint}Press Ctrl-C here when you are done: it closes {closes}."""

NO_BROWSER = "No browser can be opened from here: open JupyterLab's address in yours.\n"

Say = Callable[[str], None]


def open_course(
    project: Project, say: Say, *, browser: bool, environ: MutableMapping[str, str] = os.environ
) -> None:
    """Start the cloud while JupyterLab starts, print both addresses, and wait until it is closed.

    Raises CloudError or JupyterDidNotStart. However it ends, nothing started here outlives it.
    """
    browser = browser and can_open_browser(environ)
    log = lab_home(environ) / f"jupyter-{os.getpid()}.log"
    with (
        jupyter_lab(project.root, FIRST_PAGE, log, browser=browser, environ=environ) as jupyter,
        own_cloud(say, environ) as (cloud, is_ours),
    ):
        address = jupyter.wait_until_answering()
        with suppress(KeyboardInterrupt):  # which is how it is meant to be closed
            say(ready(address, cloud, is_ours, browser))
            jupyter.wait()
        say("Closing…")


def ready(address: str, cloud: Cloud, is_ours: bool, browser: bool) -> str:
    """Return the message for when both answer."""
    return READY.format(
        address=address,
        version=cloud.version,
        endpoint=cloud.endpoint,
        hint="" if browser else NO_BROWSER,
        closes="both" if is_ours else "JupyterLab; your cloud keeps running",
    )


@contextmanager
def own_cloud(
    say: Say, environ: MutableMapping[str, str] = os.environ
) -> Iterator[tuple[Cloud, bool]]:
    """Yield the cloud, and whether it was started for this block, and so is stopped after it."""
    engine = Engine(lab_home(environ))
    starts_here = choose_kind(environ) == "embedded" and not engine.has_process()
    try:
        try:
            cloud = open_cloud(environ, say)
        except CloudError:
            starts_here = False  # it has already been cleaned up
            raise
        yield cloud, starts_here
    finally:
        with held():
            if starts_here:
                engine.stop()
