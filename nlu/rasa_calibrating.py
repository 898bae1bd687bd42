"""How sure a Rasa server must be: chosen on sentences that nothing was learnt from (`nlu/calibration`), for the promise
of `nlu.calibrating`. `plainline nlu calibrate rasa` prints it; `nlu.rasa_engine.LEAST` holds what was chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.types import Act
from nlu.apart import Apart, Example
from nlu.calibrating import danger_enough, sure_enough, upper_bound
from nlu.loader import DANGER
from nlu.rasa_engine import Least, Ranking, Rasa, act_of, group
from nlu.rasa_project import SERVICE, plain

_STEPS = tuple(step / 20 for step in range(6, 20))
"""The shares of an act among the acts that are tried as the least."""

_NEVER = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a server ranked for the sentences of one language."""

    language: str
    examples: tuple[tuple[Example, Ranking], ...]
    danger: tuple[Ranking, ...]
    near_danger: tuple[Ranking, ...]


def asked(rasa: Rasa, apart: Iterable[tuple[str, Apart]]) -> list[Heard]:
    """Ask about every sentence. Raises `nlu.rasa_engine.NoAnswer` if the server does not answer."""
    return [
        Heard(
            language=language,
            examples=tuple((one, rasa.ranking(plain(one.text))) for one in those.examples),
            danger=tuple(rasa.ranking(plain(text)) for text in those.danger),
            near_danger=tuple(rasa.ranking(plain(text)) for text in those.near_danger),
        )
        for language, those in apart
    ]


def told(heard: Sequence[Heard]) -> Iterator[str]:
    """What would be chosen for each language alone, and for all together, and how it would do."""
    yield f"{'':8}  service  answered  wrong (95 % bound)   act  right   danger  found  alarms  disturbed"
    for one in heard:
        yield _line(one.language, [one])
    yield _line("all", heard)


def chosen(heard: Sequence[Heard]) -> Least:
    """The least confidences at which the promises hold for these sentences; 1 where they hold at none."""
    sure, right = _services(heard)
    return Least(
        service=sure_enough(np.array(sure), np.array(right), _NEVER),
        act=max(_STEPS, key=lambda least: _acts(heard, least)),
        danger=danger_enough(_danger(heard, "near"), _danger(heard, "others"), _NEVER),
    )


def _line(name: str, heard: Sequence[Heard]) -> str:
    least = chosen(heard)
    sure, right = map(np.array, _services(heard))
    answered = sure >= least.service
    wrong, tries = int((answered & ~right).sum()), len(right)
    bound = upper_bound(wrong, tries)
    found, near, others = (np.mean(_danger(heard, of) >= least.danger) for of in ("danger", "near", "others"))
    services = f"{least.service:7.3f}  {np.mean(answered):8.1%}  {wrong / tries:5.1%} ({bound:5.1%})"
    danger = f"{least.danger:6.3f}  {found:5.1%}  {near:6.1%}  {others:9.1%}"
    return f"{name:8}  {services}       {least.act:5.2f}  {_acts(heard, least.act):5.1%}   {danger}"


def _services(heard: Sequence[Heard]) -> tuple[list[float], list[bool]]:
    """Of each sentence, how sure the best service is, and whether it was meant."""
    best = [(one, *group(ranking, SERVICE)[0]) for each in heard for one, ranking in each.examples]
    return [sure for _, _, sure in best], [slug == one.service for one, slug, _ in best]


def _acts(heard: Sequence[Heard], least: float) -> float:
    """The share of right acts among the sentences within our scope; none is as good as asking what there is."""
    within = [(one, ranking) for each in heard for one, ranking in each.examples if one.act is not Act.OUT_OF_SCOPE]
    right = [
        (act_of(ranking, least, bool(one.service))[0] or Act.ABOUT) is (one.act or Act.ABOUT) for one, ranking in within
    ]
    return float(np.mean(right))


def _danger(heard: Sequence[Heard], of: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """How sure it is of danger in each sentence that tells of it, only sounds like it, or is about something else."""
    rankings = {
        "danger": [ranking for each in heard for ranking in each.danger],
        "near": [ranking for each in heard for ranking in each.near_danger],
        "others": [ranking for each in heard for _, ranking in each.examples],
    }
    return np.array([ranking.get(DANGER, 0.0) for ranking in rankings[of]])
