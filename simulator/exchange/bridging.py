"""Two calls that are put together: a Dial and whoever answered it, or the first of a queue.

Each call has a lock and a clock of its own, so neither moves the other: what one does to the bridge reaches the
other by the exchange, as a job.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Party(Protocol):
    """One end of a bridge: a call, as the other end and the queues see it."""

    sid: str

    @property
    def seconds(self) -> float: ...
    def connected(self, bridge: Bridge) -> None: ...
    def parted(self, bridge: Bridge) -> None: ...
    def look_again(self) -> None: ...


@dataclass(slots=True, kw_only=True, eq=False)
class Bridge:
    """A bridge from `dialler` to `other`: `standing` while they talk, before that `other` is still asked.

    `limit` are the Dial's most seconds of talk; `declined_as` is the DialCallStatus if it never stands.
    """

    dialler: Party
    other: Party
    limit: int
    standing: bool = False
    declined_as: str = "no-answer"
    seconds: float = 0.0

    def across(self, party: Party) -> Party:
        """Who is at the other end."""
        return self.other if party is self.dialler else self.dialler

    def talk(self, seconds: float) -> None:
        """Let them talk on, up to the Dial's time limit."""
        self.seconds = min(round(self.seconds + seconds, 2), float(self.limit))

    @property
    def worn_out(self) -> bool:
        """True when the time limit of the Dial is reached."""
        return self.seconds >= self.limit
