"""Which calls are made: the same for the same seed, however many, so that a short run is the beginning of a long
one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import count, islice

from core.catalog import Catalog
from simulator.callers.calling import Plan
from simulator.callers.chance import Luck
from simulator.callers.tasks import DANGER, EACH, FIND, FOLLOW, PARTS, PERSON, REPORT, Task

CALLS = 2_000
"""In a change's check."""

FULL_EACH = 600
"""Calls for each persona in a full run."""


def plans(catalog: Catalog, personas: Sequence[str], languages: Sequence[str], seed: int, calls: int) -> list[Plan]:
    """So many calls: each persona in each language in turn, tasks and services by chance."""
    return list(islice(_all(catalog, personas, languages, seed), calls))


def _all(catalog: Catalog, personas: Sequence[str], languages: Sequence[str], seed: int) -> Iterator[Plan]:
    for number in count():
        persona = personas[number % len(personas)]
        language = languages[number // len(personas) % len(languages)]
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


def without_forms(made: Sequence[Plan]) -> list[Plan]:
    """The calls that lines without forms can be measured by."""
    return [plan for plan in made if plan.task.kind in (FIND, PERSON, DANGER)]


def fingerprint(made: Sequence[Plan]) -> str:
    """Tells whether two runs made the same calls."""
    return hashlib.sha256("\n".join(one.key for one in made).encode()).hexdigest()
