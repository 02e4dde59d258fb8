"""What the exercises time-out and memory share: the code stays as given, and does all its work."""

from collections.abc import Callable

from helpers.aws.report import Report
from helpers.checks import Diagnosis, Link, Probe, require
from helpers.checks.function import Function, ask, failure
from helpers.checks.given import is_given
from helpers.checks.package import package_files
from helpers.functions.invoke import Invocation

GIVEN = ("greeter", "receipt", "slow_report", "resize_plan")  # functions of the sheet itself


class Limits(Diagnosis):
    LESS_WORK = Link.CODE("""
        You have changed the code of `{name}`, so that it does less. Leave the code as it was
        given, and change the function's configuration.""")


def require_given_code(probe: Probe, name: str) -> None:
    file = f"{name}.py"
    code = package_files(probe, name).get(file, "")
    require(is_given(probe, file, code), Limits.LESS_WORK, name=name)


def require_work(
    probe: Probe,
    name: str,
    event: dict[str, float],
    wanted: dict[str, float],
    took_it: Callable[[Report], bool],
    stopped: Diagnosis,
    **words: object,
) -> None:
    """Invoke the function, which must answer with `wanted` among the rest, and have worked for it.

    A function that its limit has ended is diagnosed as `stopped`.
    """
    answer = ask(probe, name, event)
    if answer.error:
        why = failure(probe, answer)
        is_other = why.id not in (Function.TIMED_OUT.id, Function.OUT_OF_MEMORY.id)
        require(is_other, stopped, _shown(answer), **words)
        raise why
    result = answer.result if isinstance(answer.result, dict) else {}
    has_all = wanted.items() <= result.items()
    did_it = answer.report is not None and took_it(answer.report)
    require(has_all and did_it, Limits.LESS_WORK, _shown(answer), name=name)


def _shown(answer: Invocation) -> str:
    said = str(answer.error) if answer.error else f"returned {answer.result}"
    return f"{said}\n{answer.report.summary()}" if answer.report else said
