"""What residents did, waiting to be fetched: getUpdates with its offset, its long poll and its one poller.

Source: core.telegram.org/bots/api, "Getting updates". An update is confirmed, and forgotten, when one with a higher
offset is asked for.
"""

from __future__ import annotations

import itertools
import threading
import time
from typing import Any

from simulator.exchange.bot_errors import has_webhook, other_poller
from simulator.exchange.trouble import Fault
from simulator.exchange.trouble import Line as TroubledLine

Update = dict[str, Any]

MOST = 100
LONGEST_POLL = 50
"""Seconds that a poll may wait."""

_QUIET = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that come only to those who name them."""


class Updates:
    """The queue of one bot; the updates have numbers from `first` on."""

    def __init__(self, trouble: TroubledLine, first: int) -> None:
        self.webhook = ""
        self.polls = 0
        self._trouble = trouble
        self._numbers = itertools.count(first)
        self._waiting: list[Update] = []
        self._allowed: tuple[str, ...] = ()
        self._poller = 0
        self._open = True
        self._changed = threading.Condition()

    @property
    def waiting(self) -> int:
        """How many are not confirmed yet."""
        with self._changed:
            return len(self._waiting)

    def add(self, kind: str, about: Update) -> int:
        """Something happened; its update_id, 0 if the bot does not want to hear of this kind."""
        with self._changed:
            if not self._wanted(kind):
                return 0
            return self._append({kind: about})

    def add_raw(self, update: Update) -> int:
        """An update as it is, of any kind: one that came before the bot said which kinds it wants. Its `update_id` may
        be given, to leave a gap or to repeat one."""
        with self._changed:
            return self._append(update)

    def skip(self, count: int) -> None:
        """Leave a gap in the numbers."""
        with self._changed:
            for _ in range(count):
                next(self._numbers)

    def _wanted(self, kind: str) -> bool:
        return kind in self._allowed if self._allowed else kind not in _QUIET

    def _append(self, update: Update) -> int:
        number = int(update.get("update_id") or next(self._numbers))
        self._waiting.append({"update_id": number, **update})
        self._changed.notify_all()
        return number

    def close(self) -> None:
        """Answer whoever still waits."""
        with self._changed:
            self._open = False
            self._changed.notify_all()

    def fetch(self, offset: int = 0, limit: int = MOST, timeout: int = 0, allowed: list[str] | None = None) -> Any:
        """Updates from `offset` on, after `timeout` seconds at most. A poll that another one meets ends with 409."""
        with self._changed:
            if self.webhook:
                raise has_webhook()
            if allowed is not None:
                self._allowed = tuple(allowed)
            self.polls += 1
            mine = self._poller = self._poller + 1
            self._changed.notify_all()
            self._confirm(offset)
            self._wait(mine, min(timeout, LONGEST_POLL))
            return self._troubled(self._waiting[: max(1, min(limit, MOST))])

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self._waiting = self._waiting[offset:]
        elif offset:
            self._waiting = [update for update in self._waiting if update["update_id"] >= offset]

    def _wait(self, mine: int, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._waiting and self._open and (left := until - time.monotonic()) > 0:
            self._changed.wait(left)
            if self._poller != mine:
                raise other_poller()

    def _troubled(self, found: list[Update]) -> list[Update]:
        if not found:
            return []
        met = self._trouble.take("/updates")
        if Fault.TWICE in met:
            found = found + found
        if Fault.REVERSED in met:
            found = found[::-1]
        return found
