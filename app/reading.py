"""Words into typed values: `core.ports.Reader` over phonenumbers, text2num and Babel's CLDR.

What is read is bounded (`app.numerals.LONGEST`, `core.answers.LONGEST_WORDS`), so that a text of any length costs
little. docs/decisions/reading.md tells which libraries were tried.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale, UnknownLocaleError

from app.dates import read_days
from app.numbering import refusal
from app.numerals import with_digits
from core.answers import LONGEST_WORDS
from core.types import Phone, Read, Reading, ReadKind

_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?![\d.,]*\d)")
_NUMBER = re.compile(r"\d+")
_NOT_WHOLE = re.compile(r"\d[.,/:]\d|[-−–]\s*\d")
_MOST_DIGITS = 9
_REPEATED = re.compile(r"\b(double|doble|triple)\s+(\d)\b", re.IGNORECASE)
_ZERO = re.compile(r"(?<=\d)\s+(?:oh|o)\b|\b(?:oh|o)\s+(?=\d)", re.IGNORECASE)
_PLUS = re.compile(r"^\s*(?:plus|más|mas|加|زائد)\s*(?=\d)", re.IGNORECASE)
_MOST_OTHER_WORDS = 6
_JOINERS = "\u200c\u200d"


class LibraryReader:
    """Reads what residents answer. `phone_region` is the country (US) of numbers without a country code and of the
    order of month and day; `timezone` is where "tomorrow" is. Numbers of other `countries` are barred, of none without
    any."""

    def __init__(
        self,
        *,
        phone_region: str,
        languages: Iterable[str],
        timezone: str = "UTC",
        countries: Collection[str] = (),
    ) -> None:
        self._region = phone_region
        self._languages = frozenset(languages)
        self._zone = ZoneInfo(timezone)
        self._countries = frozenset(countries)
        self._month_first = _month_first(phone_region)

    def read(self, read: Read) -> Reading:
        language = read.language if read.language in self._languages else "en"
        match read.kind:
            case ReadKind.NUMBER:
                return Reading(value=_number(with_digits(read.text, language)))
            case ReadKind.DATE:
                return self._date(read.text, language, read.on)
            case ReadKind.PHONE:
                return _phone(read.text, language, self._region, self._countries)
            case ReadKind.PLACE | ReadKind.WORDS:
                return Reading(value=_words(read.text))

    def _date(self, text: str, language: str, on: datetime) -> Reading:
        today = on.astimezone(self._zone).date()
        days = read_days(text, language, today, month_first=self._month_first)
        return Reading(value=days[0]) if len(days) == 1 else Reading(candidates=days)


def _month_first(region: str) -> bool:
    """Whether people of this country write the month before the day (CLDR)."""
    try:
        pattern = Locale.parse(f"und_{region}").date_formats["short"].pattern
    except (UnknownLocaleError, ValueError):
        return False
    return "d" in pattern and pattern.index("M") < pattern.index("d")


def _number(text: str) -> int | None:
    """The one whole number in a text; None if there is none, or more than one, or a part of a number."""
    text = _GROUPED.sub(lambda match: re.sub("[.,]", "", match[0]), text)
    found = _NUMBER.findall(text)
    if len(found) != 1 or len(found[0]) > _MOST_DIGITS or _NOT_WHOLE.search(text):
        return None
    return int(found[0])


def _phone(text: str, language: str, region: str, countries: Collection[str]) -> Reading:
    """The one number in a text that can be rung from here; barred if all are dear to ring, or abroad."""
    text = _PLUS.sub("+", _REPEATED.sub(_repeated, _ZERO.sub(" 0 ", with_digits(text, language))))
    valid = {_e164(number) for number in _numbers(text, region) if phonenumbers.is_valid_number(number)}
    rung = {number for number in valid if not refusal(number, countries)}
    value = Phone(e164=next(iter(rung))) if len(rung) == 1 else None
    return Reading(value=value, barred=bool(valid) and not rung)


def _repeated(match: re.Match[str]) -> str:
    return " ".join(match[2] * (3 if match[1].lower() == "triple" else 2))


def _numbers(text: str, region: str) -> Iterator[phonenumbers.PhoneNumber]:
    """The numbers that stand in a text; with none written as such, the one that all its digits make."""
    found = [match.number for match in phonenumbers.PhoneNumberMatcher(text, region)]
    yield from found
    if not found and len(re.findall(r"[^\W\d]+", text)) <= _MOST_OTHER_WORDS:
        digits = "".join(_NUMBER.findall(text))
        try:
            yield phonenumbers.parse(f"+{digits}" if text.lstrip().startswith("+") else digits, region)
        except phonenumbers.NumberParseException:
            return


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _words(text: str) -> str | None:
    """The words without control and direction characters, at most 300 characters; None if none are left."""
    kept = unicodedata.normalize("NFC", "".join(_kept(c) for c in text[: 2 * LONGEST_WORDS]))
    kept = " ".join(kept.split())[:LONGEST_WORDS].strip()
    return kept if any(c.isalnum() for c in kept) else None


def _kept(character: str) -> str:
    if character.isspace():
        return " "
    odd = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co") and character not in _JOINERS
    return "" if odd else character
