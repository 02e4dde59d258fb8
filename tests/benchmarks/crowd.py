"""One engine for many: thirty learners at once, and a thousand functions in a hundred accounts."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles
from typing import Any

from tests.benchmarks.bench import ECHO, Bench, package, timed
from tests.benchmarks.figures import Figure

LEARNERS = 30
ROUNDS = 20  # of calls that each learner makes
THINKS = 0.3  # seconds between two of them
ACCOUNTS, FUNCTIONS = 100, 10  # in each
MIB = 1024 * 1024


def measure(bench: Bench) -> Iterator[Figure]:
    yield from measure_class(bench)
    yield from measure_many(bench)


def measure_class(bench: Bench) -> Iterator[Figure]:
    accounts = [f"3000000000{number:02}" for number in range(LEARNERS)]
    for account in accounts:
        bench.deploy(ECHO, "echo", account)
        bench.invoke("echo", 0, account)
    alone = [p95(work(bench, accounts[0])) for _ in range(bench.runs)]
    together: list[float] = []
    with ThreadPoolExecutor(LEARNERS) as pool:
        for _ in range(bench.runs):
            samples = pool.map(lambda account: work(bench, account), accounts)
            together.append(p95([sample for each in samples for sample in each]))
    yield Figure("One learner: 95 % of the calls within", alone)
    name = "Thirty learners on one engine: 95 % of the calls within"
    yield Figure(name, together, beside="one learner's", other=min(alone))


def work(bench: Bench, account: str) -> list[float]:
    """Milliseconds of the calls of one learner, who thinks between them."""
    samples: list[float] = []
    for number in range(ROUNDS):
        time.sleep(THINKS)
        with timed(samples):
            bench.invoke("echo", number, account)
        with timed(samples):
            bench.client("lambda", account).list_functions()
    return samples


def measure_many(bench: Bench) -> Iterator[Figure]:
    process = bench.process()
    memory, threads = process.memory_info().rss, process.num_threads()
    first: list[float] = []
    last: list[float] = []
    for number in range(ACCOUNTS):
        account = f"4000000000{number:02}"
        create(bench, account, first if number == 0 else last if number == ACCOUNTS - 1 else [])
    grown = (process.memory_info().rss - memory) / MIB
    yield Figure("1,000 functions in 100 accounts: memory more", [grown], "MB")
    more = process.num_threads() - threads
    yield Figure("1,000 functions in 100 accounts: threads more", [more], "")
    yield Figure("CreateFunction: the first ten", first)
    yield Figure("CreateFunction: the last ten of 1,000", last)


def create(bench: Bench, account: str, samples: list[float]) -> None:
    settings: dict[str, Any] = {
        "Runtime": "python3.12",
        "Handler": "main.handler",
        "Role": bench.role_in(account),
        "Code": {"ZipFile": package(ECHO)},
    }
    for number in range(FUNCTIONS):
        with timed(samples):
            bench.client("lambda", account).create_function(
                FunctionName=f"function-{number}", **settings
            )


def p95(samples: list[float]) -> float:
    return quantiles(samples, n=20)[-1]
