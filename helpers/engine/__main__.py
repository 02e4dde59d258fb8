"""Run one engine until it is told to stop: `python -m helpers.engine`.

Started by helpers.cloud.embedded, with the environment of helpers.engine.settings.
"""

import sys


def main() -> None:
    # jsonschema's optional grammar takes longer to import than the rest of the engine's start;
    # with None in its place jsonschema does without it.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

    from localstack.runtime.main import main as run_localstack

    run_localstack()


if __name__ == "__main__":
    main()
