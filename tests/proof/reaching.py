"""Everything that can be reached by one way alone: only keys, only speech, only buttons ...

The assistant that really runs is asked from every state that this way leads to (`core.exploring.project` tells states
apart), with the words that people use: the choices' own labels, commands, and phrases out of the training data.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.words import COMMANDS
from core.exploring import project
from core.places import subject
from core.render import Message
from core.types import (
    Address,
    Conversation,
    Expect,
    Inbound,
    Kind,
    Medium,
    Mode,
    Pick,
    Scene,
    Turn,
)
from ivr import twiml
from ivr.inbound import PROVIDER_STOPS
from nlu.loader import TrainingData
from tests.calls.line import OPEN, OURS, SECRET
from tests.proof.imagined import CASE, CODE, Imagined
from tests.proof.journeys import ANOTHER, NUMBERS, STREET, said_in_full
from tests.proof.ways import Way

LOOKED_AT = ("streetlight", "birth_certificate", "bus_times")
"""Services that are gone into: among them every kind of step is asked, and one has no form. All can be named."""

CALLER = "+14155550123"
BORN = date(1948, 5, 17)
SOON = date(2026, 12, 14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One thing done in one state, and what was decided."""

    was: Conversation
    said: Inbound
    turn: Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """Who explores: by one way, in one language, from a telephone that shows its number or not."""

    way: Way
    data: TrainingData
    number: str

    @property
    def language(self) -> str:
        """What they speak."""
        return self.data.language

    def inbound(self, kind: Kind, *, text: str = "", keys: str = "", pick: Pick | None = None) -> Inbound:
        """Something they do."""
        medium = self.way.medium
        spoken = medium is Medium.VOICE and kind is Kind.TEXT
        return Inbound(
            conversation="imagined",
            medium=medium,
            address=Address(channel=medium.value, value=self.number) if self.number else None,
            message_id="1",
            kind=kind,
            at=OPEN,
            text=text,
            keys=keys,
            pick=pick,
            confidence=0.9 if spoken else None,
        )

    def does(self, now: Conversation, last: Message | None) -> Iterator[Inbound]:
        """All that they try in a state in which `last` was the last they heard or read."""
        if not (now.misses or now.silences):  # in trouble, what is understood leads to the same as out of it
            yield from _DOES[self.way](self, now, last)
        if self.way.medium is Medium.VOICE:
            yield self.inbound(Kind.SILENCE)
            for status in ("completed", "no-answer") if now.mode is Mode.WAITING else ():
                yield self.inbound(Kind.DIAL, text=status)


# --- what each way can do ------------------------------------------------------------------------------------------


def _by_key(one: Someone, now: Conversation, _last: Message | None) -> Iterator[Inbound]:
    yield from (one.inbound(Kind.KEYS, keys=key) for key in "0123456789*")
    if now.expect is Expect.DIGITS:
        yield from (one.inbound(Kind.KEYS, keys=keys) for keys in ("**", *_digits()))


def _by_number(one: Someone, now: Conversation, _last: Message | None) -> Iterator[Inbound]:
    yield from (one.inbound(Kind.TEXT, text=typed) for typed in (*"0123456789*", *_digits(), *_written(now)))


def _digits() -> Iterator[str]:
    """What is typed where digits are taken: a service, a code, a case, danger, a number, days, a telephone."""
    yield from ("241", CODE, CASE, "911", "72", f"{BORN:%m%d%Y}", f"{SOON:%m%d%Y}", "01022000", ANOTHER[2:])


def _written(now: Conversation) -> Iterator[str]:
    """Letters, from somebody who keeps to numbers: only where there is no other answer."""
    if now.place[-1].scene is Scene.STEP and now.expect is Expect.TEXT:
        yield STREET


def _by_speech(one: Someone, now: Conversation, last: Message | None) -> Iterator[Inbound]:
    listens = last is not None and 'input="dtmf speech"' in twiml.answer((last,), "CA", SECRET, OURS)
    if listens:
        yield from (one.inbound(Kind.TEXT, text=words) for words in _words(one, last))


def _by_words(one: Someone, now: Conversation, last: Message | None) -> Iterator[Inbound]:
    for words in _words(one, last):
        provider = now.medium is Medium.SMS and words in PROVIDER_STOPS
        yield one.inbound(Kind.STOP if provider else Kind.TEXT, text=words)


def _by_chat_words(one: Someone, now: Conversation, last: Message | None) -> Iterator[Inbound]:
    yield one.inbound(Kind.START)
    yield from _by_words(one, now, last)


def _by_button(one: Someone, now: Conversation, last: Message | None) -> Iterator[Inbound]:
    """Buttons, and the menu beside them, which writes its commands; what is no choice has to be typed."""
    yield one.inbound(Kind.START)
    yield from (one.inbound(Kind.TEXT, text=name) for name in COMMANDS)
    for option in last.options if last else ():
        yield one.inbound(Kind.PICK, pick=Pick(choice=option.id, turn=now.turn))
    typed = (*_digits(), STREET) if now.place[-1].scene is Scene.STEP else ("241", CODE, CASE)
    yield from (one.inbound(Kind.TEXT, text=text) for text in typed)


_DOES: dict[Way, Callable[[Someone, Conversation, Message | None], Iterator[Inbound]]] = {
    Way.KEYS: _by_key,
    Way.SPEECH: _by_speech,
    Way.NUMBERS: _by_number,
    Way.WORDS: _by_words,
    Way.BUTTONS: _by_button,
    Way.CHAT_WORDS: _by_chat_words,
    Way.WHATSAPP: _by_number,
}


def _words(one: Someone, last: Message | None) -> Iterator[str]:
    """The labels of what is offered, commands, acts, services, danger, yes and no, values and numbers."""
    data, lexicon = one.data, one.data.lexicon
    yield from (option.label for option in (last.options if last else ()) if option.key)
    yield from (words[0] for words in lexicon.commands.values())
    yield from (words[0] for words in data.acts.values())
    for slug in LOOKED_AT:
        yield data.services[slug][0]
    yield from (lexicon.danger[0].replace(" * ", " "), lexicon.yes[0], lexicon.no[0])
    yield from (NUMBERS[one.language][72], STREET, CASE, CODE, "241", ANOTHER)
    yield from (said_in_full(day, one.language) for day in (BORN, SOON))


# --- the walk ------------------------------------------------------------------------------------------------------


def walk(imagined: Imagined, one: Someone) -> list[Edge]:
    """Everything that this way leads to."""
    edges: list[Edge] = []
    first, messages = imagined.would(None, _first(one))
    assert first is not None
    seen = {_state(first.conversation)}
    waiting = deque([(first.conversation, messages)])
    while waiting:
        was, heard = waiting.popleft()
        for said in one.does(was, heard[-1] if heard else None):
            turn, then = imagined.would(was, said)
            if turn is None:
                continue
            edges.append(Edge(was=was, said=said, turn=turn))
            now = replace(turn.conversation, version=1)
            if _goes_on(one, now) and _state(now) not in seen:
                seen.add(_state(now))
                waiting.append((now, then))
    return edges


def _state(now: Conversation) -> object:
    """One place is enough to ask for the same a second time, and so slower."""
    return project(now), now.place[-1].scene is Scene.HOME and now.agains > 0


def _first(one: Someone) -> Inbound:
    return one.inbound(Kind.TEXT, text="?") if one.way.medium is Medium.SMS else one.inbound(Kind.START)


def _goes_on(one: Someone, now: Conversation) -> bool:
    """One of each kind is enough: other services and languages, and trouble in trouble, lead to more of the same."""
    return not now.ended and now.language in ("", one.language) and subject(now) in ("", *LOOKED_AT)
