"""Danger comes first: the emergency number at once, a person next, and what was being said is not lost."""

from __future__ import annotations

import pytest

from core import phrases as say
from core.types import Digits
from store import schema
from tests.calls.line import BEN, LANGUAGES, Line

EMERGENCY = say.phrase(say.EMERGENCY.id, number=Digits(text="911"))
DANGER = {
    "en": "my husband cannot breathe",
    "es": "auxilio",
    "zh_Hans": "救命",
    "ar": "النجدة",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_danger_bring_the_emergency_number_first_of_all(line: Line, language: str) -> None:
    caller = line.at_home(language).say(DANGER[language]).hears(EMERGENCY, say.IN_DANGER)
    assert caller.heard.startswith(line.words(EMERGENCY, language))
    assert [(row.why, row.words) for row in line.rows(schema.handoffs)] == [("danger", DANGER[language])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_danger_are_heard_before_a_language_is_chosen(line: Line, language: str) -> None:
    caller = line.caller(language).say(DANGER[language])
    for spoken in LANGUAGES:
        assert line.words(EMERGENCY, spoken) in caller.heard, caller.call.transcript()


def test_someone_in_danger_is_put_through(line: Line) -> None:
    caller = line.at_home().say(DANGER["en"]).press("1").hears(EMERGENCY, say.PUTTING_THROUGH)
    assert caller.call.dialled is not None
    assert len(line.rows(schema.handoffs)) == 1


def test_out_of_hours_someone_in_danger_hears_the_number_again_and_is_called_back(closed_line: Line) -> None:
    closed_line.at_home().say(DANGER["en"]).press("1").hears(EMERGENCY, say.CALL_BACK_RIGHT)
    assert [row.why for row in closed_line.rows(schema.handoffs)] == ["danger"]


def test_in_a_form_the_answer_is_put_aside_and_comes_back(line: Line) -> None:
    caller = line.at_home().press("4", "2", "4").hears(say.text("What name is on the birth certificate?"))
    caller.say(DANGER["en"]).hears(EMERGENCY, say.IN_DANGER)
    caller.press("2").hears(say.phrase(say.DID_YOU_SAY.id, words=DANGER["en"]))
    caller.press("2").hears(say.text("What name is on the birth certificate?"))
    caller.say("Maria Lopez").hears(say.text("On what day was this person born?"))


def test_a_number_in_a_form_is_asked_again_after_danger(line: Line) -> None:
    caller = line.at_home().press("2", "3", "4").say(DANGER["en"]).hears(EMERGENCY)
    caller.press("2").hears(say.text("How old are you?"))
    caller.press("72#").hears(say.text("Do you already have a card?"))


@pytest.mark.parametrize("number", ["911", "112"])
def test_an_emergency_number_where_a_number_is_asked_is_danger(line: Line, number: str) -> None:
    line.at_home().press("8", f"{number}#").hears(EMERGENCY, say.IN_DANGER)


def test_112_as_an_age_is_an_age(line: Line) -> None:
    caller = line.at_home().press("2", "3", "4", "112#").hears(say.text("Do you already have a card?"))
    caller.hears_nothing_of(EMERGENCY)


def test_112_as_an_age_is_an_age_in_a_text_too(line: Line) -> None:
    texter = line.texter().write("?", "1", "2", "3", "4", "112").reads(say.text("Do you already have a card?"))
    assert "911" not in "".join(texter.got)


@pytest.mark.parametrize("number", ["911", "112", "９１１", "٩١١"])
def test_an_emergency_number_in_a_text_is_danger(line: Line, number: str) -> None:
    line.texter().write("?", "1", number).reads(EMERGENCY, say.IN_DANGER)


def test_in_a_text_the_answer_to_a_question_comes_back_after_danger(line: Line) -> None:
    texter = line.texter().write("?", "1", "4", "2", "4", "Maria who is bleeding heavily")
    texter.reads(EMERGENCY, say.IN_DANGER)
    texter.write("2")
    assert "Maria who is bleeding heavily" in texter.answer
    texter.write("1").reads(say.text("On what day was this person born?"))


def test_the_engine_may_notice_danger_but_takes_no_answer_to_a_form_for_it(line: Line) -> None:
    words = "she took all the tablets and went to bed"
    line.texter().write("?", "1", words).reads(EMERGENCY, say.IN_DANGER)
    texter = line.texter(number=BEN).write("?", "1", "4", "2", "4", words)
    texter.reads(say.text("On what day was this person born?"))


def test_danger_told_while_waiting_for_a_person_is_passed_on_as_danger(line: Line) -> None:
    texter = line.texter().write("?", "1", "0", DANGER["en"]).reads(EMERGENCY, say.DANGER_PERSON)
    assert line.rows(schema.turns)[-1].said == DANGER["en"]
    assert [row.why for row in line.rows(schema.handoffs)] == ["danger"]
    assert line.words(say.IN_DANGER, "en", "sms") not in texter.answer
