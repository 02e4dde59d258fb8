"""A warm invocation beside a call that only reads: the difference is what running costs."""

from collections.abc import Iterator
from statistics import median
from typing import Any

from tests.benchmarks.bench import ECHO, Bench, timed
from tests.benchmarks.figures import Figure

PAIRS = 100  # in one run
WARM_UP = 20


def measure(bench: Bench) -> Iterator[Figure]:
    client = bench.client("lambda")
    bench.deploy(ECHO, "warm")
    one_run(client, WARM_UP)
    runs = [one_run(client, PAIRS) for _ in range(bench.runs)]
    reading = [median(gets) for _, gets in runs]
    invoking = [median(invokes) for invokes, _ in runs]
    differences = [warm - get for warm, get in zip(invoking, reading, strict=True)]
    yield Figure("GetFunctionConfiguration", reading)
    yield Figure("Warm Invoke", invoking, beside="GetFunctionConfiguration", other=median(reading))
    ratios = [warm / get for warm, get in zip(invoking, reading, strict=True)]
    yield Figure("Warm Invoke, times GetFunctionConfiguration", ratios, "times", 2.2)
    yield Figure("Warm Invoke, beyond GetFunctionConfiguration", differences, "ms", 7)


def one_run(client: Any, pairs: int) -> tuple[list[float], list[float]]:
    """Milliseconds of so many invocations and reads, in turn."""
    invokes: list[float] = []
    gets: list[float] = []
    for _ in range(pairs):
        with timed(invokes):
            client.invoke(FunctionName="warm", Payload='{"n": 1}')["Payload"].read()
        with timed(gets):
            client.get_function_configuration(FunctionName="warm")
    return invokes, gets
