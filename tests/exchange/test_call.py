"""A caller on the line: keys, words, silence, and what Twilio makes of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.exchange import Call, Exchange, NotNow, RunawayCall
from tests.exchange.application import TOKEN, Application
from tests.exchange.documents import BOTH, DIGITS, DONE, MENU, document, gather, say

CALLER = "+14155550123"


@pytest.fixture
def exchange(application: Application) -> Iterator[Exchange]:
    application.answers |= {"/turn": DONE, "/silent": MENU}
    with Exchange(
        voice_url=application.public + "/voice", status_url=application.public + "/status", auth_token=TOKEN
    ) as made:
        yield made


def calling(exchange: Exchange, application: Application, first: str, from_: str = CALLER) -> Call:
    application.answers["/voice"] = first
    return exchange.call(from_)


def test_the_first_request_says_who_calls_whom_and_that_it_rings(exchange: Exchange, application: Application) -> None:
    application.answers["/voice"] = MENU
    call = exchange.call(CALLER, StirVerstat="TN-Validation-Passed-A")
    asked = application.asked[0]
    assert asked["From"] == CALLER
    assert asked["To"] == exchange.number
    assert asked["CallStatus"] == "ringing"
    assert asked["Direction"] == "inbound"
    assert asked["CallSid"] == call.sid
    assert asked["ApiVersion"] == "2010-04-01"
    assert asked["StirVerstat"] == "TN-Validation-Passed-A"
    assert call.status == "in-progress"


def test_a_key_goes_to_the_action_and_its_answer_is_heard(exchange: Exchange, application: Application) -> None:
    call = calling(exchange, application, MENU)
    assert call.last_heard == "Press a key."
    call.press("1")
    assert application.asked[1]["Digits"] == "1"
    assert application.asked[1]["CallStatus"] == "in-progress"
    assert call.last_heard == "Thank you."


def test_a_call_whose_verbs_run_out_is_hung_up_and_reported_with_its_length(
    exchange: Exchange, application: Application
) -> None:
    call = calling(exchange, application, MENU).press("1")
    report = application.asked[-1]
    assert application.paths[-1] == "/status"
    assert report["CallStatus"] == call.status == "completed"
    assert report["CallDuration"] == str(round(call.seconds))
    assert report["SequenceNumber"] == "0"
    assert report["Timestamp"].endswith("+0000")
    assert call.ended_by == "end of the answer"


def test_digits_end_with_the_finishing_key_which_is_not_sent(exchange: Exchange, application: Application) -> None:
    calling(exchange, application, DIGITS).press("241#")
    assert application.asked[1]["Digits"] == "241"
    assert application.asked[1]["FinishedOnKey"] == "#"


def test_digits_without_a_finishing_key_end_after_the_time_out(exchange: Exchange, application: Application) -> None:
    call = calling(exchange, application, DIGITS)
    begun = call.seconds
    call.press("24")
    assert application.asked[1]["Digits"] == "24"
    assert call.heard[-1].at - begun == 2 * 0.5 + 8


def test_a_lone_hash_is_silence(exchange: Exchange, application: Application) -> None:
    calling(exchange, application, DIGITS).press("#")
    assert [path for path in application.paths if path == "/turn"] == []
    assert application.paths[1] == "/silent"


def test_a_hash_is_data_where_the_finishing_key_is_empty(exchange: Exchange, application: Application) -> None:
    calling(exchange, application, document(gather(numDigits="1", finishOnKey=""))).press("#")
    assert application.asked[1]["Digits"] == "#"


def test_a_star_is_data(exchange: Exchange, application: Application) -> None:
    calling(exchange, application, DIGITS).press("**#")
    assert application.asked[1]["Digits"] == "**"


def test_keys_after_the_end_of_a_gather_are_heard_by_nobody(exchange: Exchange, application: Application) -> None:
    call = calling(exchange, application, MENU).press("123")
    assert application.asked[1]["Digits"] == "1"
    assert call.lost_keys == "23"


def test_silence_lasts_the_time_out_and_goes_on_with_the_next_verb(
    exchange: Exchange, application: Application
) -> None:
    call = calling(exchange, application, DIGITS)
    begun = call.seconds
    call.silence()
    assert application.paths[1] == "/silent"
    assert call.heard[-1].at - begun == 8


def test_silence_goes_to_the_action_if_empty_results_are_asked_for(
    exchange: Exchange, application: Application
) -> None:
    calling(exchange, application, document(gather(actionOnEmptyResult="true"))).silence()
    assert application.paths[1] == "/turn"
    assert application.asked[1]["Digits"] == ""


def test_silence_at_the_end_of_a_document_ends_the_call(exchange: Exchange, application: Application) -> None:
    call = calling(exchange, application, document(gather())).silence()
    assert call.ended_by == "end of the answer"


def test_words_go_to_the_action_with_their_confidence(exchange: Exchange, application: Application) -> None:
    calling(exchange, application, BOTH).say("my mother needs help", confidence=0.8)
    asked = application.asked[1]
    assert asked["SpeechResult"] == "my mother needs help"
    assert asked["Confidence"] == "0.8"
    assert "Digits" not in asked


def test_words_may_come_without_a_confidence(exchange: Exchange, application: Application) -> None:
    calling(exchange, application, BOTH).say("hello", confidence=None)
    assert "Confidence" not in application.asked[1]


def test_words_are_silence_where_only_keys_are_listened_to(exchange: Exchange, application: Application) -> None:
    calling(exchange, application, MENU).say("hello")
    assert application.paths[1] == "/silent"


def test_a_key_pressed_while_it_speaks_interrupts_it(exchange: Exchange, application: Application) -> None:
    two = document(gather(say("One two three four five six.") + say("Seven eight nine."), numDigits="1"))
    call = calling(exchange, application, two)
    assert [spoken.text[:5] for spoken in call.heard] == ["One t", "Seven"]
    call.press("1", after=1.0)
    assert [(spoken.text[:5], spoken.cut) for spoken in call.heard] == [("One t", True), ("Thank", False)]
    assert call.heard[0].seconds == 1.0
    assert call.heard[1].at == 1.5


def test_what_was_heard_before_the_gather_stays_heard(exchange: Exchange, application: Application) -> None:
    call = calling(exchange, application, document(say("Welcome.") + gather(numDigits="1")))
    call.press("1", after=0.0)
    assert [spoken.text for spoken in call.heard] == ["Welcome.", "Thank you."]


def test_a_redirect_goes_on_relative_to_the_document_it_stands_in(exchange: Exchange, application: Application) -> None:
    application.answers["/deep/next"] = document('<Redirect method="GET">more?x=1</Redirect>')
    application.answers["/deep/more"] = DONE
    call = calling(exchange, application, document("<Redirect>deep/next</Redirect>"))
    assert application.paths[:3][1] == "/deep/next"
    assert application.paths[2].startswith("/deep/more?x=1&CallSid=")
    assert call.last_heard == "Thank you."


def test_a_hangup_ends_the_call(exchange: Exchange, application: Application) -> None:
    call = calling(exchange, application, document(say("Goodbye.") + "<Hangup/>"))
    assert (call.status, call.ended_by) == ("completed", "application")


@pytest.mark.parametrize(("attributes", "status"), [("", "no-answer"), (' reason="busy"', "busy")])
def test_a_rejected_call_is_never_answered(
    exchange: Exchange, application: Application, attributes: str, status: str
) -> None:
    call = calling(exchange, application, document(f"<Reject{attributes}/>"))
    assert call.status == status
    assert call.seconds == 0
    assert application.asked[-1]["CallStatus"] == status


def test_a_caller_who_hangs_up_is_reported(exchange: Exchange, application: Application) -> None:
    call = calling(exchange, application, MENU).hang_up()
    assert (call.status, call.ended_by) == ("completed", "caller")
    assert application.paths == ["/voice", "/status"]


def test_nothing_can_be_pressed_when_the_call_is_over(exchange: Exchange, application: Application) -> None:
    call = calling(exchange, application, MENU).hang_up()
    with pytest.raises(NotNow, match="over"):
        call.press("1")


def test_there_are_only_twelve_keys(exchange: Exchange, application: Application) -> None:
    call = calling(exchange, application, MENU)
    with pytest.raises(ValueError, match="0 to 9"):
        call.press("1a")


def test_documents_that_lead_to_each_other_for_ever_are_found(exchange: Exchange, application: Application) -> None:
    with pytest.raises(RunawayCall):
        calling(exchange, application, document("<Redirect>/voice</Redirect>"))


def test_the_transcript_reads_like_the_call(exchange: Exchange, application: Application) -> None:
    call = calling(exchange, application, MENU).press("1")
    assert call.transcript().splitlines() == [
        "00:00  caller: +14155550123 calls +14155550100",
        "00:00  line:   [en-US] Press a key.",
        "00:01  caller: presses 1",
        "00:01  line:   [en-US] Thank you.",
        "00:02  line:   (over: completed, by end of the answer)",
    ]
