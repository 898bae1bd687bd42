"""Sentences kept apart from training: to choose thresholds by (`nlu/calibration`), and to tell figures of (`nlu/test`).

Both are written without looking at the phrases that are learnt from (`tests/nlu/test_sets.py` finds near-copies).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from core.commands import fold
from core.types import Act

READER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe reader of YAML; the one in C, where PyYAML was built with it, spares each start more than a second."""

CALIBRATION = Path(__file__).parent / "calibration"
TEST = Path(__file__).parent / "test"

ALIKE = 0.7
"""Two sentences are near-copies if they share so much of their threes of characters (Jaccard's measure)."""

_BESIDE = 256
"""So many sentences are laid beside all others at once."""


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

    def texts(self) -> tuple[str, ...]:
        """All of them."""
        return (*(example.text for example in self.examples), *self.danger, *self.near_danger)


def near_copies(some: Iterable[str], others: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs that are nearly the same: each text is laid beside each, and the pieces that both have are counted."""
    import numpy as np  # with what follows it takes memory, and no process that answers people compares sentences
    from scipy.sparse import csr_matrix

    mine, theirs = list(some), list(others)
    if not mine or not theirs:
        return
    places: dict[str, int] = {}
    cut = [[places.setdefault(piece, len(places)) for piece in _pieces(text)] for text in (*mine, *theirs)]
    sizes = np.array([len(pieces) for pieces in cut])
    ends, each = (
        np.concatenate([[0], sizes.cumsum()]),
        np.array([at for pieces in cut for at in pieces], dtype=np.int32),
    )
    rows = csr_matrix((np.ones(len(each), dtype=np.int32), each, ends), shape=(len(cut), len(places)))
    columns = rows[len(mine) :].T.tocsr()
    for first in range(0, len(mine), _BESIDE):
        last = min(first + _BESIDE, len(mine))
        shared = (rows[first:last] @ columns).tocoo()
        together = sizes[first + shared.row] + sizes[len(mine) + shared.col] - shared.data
        alike = shared.data >= ALIKE * together
        for at, other in zip(shared.row[alike].tolist(), shared.col[alike].tolist(), strict=True):
            yield mine[first + at], theirs[other]


def _pieces(text: str) -> frozenset[str]:
    whole = f" {fold(text)} "
    return frozenset(whole[at : at + 3] for at in range(len(whole) - 2))


def read(path: Path) -> Apart:
    """The sentences of a YAML file named by its language, with the parts services, acts, out_of_scope, danger and
    near_danger."""
    content: Mapping[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=READER)
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
