"""What goes amiss on the way, on request: a test says what, and the exchange does it to the next request
that fits.

A `Line` holds faults for one direction: webhooks from the exchange to the application, or REST calls to
the exchange. Each fault is used up by the requests whose path begins with its `path`, `times` times.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import Enum


class Fault(Enum):
    """Kinds of trouble. For REST the sides swap: the exchange is the server that has, or has not, acted."""

    LOST_REQUEST = "the request never arrives (no connection)"
    LOST_ANSWER = "the other side acts, its answer never arrives"
    LATE_ANSWER = "the answer comes after some seconds (virtual on webhooks: nobody waits)"
    REFUSED = "something in between answers with a status; the other side sees nothing"
    TWICE = "the same request is delivered twice"
    REVERSED = "what is delivered together comes in the wrong order (updates of a chat)"
    BAD_SIGNATURE = "signed with another token"
    NO_SIGNATURE = "not signed"


@dataclass(slots=True)
class Arranged:
    """A fault waiting for its requests: `seconds` for LATE_ANSWER, `status` for REFUSED."""

    fault: Fault
    path: str
    times: int
    seconds: float
    status: int


@dataclass(slots=True)
class Lasting:
    """A fault that stays on: it meets every `every`-th request whose path begins with `path`; `seen` counts them."""

    arranged: Arranged
    every: int
    seen: int = 0


class Line:
    """The faults arranged for one direction; safe to use from several threads."""

    def __init__(self) -> None:
        self._arranged: list[Arranged] = []
        self._lasting: dict[Fault, Lasting] = {}
        self._lock = threading.Lock()

    def arrange(
        self, fault: Fault, path: str = "/", *, times: int = 1, seconds: float = 0.0, status: int = 502
    ) -> None:
        """Let `fault` happen to the next `times` requests whose path begins with `path`."""
        with self._lock:
            self._arranged.append(Arranged(fault, path, times, seconds, status))

    def keep(self, fault: Fault, path: str = "/", *, every: int = 1, seconds: float = 0.0, status: int = 502) -> None:
        """From now on let `fault` happen to every `every`-th request whose path begins with `path`."""
        with self._lock:
            self._lasting[fault] = Lasting(Arranged(fault, path, 1, seconds, status), every)

    def end(self, fault: Fault) -> None:
        """Let `fault` happen no more."""
        with self._lock:
            self._lasting.pop(fault, None)
            self._arranged = [arranged for arranged in self._arranged if arranged.fault is not fault]

    def take(self, path: str) -> dict[Fault, Arranged]:
        """The faults that this request to `path` meets: at most one of each kind, each used once."""
        with self._lock:
            met = self._lasting_at(path)
            for arranged in self._arranged:
                if arranged.times > 0 and arranged.fault not in met and path.startswith(arranged.path):
                    arranged.times -= 1
                    met[arranged.fault] = arranged
            self._arranged = [arranged for arranged in self._arranged if arranged.times > 0]
        return met

    def _lasting_at(self, path: str) -> dict[Fault, Arranged]:
        met: dict[Fault, Arranged] = {}
        for fault, lasting in self._lasting.items():
            if path.startswith(lasting.arranged.path):
                lasting.seen += 1
                if lasting.seen % lasting.every == 0:
                    met[fault] = lasting.arranged
        return met

    @property
    def waiting(self) -> int:
        """How many faults have not happened yet: a test can see that all did."""
        with self._lock:
            return sum(arranged.times for arranged in self._arranged)
