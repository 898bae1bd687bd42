"""Somebody who writes, by text message or in a chat: what they read in an answer, and what they do then.

They know the texts alone. Unlike a caller they have the whole answer before them, so nothing is forgotten; lines are
passed over, words misspelled, digits and buttons hit beside. A chat has buttons and voice messages, and begins in the
language of their telephone, which need not be theirs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from simulator.callers.chance import Luck
from simulator.callers.mind import ACTS, GUESS, NEARLY, SURE
from simulator.callers.sense import Sense, sense_of
from simulator.callers.sentences import CHINESE, asks, language_of, roots, units
from simulator.callers.speech import recognised
from simulator.callers.tasks import DANGER, FIND, PERSON, Task

ASKS_FOR_A_PERSON = 4
"""From this answer on, somebody who is not where they want to be asks for a person (PROPOSAL)."""

_OPTION = re.compile(r"^(\d) (.+)$")

FILES = {"sms": "texters.yml", "chat": "chatters.yml"}
"""Who writes, by channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texter:
    """One kind of people who write. `typos`: share of words that are misspelled, `wrong_digits` of digits that are
    others (in a chat, of buttons the one beside); `reads`: share of lines that are read; `proficiency` and
    `familiarity` as for callers; `in_words`: how likely they answer with a choice's words; `short`: share of their
    messages that are one word; `speaks`: how likely they send a voice message until they are told that it is not
    understood; `other_language`: how likely their telephone's language is not theirs; `fetches`: how likely they ask
    for a person as soon as nothing is like what they want; `patience`: messages that they write at most."""

    name: str
    typos: float
    wrong_digits: float
    reads: float
    proficiency: float
    familiarity: float
    in_words: float
    short: float
    speaks: float
    other_language: float
    fetches: float
    patience: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What somebody does: writes `words`, or chooses what has this `key`, which is written or pressed. `spoken`: the
    words are a voice message. Nothing at all: they stop."""

    words: str = ""
    key: str = ""
    spoken: bool = False

    def __bool__(self) -> bool:
        return bool(self.words or self.key)

    def __str__(self) -> str:
        return f"(a voice message) {self.words}" if self.spoken else self.words or self.key


@cache
def writers(channel: str) -> Mapping[str, Texter]:
    """Everybody in the channel's file, in its order. Raises ValueError for a value without a source, or one that is not
    known."""
    told: dict[str, dict[str, Any]] = yaml.safe_load(
        files("simulator.callers.data").joinpath(FILES[channel]).read_text("utf-8")
    )
    usual = told.pop("usual")
    known = {one.name for one in fields(Texter)} - {"name"}
    found = {}
    for name, own in told.items():
        whole = {**usual, **{key: value for key, value in own.items() if key != "says"}}
        if set(whole) != known or not all(str(given.get("source", "")).strip() for given in whole.values()):
            raise ValueError(f"{name}: a parameter is unknown, missing or has no source")
        found[name] = Texter(name=name, **{key: float(given["value"]) for key, given in whole.items()})
    return found


@cache
def plain_sense_of(language: str) -> Sense:
    """What is known of a language as texts are written: without accents, which cost a text its length."""
    sense = sense_of(language)
    if language in (CHINESE, "ar"):
        return sense
    points = dict[str, dict[str, float]]()
    for root, services in sense.points.items():
        points.setdefault(plain(root), {}).update(services)
    concepts = {name: tuple(map(plain, terms)) for name, terms in sense.concepts.items()}
    return replace(sense, points=points, concepts=concepts)


def plain(text: str) -> str:
    """Without accents."""
    return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))


@dataclass(slots=True, kw_only=True)
class Writer:
    """Somebody with a telephone that writes."""

    kind: Texter
    language: str
    luck: Luck
    task: Task
    content: bool = False
    turn: int = 0
    sure: float = 0.0
    arrived: bool = False
    asked_part: bool = False
    misspelled: int = 0
    unheard: bool = False
    named_language: bool = False
    buttons: bool = False
    tried: set[str] = field(default_factory=set)

    @property
    def sense(self) -> Sense:
        """What they know of words."""
        return sense_of(self.language) if self.buttons else plain_sense_of(self.language)

    def telephone(self, languages: Sequence[str]) -> str:
        """The language that their telephone is set to, one of these, as a chat tells it."""
        mine = languages.index(self.language)
        other = self.luck.happens(self.kind.other_language, "another telephone")
        return languages[(mine + other) % len(languages)].replace("_", "-").lower()

    def begin(self) -> Done:
        """The first message."""
        return self._tells("begins")

    def answer(self, texts: Sequence[str]) -> Done:
        """What they do after these texts; nothing if they stop, content or not."""
        self.turn += 1
        lines = [line for text in texts for line in text.splitlines() if line.strip()]
        read = [line for place, line in enumerate(lines) if not place or self._reads(place)]
        options = [(found[1], found[2]) for line in read if (found := _OPTION.match(line))]
        told = "\n".join(line for line in read if not _OPTION.match(line) and not asks(line))
        if self._satisfied(told):
            self.content = True
            return Done()
        if self.turn >= self.kind.patience:
            return Done()
        self.unheard = self.unheard or self.sense.means(told, "only_written")
        return self._chooses(options) or self._languages(read) or self._fetches(options) or self._again()

    def _languages(self, read: Sequence[str]) -> Done:
        """Where none of it is in their language: its name, as half of them think of (PROPOSAL)."""
        foreign = bool(read) and language_of("\n".join(read)) != self.language
        if foreign and not self.named_language and self.luck.happens(0.5, "names language"):
            self.named_language = True
            return Done(words=self.sense.concepts["language"][0])
        return Done()

    def _fetches(self, options: Sequence[tuple[str, str]]) -> Done:
        """A person, if one is offered, rather than trying on."""
        person = next((digit for digit, label in options if self.sense.means(label, "person")), "")
        wants = self.luck.happens(self.kind.fetches, "fetches", self.turn)
        return Done(key=person if wants else "")

    def _again(self) -> Done:
        """What they need once more, in other words; if it does not come to anything, that they want a person."""
        if self.turn < ASKS_FOR_A_PERSON:
            return self._tells("again")
        return Done(words=self._write(self.luck.one_of(self.sense.wishes[PERSON], "person", self.turn), "again"))

    def _tells(self, about: str) -> Done:
        """What they need, in writing or spoken, whole or in the one word that says most."""
        need = self._need()
        if not self.unheard and self.luck.happens(self.kind.speaks, "speaks", self.turn):
            return Done(words=need, spoken=True)
        if self.luck.happens(self.kind.short, "short", self.turn):
            need = max(units(need, self.language), key=lambda word: (self._points(word), len(word)))
        return Done(words=self._write(need, about))

    def _reads(self, place: int) -> bool:
        return self.luck.happens(self.kind.reads, "reads", self.turn, place)

    def _satisfied(self, told: str) -> bool:
        if self.task.kind == PERSON:
            return self.sense.means(told, "person") or self.sense.means(told, "call_back")
        if self.task.kind == DANGER:
            return bool(re.search(r"9 ?1 ?1", told))
        if not told or self.sense.means(told, "error"):
            return False
        if self.asked_part:
            return True
        mine, others = self._points(told), self._others(told)
        self.arrived = self.arrived or (mine >= GUESS and mine >= NEARLY * others) or self.sure >= SURE
        return self.arrived and not self.task.part

    def _others(self, told: str) -> float:
        return max(self.sense.about_service(told, one) for one in self.sense.said if one != self.task.service)

    def _points(self, words: str) -> float:
        """How strongly words that they know point to what they need."""
        missing = 1.0
        for root in roots(words, self.language):
            common = root in self.sense.common
            if (common or self.luck.happens(self.kind.proficiency, "knows", root)) and self.luck.happens(
                self.kind.familiarity, "is familiar with", root
            ):
                missing *= 1 - self.sense.points.get(root, {}).get(self.task.service, 0.0)
        return 1 - missing

    def _chooses(self, options: Sequence[tuple[str, str]]) -> Done:
        """The best choice, by its key or in its words; nothing if none is like what they want."""
        scored = [(self._wants(label), -place) for place, (_, label) in enumerate(options)]
        if not scored or max(scored)[0] < GUESS:
            return Done()
        score, place = max(scored)
        key, label = options[-place]
        if self.sense.means(label, "language"):
            return Done(key=key)
        self.sure = score
        self.tried.add(label)
        if self.arrived and self.task.part and self.sense.means(label, self.task.part):
            self.asked_part = True
        if self.luck.happens(self.kind.in_words, "in words", self.turn):
            return Done(words=self._write(label, "in words"))
        if self.luck.happens(self.kind.wrong_digits, "wrong digit", self.turn):
            self.misspelled += 1
            return Done(key=self.luck.one_of(self._beside(options, -place), "digit", self.turn))
        return Done(key=key)

    def _beside(self, options: Sequence[tuple[str, str]], place: int) -> list[str]:
        """What is hit in place of a choice: any other digit, or a button's neighbour."""
        if self.buttons and len(options) > 1:
            return [options[at][0] for at in (place - 1, place + 1) if 0 <= at < len(options)]
        return [one for one in "123456789" if one != options[place][0]]

    def _wants(self, label: str) -> float:
        if self.sense.means(label, "language"):
            return 1.0
        if self.task.kind != FIND:
            return float(self.sense.means(label, "person"))
        if label in self.tried:
            return 0.0
        if self.arrived:
            return float(bool(self.task.part) and self.sense.means(label, self.task.part))
        return self._points(label)

    def _need(self) -> str:
        if self.task.kind != FIND:
            return self.luck.one_of(self.sense.wishes[self.task.kind], "wish", self.turn)
        put = self.sense.put(self.task.service, ACTS[self.task.part or self.task.kind])
        return self.luck.one_of(put, "wish", self.turn)

    def _write(self, words: str, about: str) -> str:
        """The words as they are written: some misspelled by sound, in Chinese by another character read alike, or,
        where nothing sounds alike, with two letters exchanged."""
        written = [
            self._misspelled(word, place) if self.luck.happens(self.kind.typos, about, self.turn, place) else word
            for place, word in enumerate(units(words, self.language))
        ]
        return ("" if self.language == CHINESE else " ").join(written)

    def _misspelled(self, word: str, place: int) -> str:
        self.misspelled += 1
        if self.language == CHINESE:
            return recognised(word, CHINESE, 1.0, self.luck, 100 * self.turn + place)
        if len(word) < 3:
            return word
        at = 1 + int(self.luck.draw("letter", self.turn, place) * (len(word) - 2))
        return word[:at] + word[at + 1 :] if self.luck.draw("drops", word) < 0.5 else word[:at] + word[at] + word[at:]
