"""What a recogniser makes of what somebody says, with a given share of word errors, each made by sound.

The model: a word that goes wrong becomes one that sounds like it, out of the words that people say in that language;
one in five is dropped. Words sound alike if their codes do: vowels are left out, and letters that are heard for each
other are one (en: voiced and voiceless, m and n; es: b and v, c, s and z, ll and y, no h; ar: emphatic and plain
letters). Chinese characters are replaced by ones that are read alike: in the first part of GB 2312 characters stand
in the order of their pinyin, so that neighbours share a syllable, mostly with another tone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from simulator.callers.chance import Luck
from simulator.callers.sense import sense_of
from simulator.callers.sentences import CHINESE, units

DROPPED = 0.2
"""Of the errors, so many drop the word."""

NEAR = 4
"""How far apart in GB 2312 a character and what it is taken for are at most."""

_FIRST, _LAST = 0xB0A1, 0xD7F9

_ALIKE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (("ph", "f"), ("th", "t"), ("ck", "k"), ("[pb]", "p"), ("[td]", "t"), ("[kgqc]", "k"), ("[szxj]", "s"),
           ("[fv]", "f"), ("[mn]", "n"), ("[aeiouyhw']", "")),
    "es": (("qu", "k"), ("ll|y", "y"), ("h", ""), ("[bvp]", "p"), ("[dt]", "t"), ("c(?=[eiéí])|[sz]", "s"),
           ("[ckgj]", "k"), ("[mnñ]", "n"), ("[aeiouáéíóúü]", "")),
    "ar": (("[صسث]", "س"), ("[ضدذظز]", "د"), ("[طت]", "ت"), ("[حهخ]", "ه"), ("[قكغ]", "ك"), ("[عأإآاءؤئىوية]", ""),
           ("^ال", "")),
}  # fmt: skip


def recognised(said: str, language: str, errors: float, luck: Luck, turn: int) -> str:
    """The words as they are understood; `errors` of them are not what was said. Never nothing at all."""
    words = units(said, language)
    found = []
    for place, word in enumerate(words):
        if not luck.happens(errors, "goes wrong", turn, place, word):
            found.append(word)
        elif not luck.happens(DROPPED, "is dropped", turn, place, word):
            found.append(_taken_for(word, language, luck, turn, place))
    glue = "" if language == CHINESE else " "
    return glue.join(found) or said


def _taken_for(word: str, language: str, luck: Luck, turn: int, place: int) -> str:
    alike = _chinese_like(word) if language == CHINESE else sounding_like(word, language)
    return luck.one_of(alike, "taken for", turn, place, word) if alike else word[::-1]


def sounding_like(word: str, language: str) -> tuple[str, ...]:
    """Other words of the language that sound like this one; the same code first, else one that begins alike."""
    code = _code(word, language)
    others = _vocabulary(language)
    same = tuple(one for one in others.get(code, ()) if one != word.lower())
    if same or not code:
        return same
    near = [
        one for key, these in others.items() if key[:2] == code[:2] and abs(len(key) - len(code)) <= 1 for one in these
    ]
    return tuple(one for one in near if one != word.lower())[:20]


@cache
def _vocabulary(language: str) -> dict[str, tuple[str, ...]]:
    """What people say, by its sound."""
    words = {
        word.lower()
        for these in sense_of(language).said.values()
        for sentence in these
        for word in re.findall(r"[^\W\d_]+", sentence.text)
    }
    found: dict[str, tuple[str, ...]] = {}
    for word in sorted(words):
        code = _code(word, language)
        found[code] = (*found.get(code, ()), word)
    return found


def _code(word: str, language: str) -> str:
    low = word.lower()
    for pattern, sound in _ALIKE.get(language, _ALIKE["en"]):
        low = re.sub(pattern, sound, low)
    return re.sub(r"(.)\1+", r"\1", low)


def _chinese_like(character: str) -> tuple[str, ...]:
    """Characters that stand beside this one in the order of pinyin; none for what is no frequent character."""
    try:
        code = int.from_bytes(character.encode("gb2312"))
    except UnicodeEncodeError:
        return ()
    if not _FIRST <= code <= _LAST:
        return ()
    place = ((code >> 8) - 0xB0) * 94 + (code & 0xFF) - 0xA1
    last = (0xD7 - 0xB0) * 94 + 0xF9 - 0xA1
    near = (place + step for step in range(-NEAR, NEAR + 1) if step and 0 <= place + step <= last)
    return tuple(bytes((0xB0 + one // 94, 0xA1 + one % 94)).decode("gb2312") for one in near)
