"""Text as numbers: TF-IDF of words, word pairs and pieces of words, for linear classifiers; and beside them, where an
office chose an encoder, the numbers that it gives for the whole text.

The weights are those of scikit-learn's `TfidfVectorizer` with sublinear term frequency and smooth inverse document
frequency. It is written out here because that library cuts and counts in Python, term by term: all texts at once, as
numbers, take a tenth of the time.

A term is known by a hash of 63 bits and not by its letters, which takes an eighth of the memory. The hash is a
polynomial over the code points, the same in every process. That two of a hundred thousand terms share one has a
chance of one in a billion, and would merge the two, no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from nlu.encoder import Encoder

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Bits = NDArray[np.uint64]
T = TypeVar("T", bound=np.generic)


class Cut(StrEnum):
    """How a text is cut into terms."""

    WORDS = "words"
    """Words and pairs of neighbouring words."""
    PIECES = "pieces"
    """2 to 4 neighbouring characters of a word with a blank on either side."""
    CHARACTERS = "characters"
    """1 to 3 neighbouring characters of the text, for a language that does not part its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One text: the terms it holds that are known (as indices, ascending), and how much each weighs."""

    indices: NDArray[np.int32]
    values: Floats

    @property
    def empty(self) -> bool:
        """Whether nothing in the text is known."""
        return self.indices.size == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Many texts, one after the other: the terms of text n stand from starts[n] to starts[n + 1]."""

    starts: Whole
    indices: NDArray[np.int32]
    values: NDArray[np.floating[Any]]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, at: int) -> Row:
        """One of them."""
        own = slice(self.starts[at], self.starts[at + 1])
        return Row(indices=self.indices[own], values=self.values[own].astype(np.float64))

    def some(self, first: int, last: int) -> Rows:
        """Those from the first to before the last."""
        own = slice(self.starts[first], self.starts[last])
        starts = self.starts[first : last + 1] - self.starts[first]
        return Rows(starts=starts, indices=self.indices[own], values=self.values[own])

    def turned(self, terms: int) -> Rows:
        """The same by term: which texts hold each of so many terms, and what it weighs there."""
        texts = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))
        order = np.argsort(self.indices, kind="stable")
        starts = np.searchsorted(self.indices[order], np.arange(terms + 1))
        return Rows(starts=starts, indices=texts[order], values=self.values[order])

    def alike(self, row: Row, terms: int) -> Floats:
        """How much each text is like this one, of so many terms: the sum of the products."""
        other = np.zeros(terms)
        other[row.indices] = row.values
        texts = np.repeat(np.arange(len(self)), np.diff(self.starts))
        return np.bincount(texts, self.values * other[self.indices], minlength=len(self)).astype(np.float64)

    def found(self, row: Row, texts: int) -> Floats:
        """The same of rows that were turned, for so many texts: where they are many, it is quicker."""
        starts, ends = self.starts[row.indices], self.starts[row.indices + 1]
        counts = ends - starts
        first = np.cumsum(counts) - counts
        places = np.arange(counts.sum()) + np.repeat(starts - first, counts)
        products = self.values[places] * np.repeat(row.values, counts)
        return np.bincount(self.indices[places], products, minlength=texts).astype(np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Known terms by their hashes, ascending, with the inverse document frequency of each. The pieces of words come
    behind all others, and the `width` numbers of an encoder behind those. Each way of cutting has length 1 in a row,
    and what an encoder gives `MEANING`."""

    cuts: tuple[Cut, ...]
    hashes: Bits
    rarity: NDArray[np.float32]
    encoder: Encoder | None = None
    width: int = 0

    def __len__(self) -> int:
        return len(self.hashes) + self.width

    @property
    def pieces(self) -> int:
        """Where the pieces of words begin."""
        return int(np.searchsorted(self.hashes, _PIECE))

    def rows(self, texts: Sequence[str], written: Sequence[str] = ()) -> Rows:
        """Many texts, folded before, and as they were written if that is another thing: an encoder reads those."""
        return self.remembered(self.terms(texts), written or texts)

    def remembered(self, rows: Rows, written: Sequence[str]) -> Rows:
        """These rows with what the encoder gives of the texts."""
        if self.encoder is None:
            return rows
        return _beside(rows, self.encoder.remembered(written), len(self.hashes))

    def row(self, text: str, written: str = "") -> Row:
        """The same for one text. Where nothing in it is known no encoder is asked."""
        rows = self.terms([text])
        if self.encoder is not None and len(rows.indices):
            rows = _beside(rows, self.encoder.numbers([written or text]), len(self.hashes))
        return rows.row(0)

    def terms(self, texts: Sequence[str]) -> Rows:
        """The terms of many texts, without what an encoder gives."""
        found = _terms(texts, self.cuts)
        at, known = _places(self.hashes, found.hashes)
        places, counts = _counted(found.rows[known] * len(self.hashes) + at[known])
        rows, indices = np.divmod(places, max(1, len(self.hashes)))
        return self.weighed(len(texts), rows, indices, counts)

    def weighed(self, texts: int, rows: Whole, indices: Whole, counts: Whole) -> Rows:
        """So many texts, by the known terms that each holds, ascending, and how often."""
        values = (1 + np.log(counts)) * self.rarity[indices]
        cuts = 2 * rows + (indices >= self.pieces)
        values /= np.sqrt(np.bincount(cuts, values * values))[cuts]
        starts = np.searchsorted(rows, np.arange(texts + 1))
        return Rows(starts=starts, indices=indices.astype(np.int32), values=values)

    def within(self, words: Sequence[str]) -> dict[str, list[int]]:
        """For each word the known terms that a text has because it has this word, apart from those with its
        neighbours."""
        rows = self.terms(words)
        return {word: rows.row(at).indices.tolist() for at, word in enumerate(words)}

    def named(self, text: str) -> dict[str, int]:
        """The known terms of a text by their letters, pieces of words apart."""
        found = _terms([text], [cut for cut in self.cuts if cut is not Cut.PIECES])
        at, known = _places(self.hashes, found.hashes)
        spans = zip(found.starts[known].tolist(), found.ends[known].tolist(), at[known].tolist(), strict=True)
        return {text[start - 1 : end - 1]: place for start, end, place in spans}  # a blank stands before the text


MEANING = 2.0
"""How much an encoder's numbers weigh, where each way of cutting weighs 1. Tried 1, 2 and 4, and numbers with the mean
taken off: with 1 a hundredth less is right, the others make no difference."""

RARE = 4000
"""A term must be in more than one of so many texts: half of all terms are in a single one, and teach nothing."""


def features(
    texts: Sequence[str], cuts: tuple[Cut, ...], encoder: Encoder | None = None, written: Sequence[str] = ()
) -> tuple[Features, Rows]:
    """The terms of these texts, folded before, and what the encoder gives beside them; and the rows of the texts, that
    they are cut and counted but once."""
    found, least = _terms(texts, cuts), len(texts) // RARE
    terms, times = _counted(found.hashes)
    often = terms[times > least]  # where it is too seldom in all, it is too in fewer texts
    at, known = _places(often, found.hashes)
    places, counts = _counted(found.rows[known] * len(often) + at[known])
    rows, indices = np.divmod(places, max(1, len(often)))
    within = np.bincount(indices, minlength=len(often))
    kept = within > least
    rarity = np.log((1 + len(texts)) / (1 + within[kept])) + 1
    width = 0 if encoder is None else encoder.numbers(["?"]).shape[1]
    of = Features(cuts=cuts, hashes=often[kept], rarity=rarity.astype(np.float32), encoder=encoder, width=width)
    own, place = kept[indices], np.cumsum(kept) - 1
    return of, of.remembered(of.weighed(len(texts), rows[own], place[indices[own]], counts[own]), written or texts)


def _beside(rows: Rows, numbers: NDArray[np.float32], terms: int) -> Rows:
    """Each row with an encoder's numbers behind its terms; one without terms stays empty."""
    width = numbers.shape[1]
    counts = np.diff(rows.starts)
    some = np.flatnonzero(counts)
    starts = np.concatenate([[0], np.cumsum(counts + width * (counts > 0))])
    behind = (starts[some] + counts[some])[:, None] + np.arange(width)
    own = np.ones(starts[-1], dtype=np.bool_)
    own[behind] = False
    indices, values = np.empty(starts[-1], dtype=np.int32), np.empty(starts[-1])
    indices[own], values[own] = rows.indices, rows.values
    indices[behind], values[behind] = terms + np.arange(width), MEANING * numbers[some]
    return Rows(starts=starts, indices=indices, values=values)


def _places(hashes: Bits, sought: Bits) -> tuple[Whole, NDArray[np.bool_]]:
    """Where each that is sought would be among ascending hashes, and whether it is."""
    at = np.searchsorted(hashes, sought)
    return at, np.append(hashes, np.uint64(0))[at] == sought


def _counted(values: NDArray[T]) -> tuple[NDArray[T], Whole]:
    """The distinct values, ascending, and how often each is there. `numpy.unique` takes fifty times as long."""
    ordered = np.sort(values)
    first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
    return ordered[first], np.diff(np.append(first, len(ordered)))


# --- terms as numbers ------------------------------------------------------------------------------------------

_BASE = 0x9E3779B97F4A7C15
_WHOLE, _PIECE = np.uint64(0), np.uint64(1 << 63)
"""Marks the hash of a piece of a word, so that it comes behind all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signs:
    """The characters of many texts, one after the other, each text with a blank on either side (`edge`)."""

    codes: NDArray[np.uint32]
    rows: Whole
    blank: NDArray[np.bool_]
    edge: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    """The terms of many texts, each as often as it is there: the text, where it starts and ends among all signs."""

    rows: Whole
    starts: Whole
    ends: Whole
    hashes: Bits


def _signs(texts: Sequence[str]) -> _Signs:
    whole = "".join(f" {text} " for text in texts)
    codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 2
    ends = np.cumsum(lengths)
    edge = np.zeros(len(codes), dtype=np.bool_)
    edge[ends - 1] = edge[ends - lengths] = True
    return _Signs(codes=codes, rows=np.repeat(np.arange(len(texts)), lengths), blank=codes == ord(" "), edge=edge)


def _terms(texts: Sequence[str], cuts: Iterable[Cut]) -> _Terms:
    signs = _signs(texts)
    hashed = _hashing(signs.codes)
    spans = [(cut, starts, ends) for cut in cuts for starts, ends in _SPANS[cut](signs)]
    hashes = [hashed(starts, ends) | (_PIECE if cut is Cut.PIECES else _WHOLE) for cut, starts, ends in spans]
    began = np.concatenate([starts for _, starts, _ in spans])
    ended = np.concatenate([ends for _, _, ends in spans])
    return _Terms(rows=signs.rows[began], starts=began, ends=ended, hashes=np.concatenate(hashes))


def _words(signs: _Signs) -> Iterator[tuple[Whole, Whole]]:
    change = np.flatnonzero(signs.blank[1:] != signs.blank[:-1]) + 1
    starts, ends = change[::2], change[1::2]
    yield starts, ends
    pairs = signs.rows[starts[:-1]] == signs.rows[starts[1:]]
    yield starts[:-1][pairs], ends[1:][pairs]


def _pieces(signs: _Signs) -> Iterator[tuple[Whole, Whole]]:
    whole = np.concatenate([[0], np.cumsum(signs.blank)])
    for size in range(2, 5):
        starts = np.arange(max(0, len(signs.codes) - size + 1))
        inside = whole[starts + size - 1] == whole[starts + 1]
        if size == 2:
            inside = ~(signs.blank[:-1] & signs.blank[1:])
        yield starts[inside], starts[inside] + size


def _characters(signs: _Signs) -> Iterator[tuple[Whole, Whole]]:
    edges = np.concatenate([[0], np.cumsum(signs.edge)])
    for size in range(1, 4):
        starts = np.arange(max(0, len(signs.codes) - size + 1))
        inside = edges[starts + size] == edges[starts]
        if size == 1:
            inside &= ~signs.blank
        yield starts[inside], starts[inside] + size


_SPANS: Mapping[Cut, Callable[[_Signs], Iterator[tuple[Whole, Whole]]]] = {
    Cut.WORDS: _words,
    Cut.PIECES: _pieces,
    Cut.CHARACTERS: _characters,
}


def _hashing(codes: NDArray[np.uint32]) -> Callable[[Whole, Whole], Bits]:
    """What gives the hash of the signs from a start to an end: the same wherever they stand."""
    powers, inverses = _powers(_BASE, len(codes)), _powers(pow(_BASE, -1, 1 << 64), len(codes))
    mixed = codes.astype(np.uint64)
    mixed = (mixed ^ (mixed << np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) + np.uint64(0x94D049BB133111EB)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(29)
    summed = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(mixed * powers, dtype=np.uint64)])
    return lambda starts, ends: (summed[ends] - summed[starts]) * inverses[starts] >> np.uint64(1)


def _powers(base: int, count: int) -> Bits:
    powers = np.full(count, base, dtype=np.uint64)
    powers[:1] = 1
    return np.multiply.accumulate(powers)
