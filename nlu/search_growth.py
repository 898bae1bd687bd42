"""How fast a large catalogue is searched: services made of the words that residents use, each with three phrases."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from statistics import median

from core.commands import fold
from nlu.hiding import KEPT
from nlu.search import Index, index

SIZES = (200, 2000)
"""The services of a city, and of a land."""

TEXTS = 500
SEED = 5
_OWN, _LONG = 5, 12
"""The texts of each service's own, and the words of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """So many services: milliseconds that a text takes in the median; seconds and megabytes that the documents of one
    language take."""

    services: int
    median: float
    seconds: float
    megabytes: float


def grown(sentences: Sequence[str], sizes: Iterable[int] = SIZES, texts: int = TEXTS) -> list[Grown]:
    """Each number of services, made of the words of these sentences (parted by blanks), and asked about them."""
    return [_grown(sentences, size, texts, Random(SEED)) for size in sizes]


def _grown(sentences: Sequence[str], size: int, texts: int, random: Random) -> Grown:
    words = sorted({word for sentence in sentences for word in fold(sentence).split()})

    def said() -> str:
        return " ".join(random.choices(words, k=_LONG))

    own = {f"service_{number}": [said() for _ in range(_OWN)] for number in range(size)}
    phrases = [(said(), slug) for slug in own for _ in range(KEPT)]
    began = time.perf_counter()
    made = index(own, phrases, frozenset(own), fold, parted=True)
    seconds = time.perf_counter() - began
    times = []
    for sentence in random.choices(sentences, k=texts):
        began = time.perf_counter()
        made.find(fold(sentence))
        times.append(1000 * (time.perf_counter() - began))
    return Grown(services=size, median=median(times), seconds=seconds, megabytes=_bytes(made) / 2**20)


def _bytes(made: Index) -> int:
    """What an index holds: its terms, and in which documents they are."""
    arrays = (made.features.hashes, made.features.rarity, made.terms.starts, made.terms.indices, made.terms.values)
    return sum(array.nbytes for array in arrays)
