"""What a caller knows without being told: what words have to do with what they need, in their own language.

Two sources, both by language: the sentences of `nlu/test`, which say how people put each need (never `nlu/data`, from
which the line learns), and a file of everyday words in `data/`. How strongly a word points to a need lies between 0 and
1. It is only as good as those two, and that limits what any figure here can mean: docs/decisions/callers.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from simulator.callers.sentences import CHINESE, Talk, roots

EVERYDAY = 0.5
"""How strongly a word of the file points to its need; a word that stands at several points to each of them less."""

LEAST_SEEN = 2
"""Sentences of a need that a word must stand in, to point to it."""

_READER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How somebody put a need; `act` is what they wanted to know or do about it, "" for just that."""

    text: str
    act: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """One language. `points` says how strongly a root points to each service; `said` how people put each."""

    language: str
    voices: tuple[str, ...]
    talk: Talk
    key_first: str
    typed: tuple[str, ...]
    say: tuple[str, ...]
    concepts: Mapping[str, tuple[str, ...]]
    points: Mapping[str, Mapping[str, float]]
    said: Mapping[str, tuple[Said, ...]]
    wishes: Mapping[str, tuple[str, ...]]
    common: frozenset[str]

    def about_service(self, heard: str, service: str) -> float:
        """How strongly what was heard points to a service, 0 to 1."""
        missing = 1.0
        for root in roots(heard, self.language):
            missing *= 1 - self.points.get(root, {}).get(service, 0.0)
        return 1 - missing

    def put(self, service: str, acts: tuple[str, ...]) -> tuple[str, ...]:
        """How people put a need with one of these acts; in any way, where nobody did."""
        these = tuple(one.text for one in self.said[service] if one.act in acts)
        return these or tuple(one.text for one in self.said[service])

    def means(self, heard: str, concept: str) -> bool:
        """Whether something of this kind was said: a person, yes, the cost ..."""
        return says_one(heard, self.concepts[concept], self.language)


def says_one(heard: str, terms: Iterable[str], language: str) -> bool:
    """Whether one of the terms stands in what was heard, as words."""
    low = heard.lower()
    if language == CHINESE:
        return any(term in low for term in terms)
    words = f" {' '.join(_words(low))} "
    return any(f" {' '.join(_words(term.lower()))} " in words for term in terms)


def _words(text: str) -> list[str]:
    return [word.strip(".,،;:?!؟¿¡\"'") for word in text.split()]


@cache
def sense_of(language: str) -> Sense:
    """What is known in a language. Raises FileNotFoundError for one without a file."""
    told: dict[str, Any] = yaml.load(
        files("simulator.callers.data").joinpath(f"{language}.yml").read_text("utf-8"), _READER
    )
    people: dict[str, Any] = yaml.load(files("nlu.test").joinpath(f"{language}.yml").read_text("utf-8"), _READER)
    said = {service: tuple(_said(one) for one in these) for service, these in people["services"].items()}
    concepts = {name: tuple(str(term) for term in terms) for name, terms in told["concepts"].items()}
    return Sense(
        language=language,
        voices=tuple(told["voices"]),
        talk=Talk(press=tuple(told["press"]), star=concepts["star"], hash=concepts["hash"]),
        key_first=told["key_first"],
        typed=tuple(told["typed"]),
        say=tuple(told["say"]),
        concepts=concepts,
        points=_points(said, told["services"], language),
        said=said,
        wishes={name: tuple(map(str, these)) for name, these in told["wishes"].items()},
        common=_common(said, language),
    )


def _said(one: Any) -> Said:
    return Said(text=str(one["text"]), act=str(one.get("act", ""))) if isinstance(one, dict) else Said(text=str(one))


def _points(
    said: Mapping[str, tuple[Said, ...]], everyday: Mapping[str, str], language: str
) -> dict[str, dict[str, float]]:
    """How strongly each root points to each service."""
    seen = {
        service: Counter(root for sentence in these for root in roots(sentence.text, language))
        for service, these in said.items()
    }
    found: dict[str, dict[str, float]] = {}
    everywhere = Counter[str]()
    for one in seen.values():
        everywhere.update(one)
    for service, counted in seen.items():
        for root, count in counted.items():
            if count >= LEAST_SEEN:
                found.setdefault(root, {})[service] = 0.9 * count / everywhere[root]
    for service, words in everyday.items():
        for root in roots(words, language):
            strong = EVERYDAY if language != CHINESE or len(root) > 1 else EVERYDAY / 2
            kept = found.setdefault(root, {})
            kept[service] = max(kept.get(service, 0.0), strong)
    return found


def _common(said: Mapping[str, tuple[Said, ...]], language: str) -> frozenset[str]:
    """Roots that people use for many needs: familiar ones."""
    seen = Counter(root for these in said.values() for root in {r for one in these for r in roots(one.text, language)})
    return frozenset(root for root, services in seen.items() if services >= len(said) // 4)
