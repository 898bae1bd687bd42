"""How words sound: digits in groups, and how long a text takes to hear.

Rates for older listeners are proposals without a standard behind them (field notes: 130 to 150 words a minute for
English and Spanish, 180 to 220 characters for Chinese, 100 to 120 words for Arabic); the slow end is used here.
"""

from __future__ import annotations

import unicodedata

_WORDS_A_MINUTE = {"en": 140, "es": 140, "ar": 110}
CHARACTERS_A_MINUTE = 200
"""Chinese characters in a minute at the same pace."""

RATES = (1.0, 0.9, 0.8)
"""Rate of speech by how often "slower" was asked for; slowness comes from pauses more than from stretched sound."""

PAUSES = (0.4, 0.9, 1.4)
"""Seconds between two sentences, by the same count."""

PAUSE = PAUSES[0]
"""Seconds between two sentences, where nobody asked for more."""

PEN = 6
"""Seconds to fetch a pen."""


def words_a_minute(language: str) -> int:
    """Words in a minute at a pace for older listeners; 130 for a language without a figure of its own."""
    return _WORDS_A_MINUTE.get(language.split("_")[0], 130)


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
        return _characters(text) * 60 / CHARACTERS_A_MINUTE + pauses
    return _words(text) * 60 / words_a_minute(language) + pauses


def _characters(text: str) -> int:
    return sum(c.isalnum() for c in text)


def _words(text: str) -> int:
    """Words, each digit counted as one since it is said alone."""
    return sum(len(word.strip(".,")) if word.strip(".,").isdigit() else 1 for word in text.split())
