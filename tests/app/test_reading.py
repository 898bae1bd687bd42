import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.numerals import with_digits
from app.reading import LibraryReader
from core.types import Answer, Phone, Read, Reading, ReadKind

LANGUAGES = ("en", "es", "zh_Hans", "ar")
ON = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)  # a Wednesday, 15:00 in New York


def reader(region: str = "US") -> LibraryReader:
    return LibraryReader(phone_region=region, languages=LANGUAGES, timezone="America/New_York")


READER = reader()


def reading(kind: ReadKind, language: str, text: str) -> Reading:
    return READER.read(Read(kind=kind, text=text, language=language, on=ON))


def value(kind: ReadKind, language: str, text: str) -> Answer | None:
    found = reading(kind, language, text)
    assert not found.candidates
    return found.value


def days(language: str, text: str) -> list[str]:
    """The day, or the days to choose from."""
    found = reading(ReadKind.DATE, language, text)
    return [str(day) for day in ([found.value] if found.value else found.candidates)]


# --- numbers


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("en", "42", 42),
        ("en", "42#", 42),
        ("en", "４２", 42),
        ("en", "forty-two", 42),
        ("en", "I am seventy two years old", 72),
        ("en", "one", 1),
        ("en", "zero", 0),
        ("en", "1,200", 1200),
        ("es", "1.200", 1200),
        ("es", "cuarenta y dos", 42),
        ("es", "veintidos", 22),
        ("es", "tengo treinta y un años", 31),
        ("es", "veintiún años", 21),
        ("zh_Hans", "四十二", 42),
        ("zh_Hans", "我四十二岁", 42),
        ("zh_Hans", "廿五", 25),
        ("zh_Hans", "两百", 200),
        ("zh_Hans", "一百二", 120),
        ("ar", "٤٢", 42),
        ("ar", "اثنان وأربعون", 42),
        ("ar", "اثنين و أربعين", 42),
        ("ar", "عمري خمسة عشر سنة", 15),
        ("ar", "مئة وعشرون", 120),
        ("xx", "forty-two", 42),
    ],
)
def test_a_number_is_read_from_digits_and_words(language: str, text: str, number: int) -> None:
    assert value(ReadKind.NUMBER, language, text) == number


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "3 or 4"),
        ("en", "-5"),
        ("en", "12.5"),
        ("en", "3/4"),
        ("en", "9" * 10),
        ("en", "9" * 10_000),
        ("en", "many"),
        ("en", ""),
        ("zh_Hans", "等一下"),
        ("ar", "كثير"),
    ],
)
def test_what_is_not_one_whole_number_is_unreadable(language: str, text: str) -> None:
    assert value(ReadKind.NUMBER, language, text) is None


def chinese(number: int) -> str:
    """A number in Chinese, built by the rules of the language."""
    digits, units = "零一二三四五六七八九", ("千", "百", "十", "")
    words, gap = "", False
    for figure, unit in zip(f"{number:04d}", units, strict=True):
        if figure == "0":
            gap = bool(words)
        else:
            words += ("零" if gap else "") + digits[int(figure)] + unit
            gap = False
    return words.removeprefix("一") if 10 <= number < 20 else words or "零"


UNITS = ["صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"]
TENS = ["عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"]
HUNDREDS = ["مئة", "مئتان", "ثلاثمئة", "أربعمئة", "خمسمئة", "ستمئة", "سبعمئة", "ثمانمئة", "تسعمئة"]


def arabic(number: int) -> str:
    """A number in Arabic, built by the rules of the language."""
    thousands, hundreds, rest = number // 1000, number // 100 % 10, number % 100
    parts = [] if not thousands else [("ألف", "ألفان")[thousands - 1] if thousands < 3 else f"{UNITS[thousands]} آلاف"]
    parts += [HUNDREDS[hundreds - 1]] if hundreds else []
    if 0 < rest <= 10 or not number:
        parts.append(UNITS[rest])
    elif 10 < rest < 20:
        parts.append({11: "أحد", 12: "اثنا"}.get(rest, UNITS[rest - 10]) + " عشر")
    elif rest:
        parts += ([UNITS[rest % 10]] if rest % 10 else []) + [TENS[rest // 10 - 2]]
    return " و".join(parts)


@pytest.mark.parametrize(("language", "words"), [("zh_Hans", chinese), ("ar", arabic)])
def test_every_number_to_9999_is_read_in_chinese_and_arabic(language: str, words: Callable[[int], str]) -> None:
    assert [n for n in range(10_000) if with_digits(words(n), language) != str(n)] == []


# --- days


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "3rd of May 1948", "1948-05-03"),
        ("en", "I was born on May 3rd, 1948", "1948-05-03"),
        ("en", "the third of May nineteen forty-eight", "1948-05-03"),
        ("en", "May the third 48", "1948-05-03"),
        ("en", "sept 5 1950", "1950-09-05"),
        ("en", "1948-05-03", "1948-05-03"),
        ("en", "13/5/1948", "1948-05-13"),
        ("en", "5/13/1948", "1948-05-13"),
        ("en", "3/3/1948", "1948-03-03"),
        ("en", "05131948#", "1948-05-13"),
        ("en", "zero five one three one nine four eight", "1948-05-13"),
        ("en", "today", "2026-11-25"),
        ("en", "tomorrow please", "2026-11-26"),
        ("en", "the day after tomorrow", "2026-11-27"),
        ("en", "last Friday", "2026-11-20"),
        ("en", "in two weeks", "2026-12-09"),
        ("zh_Hans", "两周后", "2026-12-09"),
        ("ar", "بعد أسبوع", "2026-12-02"),
        ("en", "Saturday the 12th", "2026-12-12"),
        ("es", "sábado 12", "2026-12-12"),
        ("es", "el tres de mayo de 1948", "1948-05-03"),
        ("es", "el 3 de mayo de mil novecientos cuarenta y ocho", "1948-05-03"),
        ("es", "primero de mayo de 1948", "1948-05-01"),
        ("es", "mañana por la mañana", "2026-11-26"),
        ("es", "pasado mañana", "2026-11-27"),
        ("es", "ayer", "2026-11-24"),
        ("zh_Hans", "一九四八年五月三号", "1948-05-03"),
        ("zh_Hans", "1948年5月3日", "1948-05-03"),
        ("zh_Hans", "1948/5/3", "1948-05-03"),
        ("zh_Hans", "明年五月三号", "2027-05-03"),
        ("zh_Hans", "明天", "2026-11-26"),
        ("zh_Hans", "大后天", "2026-11-28"),
        ("ar", "٣ مايو ١٩٤٨", "1948-05-03"),
        ("ar", "3 أيار 1948", "1948-05-03"),
        ("ar", "الثالث من كانون الثاني ألف وتسعمئة وثمانية وأربعين", "1948-01-03"),
        ("ar", "الحادي والثلاثون من يناير 1948", "1948-01-31"),
        ("ar", "غداً", "2026-11-26"),
        ("ar", "بعد غد", "2026-11-27"),
    ],
)
def test_a_day_that_can_only_be_one_is_read(language: str, text: str, day: str) -> None:
    assert days(language, text) == [day]


@pytest.mark.parametrize(
    ("language", "text", "both"),
    [
        ("en", "3/5/1948", ["1948-03-05", "1948-05-03"]),
        ("en", "03051948", ["1948-03-05", "1948-05-03"]),
        ("en", "030548", ["1948-03-05", "1948-05-03"]),
        ("ar", "٣/٥/١٩٤٨", ["1948-03-05", "1948-05-03"]),
        ("en", "the third of May", ["2027-05-03", "2026-05-03"]),
        ("es", "3 de mayo", ["2027-05-03", "2026-05-03"]),
        ("zh_Hans", "五月三号", ["2027-05-03", "2026-05-03"]),
        ("ar", "٣ مايو", ["2027-05-03", "2026-05-03"]),
        ("en", "May 3, 26", ["2026-05-03", "1926-05-03"]),
        ("en", "29 February", ["2028-02-29", "2024-02-29"]),
        ("en", "on Monday", ["2026-11-30", "2026-11-23"]),
        ("en", "on Wednesday", ["2026-12-02", "2026-11-25"]),
        ("en", "next Friday", ["2026-11-27", "2026-12-04"]),
        ("es", "el próximo lunes", ["2026-11-30", "2026-12-07"]),
        ("zh_Hans", "下周一", ["2026-11-30", "2026-12-07"]),
        ("zh_Hans", "礼拜二", ["2026-12-01", "2026-11-24"]),
        ("ar", "الاثنين القادم", ["2026-11-30", "2026-12-07"]),
        ("en", "the 12th", ["2026-12-12", "2026-11-12"]),
        ("en", "the twelfth please", ["2026-12-12", "2026-11-12"]),
        ("en", "on the 31st", ["2026-12-31", "2026-10-31"]),
        ("es", "el doce", ["2026-12-12", "2026-11-12"]),
        ("zh_Hans", "十二号", ["2026-12-12", "2026-11-12"]),
        ("ar", "يوم ١٢", ["2026-12-12", "2026-11-12"]),
        ("en", "3/5", ["2027-03-05", "2026-03-05", "2027-05-03", "2026-05-03"]),
    ],
)
def test_a_day_that_can_be_two_is_both(language: str, text: str, both: list[str]) -> None:
    assert days(language, text) == both


def test_where_the_day_comes_first_it_is_read_first() -> None:
    said = Read(kind=ReadKind.DATE, text="3/5/1948", language="en", on=ON)
    assert reader("GB").read(said).candidates == (date(1948, 5, 3), date(1948, 3, 5))


def test_tomorrow_is_the_towns_tomorrow() -> None:
    late = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)  # still the 25th in New York
    said = Read(kind=ReadKind.DATE, text="tomorrow", language="en", on=late)
    assert READER.read(said).value == date(2026, 11, 26)


@pytest.mark.parametrize(
    "text",
    [
        "31 February 1948",
        "May",
        "may I come at 3",
        "12",
        "1 2 3 4 5 6 7 8",
        "5/3/1848",
        "5/3/2999",
        "99999999",
        "soon",
        "the 32nd",
        "Monday the 12th",
    ],
)
def test_what_is_no_day_is_unreadable(text: str) -> None:
    assert days("en", text) == []


@given(st.dates(date(1910, 1, 1), date(2030, 1, 1)))
def test_every_day_is_read_from_its_digits(day: date) -> None:
    assert str(day) in days("en", day.strftime("%m/%d/%Y"))
    assert str(day) in days("en", day.strftime("%m%d%Y"))
    assert days("zh_Hans", f"{day.year}年{day.month}月{day.day}日") == [str(day)]


# --- telephone numbers


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("en", "4155550123", "+14155550123"),
        ("en", "4155550123#", "+14155550123"),
        ("en", "(415) 555-0123", "+14155550123"),
        ("en", "1 415 555 0123", "+14155550123"),
        ("en", "call me at 415-555-0123 after 5", "+14155550123"),
        ("en", "four one five five five five oh one two three", "+14155550123"),
        ("en", "four one five triple five zero one double two", "+14155550122"),
        ("en", "plus one four one five five five five zero one two three", "+14155550123"),
        ("en", "4 1 5, 5 5 5, 0 1 2 3", "+14155550123"),
        ("es", "cuatro uno cinco cinco cinco cinco cero uno dos tres", "+14155550123"),
        ("es", "cuatro quince cinco cincuenta y cinco cero uno veintitrés", "+14155550123"),
        ("zh_Hans", "四一五五五五零幺二三", "+14155550123"),
        ("ar", "أربعة واحد خمسة خمسة خمسة خمسة صفر واحد اثنان ثلاثة", "+14155550123"),
        ("ar", "٤١٥٥٥٥٠١٢٣", "+14155550123"),
        ("en", "+44 20 7946 0018", "+442079460018"),
    ],
)
def test_a_telephone_number_is_read_as_typed_and_as_spoken(language: str, text: str, number: str) -> None:
    assert value(ReadKind.PHONE, language, text) == Phone(e164=number)


@pytest.mark.parametrize(
    "text",
    ["911", "112", "555 0123", "1 900 234 5678", "415 555 0123 or 415 555 0124", "+999 1234567", "0" * 30, "none", ""],
)
def test_a_number_that_we_cannot_or_should_not_ring_is_unreadable(text: str) -> None:
    assert value(ReadKind.PHONE, "en", text) is None


@pytest.mark.parametrize(
    ("text", "barred"),
    [
        ("1 900 234 5678", True),
        ("+44 20 7946 0018", True),
        ("+1 876 555 0123", True),
        ("+1 876 555 0123 or 415 555 0123", False),
        ("72345", False),
        ("911", False),
        ("none", False),
    ],
)
def test_a_number_that_is_dear_or_abroad_is_told_from_what_is_none(text: str, barred: bool) -> None:
    served = LibraryReader(phone_region="US", languages=LANGUAGES, countries={"US"})
    assert served.read(Read(kind=ReadKind.PHONE, text=text, language="en", on=ON)).barred is barred


# --- words


@pytest.mark.parametrize("kind", [ReadKind.WORDS, ReadKind.PLACE])
def test_words_are_kept_without_control_and_direction_characters(kind: ReadKind) -> None:
    assert value(kind, "en", "  12 Hill\u202e\u2066 Road \x07\r\n <b>'; DROP") == "12 Hill Road <b>'; DROP"
    assert value(kind, "ar", "شارع\u200f التل") == "شارع التل"
    assert value(kind, "es", "Pen\u0303a") == "Peña"


def test_words_are_kept_to_300_characters() -> None:
    assert value(ReadKind.WORDS, "en", "a" * 10_000) == "a" * 300


@pytest.mark.parametrize("text", ["", "  ", "!?…", "😀👍", "\u200f\u202e", "\x00"])
def test_nothing_but_marks_is_unreadable(text: str) -> None:
    assert value(ReadKind.WORDS, "en", text) is None


# --- any text


@settings(deadline=None, max_examples=300)
@given(st.text(), st.sampled_from(ReadKind), st.sampled_from([*LANGUAGES, "fr", "xx", ""]))
@example("\ud800", ReadKind.NUMBER, "en")
@example("٣" * 10_000, ReadKind.DATE, "ar")
@example("万" * 10_000, ReadKind.NUMBER, "zh_Hans")
@example("ألف " * 5_000, ReadKind.PHONE, "ar")
@example("\ufdfa" * 10_000, ReadKind.DATE, "ar")
@example("0" * 10_000, ReadKind.PHONE, "en")
@example("5月3日" * 3_000, ReadKind.DATE, "zh_Hans")
def test_any_text_is_read_or_unreadable(text: str, kind: ReadKind, language: str) -> None:
    found = reading(kind, language, text)
    assert found.value is None or not found.candidates
    assert len(found.candidates) <= 8


PIECES = st.sampled_from(
    re.findall(
        r"\S+",
        "3 12 48 1948 / - + may of monday next forty one five mayo de double 五 月 十 号 年 周 明天"
        " ثلاثة و وعشرون ألف عشر مئة مايو الأحد",
    )
)


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, max_size=12).map(" ".join), st.sampled_from(ReadKind), st.sampled_from(LANGUAGES))
def test_any_words_of_numbers_and_days_are_read_or_unreadable(text: str, kind: ReadKind, language: str) -> None:
    found = reading(kind, language, text)
    assert all(abs(day - ON.date()) < timedelta(days=366 * 121) for day in found.candidates if isinstance(day, date))
