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


class Line:
    """The faults arranged for one direction; safe to use from several threads."""

    def __init__(self) -> None:
        self._arranged: list[Arranged] = []
        self._lock = threading.Lock()

    def arrange(
        self, fault: Fault, path: str = "/", *, times: int = 1, seconds: float = 0.0, status: int = 502
    ) -> None:
        """Let `fault` happen to the next `times` requests whose path begins with `path`."""
        with self._lock:
            self._arranged.append(Arranged(fault, path, times, seconds, status))

    def take(self, path: str) -> dict[Fault, Arranged]:
        """The faults that this request to `path` meets: at most one of each kind, each used once."""
        met: dict[Fault, Arranged] = {}
        with self._lock:
            for arranged in self._arranged:
                if arranged.times > 0 and arranged.fault not in met and path.startswith(arranged.path):
                    arranged.times -= 1
                    met[arranged.fault] = arranged
            self._arranged = [arranged for arranged in self._arranged if arranged.times > 0]
        return met

    @property
    def waiting(self) -> int:
        """How many faults have not happened yet: a test can see that all did."""
        with self._lock:
            return sum(arranged.times for arranged in self._arranged)
