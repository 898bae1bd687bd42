"""News of a case: when a resident who wants to be told may be told, and what they hear of it.

A resident says when, and is told within those hours, by the clocks of wherever their telephone may be. What is told
is for nobody's ears but theirs to understand: how far a case is, by its number, and never what it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core import phrases as say
from core.asking import gets_texts, how_far, known_phone, show
from core.places import Moment, calm, pop, swap
from core.types import (
    AGREED,
    Address,
    CaseStatus,
    Conversation,
    Digits,
    Known,
    Medium,
    Phrase,
    Times,
    Turn,
    WantNews,
)


def nonce(reference: str, status: str) -> str:
    """The beginning of what makes a text or a call with news unique."""
    return f"news:{reference}:{status}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Somebody wants to be told of the case of this reference, in a language, at these times: by a call where the
    channel is voice."""

    reference: str
    to: Address
    language: str
    times: Times


HOURS = {Times.DAY: (9, 20), Times.MORNING: (9, 12), Times.AFTERNOON: (12, 17), Times.EVENING: (17, 20)}
"""From and to which full hour. All lie within 8 and 21 o'clock, outside of which American law lets nobody be called
who has not agreed to it (47 CFR 64.1200 (c) (1))."""

STEP = timedelta(minutes=15)
"""Clocks of all zones differ by quarters of an hour at least."""

AHEAD = timedelta(days=14)
"""How far ahead a moment is looked for: beyond a week of holidays."""

TOLD_OF = frozenset({CaseStatus.IN_WORK, CaseStatus.DONE})
"""What is news. That a case was received they heard when they sent it."""


def is_time(at: datetime, times: Times, zones: Iterable[ZoneInfo], rests: Callable[[date], bool]) -> bool:
    """Whether it is a moment at which they want to be told, in each of the zones, on no day on which the town `rests`.
    `at` is aware."""
    first, last = HOURS[times]
    local = [at.astimezone(zone) for zone in zones]
    return all(first <= one.hour < last for one in local) and not any(rests(one.date()) for one in local)


def next_time(at: datetime, times: Times, zones: tuple[ZoneInfo, ...], rests: Callable[[date], bool]) -> datetime:
    """The next such moment from `at` on, to a quarter of an hour; where the zones have none in common, or the town
    rests for two weeks, the same by the first zone's clock alone. Each quarter of an hour is looked at: a day on which
    clocks change is like any other."""
    quarter = at - (at - datetime.min.replace(tzinfo=at.tzinfo)) % STEP
    moments = (at, *(quarter + n * STEP for n in range(1, AHEAD // STEP + 1)))
    for these, pauses in ((zones, rests), (zones[:1], rests), (zones[:1], _never)):
        found = next((one for one in moments if is_time(one, times, these, pauses)), None)
        if found:
            return found
    raise AssertionError("every day has such an hour")


def _never(_day: date) -> bool:
    return False


def sentences(town: str, reference: str, status: CaseStatus, code: str, *, aloud: bool) -> tuple[Phrase, ...]:
    """What is told of a case, and how to find out that it is true. No number to call is among it: whoever wants to
    deceive would give their own."""
    begins = say.NEWS_CALL if aloud else say.NEWS_TEXT
    number = Digits(text=reference)
    check = say.phrase(say.NEWS_CHECK.id, code=Digits(text=code))
    return say.phrase(begins.id, town=town, reference=number), how_far(status), check


def answer_news(moment: Moment, choice: str) -> Turn:
    """When they may be told, or not at all: back to where their reference was told."""
    now, to = pop(calm(moment.was)), told_at(moment.was, moment.known)
    if choice not in set(Times) or to is None:
        return show(moment, now)
    beneath = now.place[-1]
    now = swap(now, replace(beneath, step=AGREED))
    wants = WantNews(reference=moment.top.value, to=to, times=Times(choice))
    by_call = to.channel == Medium.VOICE
    return replace(show(moment, now, say.NEWS_BY_CALL if by_call else say.NEWS_BY_TEXT), effects=(wants,))


def told_at(now: Conversation, known: Known) -> Address | None:
    """Where news goes: to a caller by text where texts may go and arrive, else by a call; others where they are. None
    where nobody can be reached."""
    if now.medium is not Medium.VOICE:
        return now.address
    number = known_phone(now)
    by_text = gets_texts(now) and known.texts_allowed and known.texts_arrive
    return Address(channel="sms" if by_text else Medium.VOICE, value=number) if number else None
