"""Calls that we owe. Whoever rings the number for missed calls and hangs up is phoned back: asking costs them nothing.
And who wants news of a case, at a number that gets no texts, is called.

A ring is a request that anybody can make for any number, so little comes of it: only telephones in countries served,
few a day for each number and in all, and one at a time. What is placed is placed once: a call of which nobody knows
whether it was placed is left alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from app.log import event
from app.numbering import numbered
from app.outbox import MayArrive
from core.errors import SendError, SendLater
from core.ports import Caller, Ring

EACH_A_DAY = 3
"""Calls back to one number within 24 hours: a ring can be sent in somebody else's name, to annoy them."""

IN_ALL_A_DAY = 200
"""Calls back to all numbers within 24 hours: they are paid for."""

OPEN_FOR = timedelta(hours=1)
"""How long a call back counts as still going on, if its end is not told."""

AGAIN = timedelta(seconds=15)
"""How long to wait before a provider that was busy is asked once more."""

TRIES = 3
"""How often it is asked; who rang is still waiting beside the telephone."""

NEWS_TRIES = 3
"""How often somebody is called with news who does not answer."""

NEWS_AGAIN = timedelta(hours=20)
"""How long to wait at least before that, until the hours that they chose: the next day."""

POLL = 2.0
"""Seconds between two looks for a ring."""


class RingStore(Protocol):
    """The missed calls. Each method is one transaction of its own."""

    def keep(self, call: str, number: str, now: datetime) -> bool:
        """Keep a ring, unless the number has one open or had its share, or all together had; whether it was kept. The
        same `call` again changes nothing."""
        ...

    def take(self, now: datetime) -> Ring | None:
        """The next one that is due, marked as being placed."""
        ...

    def placed(self, ring: int, provider_id: str) -> None:
        """The provider has taken it."""
        ...

    def later(self, ring: int, due: datetime) -> None:
        """It is placed then."""
        ...

    def not_yet(self, ring: int, due: datetime) -> None:
        """It may not be placed before then; that was no try."""
        ...

    def placed_as(self, ring: int, provider_id: str) -> Ring | None:
        """The ring, while this call of it is under way."""
        ...

    def again(self, ring: int, provider_id: str, due: datetime) -> None:
        """Nobody took this call; another one is placed then. Told twice, it changes nothing."""
        ...

    def over(self, ring: int, status: str = "over") -> None:
        """Nothing more comes of it."""
        ...


def is_served(number: str, countries: Collection[str]) -> bool:
    """Whether this number (E.164) is an ordinary telephone in one of these countries."""
    known = numbered(number)
    return known.ordinary and known.country in countries


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedCalls:
    """Keeps the rings, and phones back. `caller` is None where no provider is set up; `may_arrive` tells when news
    may."""

    store: RingStore
    caller: Caller | None
    clock: Callable[[], datetime]
    may_arrive: MayArrive

    def rang(self, call: str, number: str, countries: Collection[str]) -> bool:
        """Somebody rang; whether they are phoned back."""
        kept = is_served(number, countries) and self.store.keep(call, number, self.clock())
        event("rang", call=call, kept=int(kept))
        return kept

    def over(self, id: int, call: str, *, taken: bool) -> None:
        """A call has ended, or nobody took it: those who wait for news are called again."""
        ring = self.store.placed_as(id, call)
        if ring is None:  # told a second time
            return None
        if taken or ring.times is None:
            return self.store.over(id)
        if ring.tries < NEWS_TRIES:
            return self.store.again(id, call, self.clock() + NEWS_AGAIN)
        event("news_in_vain", ring=id)
        return self.store.over(id, "in_vain")

    def call_once(self, now: datetime) -> int:
        """Place every call that is due; how many were tried."""
        done = 0
        while self.call_one(now):
            done += 1
        return done

    def call_one(self, now: datetime) -> bool:
        """Place the next call that is due; whether there was one."""
        ring = self.store.take(now) if self.caller else None
        if ring is None or self.caller is None:
            return False
        due = self.may_arrive(ring.number, ring.times, now) if ring.times else now
        if due > now:
            self.store.not_yet(ring.id, due)
            return True
        place = self.caller.tell if ring.news else self.caller.call_back
        try:
            self.store.placed(ring.id, place(ring.number, ring.id))
        except SendLater as busy:
            self._put_off(ring, busy, now)
        except SendError as fault:
            event("call_back_not_placed", ring=ring.id, code=fault.code)
            self.store.over(ring.id, "in_vain" if ring.news else "over")
        return True

    def run(self, stop: Event) -> None:
        """Phone back until `stop` is set. Whatever goes wrong is logged by its name, and tried again."""
        while not stop.is_set():
            try:
                found = self.call_one(self.clock())
            except Exception as fault:  # the outermost of its thread: the next call may well be fine
                event("call_back_fault", level=logging.ERROR, fault=type(fault).__name__)
                found = False
            if not found:
                stop.wait(POLL)

    def _put_off(self, ring: Ring, busy: SendLater, now: datetime) -> None:
        if ring.tries < TRIES:
            return self.store.later(ring.id, now + AGAIN)
        event("call_back_not_placed", ring=ring.id, code=busy.code)
        return self.store.over(ring.id, "in_vain" if ring.news else "over")
