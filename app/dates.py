"""Days in words or digits: "the third of May", 3/5/1948, 五月三号, "٣ مايو", tomorrow, Monday, the 12th, 05031948.

What could be two days is both: asking beats guessing. The names of months and weekdays are CLDR's (Babel).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from babel import Locale, UnknownLocaleError

from app.numerals import plain, with_digits
from core.commands import fold

OLDEST_YEARS = 120
FURTHEST_YEARS = 10
"""Years before and after today beyond which nobody means a day."""

_ALSO: Mapping[str, tuple[str, ...]] = {"ar": ("ar_SY", "ar_MA", "ar_DZ"), "en": ("en_GB",)}
"""Arabic names its months in four ways, by where someone comes from."""

_CLOSE_DAYS: Mapping[str, Mapping[str, int]] = {
    "en": {
        "today": 0,
        "tomorrow": 1,
        "day after tomorrow": 2,
        "yesterday": -1,
        "day before yesterday": -2,
        "in a week": 7,
        "in one week": 7,
        "in two weeks": 14,
        "in 2 weeks": 14,
    },
    "es": {
        "hoy": 0,
        "mañana": 1,
        "pasado mañana": 2,
        "ayer": -1,
        "anteayer": -2,
        "antier": -2,
        "en una semana": 7,
        "dentro de una semana": 7,
        "en dos semanas": 14,
        "dentro de dos semanas": 14,
    },
    "zh": {
        "今天": 0,
        "今日": 0,
        "明天": 1,
        "明日": 1,
        "后天": 2,
        "後天": 2,
        "大后天": 3,
        "昨天": -1,
        "前天": -2,
        "一周后": 7,
        "一个星期后": 7,
        "两周后": 14,
        "两个星期后": 14,
    },
    "ar": {
        "اليوم": 0,
        "غدا": 1,
        "بكرة": 1,
        "بعد غد": 2,
        "بعد بكرة": 2,
        "بعد يومين": 2,
        "أمس": -1,
        "مبارح": -1,
        "أول أمس": -2,
        "بعد أسبوع": 7,
        "بعد أسبوعين": 14,
    },
}
_LATER = frozenset({"next", "proximo", "viene", "下", "القادم", "المقبل", "الجاي"})
_EARLIER = frozenset({"last", "pasado", "上", "الماضي", "الفايت"})
_BETWEEN = frozenset(("of", "the", "on", "in", "year", "st", "nd", "rd", "th"))
_BETWEEN |= {"de", "del", "el", "la", "dia", "ano", "من", "شهر", "في", "يوم", "عام", "سنه"}
"""Words, as `fold` leaves them, that may stand between day, month and year."""

_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|o|a)?")
_MONTH = re.compile(r"m(\d{1,2})")
_CHINESE_DATE = re.compile(r"(?:(\d{4}|\d{2}|今|明|去|后)年)?\s*(\d{1,2})月\s*(\d{1,2})(?:日|号|號)?")
_CHINESE_YEARS = {"今": 0, "明": 1, "后": 2, "去": -1}
_NOT_DIGITS = re.compile(r"[^\d]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """A day as it was named; `year` None if it was not."""

    year: int | None
    month: int
    day: int


def read_days(text: str, language: str, today: date, *, month_first: bool) -> tuple[date, ...]:
    """The days that the text may mean, the likeliest first; none if it cannot be read.

    A day without a year is the next and the last such day, a year of two digits may have two centuries, and 3/5 is
    read both ways; `month_first` says which comes first.
    """
    words = plain(text).casefold()
    found = _named(words, language, today) or _bare(with_digits(words, language), month_first=month_first)
    days: Iterable[date] = (day for named in found for day in _dated(named, today))
    if not found:
        days = _near(words, language, today)
    return tuple(dict.fromkeys(days))


# --- a day with its month in words -----------------------------------------------------------------------------


@cache
def _months(language: str) -> tuple[re.Pattern[str], Mapping[str, int]]:
    """The names of months in a language, folded, and a pattern that finds them, the longest first."""
    names: dict[str, int] = {}
    for code in (language, *_ALSO.get(language, ())):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                named = _locale(code).months[context][width].items()
                names |= {folded: number for number, name in named if not (folded := fold(name)).isdigit()}
    names.pop("", None)
    pattern = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.compile(rf"\b(?:{pattern})\b"), names


def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def _named(words: str, language: str, today: date) -> list[_Day]:
    if language.startswith("zh"):
        return _chinese(with_digits(words, language), today)
    pattern, names = _months(language)
    # Months go first: in كانون الثاني (January) the second word would be read as a 2.
    marked = pattern.sub(lambda match: f" m{names[match[0]]} ", fold(words))
    tokens = [token for token in fold(with_digits(marked, language)).split() if token not in _BETWEEN]
    for place, token in enumerate(tokens):
        if month := _MONTH.fullmatch(token):
            return _around(tokens[:place], int(month[1]), tokens[place + 1 :])
    return []


def _chinese(text: str, today: date) -> list[_Day]:
    match = _CHINESE_DATE.search(text)
    if not match:
        return []
    said, month, day = match.groups()
    year = today.year + _CHINESE_YEARS[said] if said in _CHINESE_YEARS else said
    return [_Day(year=y, month=int(month), day=int(day)) for y in _years(year)]


def _around(before: list[str], month: int, after: list[str]) -> list[_Day]:
    """Day and year from the words on both sides of a month."""
    year: int | str | None = None
    if before and re.fullmatch(r"\d{4}", before[-1]):
        year, before = before[-1], []
    if before and (day := _DAY.fullmatch(before[-1])):
        year = _year_in(after)
    elif after and (day := _DAY.fullmatch(after[0])):
        year = year or _year_in(after[1:])
    else:
        return []
    return [_Day(year=y, month=month, day=int(day[1])) for y in _years(year)]


def _year_in(tokens: list[str]) -> str | None:
    """The year that begins here: 1948, 19 48 or 48."""
    if len(tokens) > 1 and tokens[0] in ("19", "20") and re.fullmatch(r"\d\d", tokens[1]):
        return tokens[0] + tokens[1]
    return tokens[0] if tokens and re.fullmatch(r"\d{4}|\d{2}", tokens[0]) else None


def _years(said: int | str | None) -> list[int | None]:
    """The years that were meant; two digits may be of this century or the last."""
    if said is None or isinstance(said, int):
        return [said]
    if len(said) == 4:
        return [int(said)]
    return [2000 + int(said), 1900 + int(said)]


def _dated(named: _Day, today: date) -> Iterator[date]:
    """The days that this was, near enough to today; a day without a year is the next one and the last one."""
    if named.year is not None:
        years = [named.year]
    else:
        # A 29 February may be 8 years away (1896 to 1904).
        years = [*range(today.year, today.year + 9), *range(today.year - 1, today.year - 9, -1)]
    found = [day for year in years if (day := _existing(year, named.month, named.day))]
    if named.year is None:
        coming, gone = (day for day in found if day >= today), (day for day in found if day <= today)
        found = [day for day in (next(coming, None), next(iter(sorted(gone, reverse=True)), None)) if day]
    yield from (day for day in found if today.year - OLDEST_YEARS <= day.year <= today.year + FURTHEST_YEARS)


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# --- a day in digits alone -------------------------------------------------------------------------------------


def _bare(text: str, *, month_first: bool) -> list[_Day]:
    """The days that numbers alone may mean: 3/5/1948, 1948-05-03, 3/5, 05031948, 050348, 0503."""
    match _numbers(text):
        case [whole] if len(whole) in (4, 6, 8):
            return _both_ways(whole[:2], whole[2:4], whole[4:], month_first=month_first)
        case [year, month, day] if len(year) == 4:
            return [_Day(year=int(year), month=int(month), day=int(day))]
        case [first, second]:
            return _both_ways(first, second, "", month_first=month_first)
        case [first, second, year]:
            return _both_ways(first, second, year, month_first=month_first)
        case [first, second, "19" | "20" as century, year]:
            return _both_ways(first, second, century + year, month_first=month_first)
    return []


def _numbers(text: str) -> list[str]:
    """The numbers of a text that has nothing else in it; digits said one by one are one number."""
    words = [word for word in fold(text).split() if word not in _BETWEEN]
    if not all(_DAY.fullmatch(word) or word.isdigit() for word in words):
        return []
    numbers = [_NOT_DIGITS.sub("", word) for word in words]
    most = max(map(len, numbers), default=0)
    one_by_one = (len(numbers) > 3 and most == 1) or (len(numbers) > 4 and most == 2)
    return ["".join(numbers)] if one_by_one else numbers


def _both_ways(first: str, second: str, year: str, *, month_first: bool) -> list[_Day]:
    orders = [(first, second), (second, first)]
    if len(first) > 2 or len(second) > 2 or len(year) not in (0, 2, 4):
        return []
    return [
        _Day(year=y, month=int(month), day=int(day))
        for month, day in (orders if month_first else reversed(orders))
        for y in _years(year or None)
    ]


# --- a day by its distance -------------------------------------------------------------------------------------


def _near(text: str, language: str, today: date) -> list[date]:
    """The 12th, Monday the 12th, Monday, or tomorrow."""
    weekday = _weekday(text, language)
    of_month = _of_month(fold(with_digits(text, language)), language, today)
    if of_month:
        return [day for day in of_month if weekday in (None, day.weekday())]
    if weekday is not None:
        return _weekdays(text, language, weekday, today)
    return _close(text, language, today)


def _of_month(folded: str, language: str, today: date) -> list[date]:
    """A day of this month or the next ones, and one gone by: "the 12th" may be either."""
    match = _day_of_month(language).search(folded)
    if not match:
        return []
    wanted = int(match[1] or match[2] or match[3])
    ahead = [today + timedelta(days=n) for n in range(62)]
    gone = [today - timedelta(days=n) for n in range(62)]
    firsts = (next((day for day in days if day.day == wanted), None) for days in (ahead, gone))
    return [day for day in firsts if day is not None]


@cache
def _day_of_month(language: str) -> re.Pattern[str]:
    """A number that is a day of the month by the word before it or the ending behind it."""
    before = "|".join(["the", "el", "dia", "يوم", *map(re.escape, _weekday_names(language))])
    return re.compile(rf"\b(?:{before}) (\d{{1,2}})[oa]?\b|\b(\d{{1,2}})(?:st|nd|rd|th)\b|(\d{{1,2}}) ?[日号號]")


@cache
def _weekday_names(language: str) -> Mapping[str, int]:
    """The names of weekdays, folded, Monday as 0."""
    names = {fold(name): day for day, name in _locale(language).days["stand-alone"]["wide"].items()}
    if language.startswith("zh"):
        names |= {f"{week}{day}": n for week in ("周", "礼拜", "星期") for n, day in enumerate("一二三四五六日")}
        names |= {f"{week}天": 6 for week in ("周", "礼拜", "星期")}
    return names


def _weekday(text: str, language: str) -> int | None:
    """The one weekday that a text names."""
    folded = fold(text)
    named = {day for name, day in _weekday_names(language).items() if _says(folded, name, language)}
    return named.pop() if len(named) == 1 else None


def _weekdays(text: str, language: str, weekday: int, today: date) -> list[date]:
    """A weekday is the coming one or the last one; "next Monday" is the coming one or the one after."""
    folded = fold(text)
    coming = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if any(_says(folded, word, language) for word in _LATER):
        return [coming, coming + timedelta(days=7)]
    last = coming - timedelta(days=7)
    return [last] if any(_says(folded, word, language) for word in _EARLIER) else [coming, last]


def _close(text: str, language: str, today: date) -> list[date]:
    """Today, tomorrow and their neighbours; the longest words that fit count."""
    folded, close = fold(text), _CLOSE_DAYS.get(language.partition("_")[0], {})
    for word in sorted(close, key=len, reverse=True):
        if _says(folded, fold(word), language):
            return [today + timedelta(days=close[word])]
    return []


def _says(folded: str, word: str, language: str) -> bool:
    """Whether the words stand in the text: anywhere in Chinese, which has no blanks, else as whole words."""
    return word in folded if language.startswith("zh") else f" {word} " in f" {folded} "
