"""What gets through to whom, what a recogniser makes of words, and that every parameter says where it is from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.callers.chance import Luck
from simulator.callers.hearing import LOST, Ears
from simulator.callers.personas import Persona, personas
from simulator.callers.sense import sense_of
from simulator.callers.sentences import units
from simulator.callers.speech import recognised, sounding_like
from tests.calls.line import LANGUAGES

SAID = "We bring a hot lunch to your door"


def lost(persona: Persona, said: str = SAID, times_before: int = 0, calls: int = 200) -> float:
    """The share of words that somebody misses."""
    missed = 0
    for call in range(calls):
        ears = Ears(persona=persona, sense=sense_of("en"), luck=Luck(seed=str(call)))
        missed += ears.take_in(said, 1, times_before).split().count(LOST)
    return missed / (calls * len(said.split()))


def test_whoever_hears_badly_misses_as_many_words_as_is_said() -> None:
    assert 0.3 < lost(personas()["hard_of_hearing"]) < 0.6
    assert lost(personas()["usual_person"]) < 0.06


def test_what_is_said_again_is_missed_less() -> None:
    assert lost(personas()["hard_of_hearing"], times_before=2) < 0.7 * lost(personas()["hard_of_hearing"])


def test_a_long_sentence_is_not_held_to_its_end() -> None:
    forgetful = replace(personas()["forgetful"], hearing_loss=0)
    assert lost(forgetful, "one two three four five six seven") == 0
    assert lost(forgetful, "one two three four five six seven eight nine ten eleven twelve thirteen fourteen") > 0.1


def test_who_speaks_a_language_badly_misses_its_rare_words() -> None:
    learner = replace(personas()["low_proficiency"], hearing_loss=0)
    assert lost(learner, "certificate certificate", calls=300) > 0.3
    assert lost(learner, "press 1", calls=300) == 0


def test_the_same_call_hears_the_same() -> None:
    ears = Ears(persona=personas()["hard_of_hearing"], sense=sense_of("en"), luck=Luck(seed="7"))
    assert ears.take_in(SAID, 1, 0) == ears.take_in(SAID, 1, 0)
    assert ears.take_in(SAID, 1, 0) != replace(ears, luck=Luck(seed="8")).take_in(SAID, 1, 0)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("errors", [0.1, 0.25, 0.4])
def test_as_many_words_go_wrong_as_is_said(language: str, errors: float) -> None:
    right = said = 0
    for call in range(40):
        sentence = sense_of(language).said["streetlight"][call % 20].text
        before = units(sentence, language)
        after = units(recognised(sentence, language, errors, Luck(seed=str(call)), 1), language)
        said += len(before)
        right += sum(word in after for word in before)
    assert abs(1 - right / said - errors) < 0.09


def test_errors_are_made_by_sound() -> None:
    for word, language, sounds in (("lamp", "en", "l"), ("basura", "es", "bvp"), ("شارع", "ar", "ش")):
        alike = sounding_like(word, language)
        assert alike
        assert all(next(letter for letter in one if letter not in "aeiouáéíóúyhwعأ") in sounds for one in alike), alike
    luck = Luck(seed="1")
    assert recognised("灯", "zh_Hans", 1.0, luck, 1) in {
        "灯",
        "登",
        "蹬",
        "等",
        "瞪",
        "凳",
        "邓",
        "道",
        "盗",
        "德",
        "得",
        "的",
    }


def test_nothing_goes_wrong_where_there_are_no_errors() -> None:
    assert recognised("my lamp is out", "en", 0.0, Luck(seed="1"), 1) == "my lamp is out"


def test_every_value_of_every_persona_has_a_source() -> None:
    assert len(personas()) >= 14  # what the file does not say raises


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_point_to_the_need_that_people_have_with_them(language: str) -> None:
    sense = sense_of(language)
    for service in sense.said:
        said = " ".join(one.text for one in sense.said[service][:5])
        ranked = sorted(sense.said, key=lambda other: -sense.about_service(said, other))
        assert service in ranked[:5], f"{service}: {ranked[:5]}"
