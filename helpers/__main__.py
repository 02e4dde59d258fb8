"""`lab`, and `python -m helpers`: the command line, which ends without a traceback on Ctrl-C."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        from helpers.cli import run  # here, so that a Ctrl-C during imports is caught as well

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130  # what a shell expects of a program that Ctrl-C has ended
    sys.exit(code)


if __name__ == "__main__":
    main()
