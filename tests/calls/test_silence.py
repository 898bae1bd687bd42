"""Silence, wrong keys and words not understood: help, simpler help, then a person; nobody is hung up on."""

from __future__ import annotations

import pytest

from core import phrases as say
from core.types import Digits
from store import schema
from tests.calls.line import ANA, LANGUAGES, Line

EMERGENCY = say.phrase(say.EMERGENCY.id, number=Digits(text="911"))


def test_a_first_silence_asks_again_and_a_second_says_more_and_slower(line: Line) -> None:
    caller = line.at_home().silence().hears(say.NO_ANSWER_HEARD, say.WHAT_ABOUT)
    assert 'rate="100%"' in caller.call.documents[-1]
    caller.silence().hears(say.NO_ANSWER_HEARD, say.WHAT_ABOUT, say.HEAR_AGAIN, say.GO_BACK)
    assert 'rate="90%"' in caller.call.documents[-1]


@pytest.mark.parametrize("from_", [ANA, "anonymous"])
def test_a_third_silence_in_office_hours_puts_through(line: Line, from_: str) -> None:
    caller = line.at_home(from_=from_).silence(3).hears(say.PUTTING_THROUGH)
    assert caller.call.dialled is not None
    assert [row.why for row in line.rows(schema.handoffs)] == ["stuck"]


def test_a_third_silence_out_of_hours_books_a_call_back_says_so_and_ends(closed_line: Line) -> None:
    caller = closed_line.at_home("es").press("2", "3").silence(3)
    caller.hears(say.phrase(say.CALL_BACK.id, number=Digits(text=ANA)), EMERGENCY, say.GOODBYE_CALL_BACK)
    assert caller.call.ended_by == "application"
    (wish,) = closed_line.rows(schema.handoffs)
    assert (wish.callback, wish.language, wish.live, wish.status) == (ANA, "es", False, "waiting")


def test_a_third_silence_of_a_withheld_number_says_the_hours_and_the_emergency_number(closed_line: Line) -> None:
    caller = closed_line.at_home(from_="anonymous").silence(3)
    caller.hears(EMERGENCY, say.GOODBYE_HOURS)
    assert "Monday" in caller.heard
    assert caller.call.ended_by == "application"


def test_silence_after_an_office_that_did_not_answer_books_a_call_back(line: Line) -> None:
    caller = line.at_home().press("0").dial_result("no-answer").silence(3)
    caller.hears(say.GOODBYE_CALL_BACK)
    assert [(row.callback, row.live) for row in line.rows(schema.handoffs)] == [(ANA, False)]


def test_silence_from_the_very_start_leads_to_a_person_too(line: Line) -> None:
    caller = line.caller().silence(3)
    assert caller.call.dialled is not None
    for language in LANGUAGES:
        assert line.words(say.PUTTING_THROUGH, language) in caller.heard


def test_silence_where_digits_are_asked_leads_to_a_person_too(line: Line) -> None:
    caller = line.at_home().press("2", "3", "4").silence(3)
    assert caller.call.dialled is not None


def test_an_answer_between_silences_begins_the_count_again(line: Line) -> None:
    caller = line.at_home().silence(2).press("2").silence(2)
    assert caller.call.dialled is None
    caller.press("3").hears(say.ANYTHING_ELSE)


@pytest.mark.parametrize("keys", [("7", "7", "7"), ("#", "#", "#"), ("7", "#", "7")])
def test_wrong_keys_are_helped_twice_and_then_a_person_comes(line: Line, keys: tuple[str, ...]) -> None:
    first, second, third = keys
    caller = line.at_home().press(first).hears(say.NOT_A_CHOICE, say.WHAT_ABOUT)
    caller.press(second).hears(say.NOT_A_CHOICE, say.HEAR_AGAIN, say.GO_BACK)
    caller.press(third).hears(say.PUTTING_THROUGH)
    assert caller.call.dialled is not None


def test_words_that_mean_nothing_are_helped_twice_and_then_a_person_comes(line: Line) -> None:
    caller = line.at_home().say("blorf gnix", "wuggle wuggle fleep")
    assert caller.call.dialled is None
    caller.hears(say.WHAT_ABOUT).say("snorp")
    assert caller.call.dialled is not None


def test_noise_counts_as_silence(line: Line) -> None:
    line.at_home().say("   ").hears(say.NO_ANSWER_HEARD)


def test_answers_that_do_not_fit_are_helped_and_then_a_person_comes(line: Line) -> None:
    caller = line.at_home().press("2", "3", "4", "500#")
    caller.hears(say.phrase(say.NUMBER_RANGE.id, least=1, most=120))
    caller.press("121#", "999#")
    assert caller.call.dialled is not None


def test_9_repeats_and_a_second_9_is_slower(line: Line) -> None:
    caller = line.at_home().press("9").hears(say.WHAT_ABOUT)
    assert 'rate="100%"' in caller.call.documents[-1]
    caller.press("9").hears(say.WHAT_ABOUT)
    assert 'rate="90%"' in caller.call.documents[-1]


def test_star_is_one_step_back_up_to_the_choice_of_language(line: Line) -> None:
    caller = line.at_home().press("2", "3", "4", "72#").press("*").hears(say.text("How old are you?"))
    caller.press("*").hears(say.ANYTHING_ELSE)
    caller.press("*").hears(say.WHICH)
    caller.press("*").hears(say.WHAT_ABOUT)
    caller.press("*")
    assert "español" in caller.heard


def test_two_stars_are_the_first_menu_where_digits_are_asked(line: Line) -> None:
    line.at_home().press("2", "3", "4", "**#").hears(say.WHAT_ABOUT)
