"""Which language words are in, and that what leaves a doubt changes nothing."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.types import Understanding
from nlu import apart, embedded, loader
from nlu.embedded import Embedded
from nlu.languages import Languages, Told, languages, words
from tests.nlu import made

TOWN = ("en", "es", "zh_Hans", "ar")
NOT_THE_TOWNS: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("other_languages.yml").read_text("utf-8"))
DOUBT = Told()


@pytest.fixture(scope="module")
def known() -> Languages:
    return languages(TOWN)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    folder = tmp_path_factory.mktemp("data")
    made.write(folder, "en", made.english())
    made.write(folder, "es", {block: made.spanish(*block) for block in made.chinese()})
    made.write(folder, "zh_Hans", made.chinese())
    return embedded.train(loader.load(folder, made.catalog(("en", "es", "zh_Hans"))))


def calibration(language: str) -> Sequence[str]:
    found = apart.read(apart.CALIBRATION / f"{language}.yml")
    return [*(example.text for example in found.examples), *found.danger, *found.near_danger]


# --- as well as measured when the limits were chosen (docs/decisions/language.md) ----------------------------


@pytest.mark.parametrize(("language", "least"), [("en", 0.97), ("es", 0.95), ("zh_Hans", 0.97), ("ar", 0.95)])
def test_sentences_of_the_towns_languages_are_told(known: Languages, language: str, least: float) -> None:
    told = Counter(known.told(text) for text in calibration(language) if words(text) > 2)
    assert told[Told(ours=language)] >= least * told.total(), told


@pytest.mark.parametrize("language", TOWN)
def test_sentences_of_the_towns_languages_are_not_taken_for_foreign_ones(known: Languages, language: str) -> None:
    assert [text for text in calibration(language) if known.told(text).foreign] == []


@pytest.mark.parametrize("language", NOT_THE_TOWNS)
def test_a_language_that_the_town_does_not_have_is_named_or_in_doubt(known: Languages, language: str) -> None:
    told = Counter(known.told(text) for text in NOT_THE_TOWNS[language])
    assert len(NOT_THE_TOWNS[language]) == 10
    assert set(told) <= {Told(foreign=language), DOUBT}
    assert told[Told(foreign=language)] >= 7


# --- doubt ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["", " ", "1", "٣", "12 34 56 78", "2026-12-01", "?!", "😀😀", "OK", "a b", "\x00", "\ud800"]
)
def test_without_letters_there_is_no_language(known: Languages, text: str) -> None:
    assert known.told(text) == DOUBT


@pytest.mark.parametrize("name", ["Zoran Petrovic", "Maria Garcia Lopez", "Jean-Baptiste Dupont", "Nguyen Van Anh"])
def test_a_name_is_in_no_language(known: Languages, name: str) -> None:
    assert known.told(name) == DOUBT


@pytest.mark.parametrize("text", ["dzień dobry", "ქართული", "ありが", "большое спасибо"])
def test_a_word_or_two_are_not_taken_for_a_foreign_language(known: Languages, text: str) -> None:
    assert known.told(text) == DOUBT


# --- the town's languages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["路灯坏了", "路燈壞了", "老人免費乘車卡", "我想申請老人卡", "呢度有冇得學書法", "你好"]
)
def test_simplified_traditional_and_cantonese_are_chinese(known: Languages, text: str) -> None:
    assert known.told(text) == Told(ours="zh_Hans")


@pytest.mark.parametrize("text", ["عايز اقدم على كارنيه الاتوبيس", "بغيت نعرف فوقاش كيدوز الطوبيس", "أريد شهادة ميلاد"])
def test_egyptian_moroccan_and_written_arabic_are_arabic(known: Languages, text: str) -> None:
    assert known.told(text) == Told(ours="ar")


def test_a_language_that_the_town_has_is_not_foreign() -> None:
    text = "le lampadaire devant chez moi est cassé depuis une semaine"
    assert languages(("en", "fr")).told(text) == Told(ours="fr")
    assert languages(("en", "es")).told(text) == Told(foreign="fr")


def test_two_ways_of_writing_one_language_leave_a_doubt() -> None:
    assert languages(("zh_Hans", "zh_Hant")).told("我想申请老人卡") == DOUBT


def test_a_language_that_the_library_does_not_know_is_never_told() -> None:
    assert languages(("en", "xx")).told("the street light is broken") == Told(ours="en")
    assert languages(("xx",)).told("the street light in front of our house is broken") == Told(foreign="en")


@settings(deadline=None)
@given(text=st.text())
def test_no_text_raises_and_one_language_is_told_at_most(known: Languages, text: str) -> None:
    told = known.told(text)
    assert told.ours in ("", *TOWN)
    assert not (told.ours and told.foreign)
    assert told.foreign not in ("en", "es", "zh", "ar")
    assert not told.foreign or words(text) > 2


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("12 34", 0), ("two words", 2), ("路灯坏了", 4 / 1.5), ("ไฟ ok", 2 / 1.5 + 1)]
)
def test_words_are_counted_and_guessed_where_they_are_not_parted(text: str, count: float) -> None:
    assert words(text) == pytest.approx(count)


# --- the library's model in a folder -------------------------------------------------------------------------


def the_part(folder: Path) -> Path:
    (place,) = folder.iterdir()
    return place / "steps.npy"


def test_the_model_is_unpacked_into_a_folder_once_and_tells_the_same(known: Languages, tmp_path: Path) -> None:
    mapped = languages(TOWN, tmp_path / "data")
    before = the_part(tmp_path / "data").stat()
    again = languages(TOWN, tmp_path / "data")
    assert the_part(tmp_path / "data").stat().st_ino == before.st_ino
    for text in [*calibration("es")[:50], *NOT_THE_TOWNS["pl"]]:
        assert mapped.told(text) == again.told(text) == known.told(text)


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 1000])
def test_a_damaged_model_is_unpacked_anew(tmp_path: Path, content: bytes) -> None:
    languages(TOWN, tmp_path)
    path = the_part(tmp_path)
    whole = path.stat().st_size
    path.write_bytes(content)
    assert languages(TOWN, tmp_path).told("the street light is broken") == Told(ours="en")
    assert the_part(tmp_path).stat().st_size == whole


def test_a_model_that_is_cut_off_is_unpacked_anew(tmp_path: Path) -> None:
    languages(TOWN, tmp_path)
    path = the_part(tmp_path)
    os.truncate(path, path.stat().st_size - 1000)
    assert languages(TOWN, tmp_path).told("the street light is broken") == Told(ours="en")


def test_where_nothing_can_be_kept_the_model_is_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert languages(TOWN, tmp_path / "file" / "data").told("the street light is broken") == Told(ours="en")


# --- what the engine makes of it -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["1", "12", "0 1", "Zoran Petrovic", "la luz", "no puedo", "路灯", "你好", "ok", "stop"]
)
def test_up_to_two_words_digits_and_names_change_no_language(engine: Embedded, text: str) -> None:
    assert engine.parse(text, "en").language == "en"


def test_two_words_are_read_in_their_own_language_all_the_same(engine: Embedded) -> None:
    assert engine.parse("路燈", "en").service == "streetlight"


def test_words_that_leave_no_doubt_change_the_language(engine: Embedded) -> None:
    assert engine.parse("no puedo no puedo no puedo", "en").language == "es"
    assert engine.parse("our street light is broken again", "es").language == "en"


def test_words_in_doubt_leave_the_language_as_it_is(engine: Embedded) -> None:
    assert engine.parse("nesesito d domisilio", "en").language == "en"
    assert engine.parse("nesesito d domisilio", "").language == ""


@pytest.mark.parametrize("language", ["en", "zh_Hans", ""])
def test_a_language_that_the_town_does_not_have_is_told_and_changes_nothing(engine: Embedded, language: str) -> None:
    meant = engine.parse("mwen pa pale angle èske gen moun ki pale kreyòl", language)
    assert (meant.language, meant.foreign) == (language, "ht")


def test_no_foreign_language_is_told_of_words_in_one_of_the_towns(engine: Embedded) -> None:
    assert engine.parse("the street light is broken", "en").foreign == ""


def test_foreign_words_to_an_engine_without_the_language_mean_nothing(engine: Embedded) -> None:
    text = "kiedy zabieraja duze smieci z naszej ulicy"
    assert engine.parse(text, "") == Understanding(engine="embedded", foreign="pl")


def test_foreign_words_are_not_guessed_at(engine: Embedded) -> None:
    meant = engine.parse("magkano po ang bus at ang tulong sa bahay para sa nanay ko", "en")
    assert (meant.foreign, meant.alternatives) == ("tl", ())


def test_foreign_words_may_hold_the_name_of_a_service(engine: Embedded) -> None:
    meant = engine.parse("magkano po ang free bus card para sa nanay ko at tatay ko", "en")
    assert (meant.foreign, meant.service) == ("tl", "bus_card")


def test_foreign_words_in_other_letters_mean_nothing_to_the_language_that_is_set(engine: Embedded) -> None:
    meant = engine.parse("я не говорю по английски есть кто нибудь кто говорит по русски", "zh_Hans")
    assert meant == Understanding(engine="embedded", language="zh_Hans", foreign="ru")


@pytest.mark.parametrize(
    ("text", "language"), [("Lamp!", "en"), ("luz", ""), ("1", ""), ("OK", ""), ("no puedo", "es")]
)
def test_a_first_word_or_two_that_one_language_alone_knows_are_in_that(
    engine: Embedded, text: str, language: str
) -> None:
    assert engine.parse(text, "").language == language


@pytest.mark.parametrize(
    "text", ["мне нужен паспорт", "спасибо большое", "хочу узнать про налоги", "у меня болит рука"]
)
@pytest.mark.parametrize("language", ["en", "zh_Hans", ""])
def test_words_in_other_letters_are_no_danger_in_any_language(engine: Embedded, text: str, language: str) -> None:
    meant = engine.parse(text, language)
    assert (meant.danger, meant.service, meant.language) == ("", "", language)


def test_letters_that_several_foreign_languages_share_are_told_to_be_foreign(engine: Embedded) -> None:
    assert engine.parse("Где можно заплатить налог", "en").foreign in ("ru", "uk", "bg")
    assert engine.parse("ქართული", "en").foreign == "ka"
