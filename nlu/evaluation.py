"""How well words are understood, on sentences that nothing was learnt from (`nlu.apart`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from core.types import Act, Understanding
from nlu.apart import Apart, Example
from nlu.calibrating import upper_bound

BINS = 10
"""Confidences are looked at in so many equal parts from 0 to 1."""

WORST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A sentence, what it means, and what was understood."""

    example: Example
    found: Understanding

    @property
    def ranked(self) -> tuple[str, ...]:
        """The services, the likeliest first, however sure."""
        named = (self.found.service, *(one.service for one in (*self.found.considered, *self.found.alternatives)))
        return tuple(dict.fromkeys(filter(None, named)))

    @property
    def surest(self) -> tuple[str, float]:
        """The service believed most, and how surely; "" and 0 if none was."""
        if self.found.service:
            return self.found.service, self.found.confidence
        best = max(self.found.considered, key=lambda one: one.confidence, default=None)
        return (best.service, best.confidence) if best else ("", 0.0)

    @property
    def right_first(self) -> bool:
        """Whether the service that is meant was believed most."""
        return self.ranked[:1] == (self.example.service,)

    @property
    def right_act(self) -> bool:
        """Whether the act was understood. No act means telling about it: that is what is done where none is named."""
        return (self.found.act or Act.ABOUT) is (self.example.act or Act.ABOUT)

    @property
    def refused(self) -> bool:
        """Whether no service was named or asked about."""
        return not (self.found.service or self.found.alternatives)

    @property
    def misled(self) -> bool:
        """Whether a service was answered at once that was not meant: what the promise is about."""
        return self.found.service not in ("", self.example.service)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Everything that was tried of one language, or of all: the sentences, and those about danger with whether it was
    noticed; `near` only sound like danger."""

    heard: tuple[Heard, ...]
    danger: tuple[tuple[str, bool], ...]
    near: tuple[tuple[str, bool], ...]

    @property
    def meant(self) -> tuple[Heard, ...]:
        """The sentences that mean a service."""
        return tuple(one for one in self.heard if one.example.service)

    @property
    def outside(self) -> tuple[Heard, ...]:
        """The sentences that mean nothing we offer."""
        return tuple(one for one in self.heard if one.example.act is Act.OUT_OF_SCOPE)

    def missed(self) -> dict[str, list[str]]:
        """The sentences that were not understood, by what was not."""
        acts = (one for one in self.heard if one.example.act not in (None, Act.OUT_OF_SCOPE))
        return {
            "service": [one.example.text for one in self.meant if not one.right_first],
            "act": [one.example.text for one in acts if not one.right_act],
            "misled": [one.example.text for one in self.heard if one.misled],
            "danger": [text for text, noticed in self.danger if not noticed],
            "near_danger": [text for text, noticed in self.near if noticed],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Shares, 0 to 1; each `..._bound` is the one-sided 95 % Clopper-Pearson bound of what stands before it.

    Of the sentences that mean a service: `first` it was believed most, `among` it is one of the three likeliest,
    `named` it was answered at once, `asked` it is among those asked about, `joint` it is first and the act is right
    too. `acts`: the right act, of the sentences that name one. Of all sentences: `misled` a service was answered at
    once that was not meant (the promise). Of those that mean nothing we offer: `refused` nothing was named or asked
    about; `refused_rightly` is the share of what was refused that indeed means nothing. `danger`: noticed, of the
    sentences that tell of it (`missed_bound`: of those not noticed); `alarms`: of those that only sound like it;
    `disturbed`: of all others. `gap`: how far confidences are from how often they are right (expected calibration
    error).
    """

    sentences: int
    first: float
    among: float
    named: float
    asked: float
    joint: float
    acts: float
    misled: float
    misled_bound: float
    refused: float
    refused_rightly: float
    danger: float
    missed_bound: float
    alarms: float
    disturbed: float
    gap: float


def judge(understand: Callable[[str, str], Understanding], apart: Apart, language: str) -> Judged:
    """Understand each sentence as one said to a line in this language."""

    def noticed(texts: Iterable[str]) -> tuple[tuple[str, bool], ...]:
        return tuple((text, bool(understand(text, language).danger)) for text in texts)

    return Judged(
        heard=tuple(Heard(example=one, found=understand(one.text, language)) for one in apart.examples),
        danger=noticed(apart.danger),
        near=noticed(apart.near_danger),
    )


def together(some: Sequence[Judged]) -> Judged:
    """All of several languages."""
    return Judged(
        heard=tuple(chain.from_iterable(one.heard for one in some)),
        danger=tuple(chain.from_iterable(one.danger for one in some)),
        near=tuple(chain.from_iterable(one.near for one in some)),
    )


def figures(judged: Judged) -> Figures:
    """What was counted."""
    heard, meant, outside = judged.heard, judged.meant, judged.outside
    silent = [one for one in (*meant, *outside) if one.refused]
    wrong, missed = sum(one.misled for one in heard), sum(not noticed for _, noticed in judged.danger)
    return Figures(
        sentences=len(heard) + len(judged.danger) + len(judged.near),
        first=share(one.right_first for one in meant),
        among=share(one.example.service in one.ranked[:3] for one in meant),
        named=share(one.found.service == one.example.service for one in meant),
        asked=share(one.example.service in (other.service for other in one.found.alternatives) for one in meant),
        joint=share(one.right_first and one.right_act for one in meant),
        acts=share(one.right_act for one in heard if one.example.act not in (None, Act.OUT_OF_SCOPE)),
        misled=wrong / max(len(heard), 1),
        misled_bound=upper_bound(wrong, len(heard)),
        refused=share(one.refused for one in outside),
        refused_rightly=share(one.example.act is Act.OUT_OF_SCOPE for one in silent),
        danger=share(noticed for _, noticed in judged.danger),
        missed_bound=upper_bound(missed, len(judged.danger)),
        alarms=share(noticed for _, noticed in judged.near),
        disturbed=share(bool(one.found.danger) for one in heard),
        gap=_gap(heard),
    )


def bins(heard: Sequence[Heard]) -> Iterator[tuple[float, float, int]]:
    """For each part of the confidences: how sure on average, how often right, and how many."""
    parts: dict[int, list[tuple[float, bool]]] = {}
    for one in heard:
        service, sure = one.surest
        parts.setdefault(min(int(BINS * sure), BINS - 1), []).append((sure, service == one.example.service))
    for _, some in sorted(parts.items()):
        yield sum(sure for sure, _ in some) / len(some), share(right for _, right in some), len(some)


def risk(heard: Sequence[Heard]) -> Iterator[tuple[float, float]]:
    """If everything at least so sure were answered at once: the share that is answered, and of that the share that is
    wrong, from the surest on."""
    wrong = 0
    ordered = sorted((one for one in heard if one.surest[0]), key=lambda one: -one.surest[1])
    for count, one in enumerate(ordered, 1):
        wrong += one.surest[0] != one.example.service
        yield count / len(heard), wrong / count


def worst(judged: Judged) -> list[tuple[str, float]]:
    """The services that are understood least, and how often."""
    right: dict[str, list[bool]] = {}
    for one in judged.meant:
        right.setdefault(one.example.service, []).append(one.right_first)
    return sorted(((slug, share(of)) for slug, of in right.items()), key=lambda item: item[1])[:WORST]


def confusions(judged: Judged) -> list[tuple[tuple[str, str], int]]:
    """What was meant and what was believed instead, the most frequent first; "" for nothing."""
    wrong = (one for one in judged.meant if not one.right_first)
    return Counter((one.example.service, one.surest[0]) for one in wrong).most_common()


def share(outcomes: Iterable[bool]) -> float:
    """The share that is true; 0 of none."""
    counted = list(outcomes)
    return sum(counted) / len(counted) if counted else 0.0


def _gap(heard: Sequence[Heard]) -> float:
    return sum(abs(sure - right) * count for sure, right, count in bins(heard)) / max(len(heard), 1)
