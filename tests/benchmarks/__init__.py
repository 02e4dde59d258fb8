"""How fast, and how big: each target of the project, measured.

    uv run python -m tests.benchmarks            everything: ten minutes, most of them the proofs
    uv run python -m tests.benchmarks warm idle  these only; --help names them all
    uv run python -m tests.benchmarks --runs 3   fewer runs of each

Prints a table and writes benchmark.json. Each figure is the median of several runs and stands
beside its spread; where it can, also beside a ratio to something measured in the same run, which
says more than milliseconds on a machine that others use too.
"""
