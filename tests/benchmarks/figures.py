"""A figure: what was measured, how it spread, and whether it reached its target."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Figure:
    """Samples of one quantity. `target` is the most it may be, None where it is told only."""

    name: str
    samples: Sequence[float]
    unit: str = "ms"
    target: float | None = None
    beside: str = ""  # what the ratio is to, measured in the same run
    other: float | None = None  # that quantity, in the same unit

    @property
    def median(self) -> float:
        return median(self.samples)

    @property
    def ratio(self) -> float | None:
        return self.median / self.other if self.other else None

    @property
    def missed_by(self) -> float | None:
        """How much too much it is, 0 if the target is reached, None without a target."""
        return None if self.target is None else max(self.median - self.target, 0)

    def to_json(self) -> dict[str, Any]:
        told = {"median": self.median, "ratio": self.ratio, "missed_by": self.missed_by}
        return asdict(self) | {"samples": list(self.samples)} | told

    # In words, for the table

    def spread_in_words(self) -> str:
        return f"{number(min(self.samples))} to {number(max(self.samples))}"

    def ratio_in_words(self) -> str:
        return f"{self.ratio:.1f} times {self.beside}" if self.ratio else ""

    def target_in_words(self) -> str:
        return "" if self.target is None else f"{number(self.target)} {self.unit}"

    def outcome_in_words(self) -> str:
        if self.target is None or self.missed_by is None:
            return ""
        if not self.missed_by:
            return "reached"
        by = f"{number(self.missed_by)} {self.unit}, {self.missed_by / self.target:.0%}"
        return f"missed by {by}"


def number(value: float) -> str:
    """
    >>> number(0.1234), number(12.34), number(345.6)
    ('0.12', '12.3', '346')
    """
    return f"{value:.{2 if abs(value) < 10 else 1 if abs(value) < 100 else 0}f}"
