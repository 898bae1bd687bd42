"""The embedded engine, on a tiny town."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.types import Act, Understanding
from nlu import embedded, loader
from nlu.embedded import Embedded
from nlu.learning import Least
from nlu.loader import Source, TrainingData
from tests.nlu import made


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> tuple[TrainingData, ...]:
    return loader.load(made.both(tmp_path_factory.mktemp("data")), made.catalog())


@pytest.fixture(scope="module")
def english(data: tuple[TrainingData, ...]) -> tuple[TrainingData, ...]:
    return data[:1]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return Source(folder=made.both(tmp_path_factory.mktemp("source")), catalog=made.catalog())


@pytest.fixture(scope="module")
def engine(data: tuple[TrainingData, ...]) -> Embedded:
    return embedded.train(data)


def test_a_service_is_found_in_other_words_than_it_was_learnt_with(engine: Embedded) -> None:
    meant = engine.parse("My mother needs a helper for washing", "en")
    assert (meant.service, meant.act) == ("home_help", None)
    assert meant.confidence >= Least().service


def test_an_act_alone_names_no_service(engine: Embedded) -> None:
    meant = engine.parse("What does it cost?", "en")
    assert (meant.service, meant.act, meant.alternatives) == ("", Act.COST, ())
    assert meant.act_confidence >= embedded.ACT_SURE


def test_a_service_and_an_act_are_found_in_one_sentence(engine: Embedded) -> None:
    meant = engine.parse("what does the bus card cost", "en")
    assert (meant.service, meant.act) == ("bus_card", Act.COST)


def test_danger_is_noticed_in_other_words_than_it_was_learnt_with(english: tuple[TrainingData, ...]) -> None:
    told = ("the kitchen is burning", "he is bleeding badly", "she does not wake up", "he stopped breathing")
    engine = embedded.train([replace(english[0], danger=told)])
    meant = engine.parse("grandpa stopped breathing and does not wake up", "en")
    assert "breathing" in meant.danger
    assert engine.parse("what does the bus card cost", "en").danger == ""


@pytest.mark.parametrize("answer", ["burning", "bleeding badly", "12 34 56 78", ""])
def test_a_word_or_two_or_numbers_are_no_danger_to_the_engine(english: tuple[TrainingData, ...], answer: str) -> None:
    told = ("the kitchen is burning", "he is bleeding badly", "she does not wake up", "he stopped breathing")
    assert embedded.train([replace(english[0], danger=told)]).parse(answer, "en").danger == ""


def test_of_words_that_nobody_knows_no_act_is_believed(engine: Embedded) -> None:
    assert engine.parse("asdf qwer", "en").act is None


def test_without_sentences_of_danger_the_engine_leaves_it_to_the_rules(engine: Embedded) -> None:
    assert engine.parse("grandpa stopped breathing", "en").danger == ""


def test_a_sentence_that_names_both_teaches_both(english: tuple[TrainingData, ...]) -> None:
    both = (("how heavy is the fee for riding", "bus_card", Act.COST),)
    meant = embedded.train([replace(english[0], both=both)]).parse("how heavy is the fee for riding", "en")
    assert (meant.service, meant.act) == ("bus_card", Act.COST)


def test_between_two_services_both_are_offered(engine: Embedded) -> None:
    meant = engine.parse("help my mother ride the bus", "en")
    assert meant.service == ""
    assert {other.service for other in meant.alternatives} == {"bus_card", "home_help"}
    assert [a.confidence for a in meant.alternatives] == sorted(
        (a.confidence for a in meant.alternatives), reverse=True
    )


def test_what_the_town_does_not_do_is_out_of_scope(engine: Embedded) -> None:
    meant = engine.parse("please order me a pizza and play music", "en")
    assert (meant.service, meant.act, meant.alternatives) == ("", Act.OUT_OF_SCOPE, ())


@pytest.mark.parametrize("text", ["", " ", "?!", "😀😀", "٣", "\x00", "\u200f"])
def test_nothing_known_means_nothing(engine: Embedded, text: str) -> None:
    assert engine.parse(text, "en") == Understanding(engine="embedded", language="en")


@pytest.mark.parametrize(("text", "act"), [("Yes.", Act.YES), ("NO!", Act.NO)])
def test_yes_and_no_are_acts(engine: Embedded, text: str, act: Act) -> None:
    assert engine.parse(text, "en").act is act


def test_words_of_another_language_of_the_town_are_understood_and_told(engine: Embedded) -> None:
    meant = engine.parse("路灯坏了", "en")
    assert (meant.language, meant.service) == ("zh_Hans", "streetlight")


def test_words_of_the_given_language_stay_in_it(engine: Embedded) -> None:
    assert engine.parse("the street light is broken", "en").language == "en"
    assert engine.parse("the street light is broken", "zh_Hans").language == "en"


@pytest.mark.parametrize("text", ["12", "xxxx", "stop", "pizza", "Zoran Petrovic"])
def test_digits_names_and_noise_are_no_other_language(engine: Embedded, text: str) -> None:
    assert engine.parse(text, "en").language == "en"


def test_a_word_of_the_given_language_is_in_it_though_others_say_it_more_often(tmp_path: Path) -> None:
    made.write(tmp_path, "en", made.english())
    made.write(tmp_path, "es", {block: made.spanish(*block) for block in made.chinese()})
    engine = embedded.train(loader.load(tmp_path, made.catalog(("en", "es"))))
    assert engine.parse("no puedo no puedo no puedo", "en").language == "es"
    assert (engine.parse("No.", "en").act, engine.parse("No.", "en").language) == (Act.NO, "en")


def test_a_language_the_engine_did_not_learn_is_no_hindrance(engine: Embedded) -> None:
    assert engine.parse("the street light is broken", "fr").service == "streetlight"
    assert engine.parse("", "fr") == Understanding(engine="embedded", language="fr")


def test_traditional_characters_mean_the_same_as_simplified_ones(engine: Embedded) -> None:
    assert engine.parse("老人免費乘車卡", "zh_Hans").service == "bus_card"
    assert engine.parse("路燈壞了", "zh_Hans").service == "streetlight"


def test_evidence_names_the_words_and_the_phrase_most_alike(engine: Embedded) -> None:
    because = engine.parse("a broken street light in front of my house", "en").because
    assert {"street", "light"} <= {one.words for one in because.words}
    assert because.like == "a street light is broken"


def test_evidence_says_how_much_each_word_counted_the_heaviest_first(engine: Embedded) -> None:
    shares = [one.share for one in engine.parse("a broken street light in front of my house", "en").because.words]
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 1


def test_evidence_tells_stretches_of_characters_where_words_are_not_parted(engine: Embedded) -> None:
    because = engine.parse("我们家门口的路灯坏了", "zh_Hans").because
    assert because.words[0].words in "我们家门口的路灯坏了"
    assert "灯" in because.words[0].words
    assert not any(one.words in other.words for one in because.words for other in because.words if one != other)


def test_evidence_says_how_sure_it_had_to_be_and_what_was_learnt(engine: Embedded, tmp_path: Path) -> None:
    meant = engine.parse("a broken street light", "en")
    limits = meant.because.limits
    assert limits is not None
    assert 0 < limits.ask < limits.answer <= meant.confidence
    assert 0 <= meant.because.nothing < limits.nothing
    assert (meant.because.version, limits.act) == ("", embedded.ACT_SURE)
    person = engine.parse("let me talk to somebody there", "en")
    assert person.because.limits is not None
    assert person.because.limits.act == embedded.SURE_TO_LEAVE[Act.PERSON]


def test_evidence_is_given_for_what_is_asked_about_and_none_for_nothing(engine: Embedded) -> None:
    assert engine.parse("help my mother ride the bus", "en").because.like
    assert engine.parse("zzz", "en").because.words == ()


def test_where_no_service_is_meant_the_words_that_named_the_act_are_evidence(engine: Embedded) -> None:
    because = engine.parse("what does it cost", "en").because
    assert "cost" in {one.words for one in because.words}
    assert because.like == ""


@settings(deadline=None)
@given(text=st.text(), language=st.sampled_from(["en", "zh_Hans", "ar", ""]))
def test_no_text_raises(engine: Embedded, text: str, language: str) -> None:
    meant = engine.parse(text, language)
    assert 0 <= meant.confidence <= 1
    assert (meant.service == "") == (meant.confidence == 0)
    assert not (meant.service and meant.alternatives)
    assert len(meant.alternatives) in (0, 2, 3)


@pytest.mark.parametrize("piece", ["a", "bus card ", "老", "😀", "ا", "\ud800", "é\u0301", "1٣"])
def test_ten_thousand_characters_do_not_raise(engine: Embedded, piece: str) -> None:
    long = (piece * 10_000)[:10_000]
    assert engine.parse(long, "en") == engine.parse(long[: embedded.READ], "en")


def test_a_town_with_one_language_is_understood_too(english: tuple[TrainingData, ...]) -> None:
    meant = embedded.train(english).parse("a broken street light", "en")
    assert (meant.service, meant.language) == ("streetlight", "en")


def test_the_same_data_give_the_same_engine(engine: Embedded, data: tuple[TrainingData, ...]) -> None:
    sentence = "how do I get the bus card for my mother"
    assert embedded.train(data).parse(sentence, "en") == engine.parse(sentence, "en")


def test_threads_may_share_an_engine(engine: Embedded) -> None:
    sentences = ["what does the bus card cost", "路燈壞了", "help at home", "thank you", ""] * 20
    with ThreadPoolExecutor(4) as threads:
        at_once = list(threads.map(lambda text: engine.parse(text, "en"), sentences))
    assert at_once == [engine.parse(text, "en") for text in sentences]


def the_file(folder: Path) -> Path:
    (path,) = folder.glob("embedded-*")
    return path


def test_a_trained_engine_is_kept_for_its_user_alone(source: Source, tmp_path: Path) -> None:
    embedded.train_or_load(source, tmp_path / "cache")
    assert stat.S_IMODE(the_file(tmp_path / "cache").stat().st_mode) == 0o600


def test_a_kept_engine_is_read_and_not_trained_again(engine: Embedded, source: Source, tmp_path: Path) -> None:
    embedded.train_or_load(source, tmp_path)
    before = the_file(tmp_path).stat()
    loaded = embedded.train_or_load(source, tmp_path)
    assert the_file(tmp_path).stat().st_ino == before.st_ino
    sentence = "a broken street light, what now"
    assert loaded.parse(sentence, "en") == replace(engine, version=loaded.version).parse(sentence, "en")
    assert loaded.version in the_file(tmp_path).name
    assert loaded.parse(sentence, "en").because.version == loaded.version != ""


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 100])
def test_a_damaged_file_is_trained_anew(source: Source, tmp_path: Path, content: bytes) -> None:
    embedded.train_or_load(source, tmp_path)
    path = the_file(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(content)
    assert embedded.train_or_load(source, tmp_path).parse("no light on our street", "en").service == "streetlight"
    assert the_file(tmp_path).stat().st_size == len(whole)


def test_one_changed_byte_is_noticed(source: Source, tmp_path: Path) -> None:
    embedded.train_or_load(source, tmp_path)
    path = the_file(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    before = path.stat().st_ino
    embedded.train_or_load(source, tmp_path)
    assert the_file(tmp_path).stat().st_ino != before


def test_a_file_that_others_could_have_written_is_not_read(source: Source, tmp_path: Path) -> None:
    embedded.train_or_load(source, tmp_path)
    path = the_file(tmp_path)
    path.chmod(0o666)
    embedded.train_or_load(source, tmp_path)
    assert stat.S_IMODE(the_file(tmp_path).stat().st_mode) == 0o600


def test_other_data_are_another_file(source: Source, tmp_path: Path) -> None:
    embedded.train_or_load(source, tmp_path)
    embedded.train_or_load(replace(source, whole=False), tmp_path)
    assert len(list(tmp_path.glob("embedded-*"))) == 2


def test_a_folder_that_cannot_be_written_to_is_no_hindrance(source: Source, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    engine = embedded.train_or_load(source, tmp_path / "file" / "cache")
    assert engine.parse("no light on our street", "en").service == "streetlight"


@pytest.mark.parametrize("text", ["2", "12 05", "٢", "?!", "\U0001f68c", ""])
def test_what_has_no_letters_means_nothing_to_an_engine(data: tuple[TrainingData, ...], text: str) -> None:
    with_numbers = {**data[0].services, "bus_card": ("is the 2 late", "the 2 again", "take the 2")}
    english = replace(data[0], services=with_numbers)
    meant = embedded.train([english]).parse(text, "en")
    assert (meant.service, meant.alternatives, meant.act, meant.danger) == ("", (), None, "")
