"""Texts in and out: the form that arrives, replies, statuses, STOP and START."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Response
from hypothesis import given
from hypothesis import strategies as st

from simulator.exchange import Exchange, Fault, Refused
from simulator.exchange.optout import keyword
from simulator.exchange.segments import segments
from tests.exchange.application import TOKEN, Application
from tests.exchange.rest_client import client

RESIDENT = "+14155550123"


@pytest.fixture
def exchange(application: Application) -> Iterator[Exchange]:
    with Exchange(sms_url=application.public + "/sms", auth_token=TOKEN) as made:
        yield made


def bodies(exchange: Exchange, to: str = RESIDENT) -> list[str]:
    return [text.body for text in exchange.outbox(to)]


def test_a_text_arrives_as_twilio_posts_it(exchange: Exchange, application: Application) -> None:
    text = exchange.sms(RESIDENT, "", "tarjeta de autobús", FromCountry="US")
    asked = application.asked[0]
    assert asked["MessageSid"] == asked["SmsSid"] == text.sid
    assert asked["AccountSid"] == exchange.account_sid
    assert (asked["From"], asked["To"]) == (RESIDENT, exchange.number)
    assert asked["Body"] == "tarjeta de autobús"
    assert (asked["NumMedia"], asked["NumSegments"]) == ("0", "1")
    assert asked["FromCountry"] == "US"
    assert "OptOutType" not in asked


def test_a_picture_arrives_with_its_address(exchange: Exchange, application: Application) -> None:
    exchange.sms(RESIDENT, "", "", media=["https://pictures.example/1"])
    asked = application.asked[0]
    assert (asked["NumMedia"], asked["MediaUrl0"]) == ("1", "https://pictures.example/1")
    assert asked["MessageSid"].startswith("MM")


def test_an_empty_answer_sends_nothing(exchange: Exchange) -> None:
    exchange.sms(RESIDENT, "", "hello")
    assert exchange.outbox(RESIDENT) == []
    assert exchange.debugger == []


def test_a_message_in_the_answer_is_sent_to_whoever_wrote(exchange: Exchange, application: Application) -> None:
    application.answers["/sms"] = "<Response><Message>Hello.</Message></Response>"
    exchange.sms(RESIDENT, "", "hello")
    (sent,) = exchange.outbox(RESIDENT)
    assert (sent.body, sent.direction, sent.status) == ("Hello.", "outbound-reply", "delivered")


def test_a_text_is_posted_again_after_a_lost_answer_only_if_the_url_asks_for_it(application: Application) -> None:
    with Exchange(sms_url=application.public + "/sms#rc=2&rp=rt", auth_token=TOKEN) as exchange:
        exchange.trouble.arrange(Fault.LOST_ANSWER, "/sms")
        exchange.sms(RESIDENT, "", "hello")
    assert len(application.asked) == 2
    assert application.asked[0] == application.asked[1]


def test_a_text_delivered_twice_has_one_sid(exchange: Exchange, application: Application) -> None:
    exchange.trouble.arrange(Fault.TWICE, "/sms")
    exchange.sms(RESIDENT, "", "hello")
    assert [asked["MessageSid"] for asked in application.asked] == [application.asked[0]["MessageSid"]] * 2


def test_a_failing_answer_goes_to_the_fallback_and_into_the_debugger(application: Application) -> None:
    application.answers["/sms"] = lambda: Response(status=500)
    fallback = application.public + "/sms/fallback"
    with Exchange(sms_url=application.public + "/sms", sms_fallback_url=fallback, auth_token=TOKEN) as exchange:
        text = exchange.sms(RESIDENT, "", "hello")
    assert application.asked[1]["ErrorCode"] == "11200"
    assert application.asked[1]["Body"] == "hello"
    assert [(notice.code, notice.sid) for notice in exchange.debugger] == [(11200, text.sid)]


def test_voice_verbs_do_not_answer_a_text(exchange: Exchange, application: Application) -> None:
    application.answers["/sms"] = "<Response><Say>Hello.</Say></Response>"
    with pytest.raises(Refused, match="<Say>"):
        exchange.sms(RESIDENT, "", "hello")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("STOP", "STOP"),
        (" stop ", "STOP"),
        ("Cancel", "STOP"),
        ("revoke", "STOP"),
        ("START", "START"),
        ("yes", "START"),
        ("help", "HELP"),
        ("STOP PLEASE", ""),
        ("stop.", ""),
        ("BAJA", ""),
        ("停止", ""),
        ("", ""),
    ],
)
def test_only_a_whole_message_of_one_english_word_is_a_keyword(body: str, kind: str) -> None:
    assert keyword(body) == kind


def test_after_stop_the_exchange_answers_itself_and_refuses_until_start(
    exchange: Exchange, application: Application
) -> None:
    application.answers["/sms"] = "<Response><Message>Hello.</Message></Response>"
    exchange.sms(RESIDENT, "", "Stop")
    assert application.asked[0]["OptOutType"] == "STOP"
    assert [text.by_exchange for text in exchange.outbox(RESIDENT)] == [True]
    assert "unsubscribed" in bodies(exchange)[0]
    assert [notice.code for notice in exchange.debugger] == [21610]
    exchange.sms(RESIDENT, "", "START")
    assert application.asked[1]["OptOutType"] == "START"
    assert bodies(exchange)[2] == "Hello."


def test_help_is_answered_and_changes_nothing(exchange: Exchange, application: Application) -> None:
    exchange.sms(RESIDENT, "", "HELP")
    assert application.asked[0]["OptOutType"] == "HELP"
    assert bodies(exchange) == ["Reply STOP to unsubscribe. Msg&Data Rates May Apply."]
    assert exchange.texts.refused(exchange.number, RESIDENT) == 0


def test_one_residents_stop_is_not_anothers(exchange: Exchange) -> None:
    exchange.sms(RESIDENT, "", "STOP")
    assert exchange.texts.refused(exchange.number, RESIDENT) == 21610
    assert exchange.texts.refused(exchange.number, "+14155550124") == 0


def test_without_advanced_opt_out_the_word_itself_is_all_that_is_posted(application: Application) -> None:
    with Exchange(sms_url=application.public + "/sms", auth_token=TOKEN, advanced_opt_out=False) as exchange:
        exchange.sms(RESIDENT, "", "STOP")
    assert "OptOutType" not in application.asked[0]
    assert application.asked[0]["Body"] == "STOP"


def statuses(application: Application) -> list[tuple[str, str | None]]:
    return [(asked["MessageStatus"], asked.get("ErrorCode")) for asked in application.asked]


@pytest.mark.parametrize(
    ("fate", "code", "reported"),
    [
        ("delivered", None, [("sent", None), ("delivered", None)]),
        ("undelivered", 30003, [("sent", None), ("undelivered", "30003")]),
        ("failed", 30007, [("failed", "30007")]),
        ("sent", None, [("sent", None)]),
    ],
)
def test_every_status_after_the_first_is_called_back_signed(
    exchange: Exchange,
    application: Application,
    fate: str,
    code: int | None,
    reported: list[tuple[str, str | None]],
) -> None:
    exchange.texts.fate(RESIDENT, fate, code)
    made = client(exchange).messages.create(
        to=RESIDENT, from_=exchange.number, body="Hello.", status_callback=application.public + "/sms/status"
    )
    exchange.settle()
    assert made.status == "queued"
    assert statuses(application) == reported
    assert {asked["MessageSid"] for asked in application.asked} == {made.sid}
    found = client(exchange).messages(made.sid).fetch()
    assert (found.status, found.error_code) == (fate, code)


def test_status_callbacks_of_a_text_can_arrive_in_the_other_order(exchange: Exchange, application: Application) -> None:
    exchange.callbacks.hold()
    client(exchange).messages.create(
        to=RESIDENT, from_=exchange.number, body="Hello.", status_callback=application.public + "/sms/status"
    )
    exchange.settle()
    assert application.asked == []
    exchange.callbacks.held.reverse()
    exchange.callbacks.release()
    exchange.settle()
    assert [status for status, _ in statuses(application)] == ["delivered", "sent"]


def test_through_a_messaging_service_a_text_is_first_accepted_then_queued(
    exchange: Exchange, application: Application
) -> None:
    made = client(exchange).messages.create(
        to=RESIDENT,
        messaging_service_sid="MG" + "0" * 32,
        body="Hello.",
        status_callback=application.public + "/sms/status",
    )
    exchange.settle()
    assert (made.status, made.from_) == ("accepted", None)
    assert [status for status, _ in statuses(application)] == ["queued", "sent", "delivered"]
    assert exchange.outbox(RESIDENT)[0].from_ == exchange.number


def test_a_fate_is_one_that_texts_have(exchange: Exchange) -> None:
    with pytest.raises(ValueError, match="a text ends as"):
        exchange.texts.fate(RESIDENT, "lost")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" * 5, 2),
        ("ñ" * 160, 1),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("汉" * 70, 1),
        ("汉" * 134, 2),
        ("汉" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("汉" * 66 + "😀" * 5, 2),
    ],
)
def test_segments_are_counted_as_they_are_billed(text: str, count: int) -> None:
    assert segments(text) == count


@given(st.text(max_size=400), st.text(max_size=50))
def test_a_longer_text_never_takes_fewer_segments(text: str, more: str) -> None:
    assert segments(text) <= segments(text + more)
