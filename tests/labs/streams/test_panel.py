"""The panel for a stream: what is sent is counted by a consumer of the test's own."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from helpers.errors import LabError
from helpers.labs.streams.panel import StreamPanel
from tests.fakes import FakeTime


class Consumer:
    """A stream whose consumer counts `pace` events, in one batch, each time it is looked at."""

    def __init__(self, pace: int = 1000, twice: int = 0) -> None:
        self.pace, self.twice = pace, twice
        self.waiting, self.batches, self.sizes = 0, 0, []
        self.seen: Counter[str] = Counter()

    def send(self, number: int) -> None:
        self.sizes.append(number)
        self.waiting += number

    def counts(self) -> Counter[str]:
        taken = min(self.waiting, self.pace)
        if taken:
            self.batches += 1
            self.seen["tea <3"] += taken + self.twice
            self.waiting -= taken
        return self.seen


def panel_of(consumer: Consumer, **doors) -> tuple[StreamPanel, FakeTime]:
    time = FakeTime()

    async def pause(seconds: float) -> None:
        time.clock.sleep(seconds)
        await asyncio.sleep(0)

    panel = StreamPanel(
        consumer.send, consumer.counts, lambda: consumer.batches, clock=time.clock, pause=pause
    )
    return panel, time


def apart(call: Callable[[], Any]) -> Any:
    """In a thread of its own: in this one, a test in the browser may have left a loop running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result()


def press(panel: StreamPanel) -> None:
    apart(panel.button.click)


def test_a_run_sends_at_the_rate_of_the_slider_for_twenty_seconds():
    consumer = Consumer()
    panel, time = panel_of(consumer)
    panel.rate.value = 30
    press(panel)
    assert sum(consumer.sizes) == 600
    assert set(consumer.sizes) == {15}
    assert time.passed == pytest.approx(20, abs=1)
    assert panel.button.description == "Start"


def test_it_tells_what_was_sent_counted_and_in_how_many_batches():
    consumer = Consumer()
    panel, _ = panel_of(consumer)
    press(panel)
    assert "The function has caught up" in panel.state.value
    assert panel.state.value.count(">400<") == 2
    assert ">40<" in panel.state.value
    assert ">10.0<" in panel.state.value
    assert 'aria-label="sent: 400; counted: 400"' in panel.lag.value
    assert "tea &lt;3: 400" in panel.counts.value


def test_what_was_counted_before_the_run_is_left_out():
    consumer = Consumer()
    consumer.send(70)
    consumer.counts()
    panel, _ = panel_of(consumer)
    press(panel)
    assert 'aria-label="sent: 400; counted: 400"' in panel.lag.value


def test_a_consumer_that_is_slower_than_the_rate_shows_its_lag():
    panel, time = panel_of(Consumer(pace=5))
    panel.rate.value = 100
    press(panel)
    assert "the consumer's lag" in panel.state.value
    assert time.passed == pytest.approx(30, abs=1)  # it does not wait for ever
    assert panel.lag.value.count("<polyline") == 2


def test_counting_twice_is_told_from_having_caught_up():
    panel, _ = panel_of(Consumer(twice=1))
    press(panel)
    assert "some are counted twice" in panel.state.value


def test_the_button_stops_a_run_and_the_rate_may_change_meanwhile():
    async def look_on() -> tuple[list[int], str]:
        consumer = Consumer()
        panel, _ = panel_of(consumer)
        panel.button.click()
        await asyncio.sleep(0)
        assert panel.button.description == "Stop"
        panel.rate.value = 100
        for _ in range(4):
            await asyncio.sleep(0)
        panel.button.click()
        await panel._task
        return consumer.sizes, panel.button.description

    sizes, words = apart(lambda: asyncio.run(look_on()))
    assert sizes[0] == 10
    assert 50 in sizes
    assert len(sizes) < 10
    assert words == "Start"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (LabError("no such stream"), "no such stream"),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), "The cloud did not answer"),
        (KeyError("product"), "KeyError: 'product'"),
    ],
)
def test_whatever_goes_wrong_is_shown_and_not_raised(error, words):
    def refuse(number: int) -> None:
        raise error

    consumer = Consumer()
    consumer.send = refuse
    panel, _ = panel_of(consumer)
    press(panel)
    assert words in unescape(panel.state.value)
    assert panel.button.description == "Start"


def test_each_control_has_a_name_for_those_who_hear_it():
    panel, _ = panel_of(Consumer())
    assert [part.description for part in (panel.rate, panel.button)] == ["Clicks/s", "Start"]


def test_without_widgets_it_says_how_to_do_the_same():
    panel, _ = panel_of(Consumer())
    assert panel._repr_mimebundle_()["text/plain"] == repr(panel)
    assert "counts()" in repr(panel)
