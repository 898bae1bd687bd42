"""Phrases into words for one channel: what is said, what is listed, which key is which.

The thing comes before its key ("for meals at home, press 2": ISO/IEC 13714; W3C COGA o6p04).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from core import phrases as say
from core import sms
from core.types import Choice, Command, Entry, Expect, HangUp, Medium, Phrase, Prompt, Scene, Transfer, Turn


class Speaks(Protocol):
    """Puts a phrase into words (`core.ports.Words`)."""

    def say(self, phrase: Phrase, language: str, context: str = "") -> str:
        """The phrase in words, in the wording of `context` where there is one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a channel can do. `limit` is characters in one message (0: none). `can_push`: it can start a message.
    `speech`: languages in which it understands speech (voice only)."""

    medium: Medium
    limit: int = 0
    can_push: bool = False
    speech: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A choice in words. `key` is "" where the label tells it."""

    key: str
    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of speech in one language, followed by a pause. `pen`: a long one, to fetch a pen. `sound` is the id of
    a recording that is played after it, `own` what is played in place of the machine's voice ("": nothing)."""

    text: str
    language: str
    pen: bool = False
    sound: str = ""
    own: str = ""


class Then(StrEnum):
    """What the channel does after the words: go on as `expect` says, put the call through, or end it."""

    GO_ON = ""
    DIAL = "dial"
    QUEUE = "queue"
    HANG_UP = "hang_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Words for one channel. `parts` are `text` in the stretches between which voice pauses. `pace` counts how often
    "slower" was asked for (0 to 2). `turn` is the turn an answer to it belongs to. `dial` is the number (E.164) to
    put a live call through to, with `then` DIAL; with QUEUE it waits for the desk of `department` first, for which
    `wait_told` minutes were told. `rest` are the words of a text that was too long, for when they are asked for."""

    text: str
    language: str
    parts: tuple[Part, ...] = ()
    options: tuple[Option, ...] = ()
    expect: Expect = Expect.NOTHING
    entry: Entry = Entry.NONE
    pace: int = 0
    turn: int = 0
    then: Then = Then.GO_ON
    dial: str = ""
    department: str = ""
    wait_told: int = 0
    rest: str = ""


def render(turn: Turn, words: Speaks, fallback: str, capabilities: Capabilities) -> tuple[Message, ...]:
    """The turn in words: one message for voice and SMS; for chat as many as its limit asks for.

    `fallback` is the language of someone who has not chosen one. Nothing to say gives no message.
    """
    if not turn.prompts:
        return ()
    now = turn.conversation
    language = now.language or fallback
    painter = _Painter(words=words, language=language, capabilities=capabilities)
    parts = tuple(part for prompt in turn.prompts for part in painter.prompt(prompt))
    last = turn.prompts[-1]
    message = Message(
        text=painter.joined(parts),
        language=language,
        parts=parts if capabilities.medium is Medium.VOICE else (),
        options=painter.options(last),
        expect=last.expect,
        entry=last.entry,
        pace=now.pace,
        turn=now.turn,
    )
    if now.medium is Medium.SMS and capabilities.medium is Medium.SMS:
        message = painter.shortened(message, turn)
    return _split(_ending(message, turn), capabilities)


def _ending(message: Message, turn: Turn) -> Message:
    for effect in turn.effects:
        if isinstance(effect, Transfer):
            then = Then.QUEUE if effect.queued else Then.DIAL
            there = replace(message, department=effect.department, wait_told=effect.wait_told)
            return replace(there, then=then, dial=effect.phone)
        if isinstance(effect, HangUp):
            return replace(message, then=Then.HANG_UP)
    return message


def _split(message: Message, capabilities: Capabilities) -> tuple[Message, ...]:
    if not capabilities.limit or len(message.text) <= capabilities.limit:
        return (message,)
    pieces = sms.split(message.text, capabilities.limit)
    first = tuple(replace(message, text=p, options=(), expect=Expect.NOTHING) for p in pieces[:-1])
    return (*first, replace(message, text=pieces[-1]))


_MARKS = "¿?？؟.。 "
"""Marks of a label that is a question of its own, when it stands inside "for ..., press 1"."""


def _help(prompt: Prompt, *, told_of_person: bool) -> Iterator[Phrase]:
    """The keys that work everywhere, as far as they are not told of already."""
    if prompt.expect is Expect.DIGITS:
        yield say.DIGITS_HELP
        return
    if not told_of_person:
        yield say.FOR_PERSON
    yield say.HEAR_AGAIN
    yield say.GO_BACK
    if not prompt.open:
        yield say.HAVE_NUMBER


@dataclass(frozen=True, slots=True, kw_only=True)
class _Painter:
    words: Speaks
    language: str
    capabilities: Capabilities

    @property
    def context(self) -> str:
        return self.capabilities.medium.value

    def put(self, phrase: Phrase, language: str = "") -> str:
        return self.words.say(phrase, language or self.language, self.context)

    def joined(self, parts: Iterable[Part]) -> str:
        if self.capabilities.medium is Medium.VOICE:
            return " ".join(part.text for part in parts)
        text = "\n".join(part.text for part in parts)
        return sms.plain(text) if self.capabilities.medium is Medium.SMS else text

    def shortened(self, message: Message, turn: Turn) -> Message:
        """The text in few segments: what is told is cut, what is asked stays whole. Nothing is cut of what has to be
        read before it is answered: danger, and what is read back to be sent."""
        asked = turn.prompts[-1:] if turn.prompts[-1].expect is not Expect.NOTHING else ()
        told = turn.prompts[: len(turn.prompts) - len(asked)]
        whole = turn.forced or turn.conversation.place[-1].scene in (Scene.CONFIRM, Scene.DANGER)
        if whole or not told or not turn.conversation.language or sms.segments(message.text) <= sms.UNCUT:
            return message
        ending = (self._part(say.MORE_TEXT, self.language), *(part for prompt in asked for part in self.prompt(prompt)))
        after = "\n" + "\n".join(part.text for part in ending)
        first, rest = sms.cut("\n".join(part.text for prompt in told for part in self.prompt(prompt)), after)
        return replace(message, text=sms.plain(first + after), rest=rest) if first and rest else message

    def options(self, prompt: Prompt) -> tuple[Option, ...]:
        made = ((c, self.put(c.label, c.language or prompt.language)) for c in prompt.choices)
        options = tuple(Option(key=c.key, id=c.id, label=label) for c, label in made)
        return (*options, *self._person(prompt))

    def _person(self, prompt: Prompt) -> Iterator[Option]:
        """In a chat a person is one press away wherever something is chosen: who can not read need not type."""
        if self.capabilities.medium is Medium.CHAT and self._tells_of_person(prompt):
            yield Option(key="", id=Command.PERSON, label=self.put(say.PERSON_TEXT, prompt.language))

    def _tells_of_person(self, prompt: Prompt) -> bool:
        """Not where the language is asked: there it would have to be told in all of them."""
        if prompt.expect is Expect.NOTHING or any(choice.language for choice in prompt.choices):
            return False
        chosen = self.capabilities.medium is Medium.CHAT and bool(prompt.choices)
        return prompt.open or prompt.helped or chosen

    def prompt(self, prompt: Prompt) -> Iterator[Part]:
        language = prompt.language or self.language
        if self.capabilities.medium is Medium.VOICE:
            yield from self._spoken(prompt, language)
        else:
            yield from self._written(prompt, language)

    def _written(self, prompt: Prompt, language: str) -> Iterator[Part]:
        yield self._part(prompt.phrase, language)
        for choice in prompt.choices:
            own = choice.language or language
            label = self.put(choice.label, own)
            yield self._part(say.phrase(say.FOR_TEXT.id, key=choice.key, label=label), own)
        if self._tells_of_person(prompt):
            yield self._part(say.PERSON_TEXT, language)

    def _spoken(self, prompt: Prompt, language: str) -> Iterator[Part]:
        if prompt.pen:
            yield Part(text=self.put(say.GET_PEN, language), language=language, pen=True)
        yield replace(self._part(prompt.phrase, language), sound=prompt.sound)
        yield from (self._part(p, language) for p in self._how_to_enter(prompt, language))
        for n, choice in enumerate(prompt.choices):
            # "press" is said once a menu: a language's own name and a digit are understood without it.
            how = say.AND_PRESS if n or prompt.brief else say.FOR_PRESS
            yield self._keyed(how, choice, choice.language or language)
        asked = bool(prompt.choices) and prompt.expect is not Expect.NOTHING and not prompt.brief
        person = asked or prompt.expect is Expect.RECORDING
        if person:
            yield self._part(say.FOR_PERSON, language)
        if prompt.back and not prompt.helped:
            yield self._part(say.GO_BACK, language)
        if prompt.open:
            yield self._part(say.HAVE_NUMBER, language)
        if prompt.open and language in self.capabilities.speech:
            yield self._part(say.OR_SAY_IT, language)
        if prompt.helped and prompt.expect is not Expect.RECORDING:  # where other keys only end it
            yield from (self._part(one, language) for one in _help(prompt, told_of_person=person))

    def _keyed(self, how: Phrase, choice: Choice, language: str) -> Part:
        label = self.put(choice.label, language).strip(_MARKS)
        return self._part(say.phrase(how.id, label=label, key=choice.key), language)

    def _how_to_enter(self, prompt: Prompt, language: str) -> Iterator[Phrase]:
        speech = language in self.capabilities.speech
        if prompt.expect is Expect.TEXT and speech:
            yield say.SAY_IT_NOW
        if prompt.expect is Expect.RECORDING:
            yield say.KEY_ENDS_IT
        if prompt.expect is Expect.DIGITS:
            yield say.TYPE_DATE if prompt.entry is Entry.DATE else say.PRESS_HASH

    def _part(self, phrase: Phrase, language: str) -> Part:
        return Part(text=self.put(phrase, language), language=language)
