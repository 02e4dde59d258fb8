"""`lab`, and `python -m helpers`: the command line, which ends without a traceback on Ctrl-C."""

import sys

from helpers.interrupts import raised_by_all_signals


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        with raised_by_all_signals():
            from helpers.command.cli import (
                run,  # here, so that a Ctrl-C during imports is caught as well
            )

            code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130  # what a shell expects of a program that Ctrl-C has ended
    sys.exit(code)


if __name__ == "__main__":
    main()
