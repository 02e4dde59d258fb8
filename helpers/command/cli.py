"""The `lab` command: it parses the arguments and prints the results of other modules.

Only Typer is imported here, so that `lab --help` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.progress import TaskID

    from helpers.course.project import Project
    from helpers.sheets.run import CellRun, OnCell

INTERRUPTED = 130  # exit code after Ctrl-C, as in shells
NOT_RUNNING = 3  # exit code of `lab status`, as of `systemctl status`

HELP = """\
Serverless Lab: learn AWS Lambda on a cloud of your own, in Jupyter notebooks.

Without a command, `lab` starts your cloud, opens JupyterLab on the first lab, and closes both on
Ctrl-C. Nothing leaves this machine, and nothing costs money.
"""

NOT_INSTALLED = """\
The package {name} is not installed, so this can't be done.
Run `uv sync` to install all packages again; `lab doctor` says what else is missing."""

NOT_OPENED = """\
The system can't open {path}: {why}.
Run `lab doctor`: it names the folders that can't be used, and how to fix each."""

ENGINE_ACCOUNT = "000000000000"  # LocalStack's default

CLOUD = "Your cloud"
WORK = "Your work"
AUTHORS = "For authors and teachers"

app = typer.Typer(
    help=HELP,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def run(arguments: Sequence[str], project: Project | None = None) -> int:
    """Run the command in the arguments, and return its exit code.

    For an error that can be expected, its message is printed, and not a traceback. `project` is
    where the labs are, by default the folder above this package.
    """
    try:
        app(arguments, prog_name="lab", obj=project)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            print("Stopped.", file=sys.stderr)
        return int(end.code or 0)
    except Exception as error:
        message = message_for(error)
        if not message:
            raise
        print(f"lab: {message}", file=sys.stderr)
        return 1
    return 0


def message_for(error: Exception) -> str:
    """Return the message for an error that can be expected; "" for any other."""
    match error:
        case ModuleNotFoundError(name=str(name)) if not name.startswith("helpers"):
            return NOT_INSTALLED.format(name=name)
        case OSError(strerror=str(why)):
            return NOT_OPENED.format(why=why.lower(), path=error.filename or "a file")
    from helpers.errors import LabError
    from helpers.sheets.errors import NoWorkedAnswer, SheetError

    return str(error) if isinstance(error, LabError | NoWorkedAnswer | SheetError) else ""


# --- the cloud -------------------------------------------------------------------------------


def show_version(asked: bool) -> None:
    """Answer `--version`."""
    if asked:
        from importlib.metadata import version

        course, engine = version("serverless-lab"), version("localstack-core")
        print(f"Serverless Lab {course} (LocalStack {engine})")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def open_labs(
    context: typer.Context,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print JupyterLab's address.")
    ] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    if context.invoked_subcommand:
        return
    from helpers.command.opening import open_course

    open_course(project_of(context), say, browser=not no_browser)


@app.command(rich_help_panel=CLOUD)
def start() -> None:
    """Start your cloud, and leave it running until `lab stop`."""
    from helpers.cloud.choose import open_cloud

    cloud = open_cloud(say=say)
    say(f"LocalStack {cloud.version} answers at {cloud.endpoint}.")


@app.command(rich_help_panel=CLOUD)
def stop() -> None:
    """Stop your cloud. Everything in it is lost; your files and your progress stay."""
    from helpers.cloud.embedded import Engine
    from helpers.cloud.home import lab_home

    stopped = Engine(lab_home()).stop(say)
    say("Your cloud is stopped." if stopped else "Your cloud was not running.")


@app.command(rich_help_panel=CLOUD)
def status(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Show which cloud the labs use, and its state. Exit code: 0 if it runs, 3 if not."""
    from helpers.command.status import cloud_status

    current = cloud_status()
    say(current.to_json() if as_json else current.describe())
    raise typer.Exit(0 if current.is_running else NOT_RUNNING)


@app.command(rich_help_panel=CLOUD)
def env(
    context: typer.Context,
    account: Annotated[
        str,
        typer.Argument(help="An account id, or a lab: 5, 05_thumbnails or thumbnails."),
    ] = ENGINE_ACCOUNT,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Print the settings with which AWS tools use your cloud: eval "$(lab env)"."""
    from helpers.command.shell import settings_for

    settings = settings_for(account, project_of(context), say=warn)
    say(settings.to_json() if as_json else settings.to_shell())


@app.command(rich_help_panel=CLOUD)
def doctor(context: typer.Context) -> None:
    """Look for problems that keep the labs from working, and name fixes. Exit code: 1 if any."""
    from helpers.cloud.home import lab_home
    from helpers.command.doctor import examine

    has_problems = False
    for finding in examine(project_of(context).root, lab_home()):
        say(finding.describe())
        has_problems |= finding.state == "wrong"
    raise typer.Exit(1 if has_problems else 0)


# --- the learner's work ----------------------------------------------------------------------


@app.command(rich_help_panel=WORK)
def progress(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Learners' progress.json files, to show as one table."),
    ] = None,
) -> None:
    """Show which exercises are passed; or, for a teacher, those of many learners side by side.

    Exit code: 1 if a file can't be read; the others are shown anyway.
    """
    from helpers.command.work import class_board, own_board

    if not files:
        say(str(own_board()))
        return
    board = class_board(files)
    say(str(board))
    raise typer.Exit(1 if board.people.unreadable else 0)


@app.command(rich_help_panel=WORK)
def reset(
    context: typer.Context,
    lab: Annotated[str, typer.Argument(help="Its number or name; by default, all labs.")] = "",
    forget: Annotated[
        bool, typer.Option("--progress", help="Also delete the record of exercises passed.")
    ] = False,
    sure: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask first.")] = False,
) -> None:
    """Start again: empty a lab's account in your cloud and its work folder. Notebooks stay."""
    from helpers.command.work import forget_progress, reset_labs

    if forget and not sure:
        typer.confirm("This deletes the record of exercises passed. Continue?", abort=True)
    for line in reset_labs(lab, project_of(context)):
        say(line)
    if forget:
        say(forget_progress(lab, project_of(context)))


# --- sheets ----------------------------------------------------------------------------------


@app.command("run", rich_help_panel=AUTHORS)
def run_sheet(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A lab: 1, 01_first_function or first-function.")],
) -> None:
    """Run a worked sheet from top to bottom, and write the result here as a web page."""
    from helpers.command.opening import own_cloud
    from helpers.sheets import play, write_page

    project = project_of(context)
    sheet = project.sheet(name)
    with own_cloud(say), progress_bar() as on_cell:
        notebook = play(sheet.name, on_cell=on_cell, project=project)
    page = write_page(sheet.name, notebook, Path.cwd(), project=project)
    say(f"{sheet.title}: every cell ran. See {page}")


@app.command(rich_help_panel=AUTHORS)
def build(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Labs; by default, all.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 1 if files would change.")
    ] = False,
) -> None:
    """Run the worked sheets in solutions/ and make labs/ from them, and environment.yml."""
    from helpers.command.building import differences, write_everything
    from helpers.command.opening import own_cloud

    if check:
        lines = differences(project_of(context))
        say("\n".join(lines) or "labs/ and environment.yml are up to date.")
        raise typer.Exit(1 if lines else 0)
    with own_cloud(say), progress_bar() as on_cell:
        changed = write_everything(names or (), on_cell, project_of(context))
    say("\n".join(f"Wrote {path}" for path in changed) or "Nothing has changed.")


@app.command(rich_help_panel=AUTHORS)
def new(
    context: typer.Context,
    number: Annotated[str, typer.Argument(help="Two digits: the lab's place in the course.")],
    name: Annotated[str, typer.Argument(help="Small letters and dashes: image-gallery.")],
) -> None:
    """Begin a lab: the skeleton of all its parts, built, which passes its tests as it stands."""
    from helpers.command.building import write_everything
    from helpers.command.opening import own_cloud
    from helpers.sheets.new import new_lab

    project = project_of(context)
    written = new_lab(number, name, project)
    with own_cloud(say), progress_bar() as on_cell:
        changed = write_everything([name], on_cell, project)
    say("\n".join(f"Wrote {path}" for path in dict.fromkeys([*written, *changed])))


# --- the project and the screen ---------------------------------------------------------------


def project_of(context: typer.Context) -> Project:
    """Return the project given to `run`, or else the one that this package is part of."""
    from helpers.course.project import find_project

    return context.obj or find_project()


def say(text: str) -> None:
    """Print at once, even to a pipe."""
    print(text, flush=True)


def warn(text: str) -> None:
    """Print to stderr, for commands whose output a program or a shell's `eval` reads."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def progress_bar() -> Iterator[OnCell]:
    """Show a progress bar for each lab, which moves on a terminal. Yield a callback for cells."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    bars: dict[str, TaskID] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())

    with Progress(*columns, TimeElapsedColumn(), TextColumn("{task.fields[heading]}")) as screen:

        def on_cell(run: CellRun) -> None:
            if run.lab not in bars:
                bars[run.lab] = screen.add_task(run.lab, total=run.total, heading="")
            done = run.number if run.seconds is not None else run.number - 1
            heading = "" if done == run.total else run.heading
            screen.update(bars[run.lab], completed=done, heading=heading)

        yield on_cell
