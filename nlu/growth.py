"""What many services take to be learnt and understood: services made of the words of ours, in one language."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from random import Random
from statistics import quantiles

from nlu.embedded import Embedded
from nlu.languages import languages
from nlu.learning import experts, whole
from nlu.loader import TrainingData

SIZES = (28, 200, 2000)
"""The services of a town, of a city, and of a land."""

ASKED = 300
SEED = 5

_FEWEST, _MOST = 15, 40
"""The phrases of a service."""

_TOPIC, _LONG = 8, 7
"""The words that a service is about, and the most words of a phrase; about half of these are of any kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """So many services with so many sentences: seconds of processor time that learning takes, megabytes that are kept,
    milliseconds of processor time of a new sentence, and the share of them that names the right service first."""

    services: int
    sentences: int
    seconds: float
    megabytes: float
    p50: float
    p99: float
    first: float


def grown(data: TrainingData, services: int, asked: int = ASKED) -> Taken:
    """So many services, with the acts, dangers and exact words of this language."""
    random = Random(SEED)
    words = sorted({word for phrases in data.services.values() for phrase in phrases for word in phrase.split()})
    topics = {f"service_{number}": random.sample(words, _TOPIC) for number in range(services)}
    own = {slug: tuple(_said(topic, words, random, random.randint(_FEWEST, _MOST))) for slug, topic in topics.items()}
    made = replace(data, services=own, both=(), apart=None)
    began = time.process_time()
    learnt = whole([made], experts([made]))
    seconds = time.process_time() - began
    engine = Embedded(_learnt=learnt, _languages=languages(learnt.experts))
    right, times = 0, []
    for slug in random.choices(sorted(topics), k=asked):
        (text,) = _said(topics[slug], words, random, 1)
        began = time.process_time()
        meant = engine.parse(text, data.language)
        times.append(1000 * (time.process_time() - began))
        right += [one.service for one in meant.considered[:1]] == [slug]
    cuts = quantiles(times, n=100)
    return Taken(
        services=services,
        sentences=sum(map(len, own.values())),
        seconds=seconds,
        megabytes=len(pickle.dumps(learnt)) / 2**20,
        p50=cuts[49],
        p99=cuts[98],
        first=right / asked,
    )


def _said(topic: list[str], words: list[str], random: Random, count: int) -> Iterator[str]:
    """Phrases that each hold two words or more of the topic, among others."""

    def said() -> Iterator[str]:
        while True:
            some = [*random.sample(topic, random.randint(2, 3)), *random.choices(words, k=random.randint(1, _LONG - 3))]
            random.shuffle(some)
            yield " ".join(some)

    return islice(said(), count)
