"""Residents who want it are told how far their case is: by text, or by a call where texts do not arrive.

Staff say how far a case is; what is told of it goes out with the same transaction, and waits for the hours that
the resident chose (`core.news`). Only the newest is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers.timezone import time_zones_for_number

from app.assistant import unused
from app.limiting import Guard
from app.public_holidays import public_holidays
from core import news
from core import phrases as say
from core.catalog import Catalog, Town
from core.news import Wanted
from core.places import telling
from core.ports import Sequencer, Text, UnitOfWork, Words
from core.render import Capabilities, render
from core.staff import Case
from core.types import CaseStatus, Conversation, Medium, Phrase, Times, Turn

CODE_LIVES = timedelta(days=30)
"""How long the code that was told with news says that it came from us."""


class NewsWork(Protocol):
    """One transaction."""

    unit: UnitOfWork

    def wanted(self, reference: str) -> Wanted | None:
        """Who wants to be told of this case."""
        ...

    def no_longer(self, reference: str) -> None:
        """What was to be told of it is not told any more, as far as it has not gone."""
        ...

    def owe_call(self, wanted: Wanted, status: CaseStatus, at: datetime) -> None:
        """They are to be called, at their hours."""
        ...

    def keep_code(self, code: str, wanted: Wanted, expires: datetime) -> None:
        """Whoever gives this code is told that we told of this case."""
        ...

    def call_about(self, ring: int) -> tuple[Wanted, CaseStatus, str] | None:
        """Whom a call with news is for, how far their case is now, and the newest code that was made for it."""
        ...


class NewsStore(Protocol):
    """The database's side."""

    def looking(self) -> AbstractContextManager[NewsWork]:
        """A transaction that only reads."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Tells it. `capabilities` are each channel's, by name."""

    store: NewsStore
    catalog: Catalog
    words: Words
    guard: Guard
    sequencer: Sequencer
    capabilities: Mapping[str, Capabilities]

    def tell(self, work: NewsWork, case: Case, status: CaseStatus, now: datetime) -> None:
        """The case is so far now. Whoever wants to be told of it is told, and of nothing older any more."""
        wanted = work.wanted(case.reference)
        if wanted is None:
            return
        work.no_longer(case.reference)
        if status not in news.TOLD_OF:
            return
        code = unused(work.unit, self.sequencer.code)
        work.keep_code(code, wanted, now + CODE_LIVES)
        if wanted.to.channel == Medium.VOICE:
            return work.owe_call(wanted, status, now)
        words = self._sentences(wanted, status, code, aloud=False)
        return self._write(work, case, wanted, words, f"{news.nonce(case.reference, status)}:{code}", now)

    def told(self, ring: int) -> tuple[str, tuple[Phrase, ...]] | None:
        """The language and the sentences that a call with news says; None where it is news no more."""
        with self.store.looking() as work:
            about = work.call_about(ring)
        if about is None:
            return None
        wanted, status, code = about
        return wanted.language, (*self._sentences(wanted, status, code, aloud=True), say.NEWS_PRESS)

    def _sentences(self, wanted: Wanted, status: CaseStatus, code: str, *, aloud: bool) -> tuple[Phrase, ...]:
        return news.sentences(self.catalog.town.name, wanted.reference, status, code, aloud=aloud)

    def _write(
        self, work: NewsWork, case: Case, wanted: Wanted, sentences: tuple[Phrase, ...], unique: str, now: datetime
    ) -> None:
        to, able = wanted.to, self.capabilities[wanted.to.channel]
        there = Conversation(id=case.conversation, medium=able.medium, address=to, language=wanted.language)
        turn = Turn(conversation=there, prompts=telling(*sentences))
        for n, message in enumerate(render(turn, self.words, wanted.language, able)):
            nonce = f"{unique}:{n}"
            text = Text(
                nonce=nonce,
                channel=to.channel,
                to=to.value,
                body=message.text,
                conversation=case.conversation,
                times=wanted.times,
            )
            refused = self.guard.text(to.channel, to.value, nonce, now, danger=False, extra=False)
            work.unit.enqueue(replace(text, refused=refused or ""), now)


def may_arrive(town: Town) -> Callable[[str, Times, datetime], datetime]:
    """The first moment from then on at which news may arrive at a number (or in a chat) at these times: by the town's
    clock, and by those of the places that a number of another zone may be in; on no public holiday."""
    home = ZoneInfo(town.timezone)

    def first(to: str, times: Times, now: datetime) -> datetime:
        return news.next_time(now, times, _zones(to, home), rests)

    def rests(day: date) -> bool:
        return day in public_holidays(town.country, town.region, day.year)

    return first


def _zones(to: str, home: ZoneInfo) -> tuple[ZoneInfo, ...]:
    """The town's clock, and those of the zones that a telephone number belongs to where the town's is none of them."""
    try:
        named = time_zones_for_number(phonenumbers.parse(to))
    except phonenumbers.NumberParseException:
        return (home,)
    others = tuple(ZoneInfo(name) for name in named if name != phonenumbers.timezone.UNKNOWN_TIMEZONE)
    return (home,) if home in others else (home, *others)
