"""Keeps an engine that does not answer from being asked again and again (Nygard, Release It!, "Circuit Breaker").

docs/decisions/rasa.md says why this is no library.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

FAILURES = 3
"""So many failures in a row, and it is not asked."""

REST = 30.0
"""Seconds that it is not asked; then one is let through, and its outcome decides."""


@dataclass(slots=True, kw_only=True)
class Breaker:
    """Counts failures. Threads may share one; it is locked while it counts, never while an engine is asked.

    Whoever was let through says once how it went. `clock` tells seconds that never go back.
    """

    failures: int = FAILURES
    rest: float = REST
    clock: Callable[[], float] = monotonic
    _failed: int = 0
    _until: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def lets_through(self) -> bool:
        """Whether to ask now. After the rest it is one at a time until one went well."""
        with self._lock:
            if self._failed < self.failures:
                return True
            now = self.clock()
            if now < self._until:
                return False
            self._until = now + self.rest
            return True

    def went_well(self) -> None:
        """It answered: ask as usual."""
        with self._lock:
            self._failed = 0

    def failed(self) -> None:
        """It did not answer, or not in time, or nonsense."""
        with self._lock:
            self._failed += 1
            if self._failed >= self.failures:
                self._until = self.clock() + self.rest
