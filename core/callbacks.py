"""Calls that residents were promised: when one can be promised, who is called first, and what becomes of a promise.

A promise is a window of an hour within the office's hours, chosen by the resident. No more are given in one window
than the people on the rota can call. Windows come as moments of the office's own clock; all sums are done in UTC, so
that an hour is an hour on the days when clocks change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from statistics import fmean

from core.types import Window

LENGTH = timedelta(hours=1)
"""How long a window is."""

AHEAD = timedelta(days=14)
"""How far ahead a call is promised: long enough to reach beyond a week of holidays."""

SHARE = Fraction(4, 5)
"""The share of the rota's time that is promised. The rest is for calls that last longer, and for what nobody
promised (docs/decisions/callbacks.md has the figures)."""

TRIES = 3
"""How often somebody is called who does not answer."""

OFFERED = 3
"""Windows that are offered at once."""

MEASURED = 20
"""Call backs that were measured: of fewer the rota's own figure is believed."""

LONGEST = 3600.0
"""Seconds that one call back counts at most: a request that was left open over lunch took nobody's time."""

GIVEN_UP = timedelta(hours=24)
"""So long after its window a call that nobody placed is a broken promise; until then it is late."""

NOON = 12


def reminder(conversation: str, due: str = "") -> str:
    """The beginning of what makes a reminder of a promised call unique among the texts."""
    return f"remind:{conversation}:{due}"


class State(StrEnum):
    """How a promise stands. Kept and broken are ends; a late one ends late once the resident was reached."""

    BOOKED = "booked"
    LATE = "late"
    KEPT = "kept"
    BROKEN = "broken"


class Try(StrEnum):
    """What became of one call to a resident."""

    TALKED = "talked"
    NO_ANSWER = "no_answer"
    ENGAGED = "engaged"
    NOT_ACCEPTED = "not_accepted"
    MACHINE = "machine"
    FAX = "fax"
    FAILED = "failed"


class Why(StrEnum):
    """Why a promise ended as it did; the tries' own outcomes besides."""

    TALKED = "talked"
    SETTLED = "settled"
    """Staff were done with the request in another way."""
    NOT_CALLED = "not_called"
    NO_TIME = "no_time"
    """No window had room for another try."""
    NO_ANSWER = "no_answer"
    ENGAGED = "engaged"
    NOT_ACCEPTED = "not_accepted"
    MACHINE = "machine"
    FAX = "fax"
    FAILED = "failed"


HOPELESS = frozenset({Try.FAX})
"""Whoever is rung there again rings in vain, once two calls in a row came to it: the provider may be wrong once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A call that a resident was promised. `tries` are those within its windows or after; `last` is what the last one
    came to. `settled` is when it ended, None while somebody still has to call."""

    id: int
    handoff: int
    department: str
    starts: datetime
    ends: datetime
    state: State = State.BOOKED
    tries: int = 0
    last: Try | None = None
    why: Why | None = None
    made: datetime
    settled: datetime | None = None

    def due(self, now: datetime) -> bool:
        """Whether its window has begun."""
        return self.starts <= now

    def overdue(self, now: datetime) -> bool:
        """Whether its window is over."""
        return self.ends < now


# --- windows ---------------------------------------------------------------------------------------------------


def windows(openings: Iterable[tuple[datetime, datetime]], now: datetime, most: int) -> Iterator[Window]:
    """The windows that begin from `now` on, within `AHEAD`, in order; `most` calls can be placed in each.

    `openings` are the spans in which the office is open, in order. What is left of one after its last whole hour is
    promised to nobody: it is for those who are late.
    """
    if most <= 0:
        return
    for begin, end in openings:
        zone, start = begin.tzinfo, begin.astimezone(UTC)
        if start > now + AHEAD:
            return
        while start + LENGTH <= end.astimezone(UTC):
            if now <= start <= now + AHEAD:
                yield Window(start=start.astimezone(zone), end=(start + LENGTH).astimezone(zone), most=most)
            start += LENGTH


def most(people: int, seconds: float) -> int:
    """How many calls so many people can be promised for in one window, where one takes so many seconds."""
    return int(people * LENGTH.total_seconds() * SHARE / seconds)


def takes(measured: Sequence[float], guess: float) -> float:
    """Seconds that one call back takes: the mean of what was measured, or the guess where that is too little."""
    return fmean(min(one, LONGEST) for one in measured) if len(measured) >= MEASURED else guess


def with_room(all_windows: Iterable[Window], taken: Mapping[datetime, int]) -> Iterator[Window]:
    """Those in which less is promised than can be kept. `taken` is counted by the moment, in UTC, at which a window
    begins: an hour that comes twice is equal to no moment of another zone (PEP 495)."""
    return (window for window in all_windows if taken.get(window.start.astimezone(UTC), 0) < window.most)


def offered(free: Iterable[Window]) -> tuple[Window, ...]:
    """The few that are offered: the soonest, then each that is the first of another half of a day."""
    chosen: dict[object, Window] = {}
    for window in free:
        chosen.setdefault((window.start.date(), window.start.hour < NOON), window)
        if len(chosen) == OFFERED:
            break
    return tuple(chosen.values())


def again(free: Iterable[Window], missed: Promise, now: datetime) -> Window | None:
    """When somebody is tried again who was not reached: on another day at the time that they chose, else at the next
    time on another day, else at the next of all. None if none has room."""
    left = [window for window in free if window.start > now]
    zone = left[0].start.tzinfo if left else None
    chosen = missed.starts.astimezone(zone)
    other_days = [window for window in left if window.start.date() != now.astimezone(zone).date()]
    same_time = (window for window in other_days if window.start.time() == chosen.time())
    return next(same_time, None) or next(iter(other_days or left), None)


# --- what becomes of a promise ---------------------------------------------------------------------------------


def tried(was: Promise, outcome: Try, placed: datetime, ended: datetime, free: Iterable[Window]) -> Promise:
    """A call was placed and is over. Before the window it counts only if the resident was reached: then they did not
    have to wait for it. Not reached, they are tried again in another window; after `TRIES` the promise is broken."""
    late = was.state is State.LATE or was.overdue(placed)
    now = replace(was, last=outcome, state=State.LATE if late else State.BOOKED)
    if outcome is Try.TALKED:
        return _ended(now, State.LATE if late else State.KEPT, Why.TALKED, ended)
    if not was.due(placed):
        return now
    now = replace(now, tries=was.tries + 1)
    if now.tries >= TRIES or (outcome in HOPELESS and outcome is was.last):
        return _ended(now, State.BROKEN, Why(outcome.value), ended)
    window = again(free, was, ended)
    if window is None:
        return _ended(now, State.BROKEN, Why.NO_TIME, ended)
    return replace(now, starts=window.start, ends=window.end)


def looked_at(was: Promise, now: datetime) -> Promise:
    """The promise at this moment, if nobody is calling: late once its window is over, broken long after."""
    if was.settled or not was.overdue(now):
        return was
    if was.ends + GIVEN_UP < now:
        return _ended(was, State.BROKEN, Why.NOT_CALLED, now)
    return replace(was, state=State.LATE)


def closed(was: Promise, *, helped: bool, at: datetime) -> Promise:
    """Staff are done with the request, or the caller reached a person meanwhile: `helped`, or not."""
    if helped:
        late = was.state is State.LATE or was.overdue(at)
        return _ended(was, State.LATE if late else State.KEPT, Why.SETTLED, at)
    return _ended(was, State.BROKEN, Why(was.last.value) if was.last else Why.NOT_CALLED, at)


def _ended(was: Promise, state: State, why: Why, at: datetime) -> Promise:
    return replace(was, state=state, why=why, settled=at)


# --- who is called first -----------------------------------------------------------------------------------------


def rank(
    promise: Promise | None, *, danger: bool, live: bool, asked: datetime, now: datetime
) -> tuple[int, float, float]:
    """Where a request stands among those who wait; the lowest is first.

    Danger; then who holds the line; then promises whose window has begun, the one that ends first before others; then
    who was promised nothing, the longest wait first; then promises for later. Alike in all this, who asked first.
    """
    first = asked.timestamp()
    if danger:
        return 0, first, first
    if live:
        return 1, first, first
    if promise is None:
        return 3, first, first
    if promise.due(now):
        return 2, promise.ends.timestamp(), first
    return 4, promise.starts.timestamp(), first
