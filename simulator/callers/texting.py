"""Somebody who writes text messages: what they read in an answer, and what they write back.

They know the texts alone. Unlike a caller they have the whole answer before them, so nothing is forgotten; lines are
passed over, words misspelled, digits hit beside.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from simulator.callers.chance import Luck
from simulator.callers.mind import ACTS, GUESS, NEARLY, SURE
from simulator.callers.sense import Sense, sense_of
from simulator.callers.sentences import CHINESE, asks, roots, units
from simulator.callers.speech import recognised
from simulator.callers.tasks import DANGER, FIND, PERSON, Task

ASKS_FOR_A_PERSON = 4
"""From this answer on, somebody who is not where they want to be asks for a person (PROPOSAL)."""

_OPTION = re.compile(r"^(\d) (.+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Texter:
    """One kind of texter. `typos`: share of words that are misspelled, `wrong_digits` of digits that are others;
    `reads`: share of lines that are read; `proficiency` and `familiarity` as for callers; `in_words`: how likely they
    answer with a choice's words; `patience`: messages that they write at most."""

    name: str
    typos: float
    wrong_digits: float
    reads: float
    proficiency: float
    familiarity: float
    in_words: float
    patience: float


@cache
def texters() -> Mapping[str, Texter]:
    """Everybody in the file, in its order. Raises ValueError for a value without a source, or one that is not known."""
    told: dict[str, dict[str, Any]] = yaml.safe_load(
        files("simulator.callers.data").joinpath("texters.yml").read_text("utf-8")
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

    texter: Texter
    language: str
    luck: Luck
    task: Task
    content: bool = False
    turn: int = 0
    sure: float = 0.0
    arrived: bool = False
    asked_part: bool = False
    misspelled: int = 0
    tried: set[str] = field(default_factory=set)

    @property
    def sense(self) -> Sense:
        """What they know of words."""
        return plain_sense_of(self.language)

    def begin(self) -> str:
        """The first message."""
        return self._write(self._need(), "begins")

    def answer(self, texts: list[str]) -> str:
        """What they write after these texts; "" if they stop, content or not."""
        self.turn += 1
        lines = [line for text in texts for line in text.splitlines() if line.strip()]
        read = [line for place, line in enumerate(lines) if not place or self._reads(place)]
        options = [(found[1], found[2]) for line in read if (found := _OPTION.match(line))]
        told = "\n".join(line for line in read if not _OPTION.match(line) and not asks(line))
        if self._satisfied(told):
            self.content = True
            return ""
        if self.turn >= self.texter.patience:
            return ""
        return self._chooses(options) or self._write(self._again(), "again")

    def _again(self) -> str:
        """What they need once more, in other words; if it does not come to anything, that they want a person."""
        if self.turn < ASKS_FOR_A_PERSON:
            return self._need()
        return self.luck.one_of(self.sense.wishes[PERSON], "person", self.turn)

    def _reads(self, place: int) -> bool:
        return self.luck.happens(self.texter.reads, "reads", self.turn, place)

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
            if (common or self.luck.happens(self.texter.proficiency, "knows", root)) and self.luck.happens(
                self.texter.familiarity, "is familiar with", root
            ):
                missing *= 1 - self.sense.points.get(root, {}).get(self.task.service, 0.0)
        return 1 - missing

    def _chooses(self, options: list[tuple[str, str]]) -> str:
        """The best choice, by its digit or in its words; "" if none is like what they want."""
        scored = [(self._wants(label), -place) for place, (_, label) in enumerate(options)]
        if not scored or max(scored)[0] < GUESS:
            return ""
        score, place = max(scored)
        digit, label = options[-place]
        self.sure = score
        self.tried.add(label)
        if self.arrived and self.task.part and self.sense.means(label, self.task.part):
            self.asked_part = True
        if self.luck.happens(self.texter.in_words, "in words", self.turn):
            return self._write(label, "in words")
        if self.luck.happens(self.texter.wrong_digits, "wrong digit", self.turn):
            self.misspelled += 1
            return self.luck.one_of([one for one in "123456789" if one != digit], "digit", self.turn)
        return digit

    def _wants(self, label: str) -> float:
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
            self._misspelled(word, place) if self.luck.happens(self.texter.typos, about, self.turn, place) else word
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
