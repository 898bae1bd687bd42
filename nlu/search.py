"""A search of the catalogue behind an engine: it finds services of which an engine has learnt next to nothing.

A classifier drowns a service with three phrases among those with eighty. Here a service is one document: its title, its
summary, who it is for, what to bring, and some of its phrases. What a resident says is compared with each document by
the TF-IDF of `nlu.features`. Only services with few phrases are looked for; the others stand beside them, so that words
which fit those better find nothing. What is found is asked about, never answered at once.

Chosen by nlu/calibration: see docs/decisions/long-tail.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import numpy as np

from core import phrases as say
from core.catalog import Catalog, Service
from core.ports import Recognizer, Words
from core.types import Act, Alternative, Found, Understanding
from nlu.deciding import MOST_ALTERNATIVES
from nlu.embedded import READ, Embedded
from nlu.features import Cut, Features, Floats, Row, Rows, features
from nlu.loader import is_chinese

FEW, _SHARE = 10, 0.2
"""A service is looked for that has fewer phrases in a language than this, or than this share of what services have in
the median: with 12 beside 200 an engine still drowns it."""

_SAID = 10
"""So many phrases of a service stand in its document at most: with all of them long documents would win."""

AMONG = 3
"""What is found is among so many that fit best. Where an engine is silent or sure, it must fit best of all."""

FOUND = 0.6
"""How sure of a service that was found: so often was it meant (en, es, ar 0.63; zh 0.57)."""

_LEAST_PARTED, _LEAST = 0.14, 0.09
"""The least likeness, 0 to 1, of what is found, where words are parted and where they are not. With these, of a hundred
sentences that mean nothing we offer, two at most are asked about a service that they do not mean."""

_MORE = 0.025
"""So much more for each doubling of the services that are looked for: each of them may be found in vain."""

_SHOWN = 4
"""Words named as evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A service that words are like, whether more than any other, and the words that are, the heaviest first."""

    service: str
    best: bool
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The documents of one language: the likeness of each term to each of `services`. `few` are looked for."""

    features: Features
    services: tuple[str, ...]
    terms: Rows
    few: frozenset[str]
    least: float

    def find(self, text: str) -> tuple[Find, ...]:
        """What this text, made comparable before, is like; the most alike first."""
        scores = self._likeness(self.features.row(text))
        likeliest = np.argsort(-scores, kind="stable")[:AMONG]
        return tuple(
            Find(service=self.services[at], best=place == 0, words=self._words(text, at))
            for place, at in enumerate(likeliest)
            if self.services[at] in self.few and scores[at] >= self.least
        )

    def _likeness(self, row: Row) -> Floats:
        return self.terms.found(row, len(self.services)) / len(self.features.cuts)

    def _words(self, text: str, at: int) -> tuple[str, ...]:
        """The words of the text that are most like a document by themselves."""
        words = list(self._cut(text))
        rows = self.features.rows(words)
        alike = {word: float(self._likeness(rows.row(place))[at]) for place, word in enumerate(words)}
        most = max(alike.values(), default=0.0)
        heavy = sorted((word for word in alike if alike[word] >= most / 2), key=lambda word: -alike[word])
        return tuple(heavy[:_SHOWN])

    def _cut(self, text: str) -> Iterable[str]:
        """The words, each once; where they are not parted, known pairs of characters, else all characters."""
        if Cut.CHARACTERS not in self.features.cuts:
            return dict.fromkeys(text.split())
        pairs = dict.fromkeys("".join(pair) for pair in pairwise(text))
        known = self.features.named(text)
        return [pair for pair in pairs if pair in known and " " not in pair] or dict.fromkeys(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Searching:
    """An engine with the search behind it: `core.ports.Recognizer`. `plain` makes a text comparable."""

    engine: Recognizer
    indexes: Mapping[str, Index]
    plain: Callable[[str], str]

    def parse(self, text: str, language: str) -> Understanding:
        """What the engine believes; with what is found beside it, that is to be asked about."""
        meant = self.engine.parse(text, language)
        index = self.indexes.get(meant.language)
        if index is None or meant.also or meant.service in index.few:
            return meant
        found = [one for one in index.find(self.plain(text[:READ])) if one.service != meant.denied]
        return _asking(meant, [one for one in found if one.best or meant.alternatives])


def searching(engine: Recognizer, learnt: Embedded, catalog: Catalog, words: Words) -> Searching:
    """The engine with a search of this catalogue behind it. `learnt` tells which phrases there are; a language in which
    no service has few is not searched."""

    def texts(service: Service, language: str) -> Iterator[str]:
        papers = (catalog.papers[paper].title for paper in service.papers)
        told = (service.title, service.summary, service.who, *papers)
        return (words.say(say.text(text), language) for text in told if text)

    indexes = {}
    for language, phrases in learnt.phrases.items():
        if few := scarce(catalog.services, learnt.counts[language]):
            worded = {service.slug: tuple(texts(service, language)) for service in catalog.services.values()}
            indexes[language] = index(worded, phrases, few, learnt.plain, parted=not is_chinese(language))
    return Searching(engine=engine, indexes=indexes, plain=learnt.plain)


def scarce(services: Iterable[str], counts: Mapping[str, int]) -> frozenset[str]:
    """The services with few phrases; `counts` tells how many each has."""
    each = {slug: counts.get(slug, 0) for slug in services}
    enough = max(FEW, _SHARE * median(each.values())) if each else FEW
    return frozenset(slug for slug, count in each.items() if count < enough)


def index(
    texts: Mapping[str, Sequence[str]],
    phrases: Iterable[tuple[str, str]],
    few: frozenset[str],
    plain: Callable[[str], str],
    *,
    parted: bool,
) -> Index:
    """The documents of one language. `texts` are each service's own; `phrases` come with the service of each; `few` are
    the services to be looked for, one at least. `parted`: words are parted by blanks."""
    said: dict[str, list[str]] = {slug: [] for slug in texts}
    for phrase, slug in phrases:
        said.setdefault(slug, []).append(phrase)
    documents = [" ".join(map(plain, (*texts.get(slug, ()), *own[:_SAID]))) for slug, own in said.items()]
    known, rows = features(documents, (Cut.WORDS, Cut.PIECES) if parted else (Cut.CHARACTERS,))
    return Index(
        features=known,
        services=tuple(said),
        terms=rows.turned(len(known)),
        few=few,
        least=(_LEAST_PARTED if parted else _LEAST) + _MORE * math.log2(len(few)),
    )


def _asking(meant: Understanding, found: Sequence[Find]) -> Understanding:
    """The same, asking about what was found too. What names a service is never out of scope."""
    if not found:
        return meant
    new = [Alternative(service=one.service, confidence=FOUND) for one in found]
    sure = [Alternative(service=meant.service, confidence=meant.confidence)] if meant.service else []
    why = tuple(Found(service=one.service, words=one.words) for one in found)
    return replace(
        meant,
        act=None if meant.act is Act.OUT_OF_SCOPE else meant.act,
        act_confidence=0.0 if meant.act is Act.OUT_OF_SCOPE else meant.act_confidence,
        service="",
        confidence=0.0,
        alternatives=_ranked((*sure, *meant.alternatives, *new))[:MOST_ALTERNATIVES],
        considered=_ranked((*meant.considered, *new)),
        because=replace(meant.because, found=why),
    )


def _ranked(some: Sequence[Alternative]) -> tuple[Alternative, ...]:
    """The surest first, each service once."""
    best: dict[str, Alternative] = {}
    for one in sorted(some, key=lambda one: -one.confidence):
        best.setdefault(one.service, one)
    return tuple(best.values())
