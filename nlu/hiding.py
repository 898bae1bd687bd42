"""How well a service is understood that was just added: each of ours is hidden in turn, but for three phrases.

Everything else that tells of it is taken from what is learnt, and from what confidences are calibrated by. Then the
sentences of nlu/calibration are asked, with the search of the catalogue (`nlu.search`) and without.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.catalog import Catalog
from core.ports import Recognizer, Words
from core.types import Act
from nlu.apart import Apart
from nlu.embedded import train
from nlu.evaluation import Heard, share
from nlu.loader import SOURCE_LANGUAGE, TrainingData
from nlu.search import searching

KEPT = 3
"""The phrases that an editor has written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Shares, 0 to 1. Of the sentences that mean the service: `first` it was believed most, `among` it is one of the
    three likeliest, `offered` it was answered or asked about, `misled` another was answered. `named`: of the sentences
    that mean another service, those that were answered with it at once. `refused`: of those that mean nothing we offer,
    those about which nothing was asked or answered."""

    first: float
    among: float
    offered: float
    misled: float
    named: float
    refused: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """One service hidden in one language: what was understood without the search, and with it."""

    service: str
    language: str
    without: Shares
    searched: Shares


def hide(data: TrainingData, service: str, catalog: Catalog) -> TrainingData:
    """The same with `KEPT` phrases of this service, besides its title where the catalogue's own language learns it."""
    title = catalog.services[service].title if data.language == SOURCE_LANGUAGE else ""
    said = data.services.get(service, ())
    kept = (*said[:KEPT], *(phrase for phrase in said[KEPT:] if phrase == title))
    apart = data.apart and replace(data.apart, examples=tuple(e for e in data.apart.examples if e.service != service))
    both = tuple(sentence for sentence in data.both if sentence[1] != service)
    return replace(data, services={**data.services, service: kept}, both=both, apart=apart)


def hidden(loaded: Iterable[TrainingData], services: Sequence[str], catalog: Catalog, words: Words) -> Iterator[Hidden]:
    """Each of these services hidden in each language that has sentences kept apart. It learns anew for each."""
    kept_apart = ((data, data.apart) for data in loaded if data.apart)
    for data, apart in kept_apart:
        yield from (_hidden(data, apart, service, catalog, words) for service in services)


def _hidden(data: TrainingData, apart: Apart, service: str, catalog: Catalog, words: Words) -> Hidden:
    engine = train([hide(data, service, catalog)])
    search = searching(engine, engine, catalog, words)
    without, searched = (shares(one, apart, service, data.language) for one in (engine, search))
    return Hidden(service=service, language=data.language, without=without, searched=searched)


def shares(engine: Recognizer, apart: Apart, service: str, language: str) -> Shares:
    """How this service is understood, and what it does to the others."""
    heard = [Heard(example=one, found=engine.parse(one.text, language)) for one in apart.examples]
    own = [one for one in heard if one.example.service == service]
    others = [one for one in heard if one.example.service not in ("", service)]
    outside = [one for one in heard if one.example.act is Act.OUT_OF_SCOPE]
    return Shares(
        first=share(one.right_first for one in own),
        among=share(service in one.ranked[:3] for one in own),
        offered=share(service in _offered(one) for one in own),
        misled=share(one.misled for one in own),
        named=share(one.found.service == one.example.service for one in others),
        refused=share(not any(_offered(one)) for one in outside),
    )


def _offered(one: Heard) -> tuple[str, ...]:
    return (one.found.service, *(other.service for other in one.found.alternatives))
