"""What a provider brought and is still to be worked on: stored before it is confirmed, worked on once, then emptied."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from core.ports import Received


class Inbox(Protocol):
    """The updates in the database. Each method is one transaction of its own, committed when it returns."""

    def keep(self, updates: Collection[Received]) -> tuple[Received, ...]:
        """Store them, and return those that were not there before."""
        ...

    def undone(self) -> tuple[Received, ...]:
        """All that were stored and not worked on to the end, in the provider's order."""
        ...

    def done(self, id: int, at: datetime) -> None:
        """It was worked on: its payload is emptied."""
        ...
