"""Who is at the desk now, so that a caller who wants a person waits for them first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from app.log import event
from core.errors import StoreUnavailable

AWAY = timedelta(minutes=3)
"""A console that asked for nothing for so long has nobody before it: its list asks every few seconds."""

ASK_EVERY = timedelta(seconds=5)
"""Every turn of a call would ask; so much later is soon enough."""


class Duty:
    """Remembers for a few seconds what `ask` said: the departments of staff who were at the desk since a moment."""

    def __init__(self, ask: Callable[[datetime], frozenset[str]]) -> None:
        self._ask = ask
        self._lock = Lock()
        self._asked: datetime | None = None
        self._there: frozenset[str] = frozenset()

    def __call__(self, at: datetime) -> frozenset[str]:
        """The departments of those who are there ("": for all). Nobody, if the database does not answer."""
        with self._lock:
            if self._asked is None or abs(at - self._asked) >= ASK_EVERY:
                self._asked, self._there = at, self._now(at)
            return self._there

    def _now(self, at: datetime) -> frozenset[str]:
        try:
            return self._ask(at - AWAY)
        except StoreUnavailable:
            event("duty_unknown")
            return frozenset()
