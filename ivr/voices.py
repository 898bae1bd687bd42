"""How each language sounds at Twilio: Say voice and language, and the Gather recognition language.

They are different codes (Twilio docs: text-speech, gather). Arabic has recognition in the `default` speech model;
a language whose `hears` is "" has keys only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One language on the phone. `hears` is the recognition language, "" for none."""

    says: str
    language: str
    hears: str


VOICES = {
    "en": Voice(says="Polly.Joanna-Neural", language="en-US", hears="en-US"),
    "es": Voice(says="Polly.Lupe-Neural", language="es-US", hears="es-US"),
    "zh_Hans": Voice(says="Polly.Zhiyu-Neural", language="cmn-CN", hears="cmn-Hans-CN"),
    "ar": Voice(says="Polly.Zeina", language="arb", hears="ar-EG"),
}


SCRIPTS = {
    "zh_Hans": re.compile(r"(?:[\u3400-\u4dbf\u4e00-\u9fff]\W*)+"),
    "ar": re.compile(r"(?:[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]\W*)+"),
}
"""Stretches in letters that only the voice of their own language reads; every other voice passes over them."""


def readable(text: str, language: str) -> Iterator[tuple[str, str]]:
    """The text in stretches, each with the language whose voice reads its letters: a name may be in others."""
    foreign = [
        (match.start(), match.end(), own) for own in SCRIPTS if own != language for match in SCRIPTS[own].finditer(text)
    ]
    at = 0
    for start, end, own in sorted(foreign):
        yield text[at:start], language
        yield text[start:end], own
        at = end
    yield text[at:], language


def voice(language: str) -> Voice:
    """The voice of a language; English for one without a row of its own, so that nobody hears silence."""
    return VOICES.get(language, VOICES["en"])


def heard_languages() -> frozenset[str]:
    """The languages in which speech is understood."""
    return frozenset(code for code, row in VOICES.items() if row.hears)
