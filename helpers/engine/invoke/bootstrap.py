"""The first code in a function's process, from the standard library only.

    python -I -S bootstrap.py RUNTIME_FOLDER TASK_FOLDER HANDLER

With -I and -S the interpreter uses neither the learner's environment nor any site-packages. What a
function can import is set here, in AWS's order: its own package, then the runtime's (boto3).
"""

import os
import sys
import threading


def end_with_the_engine() -> None:
    """End when standard input does, a pipe that the engine holds open."""
    os.read(0, 1)
    os._exit(1)


def main() -> None:
    runtime_folder, task_folder, handler = sys.argv[1:4]
    sys.path[:] = [task_folder, runtime_folder, *sys.path]
    sys.argv[:] = ["/var/runtime/bootstrap", handler]
    threading.Thread(target=end_with_the_engine, daemon=True).start()

    from awslambdaric.__main__ import main as run_runtime_client

    run_runtime_client(sys.argv)


main()
