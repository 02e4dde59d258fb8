"""The panel that sends webhooks: honest ones and others, and what the receiver made of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from ipywidgets import HTML, Button, Checkbox, HBox, IntProgress, Layout, VBox

from helpers.display import Card, Table, Tone, counted
from helpers.labs.webhooks.senders import Delivery, Paywell, Sent
from helpers.panels.panel import WIDE, Panel, on_press
from helpers.system.clock import CLOCK, Clock

MANY = 100
OLD = 600  # seconds ago that a replayed delivery was signed
IMPATIENT = 0.2  # seconds that an impatient sender waits, and
TRIES = 3  # how often it tries
PATIENCE = 5.0  # seconds without a single one processed, after which no more is waited for,
EACH = 0.1  # and that many more for each that was sent
QUIET = 0.5  # seconds in which nothing more may be done, once what should be is done
MOST = 120.0  # seconds in all: a receiver that does one thing again and again is never still
LOOK = 0.1

AS_TEXT = """\
A panel that sends payments: tampered with, replayed, twice… or honestly, one or a hundred.
Where no widgets can be shown, do the same in code: paywell.send(paywell.payment("A-1"))"""
NOTHING_YET = Card(Tone.WAITING, "Nothing has been sent yet. Choose what to try, then press Send.")
WORKING = "Waiting for what the receiver does with it…"

HONEST_DONE = "Accepted and processed once, as it should be."
FORGED_REFUSED = "Refused, and nothing was done, as it should be: no honest sender sends this."
FORGED_ACCEPTED = "A delivery that no honest sender sends was accepted."
FORGED_DONE = "A delivery that no honest sender sends was processed."
HONEST_REFUSED = "An honest delivery was not accepted. The sender gives up, and the order is lost."
NEVER_DONE = "The receiver accepted the delivery, but nothing was done within {seconds:g} s."
DONE_TWICE = "One payment was processed {times} times."

Effects = Callable[[], Mapping[str, int]]


@dataclass(frozen=True)
class Trial:
    """One order that was sent: how, what was answered to each sending, how often it was done."""

    order: str
    forged: bool
    sent: tuple[Sent, ...]
    done: int = 0

    def verdict(self, seconds: float) -> tuple[Tone, str]:
        accepted = any(each.accepted for each in self.sent)
        if self.forged:
            if self.done or accepted:
                return Tone.WRONG, FORGED_DONE if self.done else FORGED_ACCEPTED
            return Tone.GOOD, FORGED_REFUSED
        if self.done > 1:
            return Tone.WRONG, DONE_TWICE.format(times=self.done)
        if not accepted:
            return Tone.WRONG, HONEST_REFUSED
        if not self.done:
            return Tone.WRONG, NEVER_DONE.format(seconds=seconds)
        return Tone.GOOD, HONEST_DONE


class SenderPanel(Panel):
    """Send payments with a `Paywell`; `effects()` returns how often each order was processed.

    Its parts are widgets: the switches `tamper`, `wrong_secret`, `replay`, `duplicate` and
    `impatient`; `button` (Send) and `many` (Send a hundred); `answer` and `progress` to read.
    Whatever goes wrong is shown there; nothing is raised.
    """

    def __init__(
        self,
        sender: Paywell,
        effects: Effects,
        *,
        clock: Clock = CLOCK,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._sender, self._effects, self._clock, self._now = sender, effects, clock, now
        self.tamper = _switch("Tamper with the body")
        self.wrong_secret = _switch("Sign with a wrong secret")
        self.replay = _switch("Replay one from 10 minutes ago")
        self.duplicate = _switch("Send it twice")
        self.impatient = _switch(f"Wait only {IMPATIENT:g} s, try {TRIES} times")
        self.button = Button(description="Send", button_style="primary")
        self.many = Button(description="Send a hundred")
        self.answer = HTML(NOTHING_YET.html())
        self.progress = IntProgress(max=MANY, description="Sent", layout=Layout(display="none"))
        on_press(self.button, lambda: self._try(1), self.answer)
        on_press(self.many, lambda: self._try(MANY), self.answer)
        switches = (
            HBox([self.tamper, self.wrong_secret, self.replay], layout=WIDE),
            HBox([self.duplicate, self.impatient], layout=WIDE),
        )
        buttons = HBox([self.button, self.many, self.progress])
        self.box = VBox([*switches, buttons, self.answer], layout=WIDE)

    def __repr__(self) -> str:
        return AS_TEXT

    @property
    def _forged(self) -> bool:
        return bool(self.tamper.value or self.wrong_secret.value or self.replay.value)

    def _try(self, number: int) -> None:
        """Send so many orders, wait for what the receiver does, and say how it went."""
        begun, trials = self._clock.now(), []
        self.progress.layout.display = "none" if number == 1 else ""
        for count in range(1, number + 1):
            trials.append(self._send(f"P-{uuid4().hex[:8]}"))
            self.progress.value = count
        self.answer.value = Card(Tone.PLAIN, WORKING, [_answers(trials[-1])]).html()
        patience = PATIENCE + EACH * number
        done = self._follow(trials, patience)
        trials = [Trial(t.order, t.forged, t.sent, done.get(t.order, 0)) for t in trials]
        seconds = self._clock.now() - begun
        shown = _one(trials[0], patience) if number == 1 else _all(trials, patience, seconds)
        self.answer.value = shown.html()

    def _send(self, order: str) -> Trial:
        delivery = self._sender.payment(order)
        times = 2 if self.duplicate.value else 1
        before = self._sender.timeout, self._sender.attempts
        if self.impatient.value:
            self._sender.timeout, self._sender.attempts = IMPATIENT, TRIES
        try:
            sent = tuple(self._sender.send(delivery, **self._how(delivery)) for _ in range(times))
        finally:
            self._sender.timeout, self._sender.attempts = before
        return Trial(order, self._forged, sent)

    def _how(self, delivery: Delivery) -> dict[str, Any]:
        how: dict[str, Any] = {}
        if self.tamper.value:
            how["body"] = delivery.body.replace(b"4990", b"1")
        if self.wrong_secret.value:
            how["secret"] = f"not-{self._sender.secret}"
        if self.replay.value:
            how["moment"] = self._now() - OLD
        return how

    def _follow(self, trials: Sequence[Trial], patience: float) -> Mapping[str, int]:
        """Return how often each order was processed, once all is still or patience is over."""
        last, end = self._clock.now() + MOST, self._clock.now() + patience
        still_until = self._clock.now() + QUIET
        expected = 0 if self._forged else sum(_is_accepted(trial) for trial in trials)
        done = self._effects()
        while self._clock.now() < min(end, last):
            seen = self._effects()
            if seen != done:
                end = self._clock.now() + patience
            if seen != done or sum(t.order in seen for t in trials) < expected:
                still_until = self._clock.now() + QUIET
            elif self._clock.now() >= still_until:
                return seen
            done = seen
            self._clock.sleep(LOOK)
        return done


def _switch(words: str) -> Checkbox:
    return Checkbox(
        description=words, indent=False, layout=Layout(width="auto", margin="0 12px 0 0")
    )


def _is_accepted(trial: Trial) -> bool:
    return any(each.accepted for each in trial.sent)


def _answers(trial: Trial) -> str:
    tries = [f"{attempt}" for sent in trial.sent for attempt in sent.attempts]
    return f"The receiver: {', then '.join(tries)}."


def _one(trial: Trial, patience: float) -> Card:
    tone, words = trial.verdict(patience)
    times = f"Processed: {counted(trial.done, 'time')}."
    return Card(tone, words, [_answers(trial), times])


def _all(trials: Sequence[Trial], patience: float, seconds: float) -> Card:
    """Return how many went which way, the bad ways first."""
    ways = Counter(trial.verdict(patience) for trial in trials)
    bad = sum(count for (tone, _), count in ways.items() if tone is Tone.WRONG)
    ordered = sorted(ways.items(), key=lambda way: (way[0][0] is Tone.GOOD, -way[1]))
    rows = [(f"{tone.mark} {count}", words) for (tone, words), count in ordered]
    title = f"{len(trials)} sent in {seconds:.1f} s: " + (
        f"{counted(bad, 'went', 'went')} wrong" if bad else "all went as they should"
    )
    tone = Tone.WRONG if bad else Tone.GOOD
    return Card(tone, title, table=Table(("deliveries", "what became of them"), rows))
