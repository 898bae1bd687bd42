"""Numbers that are typed: a service, somebody's case, a code to go on elsewhere; and numbers that are guessed."""

from __future__ import annotations

import re

import pytest

from core import codes
from core import phrases as say
from core.types import Digits
from ivr.inbound import caller, waited
from store import schema
from tests.calls.line import ANA, BEN, Caller, Line
from tests.calls.test_languages import reference_in

TO_REFERENCE = ("2", "3", "4", "72#", "2", "1", "1")


def wrong_references() -> list[str]:
    return [codes.reference(number) for number in range(10_000_001, 10_000_009)]


def code_in(words: str) -> str:
    spoken = re.sub(r"(?<=\d)[ ,]+(?=\d)", "", words)
    found: list[str] = re.findall(r"(?<!\d)\d{8}(?!\d)", spoken)
    return next(number for number in found if codes.holds(number))


def test_8_and_the_number_of_a_service_lead_to_it(line: Line) -> None:
    line.at_home().press("8").hears(say.ASK_NUMBER).press("241#").hears(say.text("Senior transport card"))


def test_the_number_of_a_service_ends_with_a_pause_too(line: Line) -> None:
    line.at_home().press("8", "241").hears(say.text("Senior transport card"))


def test_a_number_that_no_service_has_is_said_and_asked_again(line: Line) -> None:
    caller = line.at_home().press("8", "999#")
    caller.hears(say.phrase(say.NO_SUCH_SERVICE.id, number=Digits(text="999")), say.ASK_NUMBER)
    caller.press("*#").hears(say.WHAT_ABOUT)


def opened_by_ana(line: Line) -> str:
    caller = line.at_home().press(*TO_REFERENCE)
    caller.hang_up()
    return reference_in(caller.heard)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_reference_tells_whoever_has_it_how_far_the_case_is_and_nothing_more(each_line: Line, language: str) -> None:
    reference = opened_by_ana(each_line)
    caller = each_line.at_home(language, from_=BEN).press("8", f"{reference}#").hears(say.CASE_RECEIVED)
    title = say.text("Senior transport card")
    caller.hears_nothing_of(title, say.phrase("{number}", number=Digits(text=ANA)), say.text("How old are you?"))
    assert "72" not in caller.heard


def test_a_reference_works_by_text(line: Line) -> None:
    reference = opened_by_ana(line)
    texter = line.texter(number=BEN).write("?", "1", reference).reads(say.CASE_RECEIVED)
    assert "Senior" not in texter.answer


def test_a_reference_with_a_wrong_digit_is_not_looked_up(line: Line) -> None:
    reference = opened_by_ana(line)
    wrong = reference[:-1] + str((int(reference[-1]) + 1) % 10)
    line.at_home(from_=BEN).press("8", f"{wrong}#").hears(say.NO_SUCH_NUMBER)


def guess(caller: Caller, references: list[str]) -> Caller:
    return caller.press("8", *(f"{reference}#" for reference in references))


def test_someone_who_guesses_references_is_led_to_a_person_and_told_nothing_more(each_line: Line) -> None:
    reference = opened_by_ana(each_line)
    wrong = wrong_references()
    guess(each_line.at_home(from_=BEN), wrong[:3]).hears(say.PUTTING_THROUGH).hang_up()
    guess(each_line.at_home(from_=BEN), wrong[3:5]).hang_up()
    caller = guess(each_line.at_home(from_=BEN), [reference]).hears(say.TOO_MANY_TRIES, say.PUTTING_THROUGH)
    caller.hears_nothing_of(say.CASE_RECEIVED)
    guess(each_line.at_home(), [reference]).hears(say.CASE_RECEIVED)


def test_after_an_hour_the_tries_begin_again(line: Line) -> None:
    reference = opened_by_ana(line)
    wrong = wrong_references()
    for tried in (wrong[:2], wrong[2:4], wrong[4:6]):
        guess(line.at_home(from_=BEN), tried).hang_up()
    line.clock.later(hours=1, minutes=1)
    guess(line.at_home(from_=BEN), [reference]).hears(say.CASE_RECEIVED)


def test_a_withheld_caller_gets_a_code_that_goes_on_by_text_once(each_line: Line) -> None:
    caller = each_line.at_home("es", from_="anonymous").press("2", "3", "5")
    code = code_in(caller.heard)
    caller.hears(say.phrase(say.CODE_IS.id, code=Digits(text=code)))
    each_line.texter("es").write(code).reads(say.text("Senior transport card"), say.ANYTHING_ELSE)
    assert [row.spent is not None for row in each_line.rows(schema.codes)] == [True]
    each_line.texter("en", BEN).write("?", "1", code).reads(say.NO_SUCH_NUMBER)


def test_a_code_runs_out_after_a_quarter_of_an_hour(line: Line) -> None:
    caller = line.at_home(from_="anonymous").press("2", "3", "5")
    code = code_in(caller.heard)
    line.clock.later(minutes=16)
    line.texter().write("?", "1", code).reads(say.NO_SUCH_NUMBER)


def test_a_code_may_be_typed_in_pairs(line: Line) -> None:
    code = code_in(line.at_home(from_="anonymous").press("2", "3", "5").heard)
    pairs = " ".join(re.findall("..", code))
    line.texter().write("?", "1", pairs).reads(say.text("Senior transport card"))


TO_A_TELEPHONE = ("2", "3", "4", "72#", "2")
"""From the first menu to the form's question for a telephone number."""


def test_a_telephone_number_can_be_said_by_somebody_who_cannot_press_keys(line: Line) -> None:
    caller = line.at_home(from_="anonymous").press(*TO_A_TELEPHONE)
    caller.say("four one five five five five zero one seven seven").hears(say.ALL_RIGHT)
    caller.hears(say.phrase("{number}", number=Digits(text="+14155550177")))


def test_a_number_to_call_back_on_can_be_said(closed_line: Line) -> None:
    caller = closed_line.at_home(from_="anonymous").say("I want to talk to a person").hears(say.ASK_CALLBACK)
    caller.say("415 555 0177").hears(say.CALL_BACK_RIGHT).say("yes").hears(say.CALL_BACK_WHEN).press("1").hears(
        say.CALL_BACK_TRIES
    )
    assert [row.callback for row in closed_line.rows(schema.handoffs)] == ["+14155550177"]


def test_the_number_of_a_service_can_be_said(line: Line) -> None:
    line.at_home().say("number").hears(say.ASK_NUMBER).say("241").hears(say.text("Senior transport card"))


@pytest.mark.parametrize(
    "number", ["+1415555\uff10\uff11\uff12\uff13", "+14155550123\n", "+\u0661\u0664\u0661\u0665\u0665\u0665\u0660"]
)
def test_what_only_looks_like_a_telephone_number_is_nobodys(number: str) -> None:
    assert caller(number, "voice") is None


@pytest.mark.parametrize("told", ["\u00b2", "\uff16\uff10", "9" * 5000, "-1", "", "sixty"])
def test_a_wait_that_is_not_told_in_plain_digits_has_just_begun(told: str) -> None:
    assert waited({"QueueTime": told}) == 0
    assert waited({"QueueTime": "60"}) == 60
