"""Which calls are made: the same for the same seed, however many, so that a short run is the beginning of a long
one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, islice

from core.catalog import Catalog
from simulator.callers.calling import Plan
from simulator.callers.chance import Luck
from simulator.callers.personas import personas
from simulator.callers.tasks import DANGER, EACH, FIND, FOLLOW, PARTS, PERSON, REPORT, Task
from simulator.callers.texting import FILES, writers

CALLS = 2_000
"""In a change's check."""

THREADS = 10
"""Calls for each thread of text messages, and for each chat."""

FULL_EACH = 600
"""Calls for each persona in a full run."""


def plans(catalog: Catalog, people: Sequence[str], languages: Sequence[str], seed: int, calls: int) -> list[Plan]:
    """So many calls: each persona in each language in turn, tasks and services by chance."""
    return list(islice(_all(catalog, people, languages, seed), calls))


def _all(catalog: Catalog, people: Sequence[str], languages: Sequence[str], seed: int) -> Iterator[Plan]:
    for number in count():
        persona = people[number % len(people)]
        language = languages[number // len(people) % len(languages)]
        task = _task(catalog, Luck(seed=f"plan:{seed}:{number}"))
        yield Plan(number=number, seed=seed, language=language, persona=persona, task=task)


def _task(catalog: Catalog, luck: Luck) -> Task:
    kind = luck.one_of([kind for kind, share in EACH.items() for _ in range(share)], "kind")
    if kind in (PERSON, DANGER):
        return Task(kind=kind)
    fits = [
        one.slug
        for one in catalog.services.values()
        if kind == FIND or (one.steps and (kind == FOLLOW or one.report == (kind == REPORT)))
    ]
    part = luck.one_of(PARTS, "part") if kind == FIND else ""
    return Task(kind=kind, service=luck.one_of(fits, "service"), part=part)


def texts(catalog: Catalog, channel: str, seed: int, threads: int) -> list[Plan]:
    """So many threads of text messages, or chats, by people of each kind in each language in turn, about what needs no
    form."""
    everybody, languages = list(writers(channel)), catalog.town.languages
    every = (replace(one, channel=channel) for one in _all(catalog, everybody, languages, seed))
    return list(islice((one for one in every if one.task.kind in (FIND, PERSON, DANGER)), threads))


def whole(catalog: Catalog, seed: int, calls: int) -> list[Plan]:
    """So many calls, and a tenth as many threads of text messages and chats, by everybody in the town's languages."""
    voice = plans(catalog, list(personas()), catalog.town.languages, seed, calls)
    return [*voice, *(one for channel in FILES for one in texts(catalog, channel, seed, calls // THREADS))]


def without_forms(made: Sequence[Plan]) -> list[Plan]:
    """The calls that lines by voice alone, without forms, can be measured by."""
    return [plan for plan in made if plan.channel == "voice" and plan.task.kind in (FIND, PERSON, DANGER)]


def fingerprint(made: Sequence[Plan]) -> str:
    """Tells whether two runs made the same calls."""
    return hashlib.sha256("\n".join(one.key for one in made).encode()).hexdigest()
