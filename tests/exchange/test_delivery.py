"""Webhooks on a bad day: retries, lost answers, time-outs, the fallback, and the sentence that nobody wants."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Response

from simulator.exchange import Exchange, Fault, Refused
from simulator.exchange.overrides import MisreadFragment, Overrides, overrides
from tests.exchange.application import TOKEN, Application
from tests.exchange.documents import DONE, MENU, document, gather, say

CALLER = "+14155550123"
PATIENT = document(gather(numDigits="1", action="/turn?turn=3#rc=3&amp;rp=5xx,ct,rt"))
IDEMPOTENCY = "I-Twilio-Idempotency-Token"


def line(application: Application, voice_fallback_url: str = "", status_url: str = "") -> Exchange:
    return Exchange(
        voice_url=application.public + "/voice",
        voice_fallback_url=voice_fallback_url,
        status_url=status_url,
        auth_token=TOKEN,
        strict=False,
    )


@pytest.fixture
def exchange(application: Application) -> Iterator[Exchange]:
    application.answers |= {"/voice": PATIENT, "/turn": DONE}
    with line(application) as made:
        yield made


def failures(exchange: Exchange, path: str = "/turn") -> list[str]:
    return [attempt.failure for attempt in exchange.attempts if path in attempt.url]


def test_the_defaults_are_one_more_try_and_only_without_a_connection() -> None:
    assert overrides("http://a.example/v") == Overrides(
        connect=5.0, read=15.0, total=15.0, retries=1, policies=frozenset({"ct"})
    )


def test_a_fragment_changes_them() -> None:
    found = overrides("http://a.example/v?x=1#rc=3&rp=5xx,ct,rt&ct=200&rt=3000&tt=9000&e=dublin")
    assert found == Overrides(connect=0.2, read=3.0, total=9.0, retries=3, policies=frozenset({"5xx", "ct", "rt"}))


@pytest.mark.parametrize(
    "fragment", ["rc=6", "rc=-1", "ct=99", "ct=10001", "rt=15001", "tt=x", "rp=500", "rp=", "x=1", "e=mars", "top"]
)
def test_a_fragment_that_twilio_would_not_understand_is_named(fragment: str) -> None:
    with pytest.raises(MisreadFragment, match=r"expected|keys are"):
        overrides(f"http://a.example/v#{fragment}")


def test_the_fragment_is_neither_sent_nor_signed(exchange: Exchange, application: Application) -> None:
    exchange.call(CALLER).press("1")
    assert application.paths[1] == "/turn?turn=3"


def test_a_lost_answer_is_asked_for_again_with_the_same_form_and_token(
    exchange: Exchange, application: Application
) -> None:
    call = exchange.call(CALLER)
    exchange.trouble.arrange(Fault.LOST_ANSWER, "/turn", times=2)
    call.press("1")
    assert failures(exchange) == ["rt", "rt", ""]
    assert application.asked[1] == application.asked[2] == application.asked[3]
    assert len({headers[IDEMPOTENCY] for headers in application.headers[1:4]}) == 1
    assert call.last_heard == "Thank you."
    assert exchange.trouble.waiting == 0


def test_every_delivery_has_a_token_of_its_own(exchange: Exchange, application: Application) -> None:
    exchange.call(CALLER).press("1")
    assert application.headers[0][IDEMPOTENCY] != application.headers[1][IDEMPOTENCY]


@pytest.mark.parametrize(("status", "seen"), [(500, ["5xx", ""]), (503, ["5xx", ""]), (404, ["4xx"])])
def test_a_status_is_tried_again_only_if_the_policy_says_so(
    exchange: Exchange, application: Application, status: int, seen: list[str]
) -> None:
    call = exchange.call(CALLER)
    exchange.trouble.arrange(Fault.REFUSED, "/turn", status=status)
    call.press("1")
    assert failures(exchange) == seen


def test_by_default_a_server_error_is_not_tried_again(exchange: Exchange, application: Application) -> None:
    exchange.trouble.arrange(Fault.REFUSED, "/voice", status=500)
    call = exchange.call(CALLER)
    assert failures(exchange, "/voice") == ["5xx"]
    assert [notice.code for notice in exchange.debugger] == [11200]
    assert call.last_heard == "We are sorry. An application error has occurred. Goodbye."
    assert call.ended_by == "error 11200"


def test_by_default_a_missing_connection_is_tried_once_more(exchange: Exchange, application: Application) -> None:
    exchange.trouble.arrange(Fault.LOST_REQUEST, "/voice")
    assert exchange.call(CALLER).last_heard == "Press a key."
    exchange.trouble.arrange(Fault.LOST_REQUEST, "/voice", times=2)
    assert exchange.call(CALLER).ended_by == "error 11205"


def test_a_server_that_is_not_there_is_no_connection() -> None:
    with Exchange(voice_url="http://127.0.0.1:9/voice") as exchange:
        call = exchange.call(CALLER)
    assert call.ended_by == "error 11205"
    assert failures(exchange, "/voice") == ["ct", "ct"]


def test_fifteen_seconds_are_all_there_is_however_many_tries_are_left(
    exchange: Exchange, application: Application
) -> None:
    call = exchange.call(CALLER)
    begun = call.seconds
    exchange.trouble.arrange(Fault.LATE_ANSWER, "/turn", times=9, seconds=60)
    call.press("1")
    assert failures(exchange) == ["rt"]
    assert call.heard[-1].at - begun == pytest.approx(15.5, abs=0.1)
    assert call.ended_by == "error 11200"


def test_a_shorter_reading_time_leaves_time_to_try_again(exchange: Exchange, application: Application) -> None:
    short = document(gather(numDigits="1", action="/turn#rc=3&amp;rp=rt&amp;rt=4000"))
    application.answers["/voice"] = short
    call = exchange.call(CALLER)
    exchange.trouble.arrange(Fault.LATE_ANSWER, "/turn", times=2, seconds=60)
    call.press("1")
    assert failures(exchange) == ["rt", "rt", ""]
    assert call.last_heard == "Thank you."


def test_a_late_answer_within_the_time_only_makes_the_caller_wait(exchange: Exchange, application: Application) -> None:
    call = exchange.call(CALLER)
    begun = call.seconds
    exchange.trouble.arrange(Fault.LATE_ANSWER, "/turn", seconds=6)
    call.press("1")
    assert call.heard[-1].at - begun == 6.5


def test_a_real_time_out_is_one_too(exchange: Exchange, application: Application) -> None:
    def slowly() -> str:
        time.sleep(0.3)
        return DONE

    application.answers |= {
        "/voice": document(gather(numDigits="1", action="/turn#rt=100&amp;rc=0")),
        "/turn": slowly,
    }
    call = exchange.call(CALLER).press("1")
    assert failures(exchange) == ["rt"]
    assert call.ended_by == "error 11200"


def test_a_request_delivered_twice_is_answered_twice_and_heard_once(
    exchange: Exchange, application: Application
) -> None:
    call = exchange.call(CALLER)
    exchange.trouble.arrange(Fault.TWICE, "/turn")
    call.press("1")
    assert application.paths[1:3] == ["/turn?turn=3", "/turn?turn=3"]
    assert [spoken.text for spoken in call.heard] == ["Press a key.", "Thank you."]


@pytest.mark.parametrize("fault", [Fault.BAD_SIGNATURE, Fault.NO_SIGNATURE])
def test_a_request_that_is_not_signed_by_us_is_turned_away(
    exchange: Exchange, application: Application, fault: Fault
) -> None:
    exchange.trouble.arrange(fault, "/voice")
    exchange.call(CALLER)
    assert [attempt.status for attempt in exchange.attempts] == [403]


def test_the_fallback_is_asked_with_the_error_and_goes_on(application: Application) -> None:
    application.answers |= {"/voice": lambda: Response("oh", status=500), "/fallback": MENU}
    with line(application, voice_fallback_url=application.public + "/fallback") as exchange:
        call = exchange.call(CALLER)
    asked = application.asked[1]
    assert (asked["ErrorCode"], asked["ErrorUrl"]) == ("11200", application.public + "/voice")
    assert call.last_heard == "Press a key."
    assert not call.over


def test_a_fallback_that_fails_as_well_drops_the_call(application: Application) -> None:
    application.answers |= {"/voice": "no xml", "/fallback": lambda: Response("oh", status=500)}
    with line(application, voice_fallback_url=application.public + "/fallback") as exchange:
        call = exchange.call(CALLER)
    assert [notice.code for notice in exchange.debugger] == [12100, 11200]
    assert call.ended_by == "error 11200"


def test_without_xml_the_debugger_says_so(exchange: Exchange, application: Application) -> None:
    application.answers["/voice"] = lambda: Response("<Response/>", content_type="text/html")
    assert exchange.call(CALLER).ended_by == "error 12300"
    assert exchange.debugger[0].url == application.public + "/voice"


def test_a_strict_exchange_tells_the_test_that_the_table_is_broken(application: Application) -> None:
    application.answers["/voice"] = document("<Gather/>")
    with Exchange(voice_url=application.public + "/voice", auth_token=TOKEN) as exchange:
        with pytest.raises(Refused, match="an action"):
            exchange.call(CALLER)
        assert [notice.code for notice in exchange.debugger] == [12200]


def test_redirects_are_followed_but_not_for_ever(exchange: Exchange, application: Application) -> None:
    application.answers["/voice"] = lambda: Response(status=307, headers={"Location": "/there"})
    application.answers["/there"] = MENU
    assert exchange.call(CALLER).last_heard == "Press a key."
    assert application.asked[1]["From"] == CALLER
    application.answers["/there"] = lambda: Response(status=302, headers={"Location": "/there"})
    assert exchange.call(CALLER).ended_by == "error 11215"


def test_a_url_with_a_fragment_of_its_own_making_is_not_asked() -> None:
    with Exchange(voice_url="http://127.0.0.1:9/voice#top") as exchange:
        assert exchange.call(CALLER).ended_by == "error 11100"
    assert exchange.attempts == []


def test_a_public_https_address_can_be_served_on_this_machine(application: Application) -> None:
    real, application.public = application.public, "https://line.example"
    application.answers["/voice"] = MENU
    with Exchange(
        voice_url="https://line.example:8443/voice", auth_token=TOKEN, hosts={"https://line.example:8443": real}
    ) as exchange:
        assert exchange.call(CALLER).last_heard == "Press a key."
    assert application.headers[0]["Host"] == "line.example:8443"


def test_a_name_and_password_in_the_url_become_basic_authentication(application: Application) -> None:
    application.answers["/voice"] = MENU
    host = application.public.removeprefix("http://")
    with Exchange(voice_url=f"http://town:secret@{host}/voice", auth_token=TOKEN) as exchange:
        assert exchange.call(CALLER).last_heard == "Press a key."
    assert application.headers[0]["Authorization"] == "Basic dG93bjpzZWNyZXQ="


def test_many_calls_may_be_made_at_once(exchange: Exchange, application: Application) -> None:
    callers = [f"+1415555{number:04}" for number in range(100, 116)]
    with ThreadPoolExecutor(8) as threads:
        calls = list(threads.map(lambda caller: exchange.call(caller).press("1"), callers))
    assert len({call.sid for call in calls}) == 16
    assert {call.last_heard for call in calls} == {"Thank you."}
    turns = [asked for asked in application.asked if "Digits" in asked]
    assert {(asked["CallSid"], asked["From"]) for asked in turns} == {(c.sid, c.leg.from_) for c in calls}


def test_status_callbacks_can_be_held_reordered_and_repeated(application: Application) -> None:
    application.answers["/voice"] = document(say("Hello."))
    with line(application, status_url=application.public + "/status") as exchange:
        exchange.callbacks.hold()
        first, second = exchange.call(CALLER), exchange.call("+14155550124")
        assert application.paths == ["/voice", "/voice"]
        exchange.callbacks.held = [*reversed(exchange.callbacks.held), exchange.callbacks.held[0]]
        exchange.callbacks.release()
        exchange.settle()
    reported = [asked["CallSid"] for asked in application.asked[2:]]
    assert reported == [second.sid, first.sid, first.sid]


def test_a_status_callback_that_fails_stands_in_the_debugger(application: Application) -> None:
    application.answers |= {"/voice": DONE, "/status": lambda: Response(status=500)}
    with line(application, status_url=application.public + "/status") as exchange:
        call = exchange.call(CALLER)
    assert [(notice.code, notice.sid) for notice in exchange.debugger] == [(11200, call.sid)]
