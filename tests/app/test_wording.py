from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.wording import Wording, read_wording
from core.catalog import Town
from core.errors import Misconfigured
from core.phrases import counted, phrase, text
from core.types import Digits, LanguageName, Listing, Money, Param, Phrase, Quote, Spelled

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
SPANISH = f"""{HEADER}
msgid "Good day, {{name}}."
msgstr "Buenos días, {{name}}."

msgctxt "voice"
msgid "Good day, {{name}}."
msgstr "Buenos días tenga usted, {{name}}."

msgid "the bus"
msgstr "el autobús"

#, fuzzy
msgid "the lamp"
msgstr "la lámpara"

msgid "{{count}} day"
msgid_plural "{{count}} days"
msgstr[0] "{{count}} día"
msgstr[1] "{{count}} días"

msgid "{{count}} week"
msgid_plural "{{count}} weeks"
msgstr[0] "{{count}} semana"
msgstr[1] ""

msgid "{{day}} at {{time}}"
msgstr "{{day}}, {{time}}"
"""
ARABIC = f"""{HEADER}
msgid "{{count}} day"
msgid_plural "{{count}} days"
msgstr[0] "لا أيام"
msgstr[1] "يوم واحد"
msgstr[2] "يومان"
msgstr[3] "{{count}} أيام"
msgstr[4] "{{count}} يوم"
msgstr[5] "{{count}} يومًا"
"""
ENGLISH = f"""{HEADER}
msgctxt "sms"
msgid "the lamp"
msgstr "lamp"
"""
ALL = {"es": SPANISH, "ar": ARABIC, "en": ENGLISH}


def town() -> Town:
    return Town(
        name="Little Wells",
        country="US",
        phone_region="US",
        currency="USD",
        timezone="America/New_York",
        languages=("en", "es", "zh_Hans", "ar"),
        emergency="911",
        emergencies=("911",),
        main_office="hall",
    )


def locales(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for language, content in files.items():
        path = folder / "locales" / language / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder / "locales"


@pytest.fixture
def words(tmp_path: Path) -> Wording:
    return read_wording(town(), locales(tmp_path, ALL))


def shown(value: Param) -> Phrase:
    return text("{value}", value=value)


def test_a_phrase_is_said_in_the_language_with_its_parameters(words: Wording) -> None:
    assert words.say(phrase("Good day, {name}.", name="Ana"), "es") == "Buenos días, Ana."


def test_the_wording_for_the_channel_comes_first_and_then_the_plain_one(words: Wording) -> None:
    greeting = phrase("Good day, {name}.", name="Ana")
    assert words.say(greeting, "es", "voice") == "Buenos días tenga usted, Ana."
    assert words.say(greeting, "es", "sms") == "Buenos días, Ana."


@pytest.mark.parametrize("language", ["es", "zh_Hans", "ar", "xx", ""])
def test_what_has_no_finished_translation_is_said_in_english(words: Wording, language: str) -> None:
    assert words.say(text("the lamp"), language) == "the lamp"
    assert words.say(text("the lamp"), language, "sms") == "lamp"


def test_a_plural_with_an_empty_form_is_said_in_english(words: Wording) -> None:
    assert words.say(counted("{count} week", "{count} weeks", 2), "es") == "2 weeks"


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", 1, "1 day"),
        ("en", 0, "0 days"),
        ("en", 1200, "1,200 days"),
        ("es", 1, "1 día"),
        ("es", 5, "5 días"),
        ("ar", 0, "لا أيام"),
        ("ar", 1, "يوم واحد"),
        ("ar", 2, "يومان"),
        ("ar", 5, "5 أيام"),
        ("ar", 11, "11 يومًا"),
        ("ar", 100, "100 يوم"),
        ("zh_Hans", 3, "3 days"),
    ],
)
def test_a_count_takes_the_plural_form_of_the_language(words: Wording, language: str, count: int, said: str) -> None:
    assert words.say(counted("{count} day", "{count} days", count), language) == said


def test_a_phrase_in_a_phrase_is_said_in_the_same_language_and_context(words: Wording) -> None:
    inner = phrase("Good day, {name}.", name=text("the bus"))
    assert words.say(shown(inner), "es", "voice") == "Buenos días tenga usted, el autobús."


def test_braces_in_words_of_a_resident_are_not_filled_in(words: Wording) -> None:
    said = words.say(text("{one} {two}", one=Quote(text="{two} {0} {one.__class__}"), two="x"), "en")
    assert said == "{two} {0} {one.__class__} x"


def test_a_parameter_that_is_not_given_stays_visible(words: Wording) -> None:
    assert words.say(text("{one} and {two}", one="x"), "en") == "x and {two}"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "the bus, b, and c"), ("es", "el autobús, b y c"), ("zh_Hans", "the bus、b和c")]
)
def test_a_list_is_joined_as_the_language_does(words: Wording, language: str, said: str) -> None:
    items = (text("the bus"), text("b"), text("c"))
    assert words.say(shown(Listing(items=items)), language) == said


@pytest.mark.parametrize(
    ("language", "context", "amount", "said"),
    [
        ("en", "voice", "8", "$8"),
        ("en", "sms", "2.5", "$2.50"),
        ("en", "sms", "1250.00", "$1,250"),
        ("es", "sms", "2.50", "$2.50"),
        ("zh_Hans", "sms", "8", "US$8"),
        ("zh_Hans", "voice", "8", "8美元"),
        ("ar", "voice", "2.50", "2.50 دولار أمريكي"),
        ("ar", "sms", "8", "\u200f8 US$"),
    ],
)
def test_money_is_in_the_towns_currency_and_whole_sums_have_no_cents(
    words: Wording, language: str, context: str, amount: str, said: str
) -> None:
    assert words.say(shown(Money(amount=Decimal(amount))), language, context) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "May 3, 1948"), ("es", "3 de mayo de 1948"), ("zh_Hans", "1948年5月3日"), ("ar", "3 مايو 1948")],
)
def test_a_date_has_its_year(words: Wording, language: str, said: str) -> None:
    assert words.say(shown(date(1948, 5, 3)), language) == said


@pytest.mark.parametrize(
    ("language", "context", "said"),
    [
        ("en", "", "Monday, May 3 at 1:30 PM"),
        ("es", "", "lunes, 3 de mayo, 1:30 p.m."),
        ("zh_Hans", "", "5月3日星期一 at 13:30"),
        ("ar", "", "الاثنين، 3 مايو at 1:30 م"),
        ("ar", "voice", "الاثنين، 3 مايو at 1:30 مساءً"),
    ],
)
def test_a_moment_has_its_weekday_and_time_as_the_clock_shows_it(
    words: Wording, language: str, context: str, said: str
) -> None:
    moment = datetime(2027, 5, 3, 13, 30, tzinfo=UTC)
    assert words.say(shown(moment), language, context) == said


@pytest.mark.parametrize(
    ("digits", "context", "said"),
    [
        ("911", "voice", "9 1 1"),
        ("911", "sms", "911"),
        ("123456789", "voice", "1 2 3, 4 5 6, 7 8 9"),
        ("123456789", "sms", "123 456 789"),
        ("12345678", "voice", "1 2, 3 4, 5 6, 7 8"),
        ("+14155550101", "voice", "4 1 5, 5 5 5, 0 1 0 1"),
        ("+14155550101", "sms", "(415) 555-0101"),
        ("+442079460018", "sms", "+44 20 7946 0018"),
    ],
)
def test_digits_are_said_one_by_one_and_written_in_groups(words: Wording, digits: str, context: str, said: str) -> None:
    assert words.say(shown(Digits(text=digits)), "en", context) == said


@pytest.mark.parametrize(
    ("name", "language", "context", "said"),
    [
        ("12 Mill St.", "en", "voice", "1, 2, M, i, l, l, S, t"),
        ("12 Mill St.", "en", "chat", "12 Mill St."),
        ("12 Mill St.", "ar", "voice", "1، 2، M، i، l، l، S، t"),
        ("+1 415", "es", "voice", "1, 4, 1, 5"),
        ("米尔街", "zh_Hans", "voice", "米, 尔, 街"),
    ],
)
def test_what_is_spelled_is_said_letter_by_letter(
    words: Wording, name: str, language: str, context: str, said: str
) -> None:
    assert words.say(shown(Spelled(text=name)), language, context) == said


def test_groups_of_digits_keep_their_order_in_writing_from_right_to_left(words: Wording) -> None:
    assert words.say(shown(Digits(text="123456789")), "ar", "sms") == "\u2066123 456 789\u2069"
    assert words.say(shown(Digits(text="911")), "ar", "sms") == "911"
    assert words.say(shown(Digits(text="123456789")), "ar", "voice") == "1 2 3, 4 5 6, 7 8 9"


@pytest.mark.parametrize(
    ("language", "context", "quoted", "said"),
    [
        ("en", "sms", "12 Hill Road", "12 Hill Road"),
        ("en", "chat", "شارع التل", "\u2068شارع التل\u2069"),
        ("ar", "chat", "شارع التل", "شارع التل"),
        ("ar", "chat", "Hill Road", "\u2068Hill Road\u2069"),
        ("ar", "sms", "12-3", "\u206812-3\u2069"),
        ("ar", "voice", "Hill Road", "Hill Road"),
        ("en", "sms", "a\u202eb\x07c\u2066\nd\u200f", "abc d"),
        ("en", "sms", "\u202e\x00", ""),
    ],
)
def test_quoted_words_lose_control_characters_and_cannot_turn_the_sentence_round(
    words: Wording, language: str, context: str, quoted: str, said: str
) -> None:
    assert words.say(shown(Quote(text=quoted)), language, context) == said


@pytest.mark.parametrize(
    ("code", "context", "said"),
    [
        ("es", "", "español"),
        ("ar", "", "العربية"),
        ("zh_Hans", "", "简体中文"),
        ("zh_Hans", "voice", "中文"),
        ("en", "", "English"),
        ("??", "", "??"),
    ],
)
def test_a_language_is_named_in_itself(words: Wording, code: str, context: str, said: str) -> None:
    assert words.say(shown(LanguageName(code=code)), "en", context) == said


def test_nothing_made_here_turns_a_plain_sms_into_one_of_70_characters(words: Wording) -> None:
    values: list[Param] = [
        Money(amount=Decimal("1234.50")),
        datetime(2027, 5, 3, 9, 0, tzinfo=UTC),
        date(1948, 5, 3),
        1234567,
        Digits(text="+14155550101"),
        Quote(text="Ana"),
    ]
    for language in ("en", "es"):
        assert all(words.say(shown(value), language, "sms").isascii() for value in values)


BROKEN = [
    ("nonsense", 1),
    (f"{HEADER}\nmsgid hello\n", 5),
    (f'{HEADER}\nmsgid "a"\nmsgid "b"\nmsgstr "c"\n', 6),
    (f'{HEADER}\nmsgid "a"\nmsgstr "b\n', 6),
    (f'{HEADER}\nmsgid "a"\nmsgstr "\\q"\n', 6),
    (f'{HEADER}\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "a"\nmsgstr[9] "b"\n', 8),
    (f'{HEADER}"Plural-Forms: nplurals=99999999; plural=0;\\n"\n', 4),
    (b'msgid "a"\nmsgstr "\xff"\n', 2),
]


@pytest.mark.parametrize(("content", "line"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_file_stops_the_start_with_its_line(tmp_path: Path, content: str | bytes, line: int) -> None:
    folder = locales(tmp_path, {"es": content, "ar": "broken too"})
    with pytest.raises(Misconfigured) as stopped:
        read_wording(town(), folder)
    assert stopped.value.mistakes[0].startswith(f"locales/es/LC_MESSAGES/messages.po:{line}: ")
    assert stopped.value.mistakes[1].startswith("locales/ar/LC_MESSAGES/messages.po:1: ")


@settings(max_examples=50, deadline=None)
@given(st.text(), st.sampled_from(["en", "ar", "zh_Hans"]), st.sampled_from(["voice", "sms", "chat", ""]))
def test_any_words_can_be_quoted(quoted: str, language: str, context: str) -> None:
    said = read_wording(town(), Path("nowhere")).say(shown(Quote(text=quoted)), language, context)
    assert not any(c in said for c in "\x00\x07\x1b\n\u202a\u202b\u202d\u202e\u200e\u200f")
    assert said.count("\u2068") == said.count("\u2069")


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_a_file_changed_anyhow_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(SPANISH)))
    put = data.draw(st.one_of(st.text(max_size=5), st.sampled_from(['"', "msgid ", "msgstr[1] ", "#~ ", "#, fuzzy\n"])))
    changed = SPANISH[:cut] + put + SPANISH[cut + data.draw(st.integers(0, 40)) :]
    folder = locales(tmp_path_factory.mktemp("changed"), {"es": changed.encode(errors="surrogatepass")})
    try:
        words = read_wording(town(), folder)
    except Misconfigured as stopped:
        told = str(stopped)
    else:
        told = words.say(counted("{count} day", "{count} days", 2), "es")
    assert told
