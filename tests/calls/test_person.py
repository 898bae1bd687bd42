"""0 leads to a person from everywhere: put through in the offices' hours, else called back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from core import phrases as say
from core.types import Digits
from store import schema
from tests.calls.line import ANA, BEN, CIVIC_HALL, OURS, Caller, Line

HARBOUR = "+14155550103"
NORTH = "+14155550102"


def left_unfinished(caller: Caller) -> Caller:
    """The caller hangs up inside a form, calls again an hour later and is asked whether to go on."""
    caller.press("2", "3", "4", "72#").hang_up()
    caller.line.clock.later(hours=1)
    return caller.line.at_home().hears(say.BEGUN)


def not_reached(caller: Caller) -> Caller:
    """The office does not answer."""
    return caller.press("0").dial_result("no-answer").hears(say.CALL_BACK_RIGHT)


PLACES: dict[str, Callable[[Caller], Caller]] = {
    "the first menu": lambda caller: caller,
    "the choice of language": lambda caller: caller.press("*"),
    "a category": lambda caller: caller.press("2"),
    "a service": lambda caller: caller.press("2", "3"),
    "what a service costs": lambda caller: caller.press("2", "3", "2"),
    "services to choose from": lambda caller: caller.say("free bus pass for old people", confidence=0.2),
    "the number of a service": lambda caller: caller.press("8"),
    "a text to send": lambda caller: caller.press("2", "3", "5"),
    "a number to give": lambda caller: caller.press("2", "3", "4"),
    "yes or no": lambda caller: caller.press("2", "3", "4", "72#"),
    "one telephone or another": lambda caller: caller.press("2", "3", "4", "72#", "2"),
    "another telephone": lambda caller: caller.press("2", "3", "4", "72#", "2", "2"),
    "a part of town": lambda caller: caller.press("3", "1", "4"),
    "a street": lambda caller: caller.press("3", "1", "4", "1"),
    "a question that may be skipped": lambda caller: caller.press("3", "1", "4", "1").say("12 Hill Road"),
    "a name": lambda caller: caller.press("4", "2", "4"),
    "words not heard well": lambda caller: caller.press("4", "2", "4").say("Maria Lopez", confidence=0.3),
    "a date": lambda caller: caller.press("4", "2", "4", "1"),
    "reading back": lambda caller: caller.press("2", "3", "4", "72#", "2", "1").hears(say.ALL_RIGHT),
    "what to change": lambda caller: caller.press("2", "3", "4", "72#", "2", "1", "2").hears(say.CHANGE_WHICH),
    "a reference": lambda caller: caller.press("2", "3", "4", "72#", "2", "1", "1").hears(say.ASK_ELSE),
    "the question about danger": lambda caller: caller.say("my husband cannot breathe").hears(say.IN_DANGER),
    "an office that did not answer": not_reached,
    "a number to call back on": lambda caller: not_reached(caller).press("2").hears(say.ASK_CALLBACK),
    "something begun earlier": left_unfinished,
}


@pytest.mark.parametrize("place", PLACES)
def test_0_puts_through_to_a_person_in_office_hours_from(line: Line, place: str) -> None:
    caller = PLACES[place](line.at_home())
    caller.enter("0").hears(say.PUTTING_THROUGH)
    dial = caller.call.dialled
    assert dial is not None, caller.call.transcript()
    assert dial.numbers[0] in (CIVIC_HALL, HARBOUR)
    assert dial.caller_id == OURS
    wish = line.rows(schema.handoffs)[-1]
    assert (wish.live, wish.language, wish.callback) == (True, "en", ANA)


OUT_OF_HOURS = [place for place in PLACES if "office that did not" not in place and "call back on" not in place]


@pytest.mark.parametrize("place", OUT_OF_HOURS)
def test_0_books_a_call_back_out_of_hours_from(closed_line: Line, place: str) -> None:
    caller = PLACES[place](closed_line.at_home())
    caller.enter("0").hears(say.phrase(say.CALL_BACK.id, number=Digits(text=ANA)), say.CALL_BACK_RIGHT)
    wish = closed_line.rows(schema.handoffs)[-1]
    assert (wish.callback, wish.language, wish.live, wish.status) == (ANA, "en", False, "waiting")
    caller.press("1").hears(say.CALL_BACK_WHEN).press("1").hears(say.CALL_BACK_TRIES)
    assert len([row for row in closed_line.rows(schema.handoffs) if row.conversation == caller.call.sid]) == 1


def test_a_call_back_keeps_the_language_and_what_it_is_about(each_line: Line) -> None:
    each_line.clock.later(days=4)
    caller = (
        each_line.at_home("es")
        .press("2", "3", "0", "1")
        .hears(say.CALL_BACK_WHEN)
        .press("1")
        .hears(say.CALL_BACK_TRIES)
    )
    (wish,) = each_line.rows(schema.handoffs)
    assert (wish.callback, wish.language, wish.service) == (ANA, "es", "senior_transport_card")
    assert (wish.why, wish.medium, wish.live) == ("asked", "voice", False)
    caller.press("0")
    assert len(each_line.rows(schema.handoffs)) == 1


def test_a_call_back_may_go_to_another_number(closed_line: Line) -> None:
    caller = closed_line.at_home().press("0", "2").hears(say.ASK_CALLBACK)
    caller.press("4155550177#").hears(say.phrase(say.CALL_BACK.id, number=Digits(text="+14155550177")))
    caller.press("1").hears(say.CALL_BACK_WHEN).press("1").hears(say.CALL_BACK_TRIES)
    assert [row.callback for row in closed_line.rows(schema.handoffs)] == ["+14155550177"]


WITHHELD = ["anonymous", "+266696687", "sip:ana@pbx.example", "client:ana", ""]


@pytest.mark.parametrize("from_", WITHHELD)
def test_someone_whose_number_is_withheld_is_asked_for_one(closed_line: Line, from_: str) -> None:
    caller = closed_line.at_home(from_=from_).press("0").hears(say.ASK_CALLBACK)
    assert [(row.callback, row.address) for row in closed_line.rows(schema.handoffs)] == [("", None)]
    caller.press("415#").hears(say.NOT_A_PHONE)
    caller.press("4155550177#", "1").hears(say.CALL_BACK_WHEN).press("1").hears(say.CALL_BACK_TRIES)
    assert [row.callback for row in closed_line.rows(schema.handoffs)] == ["+14155550177"]


@pytest.mark.parametrize("from_", ["anonymous", "sip:ana@pbx.example"])
def test_someone_whose_number_is_withheld_is_put_through_in_office_hours(line: Line, from_: str) -> None:
    caller = line.at_home(from_=from_).press("0")
    assert caller.call.dialled is not None
    assert line.exchange.debugger == []
    caller.dial_result("busy").hears(say.ASK_CALLBACK)


@pytest.mark.parametrize("status", ["completed", "answered"])
def test_after_talking_with_a_person_the_caller_is_back_where_they_were(each_line: Line, status: str) -> None:
    caller = each_line.at_home().press("2", "3", "0").dial_result(status)
    caller.hears(say.BACK_WITH_US, say.ANYTHING_ELSE)
    (wish,) = each_line.rows(schema.handoffs)
    assert (wish.status, wish.live) == ("reached", False)
    assert wish.settled is not None


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
def test_when_nobody_answers_a_call_back_is_offered_and_the_place_kept(each_line: Line, status: str) -> None:
    caller = each_line.at_home().press("2", "3", "0").dial_result(status)
    caller.hears(say.NOBODY_FREE, say.phrase(say.CALL_BACK.id, number=Digits(text=ANA)), say.CALL_BACK_RIGHT)
    (wish,) = each_line.rows(schema.handoffs)
    assert (wish.status, wish.live, wish.callback) == ("waiting", False, ANA)
    caller.press("1").hears(say.CALL_BACK_WHEN).press("1").hears(say.CALL_BACK_TRIES, say.ANYTHING_ELSE)


def test_the_department_in_charge_is_rung(line: Line) -> None:
    caller = line.at_home().press("1", "1", "0")
    assert caller.call.dialled is not None
    assert caller.call.dialled.numbers == (NORTH,)


def test_the_address_that_a_transfer_comes_back_to_is_signed_and_asks_for_retries(line: Line) -> None:
    caller = line.at_home().press("0")
    assert caller.call.dialled is not None
    action = urlsplit(str(caller.call.dialled.action))
    assert action.path == "/voice/dial"
    assert set(parse_qs(action.query)) == {"lang", "s"}
    assert "rc=3" in action.fragment


def test_someone_who_hangs_up_after_talking_with_a_person_is_not_called_back(each_line: Line) -> None:
    each_line.at_home().press("0").call.dial_result("completed", hangs_up=True)
    assert [(row.status, row.live) for row in each_line.rows(schema.handoffs)] == [("reached", False)]


def test_someone_who_hangs_up_while_it_rings_is_called_back(each_line: Line) -> None:
    each_line.at_home().press("0").hang_up()
    (wish,) = each_line.rows(schema.handoffs)
    assert (wish.status, wish.live, wish.callback) == ("waiting", False, ANA)


def test_the_end_of_a_call_may_be_reported_after_the_end_of_its_transfer(each_line: Line) -> None:
    caller = each_line.at_home().press("0")
    each_line.exchange.callbacks.hold()
    caller.hang_up()
    each_line.exchange.callbacks.release()
    each_line.exchange.settle()
    assert [urlsplit(a.url).path for a in each_line.exchange.attempts[-2:]] == ["/voice/dial", "/voice/status"]
    assert [(row.status, row.live) for row in each_line.rows(schema.handoffs)] == [("waiting", False)]


def test_two_calls_from_one_telephone_know_nothing_of_each_other(line: Line) -> None:
    first, second = line.at_home("en"), line.at_home("es")
    first.press("2", "3", "4", "72#")
    second.hears(say.WHAT_ABOUT)
    second.press("1", "1")
    first.press("2", "1").hears(say.ALL_RIGHT)
    second.hears_nothing_of(say.BEGUN, say.ALL_RIGHT)
    assert {row.id: row.language for row in line.rows(schema.conversations)} == {
        first.call.sid: "en",
        second.call.sid: "es",
    }


def test_while_someone_waits_for_a_person_another_day_passes_and_they_are_put_through_again(line: Line) -> None:
    line.at_home(from_=BEN).press("0").hang_up()
    line.clock.later(days=2)  # the day between is a holiday
    caller = line.at_home(from_=BEN).press("0")
    assert caller.call.dialled is not None
    assert line.clock.now - line.rows(schema.handoffs)[0].created == timedelta(days=2)
