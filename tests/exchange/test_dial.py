"""A call put through: what the action is told for every outcome, and whose number may be shown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.exchange import Call, Exchange, NotNow
from tests.exchange.application import TOKEN, Application
from tests.exchange.documents import DONE, MENU, document, say

CALLER = "+14155550123"
OFFICE = "<Number>+14155550111</Number>"
PUT_THROUGH = document(say("One moment.") + f'<Dial action="/after" timeout="20">{OFFICE}</Dial>')


@pytest.fixture
def exchange(application: Application) -> Iterator[Exchange]:
    application.answers |= {"/voice": PUT_THROUGH, "/after": DONE}
    with Exchange(
        voice_url=application.public + "/voice", status_url=application.public + "/status", auth_token=TOKEN
    ) as made:
        yield made


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed", "canceled"])
def test_the_action_hears_that_nobody_was_reached(exchange: Exchange, application: Application, status: str) -> None:
    call = exchange.call(CALLER)
    assert call.dialled is not None
    assert call.dialled.numbers == ("+14155550111",)
    call.dial_result(status)
    asked = application.asked[1]
    assert (asked["DialCallStatus"], asked["DialBridged"]) == (status, "false")
    assert "DialCallDuration" not in asked
    assert asked["CallSid"] == call.sid != asked["DialCallSid"]
    assert call.last_heard == "Thank you."


@pytest.mark.parametrize("status", ["completed", "answered"])
def test_the_action_hears_how_long_a_conversation_was(
    exchange: Exchange, application: Application, status: str
) -> None:
    call = exchange.call(CALLER)
    before = call.seconds
    call.dial_result(status, seconds=90)
    asked = application.asked[1]
    assert (asked["DialCallStatus"], asked["DialCallDuration"], asked["DialBridged"]) == (status, "90", "true")
    assert call.heard[-1].at - before == 95


def test_ringing_takes_the_dials_time_out(exchange: Exchange) -> None:
    call = exchange.call(CALLER)
    before = call.seconds
    call.dial_result("no-answer")
    assert call.heard[-1].at - before == 20


def test_without_an_action_the_next_verb_follows(exchange: Exchange, application: Application) -> None:
    application.answers["/voice"] = document(f"<Dial>{OFFICE}</Dial>" + say("Nobody is there."))
    call = exchange.call(CALLER).dial_result("busy")
    assert call.last_heard == "Nobody is there."
    assert call.over


def test_a_caller_who_hangs_up_after_talking_is_told_to_the_action_whose_answer_nobody_hears(
    exchange: Exchange, application: Application
) -> None:
    call = exchange.call(CALLER).dial_result("completed", hangs_up=True)
    told = [asked for path, asked in zip(application.paths, application.asked, strict=True) if path == "/after"]
    assert [(asked["DialCallStatus"], asked["CallStatus"]) for asked in told] == [("completed", "completed")]
    assert call.last_heard == "One moment."


def test_a_caller_who_hangs_up_while_it_rings_is_told_to_the_action(
    exchange: Exchange, application: Application
) -> None:
    exchange.call(CALLER).hang_up()
    told = [asked for path, asked in zip(application.paths, application.asked, strict=True) if path == "/after"]
    assert [(asked["DialCallStatus"], asked["CallStatus"]) for asked in told] == [("no-answer", "completed")]


def test_keys_are_not_heard_while_it_rings(exchange: Exchange) -> None:
    call = exchange.call(CALLER)
    with pytest.raises(NotNow, match="not listening"):
        call.press("1")


def test_no_result_without_a_dial(exchange: Exchange, application: Application) -> None:
    application.answers["/voice"] = MENU
    call = exchange.call(CALLER)
    with pytest.raises(NotNow, match="nothing is ringing"):
        call.dial_result("busy")


def test_a_result_is_one_of_twilios(exchange: Exchange) -> None:
    call = exchange.call(CALLER)
    with pytest.raises(ValueError, match="DialCallStatus is one of"):
        call.dial_result("engaged")


def refused_number(exchange: Exchange, call: Call, application: Application) -> bool:
    noted = [notice.code for notice in exchange.debugger] == [13214]
    return noted and application.asked[1]["DialCallStatus"] == "failed" and call.dialled is None


def test_a_withheld_number_cannot_be_shown_to_the_office(exchange: Exchange, application: Application) -> None:
    assert refused_number(exchange, exchange.call("anonymous"), application)


def test_our_own_number_is_shown_for_a_withheld_one(exchange: Exchange, application: Application) -> None:
    shown = f'<Dial action="/after" callerId="{exchange.number}">{OFFICE}</Dial>'
    application.answers["/voice"] = document(shown)
    call = exchange.call("anonymous")
    assert call.dialled is not None
    assert exchange.debugger == []


def test_somebody_elses_number_cannot_be_shown(exchange: Exchange, application: Application) -> None:
    shown = f'<Dial action="/after" callerId="+14155550188">{OFFICE}</Dial>'
    application.answers["/voice"] = document(shown)
    assert refused_number(exchange, exchange.call(CALLER), application)
