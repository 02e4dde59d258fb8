"""An effect is waited for, and no longer than said."""

from helpers.checks.effects import find_effect
from helpers.exercises.probe import Probe
from tests.fakes import FakeTime, no_cloud


def test_an_effect_is_found_as_soon_as_it_is_there(tmp_path):
    time, looks = FakeTime(), [[], None, ["note"]]
    probe = Probe(no_cloud, tmp_path, clock=time.clock)
    assert find_effect(probe, lambda: looks.pop(0), within=5) == ["note"]
    assert time.passed < 1


def test_what_does_not_come_is_none(tmp_path):
    time = FakeTime()
    probe = Probe(no_cloud, tmp_path, clock=time.clock)
    assert find_effect(probe, lambda: False, within=5) is None
    assert 5 <= time.passed < 6
