"""How long the wait for a person may be: from what others really waited, in words people can hold, never a promise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import inf

from core import phrases as say
from core.types import Phrase

LINE = 60
"""Seconds a caller waits for someone at the desk before the office's telephone rings. `THEN_OFFICE` says so."""

LEAST = 10
"""Requests that staff took: of fewer nothing is said."""

LEFT = Fraction(1, 5)
"""The share of people who wait longer than what is said."""

STEPS = (1, 2, 5, 10, 30)
"""Minutes that are said: a wait is rounded up to one of them."""

LONGER = STEPS[-1] + 1
"""Said where none of them is enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """A request for a person: when it was asked, and whether staff `took` it. `until` is when they did, or when it was
    over in another way; None where it waits still."""

    voice: bool
    department: str
    service: str
    asked: datetime
    until: datetime | None
    took: bool

    def seconds(self, now: datetime) -> float:
        """How long the wait was, or has been by now."""
        return max(0.0, ((self.until or now) - self.asked).total_seconds())


def usual(waits: Iterable[tuple[float, bool]]) -> float | None:
    """Seconds within which four of five were taken; infinite if more than one of five never were, None if too few were.

    Each is how long the wait was, and whether staff took it then. Who still waits, or gave up, is no quick one: they
    count as waiting for as long as that is known (Kaplan and Meier 1958, doi.org/10.2307/2281868).
    """
    ordered = sorted(waits, key=lambda one: (one[0], not one[1]))
    if sum(took for _, took in ordered) < LEAST:
        return None
    left = Fraction(1)
    for still, (seconds, took) in zip(range(len(ordered), 0, -1), ordered, strict=True):
        if took:
            left *= Fraction(still - 1, still)
        if left <= LEFT:
            return seconds
    return inf


def minutes(seconds: float | None, told: int, *, voice: bool) -> int:
    """The minutes to say, never fewer than were told before (0: nothing was); 0 where nothing is known.

    On the telephone whatever is longer than the line lets anybody wait is `LONGER`.
    """
    if seconds is None:
        return 0
    steps = (step for step in STEPS if not voice or step * 60 <= LINE)
    return max(told, next((step for step in steps if seconds <= step * 60), LONGER))


def sentence(minutes: int, *, voice: bool) -> Phrase:
    """What is said of a wait of so many minutes (one of `STEPS`, or `LONGER`)."""
    if minutes == LONGER:
        return say.THEN_OFFICE if voice else say.WAIT_LONGER
    return say.WAIT_HALF_HOUR if minutes == 30 else say.wait(minutes)
