"""Numbers in words written in digits: 42 for "forty-two", "cuarenta y dos", 四十二, "اثنان وأربعون" and ٤٢.

English, Spanish and other European languages go through text2num; Chinese and Arabic, for which no well-kept
library under a free enough licence starts fast enough, are read here. docs/decisions/reading.md tells why.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from text_to_num import alpha2digit  # type: ignore[import-untyped]  # it publishes no types

from core.commands import fold

LONGEST = 200
"""Characters looked at; no number, date or telephone number is longer in words."""

_EUROPEAN = frozenset({"ca", "de", "en", "es", "fr", "it", "nl", "pt"})

_ACCENTED = {"veintidos": "veintidós", "veintitres": "veintitrés", "veintiseis": "veintiséis", "veintiun": "veintiuno"}
_ACCENTED["veintiún"] = "veintiuno"
_BARE_TWENTIES = re.compile(rf"\b(?:{'|'.join(_ACCENTED)})\b", re.IGNORECASE)
"""Spanish numbers as they are typed without accents, and before a noun, which text2num does not know."""

_CHINESE = dict(zip("零〇一二三四五六七八九", (0, *range(10)), strict=True))
_CHINESE |= {"两": 2, "兩": 2, "幺": 1} | dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True))
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10_000, "萬": 10_000}
_TWENTIES = {"廿": "二十", "卅": "三十"}
_NO_NUMBER = "一(?=[下点點些起样樣直定共般])"
_CHINESE_RUN = re.compile(f"{_NO_NUMBER}|([{''.join((*_CHINESE, *_UNITS))}]+)")


def plain(text: str) -> str:
    """The first 200 characters in one form: no controls, full-width signs as ASCII, all digits 0 to 9."""
    text = unicodedata.normalize("NFKC", text[:LONGEST])
    kept = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _DROPPED)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in kept)


_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co"})


def with_digits(text: str, language: str) -> str:
    """The text, made plain, with its number words in digits; a language that is not known keeps its words."""
    text, spoken = plain(text), language.partition("_")[0]
    if spoken == "zh":
        return _chinese(text)
    if spoken == "ar":
        return " ".join(_arabic(text.split()))
    if spoken == "es":
        text = _BARE_TWENTIES.sub(lambda match: _ACCENTED[match[0].lower()], text)
    return str(alpha2digit(text, spoken, threshold=0.0)) if spoken in _EUROPEAN else text


# --- Chinese ---------------------------------------------------------------------------------------------------


def _chinese(text: str) -> str:
    for word, tens in _TWENTIES.items():
        text = text.replace(word, tens)
    return _CHINESE_RUN.sub(lambda match: _chinese_run(match[1]) if match[1] else match[0], text)


def _chinese_run(run: str) -> str:
    """四十二 is 42 and 一百二 is 120; 四二, with no tens or hundreds named, are digits one by one."""
    if not any(c in _UNITS for c in run):
        return "".join(str(_CHINESE[c]) for c in run)
    total, section, digit, unit = 0, 0, 0, 1
    for c in run:
        if c in _CHINESE:
            digit, unit = _CHINESE[c], unit if _CHINESE[c] else 1
        elif _UNITS[c] == 10_000:
            total, section, digit, unit = (total + section + digit) * 10_000, 0, 0, 10_000
        else:
            unit = _UNITS[c]
            section, digit = section + (digit or 1) * unit, 0
    return str(total + section + digit * (unit // 10 if unit > 10 else 1))


# --- Arabic ----------------------------------------------------------------------------------------------------

_ARABIC_UNITS = {
    0: "صفر",
    1: "واحد واحدة أول أولى حادي إحدى أحد",
    2: "اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي ثاني ثانية تنين",
    3: "ثلاث ثلاثة ثالث ثالثة تلاتة",
    4: "أربع أربعة رابع رابعة",
    5: "خمس خمسة خامس خامسة",
    6: "ست ستة سادس سادسة",
    7: "سبع سبعة سابع سابعة",
    8: "ثمان ثماني ثمانية ثامن ثامنة تمانية",
    9: "تسع تسعة تاسع تاسعة",
    10: "عاشر عاشرة",
}
_ARABIC_TENS = {
    20: "عشرون عشرين",
    30: "ثلاثون ثلاثين تلاتين",
    40: "أربعون أربعين",
    50: "خمسون خمسين",
    60: "ستون ستين",
    70: "سبعون سبعين",
    80: "ثمانون ثمانين تمانين",
    90: "تسعون تسعين",
}
_HUNDRED = ("مئة", "مائة", "ميه")
_HUNDREDS = {
    100: " ".join(_HUNDRED),
    200: "مئتان مئتين مائتان مائتين",
    **{
        n * 100: " ".join(stem + hundred for stem in stems.split() for hundred in _HUNDRED)
        for n, stems in zip(range(3, 10), ("ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان ثماني", "تسع"), strict=True)
    },
}
_LIKE_AND = frozenset(map(fold, ("واحد", "واحدة")))
_TEN = frozenset(map(fold, ("عشر", "عشرة")))
_THOUSAND = {fold("ألف"): 1000, fold("آلاف"): 1000, fold("ألفا"): 1000, fold("ألفان"): 2000, fold("ألفين"): 2000}


def _table(*tables: dict[int, str]) -> dict[str, int]:
    return {fold(word): value for table in tables for value, words in table.items() for word in words.split()}


_ARABIC = _table(_ARABIC_UNITS, _ARABIC_TENS, _HUNDREDS)


def _known(token: str) -> tuple[str, bool]:
    """A number word without its article, and whether "and" (و) is written to it; "" if it is none."""
    word = fold(token)
    for joined, rest in ((False, word), (True, word.removeprefix("و"))):
        for bare in (rest, rest.removeprefix("ال")):
            if bare in _ARABIC or bare in _TEN or bare in _THOUSAND:
                return bare, joined
    return "", False


def _arabic(tokens: list[str]) -> Iterator[str]:
    """The tokens, with each run of words that make up one number replaced by its digits."""
    number: _ArabicNumber | None = None
    conjunction = ""
    for token in tokens:
        word, joined = _known(token)
        if number is not None and fold(token) == "و":
            conjunction = token
            continue
        if number is not None and word and number.takes(word, joined=joined or bool(conjunction)):
            conjunction = ""
            continue
        yield from _closed(number, conjunction)
        number, conjunction = (_ArabicNumber(word), "") if word else (None, "")
        if not word:
            yield token
    yield from _closed(number, conjunction)


def _closed(number: _ArabicNumber | None, conjunction: str) -> Iterator[str]:
    if number is not None:
        yield str(number.total + number.last)
    if conjunction:
        yield conjunction


class _ArabicNumber:
    """A number in the making: thousands and hundreds in `total`, what is below or may still be multiplied in `last`."""

    def __init__(self, word: str) -> None:
        self.total, self.last, self.least = 0, 0, 10_000
        self.takes(word, joined=True)

    def takes(self, word: str, *, joined: bool) -> bool:
        """Add a word; False if it begins a number of its own ("five five" are two)."""
        if word in _TEN:
            return self._ten()
        if word in _THOUSAND:
            return self._thousand(_THOUSAND[word])
        value = _ARABIC[word]
        if value == 100 and 3 <= self.last <= 9:
            self.last, self.least = self.last * 100, 100
            return True
        # "And eleven" (وأحد عشر) is written like "one" (واحد): after hundreds it is the former.
        joined = joined or (word in _LIKE_AND and self.least >= 100)
        if not joined or not self._fits(value):
            return False
        self.last, self.least = self.last + value, min(self.least, _size(value))
        return True

    def _fits(self, value: int) -> bool:
        if 1 <= self.last % 100 <= 9:
            return 20 <= value <= 90  # five and twenty
        return _size(value) < self.least

    def _ten(self) -> bool:
        if 1 <= self.last % 100 <= 9 or self.least > 10:
            self.last, self.least = self.last + 10, 1
            return True
        return False

    def _thousand(self, value: int) -> bool:
        if self.total or (value == 2000 and self.last):
            return False
        self.total, self.last, self.least = value * (self.last or 1), 0, 1000
        return True


def _size(value: int) -> int:
    return 100 if value >= 100 else 10 if value >= 10 else 1
