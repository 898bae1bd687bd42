"""How words sound: digits in groups, and how long a text takes to hear.

Rates for older listeners are proposals without a standard behind them (field notes: 130 to 150 words a minute for
English and Spanish, 180 to 220 characters for Chinese, 100 to 120 words for Arabic); the slow end is used here.
"""

from __future__ import annotations

import unicodedata

_WORDS_A_SECOND = {"en": 140 / 60, "es": 140 / 60, "ar": 110 / 60}
_CHARACTERS_A_SECOND = 200 / 60
PAUSE = 0.4
"""Seconds between two sentences."""


def groups(digits: str) -> tuple[str, ...]:
    """Digits in groups of two to four as they are said: threes, or 3-3-4 for ten, pairs for eight."""
    if len(digits) == 8:
        return tuple(digits[i : i + 2] for i in range(0, 8, 2))
    cut, found = 0, []
    while len(digits) - cut > 4:
        found.append(digits[cut : cut + 3])
        cut += 3
    rest = digits[cut:]
    return (*found, rest) if rest else tuple(found)


def listening_seconds(text: str, language: str) -> float:
    """Seconds to hear the text read at a pace for older listeners, pauses after sentences included."""
    pauses = PAUSE * sum(text.count(mark) for mark in ".?!。？！؟")
    if any(unicodedata.category(c) == "Lo" and ord(c) >= 0x3000 for c in text):
        return _characters(text) / _CHARACTERS_A_SECOND + pauses
    return _words(text) / _WORDS_A_SECOND.get(language.split("_")[0], 130 / 60) + pauses


def _characters(text: str) -> int:
    return sum(c.isalnum() for c in text)


def _words(text: str) -> int:
    """Words, each digit counted as one since it is said alone."""
    return sum(len(word.strip(".,")) if word.strip(".,").isdigit() else 1 for word in text.split())
