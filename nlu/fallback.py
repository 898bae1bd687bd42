"""An engine outside this process, and the one within it that answers when the other does not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from threading import BoundedSemaphore, Thread

from core.ports import Recognizer
from core.types import Understanding
from nlu.breaker import Breaker

BUDGET = 0.6
"""Seconds that the engines outside have together for a text with all its clauses. What is left of the second that a
text may take in all (`app.understanding.BUDGET`) is many times what the embedded engine needs."""

AT_ONCE = 8
"""Texts that it may be busy with: more would only wait there for one another."""


def _untold(_reason: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """What the engine `outside` believes, if it answers in time; else what `within` believes. `core.ports.Recognizer`.

    `Understanding.engine` says when `outside`, called `name`, was left out, and `tell` hears the kind of fault.
    """

    name: str
    outside: Recognizer
    within: Recognizer
    budget: float = BUDGET
    breaker: Breaker = field(default_factory=Breaker)
    tell: Callable[[str], None] = _untold
    _room: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))

    def parse(self, text: str, language: str) -> Understanding:
        """Asks outside unless that has failed of late or is busy. Never waits longer than the budget for it."""
        meant = self._outside(text, language)
        if meant is not None:
            return meant
        meant = self.within.parse(text, language)
        return replace(meant, engine=f"{meant.engine}, {self.name} gave no answer")

    def _outside(self, text: str, language: str) -> Understanding | None:
        if not self._room.acquire(blocking=False):
            return None
        if not self.breaker.lets_through():
            self._room.release()
            return None
        answer = Future[Understanding]()
        # A thread of its own: a server that sends a byte now and then would keep this one beyond any time-out.
        Thread(target=self._ask, args=(answer, text, language), name=self.name, daemon=True).start()
        try:
            meant = answer.result(self.budget)
        except Exception as fault:  # whatever happens out there, somebody waits for an answer here
            self.breaker.failed()
            self.tell(type(fault).__name__)
            return None
        self.breaker.went_well()
        return meant

    def _ask(self, answer: Future[Understanding], text: str, language: str) -> None:
        try:
            answer.set_result(self.outside.parse(text, language))
        except BaseException as fault:
            answer.set_exception(fault)
        finally:
            self._room.release()
