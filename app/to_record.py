"""The sentences that an office may speak itself: those that are the same in every call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time

from app.own_voice import OwnVoice, name_of
from app.spoken import OUT_OF_ORDER, Spoken
from core.ports import Words
from core.render import Part
from core.types import Day, Digits, Listing, Param, Phrase, Quote

_VARYING = (Digits, Quote, Day, date, time, int)
_VARIES = "\ue000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """The words, with a mark where they are other words in another call: a number, a day, what somebody said.
    `core.ports.Words`."""

    words: Words

    def say(self, phrase: Phrase, language: str, context: str = "") -> str:
        """In words."""
        said = self.words.say(phrase, language, context)
        return said + _VARIES if _varies(phrase) else said


def _varies(value: Param) -> bool:
    if isinstance(value, Phrase):
        return value.count is not None or any(map(_varies, value.params.values()))
    if isinstance(value, Listing):
        return any(map(_varies, value.items))
    return isinstance(value, _VARYING)


def always_the_same(said: Iterable[Spoken]) -> Iterator[Part]:
    """Each sentence, once, that is said with the same words in every call, of what was said with `Marking` words."""
    seen = set[tuple[str, str]]()
    for part in (part for one in said if one.name != OUT_OF_ORDER for part in one.parts):
        if _VARIES not in part.text and (part.language, part.text) not in seen:
            seen.add((part.language, part.text))
            yield part


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRecord:
    """A file: `there`, or not yet. `words` are "" where what was spoken into it stands on no list of ours."""

    file: str
    there: bool
    words: str = ""


def to_record(said: Iterable[Spoken], language: str, own: OwnVoice) -> Iterator[ToRecord]:
    """All files of a language, in the order in which callers come to what is in them; those not listed at the end."""
    wanted = dict[str, str]()
    for part in always_the_same(said):
        if part.language == language:
            wanted.setdefault(name_of(part.text), part.text)
    there = {name: path.name for (of, name), path in own.files.items() if of == language}
    for name, words in wanted.items():
        yield ToRecord(file=f"{language}/{there.get(name, f'{name}.wav')}", there=name in there, words=words)
    for name in sorted(there.keys() - wanted.keys()):
        yield ToRecord(file=f"{language}/{there[name]}", there=True)
