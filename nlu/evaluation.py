"""How well a recogniser understands sentences that it was not trained on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from core.ports import Recognizer
from core.types import Act, Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence and what it means: `service` is "" where none is meant, `act` None where it names none."""

    text: str
    language: str
    service: str = ""
    act: Act | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Shares of the sentences, 0 to 1. `accuracy`, `abstained` and `wrong` are about the service and 1 in all.

    `accuracy`: the right service, or none and no question where none is meant. `wrong`: a service that was not meant,
    the one outcome that misleads. `abstained`: nothing named although something was meant, or a needless question;
    `asked` is the part of it where the right service is among those asked about. `acts`: the right act, among the
    sentences that name one.
    """

    sentences: int
    accuracy: float
    abstained: float
    asked: float
    wrong: float
    acts: float


def read(path: Path) -> tuple[Example, ...]:
    """The sentences of a YAML file named by its language: a list of {text, service, act}."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(
        Example(
            text=entry["text"],
            language=path.stem,
            service=entry.get("service", ""),
            act=Act(entry["act"]) if entry.get("act") else None,
        )
        for entry in entries
    )


def evaluate(recognizer: Recognizer, examples: Sequence[Example]) -> Figures:
    """Let the recogniser parse each sentence in its language, and count. At least one example is needed."""
    parsed = [(example, recognizer.parse(example.text, example.language)) for example in examples]
    right = _share(_right(example, meant) for example, meant in parsed)
    wrong = _share(meant.service not in ("", example.service) for example, meant in parsed)
    return Figures(
        sentences=len(parsed),
        accuracy=right,
        abstained=1 - right - wrong,
        asked=_share(_asked(example, meant) for example, meant in parsed),
        wrong=wrong,
        acts=_share(_right_act(example, meant) for example, meant in parsed if example.act),
    )


def _right(example: Example, meant: Understanding) -> bool:
    return meant.service == example.service and not (example.service == "" and meant.alternatives)


def _asked(example: Example, meant: Understanding) -> bool:
    return example.service in {other.service for other in meant.alternatives}


def _right_act(example: Example, meant: Understanding) -> bool:
    """No act beside a service means telling about it; without a service nothing was found that we offer."""
    if meant.act is None:
        return example.act is (Act.ABOUT if example.service else Act.OUT_OF_SCOPE)
    return meant.act is example.act


def _share(outcomes: Iterable[bool]) -> float:
    counted = list(outcomes)
    return sum(counted) / len(counted) if counted else 0.0
