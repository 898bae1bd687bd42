"""How sure a Rasa server must be: chosen on sentences that nothing was learnt from (`nlu/calibration`), for the promise
of `nlu.calibrating`. `plainline nlu calibrate rasa` prints it; `nlu.rasa_engine.LEAST` holds what was chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.types import Act
from nlu.apart import Apart, Example
from nlu.calibrating import sure_enough, upper_bound
from nlu.rasa_engine import Least, Ranking, Rasa, act_of, group
from nlu.rasa_project import SERVICE, plain

_STEPS = tuple(step / 20 for step in range(4, 20))
"""The shares of an act among the acts that are tried as the least."""

_NEVER = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a server ranked for the sentences of one language."""

    language: str
    examples: tuple[tuple[Example, Ranking], ...]


def asked(rasa: Rasa, apart: Iterable[tuple[str, Apart]]) -> list[Heard]:
    """Ask about every sentence. Raises `nlu.rasa_engine.NoAnswer` if the server does not answer."""
    return [
        Heard(language=language, examples=tuple((one, rasa.ranking(plain(one.text))) for one in those.examples))
        for language, those in apart
    ]


def told(heard: Sequence[Heard]) -> Iterator[str]:
    """What would be chosen for each language alone, and for all together, and how it would do."""
    yield f"{'':8}  service  answered  wrong (95 % bound)   act  right  beside  right"
    for one in heard:
        yield _line(one.language, [one])
    yield _line("all", heard)


def chosen(heard: Sequence[Heard]) -> Least:
    """The least confidences at which the promises hold for these sentences; 1 where they hold at none."""
    sure, right = _services(heard)
    return Least(
        service=sure_enough(np.array(sure), np.array(right), _NEVER),
        act=max(_STEPS, key=lambda least: _acts(heard, least, beside=False)),
        beside=max(_STEPS, key=lambda least: _acts(heard, least, beside=True)),
    )


def _line(name: str, heard: Sequence[Heard]) -> str:
    least = chosen(heard)
    sure, right = map(np.array, _services(heard))
    answered = sure >= least.service
    wrong, tries = int((answered & ~right).sum()), len(right)
    bound = upper_bound(wrong, tries)
    services = f"{least.service:7.3f}  {np.mean(answered):8.1%}  {wrong / tries:5.1%} ({bound:5.1%})"
    alone, beside = _acts(heard, least.act, beside=False), _acts(heard, least.beside, beside=True)
    return f"{name:8}  {services}       {least.act:5.2f}  {alone:5.1%}  {least.beside:6.2f}  {beside:5.1%}"


def _services(heard: Sequence[Heard]) -> tuple[list[float], list[bool]]:
    """Of each sentence, how sure the best service is, and whether it was meant."""
    best = [(one, *group(ranking, SERVICE)[0]) for each in heard for one, ranking in each.examples]
    return [sure for _, _, sure in best], [slug == one.service for one, slug, _ in best]


def _acts(heard: Sequence[Heard], least: float, *, beside: bool) -> float:
    """The share of right acts among the sentences within our scope that mean a service, or that mean none; no act is
    as good as asking what there is."""
    within = [
        (one, ranking)
        for each in heard
        for one, ranking in each.examples
        if one.act is not Act.OUT_OF_SCOPE and bool(one.service) is beside
    ]
    right = [(act_of(ranking, least, beside)[0] or Act.ABOUT) is (one.act or Act.ABOUT) for one, ranking in within]
    return float(np.mean(right))
