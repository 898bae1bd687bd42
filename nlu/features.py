"""Text as numbers: TF-IDF of words, word pairs and pieces of words, for linear classifiers.

The weights are those of scikit-learn's `TfidfVectorizer` with sublinear term frequency and smooth inverse document
frequency. It is written out here because one short text then takes a tenth of the time, and because a dictionary and
an array are all there is to keep.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

PIECE = "~"
"""Marks a term that is a piece of a word; folded text never holds this character."""

Floats = NDArray[np.float64]


class Cut(StrEnum):
    """How a text is cut into terms."""

    WORDS = "words"
    """Words and pairs of neighbouring words."""
    PIECES = "pieces"
    """2 to 5 neighbouring characters of a word with a blank on either side."""
    CHARACTERS = "characters"
    """1 to 3 neighbouring characters of the text, for a language that does not part its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One text: the terms it holds that are known (as indices), and how much each weighs."""

    indices: NDArray[np.int32]
    values: Floats

    @property
    def empty(self) -> bool:
        """Whether nothing in the text is known."""
        return self.indices.size == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Known terms with their index and inverse document frequency. Each way of cutting has length 1 in a row."""

    cuts: tuple[Cut, ...]
    terms: tuple[str, ...]
    index: Mapping[str, int]
    rarity: array[float]

    def row(self, text: str) -> Row:
        """The text, folded before, as numbers."""
        indices: list[int] = []
        values: list[float] = []
        for cut in self.cuts:
            known = [(self.index[term], count) for term, count in _counted(text, cut) if term in self.index]
            weights = [(1 + math.log(count)) * self.rarity[at] for at, count in known]
            length = math.hypot(*weights) or 1.0
            indices += [at for at, _ in known]
            values += [weight / length for weight in weights]
        return Row(indices=np.array(indices, dtype=np.int32), values=np.array(values, dtype=np.float64))

    def within(self, word: str) -> frozenset[int]:
        """The known terms that a text has because it has this word, apart from those with its neighbours."""
        terms = (term for cut in self.cuts for term, _ in _counted(word, cut))
        return frozenset(self.index[term] for term in terms if term in self.index)

    def rows(self, texts: Iterable[str]) -> csr_matrix:
        """Many texts, a row of the matrix each."""
        rows = [self.row(text) for text in texts]
        starts = np.cumsum([0, *(row.indices.size for row in rows)])
        values = np.concatenate([np.empty(0), *(row.values for row in rows)])
        indices = np.concatenate([np.empty(0, dtype=np.int32), *(row.indices for row in rows)])
        return csr_matrix((values, indices, starts), shape=(len(rows), len(self.terms)))


RARE = 4000
"""A term must be in more than one of so many texts: half of all terms are in a single one, and teach nothing."""


def features(texts: Sequence[str], cuts: tuple[Cut, ...]) -> Features:
    """The terms of these texts, folded before."""
    found = Counter(term for text in texts for cut in cuts for term, _ in _counted(text, cut))
    terms = tuple(sorted(term for term, count in found.items() if count > len(texts) // RARE))
    rarity = array("f", (math.log((1 + len(texts)) / (1 + found[term])) + 1 for term in terms))
    return Features(cuts=cuts, terms=terms, index={term: at for at, term in enumerate(terms)}, rarity=rarity)


def _counted(text: str, cut: Cut) -> Iterable[tuple[str, int]]:
    return Counter(_TERMS[cut](text)).items()


def _words(text: str) -> Iterator[str]:
    words = text.split()
    yield from words
    yield from (f"{first} {second}" for first, second in pairwise(words))


def _pieces(text: str) -> Iterator[str]:
    for word in text.split():
        yield from (PIECE + piece for piece in _neighbours(f" {word} ", 2, 5))


def _characters(text: str) -> Iterator[str]:
    return (term for term in _neighbours(text, 1, 3) if not term.isspace())


def _neighbours(text: str, least: int, most: int) -> Iterator[str]:
    for size in range(least, min(most, len(text)) + 1):
        yield from (text[at : at + size] for at in range(len(text) - size + 1))


_TERMS = {Cut.WORDS: _words, Cut.PIECES: _pieces, Cut.CHARACTERS: _characters}
