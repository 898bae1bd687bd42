"""Shares of counts, with how sure they are."""

from __future__ import annotations

import math
from dataclasses import dataclass

SURE = 1.959964
"""Standard deviations of a 95 % interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of `of`, and the 95 % interval of their share (Wilson 1927)."""

    count: int
    of: int

    @property
    def value(self) -> float:
        """The share, 0 to 1; 0 of none."""
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares it lies."""
        if not self.of:
            return 0.0, 1.0
        z, n, p = SURE * SURE, self.of, self.value
        middle, spread = p + z / (2 * n), SURE * math.sqrt(p * (1 - p) / n + z / (4 * n * n))
        return max(0.0, (middle - spread) / (1 + z / n)), min(1.0, (middle + spread) / (1 + z / n))

    def __str__(self) -> str:
        least, most = self.interval
        return f"{100 * self.value:5.1f} ({100 * least:.0f}-{100 * most:.0f})"
