"""The command line, `lab` or `python -m helpers`. Ctrl-C ends it without a traceback."""

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    try:  # including the imports, which take long enough for a Ctrl-C
        from helpers.system.interrupts import raised_by_all_signals

        with raised_by_all_signals():
            from helpers.command.cli import run

            code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130  # the exit code that shells use after Ctrl-C
    sys.exit(code)


if __name__ == "__main__":
    main()
