"""Which language words are in: told by a library (py3langid), believed only where it leaves no doubt.

A town's languages are weighed against one another, and together against all others that have an ISO 639-1 code.
docs/decisions/language.md says how the library was chosen, and the limits below.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
from py3langid.modelio import load_model

OURS = 0.9
"""The least share of one of the town's languages among them, before words are taken to be in it."""

DOUBTFUL = 0.5
"""A language that the town does not have, and that is as likely as this, leaves the town's in doubt."""

FOREIGN = 0.8
"""The least probability of a language that the town does not have, before it is named."""

LETTERS = 4
"""The fewest letters that tell a language."""

FEW_WORDS = 2
"""Up to so many words may be a name: they change no language that is set, and are not taken for a foreign one."""

_UNPARTED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
"""Scripts that do not part words, by the beginning of their letters' Unicode names."""

_LETTERS_A_SIGN = 3
"""A Chinese character tells as much as so many letters: "你好" is enough."""

_SIGNS_A_WORD = 1.5
"""Characters of a word where words are not parted: in Chinese one or two."""

KEPT = "languages-"
"""The beginning of the folder's name in which the library's model is kept, followed by the library's version."""

_PARTS = ("weights", "prior", "classes", "steps", "rows", "features")
"""The parts of the library's model, in the order in which it reads them and is made of them."""

Part = NDArray[Any]

_ISO_639_1 = 2
"""Letters of such a code."""

_DIALECTS = {"arz": "ar", "ary": "ar", "yue": "zh", "wuu": "zh"}
"""What the library tells apart and people write alike: Egyptian and Moroccan Arabic, Cantonese and Wu."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The language of some words: one of the town's, or the ISO 639-1 code of another; both "" in doubt."""

    ours: str = ""
    foreign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Languages:
    """Tells the languages of a town apart from one another and from others. Threads may share it."""

    town: tuple[str, ...]
    _library: LanguageIdentifier

    def told(self, text: str) -> Told:
        """The language of the text, if there is no doubt."""
        if _size(text) < LETTERS:
            return Told()
        likely = self._likely(text)
        own = {code: likely[_base(code)] for code in self.town}
        ours = max(own, key=own.__getitem__)
        foreign = max(likely.keys() - set(map(_base, self.town)), key=likely.__getitem__)
        if likely[foreign] >= FOREIGN and words(text) > FEW_WORDS:
            return Told(foreign=foreign)
        clear = own[ours] >= OURS * sum(own.values()) and likely[foreign] < DOUBTFUL
        return Told(ours=ours) if clear else Told()

    def likeliest_foreign(self, text: str) -> str:
        """Of the languages that the town does not have the likeliest: for letters that none of the town's has."""
        likely = self._likely(text)
        return max(likely.keys() - set(map(_base, self.town)), key=likely.__getitem__)

    def _likely(self, text: str) -> Counter[str]:
        """The probability of each language with an ISO 639-1 code."""
        told = Counter[str]()
        for code, sure in self._library.rank(text):
            told[_DIALECTS.get(code, code)] += sure
        known = Counter({code: sure for code, sure in told.items() if len(code) == _ISO_639_1})
        whole = known.total()
        return Counter({code: sure / whole for code, sure in known.items()})


def languages(town: Collection[str], folder: Path | None = None) -> Languages:
    """What tells these languages (codes such as "zh_Hans") apart.

    The library unpacks its model for half a second, into 80 MB of each process. In the folder it is kept unpacked, and
    every process maps the same file and holds the few pages that it reads.
    """
    return Languages(town=tuple(town), _library=_mapped(folder) if folder else _whole())


@cache
def _whole() -> LanguageIdentifier:
    return _identifier(_unpacked())


def _mapped(folder: Path) -> LanguageIdentifier:
    """The library with its model in this folder; in memory if it can not be kept there."""
    place = folder / f"{KEPT}{version('py3langid')}"
    if (found := _read(place)) is None:
        with suppress(OSError):
            _keep(place)
        found = _read(place)
    return _identifier(found) if found else _whole()


def _unpacked() -> Mapping[str, Part]:
    return {name: np.asarray(part) for name, part in zip(_PARTS, load_model(MODEL_DIR / MODEL_FILE), strict=True)}


def _keep(place: Path) -> None:
    """Write all of it or nothing, for this user alone, in the stead of what cannot be read."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=place.parent, prefix=".languages-") as made:
        for name, part in _unpacked().items():
            np.save(Path(made) / f"{name}.npy", part, allow_pickle=False)
        rmtree(place, ignore_errors=True)
        Path(made).rename(place)


def _read(place: Path) -> Mapping[str, Part] | None:
    """What is kept, mapped; None if there is nothing, or a part of it is cut off."""
    try:
        return {name: np.load(place / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _PARTS}
    except (OSError, ValueError, EOFError):
        return None


def _identifier(parts: Mapping[str, Part]) -> LanguageIdentifier:
    weights, prior, classes, steps, rows, features = (parts[name] for name in _PARTS)
    return LanguageIdentifier(
        np.asarray(weights),
        np.array(prior),
        classes.tolist(),
        np.asarray(steps).data,  # gives plain numbers, three times as fast as an array
        np.asarray(features).data,
        norm_probs=True,
        tk_row=np.asarray(rows).data,
    )


def words(text: str) -> float:
    """How many words the text has; those of scripts that do not part them are guessed."""
    signs = sum(map(_is_sign, text))
    parted = sum(any(sign.isalpha() and not _is_sign(sign) for sign in word) for word in text.split())
    return parted + signs / _SIGNS_A_WORD


def _size(text: str) -> int:
    """How much there is to tell a language by, in letters."""
    return sum(_LETTERS_A_SIGN if _is_sign(sign) else 1 for sign in text if sign.isalpha())


def _is_sign(sign: str) -> bool:
    return sign.isalpha() and unicodedata.name(sign, "").startswith(_UNPARTED)


def _base(code: str) -> str:
    """The language of a code, without its script or country."""
    return code.partition("_")[0]
