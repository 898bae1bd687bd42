"""A form that was left is offered on the next call from the same number, without a word of what it is about."""

from __future__ import annotations

from core import phrases as say
from store import schema
from tests.calls.line import BEN, Line
from tests.calls.test_languages import holds_one_case, reference_in

TITLE = say.text("Senior transport card")
AGE = say.text("How old are you?")
HAVE_CARD = say.text("Do you already have a card?")


def left_by_ana(line: Line) -> None:
    line.at_home().press("2", "3", "4", "72#").hears(HAVE_CARD).hang_up()


def test_it_is_offered_without_telling_what_it_is(each_line: Line) -> None:
    left_by_ana(each_line)
    caller = each_line.at_home().hears(say.BEGUN)
    caller.hears_nothing_of(TITLE, AGE, HAVE_CARD)
    assert "72" not in caller.heard


def test_soon_after_it_goes_on_where_it_was_left(each_line: Line) -> None:
    left_by_ana(each_line)
    caller = each_line.at_home().press("1").hears(say.BEGUN_BY_YOU).hears_nothing_of(TITLE, HAVE_CARD)
    caller.press("1").hears(HAVE_CARD)
    caller.press("2", "1", "1")
    holds_one_case(each_line, "en", reference_in(caller.heard))
    each_line.at_home().hears(say.WHAT_ABOUT)


def test_after_half_an_hour_the_answers_are_asked_again_and_not_spoken(each_line: Line) -> None:
    left_by_ana(each_line)
    each_line.clock.later(minutes=31)
    caller = each_line.at_home().press("1").hears(AGE)
    assert "72" not in " ".join(spoken.text for spoken in caller.call.heard)
    caller.press("80#", "2", "1")
    assert "80" in caller.heard


def test_who_wants_something_else_goes_to_the_menu_and_may_come_back_to_it_later(line: Line) -> None:
    left_by_ana(line)
    line.at_home().press("2").hears(say.WHAT_ABOUT).hang_up()
    line.at_home().hears(say.BEGUN)


def test_whoever_did_not_begin_it_hears_nothing_of_it_and_it_stays(line: Line) -> None:
    left_by_ana(line)
    caller = line.at_home().press("1", "2").hears(say.WHAT_ABOUT).hears_nothing_of(TITLE, AGE, HAVE_CARD)
    caller.hang_up()
    line.at_home().hears(say.BEGUN)


def test_another_telephone_is_offered_nothing(line: Line) -> None:
    left_by_ana(line)
    for from_ in (BEN, "anonymous"):
        line.at_home(from_=from_).hears(say.WHAT_ABOUT).hears_nothing_of(say.BEGUN)


def test_a_withheld_caller_leaves_nothing_to_be_offered(line: Line) -> None:
    line.at_home(from_="anonymous").press("2", "3", "4", "72#").hang_up()
    line.at_home(from_="anonymous").hears_nothing_of(say.BEGUN)


def test_a_call_that_goes_on_is_not_offered_to_another_from_the_same_telephone(line: Line) -> None:
    line.at_home().press("2", "3", "4", "72#")
    line.at_home().hears(say.WHAT_ABOUT).hears_nothing_of(say.BEGUN)


def test_it_may_be_taken_up_in_another_language(line: Line) -> None:
    left_by_ana(line)
    caller = line.at_home("es").press("1", "1").hears(HAVE_CARD)
    caller.press("2", "1", "1")
    (case,) = line.rows(schema.cases)
    assert case.language == "es"


def test_after_a_week_it_is_forgotten(line: Line) -> None:
    left_by_ana(line)
    line.clock.later(days=8)
    line.at_home().hears(say.WHAT_ABOUT).hears_nothing_of(say.BEGUN)
