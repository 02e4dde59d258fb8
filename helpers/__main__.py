"""`lab`, and `python -m helpers`: the command line, which ends without a traceback on Ctrl-C."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:  # the imports, too: they take a while, in which a Ctrl-C is heard
        from helpers.system.interrupts import raised_by_all_signals

        with raised_by_all_signals():
            from helpers.command.cli import run

            code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130  # what a shell expects of a program that Ctrl-C has ended
    sys.exit(code)


if __name__ == "__main__":
    main()
