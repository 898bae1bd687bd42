"""Chances that are the same on every run: each is drawn from the call's seed and from what it is about, so that two
designs of the line meet the same luck where they say the same words to the same caller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

One = TypeVar("One")

_WHOLE = float(2**64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Luck:
    """The chances of one call."""

    seed: str

    def draw(self, *about: object) -> float:
        """A number from 0 up to 1, always the same about the same."""
        told = "\x1f".join((self.seed, *map(str, about)))
        return int.from_bytes(blake2b(told.encode(), digest_size=8).digest()) / _WHOLE

    def happens(self, likely: float, *about: object) -> bool:
        """Whether something this likely (0 to 1) happens."""
        return self.draw(*about) < likely

    def one_of(self, these: Sequence[One], *about: object) -> One:
        """One of these, each as likely as the others. Raises IndexError if there are none."""
        return these[min(int(self.draw(*about) * len(these)), len(these) - 1)]
