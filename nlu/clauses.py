"""More than one wish in a sentence, and what is said not to be meant.

An engine tells what a sentence is about as a whole. Here the sentence is also cut into its clauses, and the same engine
is asked about each: two of them may name two services ("my lamp is out and a tree lies on the road"), and one may name
a service only to say that it is not meant ("not the bus card").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from core.commands import Lexicon, fold
from core.ports import Recognizer
from core.types import Understanding

SURE = 0.95
"""The least confidence in each of two wishes, and in a service that is denied. Chosen by nlu/calibration: with 0.8, and
cut at commas too, one sentence in a hundred was taken for two wishes that was none."""

MOST_CLAUSES = 6
"""A sentence of more is a story: it is about one thing."""

MOST_WISHES = 3

LONGEST = 400
"""Characters of a text that is cut into clauses."""

_STOPS = re.compile(r"[;.!?\n。；！？؛؟]+")
_COMMAS = re.compile(r"[,:，：、،]+")
"""A comma ends what is denied, and no more: what stands on either side is often one wish with its story."""

_NAME_WORDS, _NAME_SIGNS = 6, 10
"""The longest name of a service that is denied, in words, or in characters where words are not parted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """An engine that hears more than one wish, and what is not meant: `core.ports.Recognizer`."""

    engine: Recognizer
    cutters: Mapping[str, Cutter]

    def parse(self, text: str, language: str) -> Understanding:
        """What the engine believes of the whole, of its clauses, or of what is left without what is denied."""
        whole = self.engine.parse(text, language)
        cutter = self.cutters.get(whole.language)
        if cutter is None:
            return whole
        pieces, clauses = cutter.pieces(text[:LONGEST]), cutter.clauses(text[:LONGEST])
        if len(pieces) > MOST_CLAUSES:
            return whole
        return self._denied(whole, pieces, cutter) or self._several(whole, clauses) or whole

    def _denied(self, whole: Understanding, pieces: tuple[str, ...], cutter: Cutter) -> Understanding | None:
        """What is meant once the part that denies a service is taken away."""
        for at, piece in enumerate(pieces):
            parts = cutter.denied(piece)
            if parts is None:
                continue
            before, after = parts
            service, left = self._named(after, whole.language, cutter)
            others = [*pieces[:at], before, left, *pieces[at + 1 :]]
            rest = self.engine.parse(" ".join(filter(None, others)), whole.language)
            # "Not my trash again, nobody came" denies nothing: a denial is all that is said, or stands beside a wish.
            if service and (not any(others) or rest.service not in ("", service)):
                return _without(service, replace(rest, danger=whole.danger))
        return None

    def _named(self, words: str, language: str, cutter: Cutter) -> tuple[str, str]:
        """The service that the first of these words surely name, as many as do ("bus" is one, "bus card" another), and
        the words behind it."""
        found = "", words
        for name, left in cutter.beginnings(words):
            meant = self.engine.parse(name, language)
            if meant.service and meant.confidence >= SURE:
                found = meant.service, left
            elif found[0]:
                break
        return found

    def _several(self, whole: Understanding, clauses: tuple[str, ...]) -> Understanding | None:
        """The first of several wishes, with the others beside it."""
        if len(clauses) < 2:
            return None
        meant = [self.engine.parse(clause, whole.language) for clause in clauses]
        sure = {one.service: one for one in reversed(meant) if one.service and one.confidence >= SURE}
        if whole.service:  # what the whole is about comes first: another part may only tell the story
            sure = {whole.service: whole, **sure}
        said = dict.fromkeys((whole.service, *(one.service for one in meant)))
        first, *others = [slug for slug in said if slug in sure] or [""]
        if not others:
            return None
        also = tuple(others[: MOST_WISHES - 1])
        return replace(sure[first], also=also, danger=whole.danger, considered=whole.considered)


def _without(denied: str, meant: Understanding) -> Understanding:
    left = tuple(one for one in meant.alternatives if one.service != denied)
    if meant.service != denied:
        return replace(meant, denied=denied, alternatives=left)
    return replace(meant, denied=denied, service="", confidence=0.0, alternatives=left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutter:
    """Cuts a text of one language into clauses."""

    joining: re.Pattern[str] | None
    denial: re.Pattern[str] | None
    spaced: bool

    def clauses(self, text: str) -> tuple[str, ...]:
        """The clauses that may each be a wish, folded."""
        return tuple(self._joined(_STOPS.split(text)))

    def pieces(self, text: str) -> tuple[str, ...]:
        """The smallest parts, folded: cut at commas too."""
        return tuple(self._joined(part for piece in _STOPS.split(text) for part in _COMMAS.split(piece)))

    def _joined(self, parts: Iterable[str]) -> Iterator[str]:
        for part in map(fold, parts):
            cut = self.joining.split(part) if self.joining else [part]
            yield from (piece.strip() for piece in cut if piece.strip())

    def denied(self, clause: str) -> tuple[str, str] | None:
        """What comes before, and what after, the words that say that something is not meant."""
        found = self.denial.search(clause) if self.denial else None
        return (clause[: found.start()].strip(), clause[found.end() :].strip()) if found else None

    def beginnings(self, clause: str) -> list[tuple[str, str]]:
        """The first word and the rest, the first two words and the rest ..."""
        blank = " " if self.spaced else ""
        words = clause.split() if self.spaced else list(clause)
        most = _NAME_WORDS if self.spaced else _NAME_SIGNS
        return [(blank.join(words[:n]), blank.join(words[n:])) for n in range(1, min(most, len(words)) + 1)]


def cutter(lexicon: Lexicon) -> Cutter:
    """What cuts texts of the language of this lexicon."""
    return Cutter(
        joining=_pattern(lexicon.joinings, lexicon.spaced),
        denial=_pattern(lexicon.denials, lexicon.spaced),
        spaced=lexicon.spaced,
    )


def _pattern(phrases: tuple[str, ...], spaced: bool) -> re.Pattern[str] | None:
    known = sorted({re.escape(fold(phrase)) for phrase in phrases}, key=len, reverse=True)
    whole = "|".join(known)
    return re.compile(rf"\b(?:{whole})\b" if spaced else whole) if known else None
