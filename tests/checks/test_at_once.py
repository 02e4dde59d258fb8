"""Many calls at the same moment."""

from itertools import count

import pytest

from helpers.checks.at_once import side_by_side


def test_all_calls_are_under_way_before_one_returns():
    arrived = []
    numbers = count()

    def call():
        arrived.append(number := next(numbers))
        while len(arrived) < 4:
            pass
        return number

    assert sorted(side_by_side(call, 4)) == [0, 1, 2, 3]


def test_what_a_call_raises_is_raised():
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda: 1 / 0)
