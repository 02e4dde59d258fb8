"""Run one engine until it is told to stop: `python -m helpers.engine`.

Started by helpers.cloud.embedded, with the environment of helpers.engine.settings.
"""

from helpers.engine.lean import leave_out
from helpers.engine.lifetime.watch import watch


def main() -> None:
    watch()
    leave_out()

    from localstack.runtime.main import main as run_localstack

    run_localstack()


if __name__ == "__main__":
    main()
