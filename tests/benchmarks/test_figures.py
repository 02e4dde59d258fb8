"""What the benchmark's table says of a figure."""

import json

from tests.benchmarks.figures import Figure


def test_a_figure_is_its_median_beside_its_spread() -> None:
    figure = Figure("start", [1.0, 9.0, 2.0], "s")
    assert figure.median == 2
    assert figure.spread_in_words() == "1.00 to 9.00"


def test_a_figure_at_its_target_has_reached_it() -> None:
    assert Figure("start", [2.5], "s", target=2.5).outcome_in_words() == "reached"


def test_a_figure_above_its_target_says_by_how_much() -> None:
    assert Figure("start", [3.0], "s", target=2.5).outcome_in_words() == "missed by 0.50 s, 20%"


def test_a_figure_without_a_target_has_no_outcome() -> None:
    assert Figure("start", [3.0], "s").outcome_in_words() == ""


def test_a_ratio_is_to_something_measured_in_the_same_run() -> None:
    figure = Figure("invoke", [6.0], beside="reading", other=2.0)
    assert figure.ratio_in_words() == "3.0 times reading"


def test_a_figure_can_be_written_as_json() -> None:
    told = json.loads(json.dumps(Figure("start", [3.0], "s", target=2.0).to_json()))
    assert (told["median"], told["missed_by"], told["ratio"]) == (3.0, 1.0, None)
