"""Whoever is dialled hears something first: what the application asks them, and whether they are connected."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.exchange import Call, Exchange, NotNow, Refused
from tests.exchange.application import TOKEN, Application
from tests.exchange.documents import DONE, document, gather, say

CALLER = "+14155550123"
WORKER = "+14155550111"
OTHER = "+14155550112"
PUT_THROUGH = document(
    f'<Dial action="/after" timeout="20"><Number url="/screen">{WORKER}</Number><Number>{OTHER}</Number></Dial>'
)
SCREEN = document(
    gather(say("Somebody needs help. Press 1 to talk."), action="/accept", numDigits="1", timeout="6")
    + say("Nobody pressed 1.")
    + "<Hangup/>"
)


@pytest.fixture
def exchange(application: Application) -> Iterator[Exchange]:
    application.answers |= {"/voice": PUT_THROUGH, "/screen": SCREEN, "/accept": document(""), "/after": DONE}
    with Exchange(voice_url=application.public + "/voice", auth_token=TOKEN) as made:
        yield made


def after(application: Application) -> dict[str, str]:
    asked = zip(application.paths, application.asked, strict=True)
    (form,) = [form for path, form in asked if path == "/after"]
    return form


def outcome(application: Application) -> tuple[str, str, str | None]:
    form = after(application)
    return form["DialBridged"], form["DialCallStatus"], form.get("DialCallDuration")


def test_whoever_answers_hears_the_document_before_anybody_is_connected(
    exchange: Exchange, application: Application
) -> None:
    call = exchange.call(CALLER)
    leg = call.dial_answered()
    assert leg.last_heard == "Somebody needs help. Press 1 to talk."
    assert call.heard == []
    assert (call.talking, leg.talking) == (False, False)
    asked = application.asked[1]
    assert application.paths[1] == "/screen"
    assert (asked["CallSid"], asked["ParentCallSid"]) == (leg.sid, call.sid)
    assert (asked["From"], asked["To"], asked["Direction"]) == (CALLER, WORKER, "outbound-dial")
    assert asked["CallStatus"] == "in-progress"


def test_a_key_whose_action_answers_nothing_connects_the_two(exchange: Exchange, application: Application) -> None:
    call = exchange.call(CALLER)
    leg = call.dial_answered().press("1")
    assert application.asked[2]["Digits"] == "1"
    assert (call.talking, leg.talking) == (True, True)
    assert "/after" not in application.paths
    leg.hang_up(after=75)
    assert outcome(application) == ("true", "completed", "75")
    assert after(application)["DialCallSid"] == leg.sid
    assert after(application)["CallStatus"] == "in-progress"
    assert (leg.ended_by, call.last_heard) == ("caller", "Thank you.")


def test_the_callers_clock_counts_the_ringing_the_question_and_the_talk(exchange: Exchange) -> None:
    call = exchange.call(CALLER)
    leg = call.dial_answered().press("1")
    asked = leg.seconds
    leg.hang_up(after=75)
    assert call.heard[-1].at == pytest.approx(5 + asked + 75)


def test_a_document_that_ends_by_itself_connects_the_two(exchange: Exchange, application: Application) -> None:
    application.answers["/screen"] = document(say("A caller from the transport line."))
    call = exchange.call(CALLER)
    leg = call.dial_answered()
    assert (call.talking, leg.last_heard) == (True, "A caller from the transport line.")


def test_a_voicemail_hears_it_all_presses_nothing_and_is_not_connected(
    exchange: Exchange, application: Application
) -> None:
    call = exchange.call(CALLER)
    voicemail = call.dial_answered().silence()
    assert (voicemail.last_heard, voicemail.ended_by) == ("Nobody pressed 1.", "application")
    assert outcome(application) == ("false", "no-answer", None)
    assert after(application)["DialCallSid"] == voicemail.sid
    assert call.last_heard == "Thank you."
    assert call.heard[-1].at == pytest.approx(5 + voicemail.seconds)


def test_who_hangs_up_while_being_asked_is_not_connected(exchange: Exchange, application: Application) -> None:
    call = exchange.call(CALLER)
    call.dial_answered().hang_up(after=1)
    assert outcome(application) == ("false", "no-answer", None)
    assert call.last_heard == "Thank you."


def test_the_status_of_a_call_that_was_not_connected_can_be_another(
    exchange: Exchange, application: Application
) -> None:
    exchange.call(CALLER).dial_answered(declined_as="completed").silence()
    assert outcome(application) == ("false", "completed", None)


def test_a_caller_who_hangs_up_meanwhile_ends_both(exchange: Exchange, application: Application) -> None:
    call = exchange.call(CALLER)
    leg = call.dial_answered()
    call.hang_up()
    assert (leg.ended_by, leg.status) == ("the other end", "completed")
    assert outcome(application) == ("false", "no-answer", None)
    assert after(application)["CallStatus"] == "completed"
    with pytest.raises(NotNow, match="the call is over"):
        leg.press("1")


def test_a_caller_who_hangs_up_while_talking_ends_both(exchange: Exchange, application: Application) -> None:
    call = exchange.call(CALLER)
    leg = call.dial_answered().press("1")
    call.hang_up(after=20)
    assert outcome(application) == ("true", "completed", "20")
    assert (call.ended_by, leg.ended_by) == ("caller", "the other end")
    assert after(application)["DialCallSid"] == leg.sid


def test_a_number_that_hears_nothing_first_is_connected_at_once(exchange: Exchange, application: Application) -> None:
    call = exchange.call(CALLER)
    leg = call.dial_answered(OTHER)
    assert (call.talking, leg.talking, leg.heard) == (True, True, [])
    leg.hang_up()
    assert "/screen" not in application.paths
    assert outcome(application) == ("true", "completed", "0")


def test_only_a_number_that_rings_is_answered_and_only_once(exchange: Exchange, application: Application) -> None:
    call = exchange.call(CALLER)
    with pytest.raises(NotNow, match="does not ring"):
        call.dial_answered("+14155550199")
    call.dial_answered()
    with pytest.raises(NotNow, match="nothing is ringing"):
        call.dial_answered()
    with pytest.raises(NotNow, match="nothing is ringing"):
        call.dial_result("busy")


def test_our_own_number_is_shown_to_whoever_is_asked(exchange: Exchange, application: Application) -> None:
    application.answers["/voice"] = PUT_THROUGH.replace("timeout=", f'callerId="{exchange.number}" timeout=')
    exchange.call("anonymous").dial_answered()
    assert application.asked[1]["From"] == exchange.number


@pytest.mark.parametrize("verb", [f'<Dial action="/a">{OTHER}</Dial>', "<Leave/>", "<Reject/>"])
def test_what_is_played_first_dials_nobody(exchange: Exchange, application: Application, verb: str) -> None:
    application.answers["/screen"] = document(verb)
    call = exchange.call(CALLER)
    with pytest.raises(Refused, match="not before the called party is connected"):
        call.dial_answered()


def test_a_document_that_fails_connects_nobody(application: Application) -> None:
    application.answers |= {"/voice": PUT_THROUGH, "/screen": "<Response>", "/after": DONE}
    with Exchange(voice_url=application.public + "/voice", auth_token=TOKEN, strict=False) as exchange:
        call = exchange.call(CALLER)
        leg = call.dial_answered()
    assert leg.ended_by == "error 12100"
    assert outcome(application) == ("false", "no-answer", None)


def test_two_callers_are_put_through_apart_from_each_other(exchange: Exchange, application: Application) -> None:
    calls: list[Call] = [exchange.call(CALLER), exchange.call("+14155550124")]
    legs = [call.dial_answered() for call in calls]
    legs[1].press("1")
    legs[0].silence()
    assert [call.talking for call in calls] == [False, True]


LOOKED_FOR = 'machineDetection="Enable" amdStatusCallback="/answered-by"'


def looking(number: str) -> str:
    return document(f'<Dial action="/after">{number}</Dial>')


def test_who_answers_is_told_while_the_line_goes_on(exchange: Exchange, application: Application) -> None:
    application.answers["/voice"] = looking(f'<Number url="/screen" {LOOKED_FOR}>{WORKER}</Number>')
    application.answers["/answered-by"] = ""
    leg = exchange.call(CALLER).dial_answered().recognised("machine_start")
    exchange.settle()
    assert application.paths == ["/voice", "/screen", "/answered-by"]
    told = application.asked[2]
    assert (told["CallSid"], told["AnsweredBy"], told["MachineDetectionDuration"]) == (leg.sid, "machine_start", "3000")
    assert leg.gather is not None


@pytest.mark.parametrize(
    "number",
    [
        f'<Number url="/screen">{WORKER}</Number>',
        f'<Number url="/screen" amdStatusCallback="/answered-by">{WORKER}</Number>',
        f'<Number url="/screen" sendDigits="1" {LOOKED_FOR}>{WORKER}</Number>',
        WORKER,
    ],
)
def test_where_nobody_looks_for_machines_nothing_is_told(
    exchange: Exchange, application: Application, number: str
) -> None:
    application.answers["/voice"] = looking(number)
    leg = exchange.call(CALLER).dial_answered()
    with pytest.raises(NotNow, match="who answers"):
        leg.recognised("fax")
