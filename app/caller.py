"""Somebody who calls for the first time and has only keys: the dialogue itself, run by what they do.

There is no database and no engine that understands words. What would be looked up is given with each turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.channels import find_channels
from app.hours import office_state
from app.loading import load
from app.settings import here
from app.wording import read_wording
from core.catalog import Catalog, Service
from core.dialogue import advance, fresh
from core.phrases import TITLE
from core.ports import Words
from core.render import Capabilities, Part, render
from core.types import Address, Choice, Inbound, Kind, Known, Medium, Recording, Turn, Understanding

AT = datetime(2026, 9, 20, 16, 0, tzinfo=UTC)
"""A Sunday: an answer about an office is longest while it is closed."""

NUMBER = "+14155550123"

MORE = "7"

NOTHING = Understanding()
"""A caller with only keys says nothing that could be understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A call of theirs. `voice` is what the telephone channel can do; `number` is "" where it is withheld."""

    catalog: Catalog
    words: Words
    voice: Capabilities
    number: str = NUMBER

    def begin(self) -> Turn:
        """The call is taken."""
        return self.do(None, Kind.START)

    def reach(self, language: str, service: Service) -> Iterator[tuple[str, Turn]]:
        """Each menu on the way to the answer about a service with the choice that is wanted there; at the end the
        answer, with ""."""
        turn = self.begin()
        for wanted in (language, service.category, service.slug):
            pressed = MORE
            while pressed == MORE:
                yield wanted, turn
                pressed = choice(turn, wanted).key
                turn = self.do(turn, Kind.KEYS, pressed)
        yield "", turn

    def choose(self, before: Turn, wanted: str, known: Known | None = None) -> Turn:
        """Press the key of this choice."""
        return self.do(before, Kind.KEYS, choice(before, wanted).key, known)

    def do(
        self,
        before: Turn | None,
        kind: Kind,
        said: str = "",
        known: Known | None = None,
        meant: Understanding = NOTHING,
        recording: Recording | None = None,
    ) -> Turn:
        """Press keys, or say words (the engine would understand `meant`), or whatever else `kind` is."""
        address = Address(channel="voice", value=self.number) if self.number else None
        inbound = Inbound(
            conversation="bench",
            medium=Medium.VOICE,
            address=address,
            message_id="bench",
            kind=kind,
            keys=said if kind is Kind.KEYS else "",
            text="" if kind is Kind.KEYS else said,
            recording=recording,
            at=AT,
        )
        was = before.conversation if before else fresh(inbound)
        return advance(was, inbound, meant, known or looked_up(self.catalog), self.catalog)

    def parts(self, turn: Turn) -> tuple[Part, ...]:
        """What the turn sounds like, a sentence a part."""
        fallback = self.catalog.town.languages[0]
        return tuple(p for m in render(turn, self.words, fallback, self.voice) for p in m.parts)


def first_caller() -> Caller:
    """One who calls the town that is set up here."""
    catalog = load(here().catalogue)
    voice = next(channel.capabilities for channel in find_channels() if channel.name == "voice")
    return Caller(catalog=catalog, words=read_wording(catalog.town), voice=voice)


def choice(turn: Turn, wanted: str) -> Choice:
    """The choice with this id, else the one that leads to more of them. Raises StopIteration if there is neither."""
    return next(one for one in turn.prompts[-1].choices if one.id == wanted or one.key == MORE)  # which is the last


def answered(turn: Turn) -> Turn:
    """The answer alone: without the question behind it, nor the title that is said between the two."""
    told = turn.prompts[:-1]
    named = len(told) > 1 and told[-1].phrase.id == TITLE.id
    return replace(turn, prompts=told[:-1] if named else told)


def looked_up(catalog: Catalog) -> Known:
    """What is known for every turn at `AT`: the offices are closed."""
    return Known(
        emergency=catalog.town.emergency,
        offices={o.id: office_state(o, AT, catalog) for o in catalog.offices.values()},
        today=AT.astimezone(ZoneInfo(catalog.town.timezone)).date(),
    )
