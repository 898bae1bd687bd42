"""How well words are understood, on sentences that nothing was learnt from.

`nlu/calibration` has the sentences that thresholds are chosen by, `nlu/test` those that figures are told of. Both are
written without looking at the phrases that are learnt from (`tests/nlu/test_sets.py` finds near-copies).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from core.types import Act, Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence and what it means: `service` is "" where none is meant, `act` None where it names none."""

    text: str
    language: str
    service: str = ""
    act: Act | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """The sentences of one language that are kept apart from training. `near_danger` only sounds like danger."""

    examples: tuple[Example, ...]
    danger: tuple[str, ...]
    near_danger: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Shares, 0 to 1.

    Of the sentences that mean a service: `named` it was named outright, `first` it stands first among what is named or
    asked about, `among` it is one of these, `wrong` another one was named, which is the outcome that misleads, `joint`
    it stands first and the act is right too. `acts`: the right act, of the sentences that name one. Of the sentences
    that mean nothing we offer: `refused` nothing was named or asked about, `misled` a service was named. `danger`:
    found, of the sentences that tell of it; `alarms`: in those that only sound like it; `disturbed`: in all others.
    """

    sentences: int
    named: float
    first: float
    among: float
    wrong: float
    joint: float
    acts: float
    refused: float
    misled: float
    danger: float
    alarms: float
    disturbed: float


def read(path: Path) -> Apart:
    """The sentences of a YAML file named by its language, with the parts services, acts, out_of_scope, danger and
    near_danger."""
    content: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Apart(
        examples=tuple(_examples(content, path.stem)),
        danger=tuple(content["danger"]),
        near_danger=tuple(content["near_danger"]),
    )


def _examples(content: Mapping[str, Any], language: str) -> Iterator[Example]:
    for service, entries in content["services"].items():
        for entry in entries:
            text, act = (entry, None) if isinstance(entry, str) else (entry["text"], Act(entry["act"]))
            yield Example(text=text, language=language, service=service, act=act)
    for act, entries in content["acts"].items():
        yield from (Example(text=text, language=language, act=Act(act)) for text in entries)
    yield from (Example(text=text, language=language, act=Act.OUT_OF_SCOPE) for text in content["out_of_scope"])


def evaluate(understand: Callable[[str, str], Understanding], apart: Apart, language: str) -> Figures:
    """Understand each sentence as one said to a line in this language, and count."""
    parsed = [(example, understand(example.text, language)) for example in apart.examples]
    meant = [(example, found) for example, found in parsed if example.service]
    none = [found for example, found in parsed if example.act is Act.OUT_OF_SCOPE]
    return Figures(
        sentences=len(parsed) + len(apart.danger) + len(apart.near_danger),
        named=_share(found.service == example.service for example, found in meant),
        first=_share(_ranked(found)[:1] == [example.service] for example, found in meant),
        among=_share(example.service in _ranked(found) for example, found in meant),
        wrong=_share(found.service not in ("", example.service) for example, found in meant),
        joint=_share(
            _ranked(found)[:1] == [example.service] and _right_act(example, found) for example, found in meant
        ),
        acts=_share(_right_act(one, found) for one, found in parsed if one.act not in (None, Act.OUT_OF_SCOPE)),
        refused=_share(not _ranked(found) for found in none),
        misled=_share(bool(found.service) for found in none),
        danger=_share(bool(understand(text, language).danger) for text in apart.danger),
        alarms=_share(bool(understand(text, language).danger) for text in apart.near_danger),
        disturbed=_share(bool(found.danger) for _, found in parsed),
    )


def _ranked(found: Understanding) -> list[str]:
    """The service that was named, else those that are asked about, the likeliest first."""
    return [found.service] if found.service else [other.service for other in found.alternatives]


def _right_act(example: Example, found: Understanding) -> bool:
    """No act means telling about it: that is what is done where a sentence names none."""
    return (found.act or Act.ABOUT) is (example.act or Act.ABOUT)


def _share(outcomes: Iterable[bool]) -> float:
    counted: Sequence[bool] = list(outcomes)
    return sum(counted) / len(counted) if counted else 0.0
