"""The REST API through Twilio's own client, and against Twilio's own description of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from simulator import exchange as package
from simulator.exchange import Exchange, Fault, NotNow
from tests.exchange.application import TOKEN, Application
from tests.exchange.documents import DONE, MENU, document, say
from tests.exchange.rest_client import client

RESIDENT = "+14155550123"
FOUND = Path(str(package.__file__)).parent / "specs" / "twilio_rest.json"
ROOT = "/2010-04-01/Accounts/{AccountSid}"


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with Exchange(auth_token=TOKEN) as made:
        yield made


@pytest.fixture
def api(exchange: Exchange) -> Client:
    return client(exchange)


def refusal(ask: Callable[..., object], *rest: object, **named: object) -> object:
    with pytest.raises(TwilioRestException) as raised:
        ask(*rest, **named)
    code: object = raised.value.code
    return code


# --- messages -----------------------------------------------------------------------------------------------


def test_a_text_sent_by_the_client_lies_in_the_residents_outbox(exchange: Exchange, api: Client) -> None:
    made = api.messages.create(to=RESIDENT, from_=exchange.number, body="您好")
    (text,) = exchange.outbox(RESIDENT)
    assert (text.sid, text.body, text.direction) == (made.sid, "您好", "outbound-api")
    assert made.num_segments == "1"
    assert made.date_created is not None
    assert made.date_created.tzinfo is not None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"to": "415"}, 21211),
        ({"to": "+1415555012a"}, 21211),
        ({"from_": "+14155550199"}, 21606),
        ({"to": "+14155550100"}, 21266),
        ({"body": "a" * 1601}, 21617),
        ({"body": ""}, 21602),
        ({"to": ""}, 21604),
        ({"from_": ""}, 21603),
        ({"status_callback": "/sms/status"}, 21609),
        ({"status_callback": "https://a.example/s#rc=99"}, 21609),
    ],
)
def test_a_text_that_cannot_be_sent_is_refused_with_twilios_code(
    exchange: Exchange, api: Client, changed: dict[str, str], code: int
) -> None:
    asked = {"to": RESIDENT, "from_": exchange.number, "body": "Hello."} | changed
    assert refusal(api.messages.create, **asked) == code
    assert exchange.texts.all == []


def test_nobody_who_said_stop_gets_a_text(exchange: Exchange, api: Client, application: Application) -> None:
    exchange.texts.opted_out.add((exchange.number, RESIDENT))
    assert refusal(api.messages.create, to=RESIDENT, from_=exchange.number, body="Hello.") == 21610


def test_a_number_can_be_made_one_that_is_refused(exchange: Exchange, api: Client) -> None:
    exchange.texts.refuse(RESIDENT, 21614)
    assert refusal(api.messages.create, to=RESIDENT, from_=exchange.number, body="Hello.") == 21614


def test_texts_are_listed_by_receiver_and_by_date(exchange: Exchange, api: Client) -> None:
    for to in (RESIDENT, "+14155550124", RESIDENT):
        api.messages.create(to=to, from_=exchange.number, body="Hello.")
    exchange.settle()
    now = datetime.now(UTC)
    earlier, later = now - timedelta(minutes=5), now + timedelta(minutes=5)
    assert len(api.messages.list()) == 3
    assert {text.to for text in api.messages.list(to=RESIDENT)} == {RESIDENT}
    assert len(api.messages.list(to=RESIDENT, date_sent_after=earlier)) == 2
    assert api.messages.list(to=RESIDENT, date_sent_after=later) == []
    assert len(api.messages.list(from_=exchange.number, date_sent_before=later)) == 3
    assert api.messages.list(date_sent_before=earlier) == []
    day = {text.created.date() for text in exchange.texts.all}
    assert sum(len(api.messages.list(date_sent=one)) for one in day) == 3
    assert api.messages.list(date_sent=now.date() - timedelta(days=3)) == []


def test_a_long_list_comes_in_pages_newest_first(exchange: Exchange, api: Client) -> None:
    for number in range(5):
        api.messages.create(to=RESIDENT, from_=exchange.number, body=str(number))
    assert [text.body for text in api.messages.list(page_size=2)] == ["4", "3", "2", "1", "0"]
    page = api.messages.page(page_size=2, page_number=1)
    assert page.previous_page_url is not None
    assert page.next_page_url is not None


@pytest.mark.parametrize("query", ["PageSize=0", "PageSize=1001", "Page=x", "DateSent=tomorrow"])
def test_a_query_that_means_nothing_is_refused(exchange: Exchange, query: str) -> None:
    found = requests.get(
        f"{exchange.api_url}/2010-04-01/Accounts/{exchange.account_sid}/Messages.json?{query}",
        auth=(exchange.account_sid, TOKEN),
        timeout=2,
    )
    assert (found.status_code, found.json()["code"]) == (400, 20001)


# --- trouble ------------------------------------------------------------------------------------------------


def test_without_the_right_token_nothing_is_done(exchange: Exchange) -> None:
    stranger = client(exchange, token="other")
    assert refusal(stranger.messages.create, to=RESIDENT, from_=exchange.number, body="Hello.") == 20003
    assert exchange.texts.all == []


def test_what_is_not_there_is_not_found(exchange: Exchange, api: Client) -> None:
    assert refusal(api.messages("SM" + "f" * 32).fetch) == 20404
    assert refusal(api.calls("CA" + "f" * 32).fetch) == 20404
    assert refusal(api.queues.create, friendly_name="help") == 20404


def test_too_many_requests_are_told_to_wait(exchange: Exchange, api: Client) -> None:
    exchange.rest_trouble.arrange(Fault.REFUSED, status=429)
    assert refusal(api.messages.create, to=RESIDENT, from_=exchange.number, body="Hello.") == 20429
    assert exchange.texts.all == []
    assert api.messages.create(to=RESIDENT, from_=exchange.number, body="Hello.").status == "queued"


def test_a_server_error_has_no_code_of_twilios_and_nothing_was_sent(exchange: Exchange, api: Client) -> None:
    exchange.rest_trouble.arrange(Fault.REFUSED, status=503)
    assert refusal(api.messages.create, to=RESIDENT, from_=exchange.number, body="Hello.") == 503
    assert exchange.texts.all == []


@pytest.mark.parametrize(("fault", "sent"), [(Fault.LOST_REQUEST, 0), (Fault.LOST_ANSWER, 1)])
def test_a_lost_connection_leaves_open_whether_the_text_was_sent(
    exchange: Exchange, api: Client, fault: Fault, sent: int
) -> None:
    exchange.rest_trouble.arrange(fault)
    with pytest.raises(requests.exceptions.ConnectionError):
        api.messages.create(to=RESIDENT, from_=exchange.number, body="Hello.")
    assert len(exchange.outbox(RESIDENT)) == sent
    assert len(api.messages.list(to=RESIDENT)) == sent


def test_an_answer_can_come_too_late_for_the_client(exchange: Exchange, api: Client) -> None:
    exchange.rest_trouble.arrange(Fault.LATE_ANSWER, seconds=30)
    with pytest.raises(requests.exceptions.Timeout):
        api.messages.create(to=RESIDENT, from_=exchange.number, body="Hello.")
    assert len(exchange.outbox(RESIDENT)) == 1


def test_other_methods_are_not_allowed(exchange: Exchange, api: Client) -> None:
    made = api.messages.create(to=RESIDENT, from_=exchange.number, body="Hello.")
    assert refusal(api.messages(made.sid).update, body="") == 20004


# --- calls --------------------------------------------------------------------------------------------------


@pytest.fixture
def line(application: Application) -> Iterator[Exchange]:
    application.answers |= {"/voice/back": MENU, "/turn": DONE}
    with Exchange(auth_token=TOKEN) as made:
        yield made


def place(line: Exchange, application: Application, **named: Any) -> Any:
    asked = {"to": RESIDENT, "from_": line.number, "url": application.public + "/voice/back"} | named
    return client(line).calls.create(**asked)


def test_a_placed_call_is_answered_and_goes_like_any_other(line: Exchange, application: Application) -> None:
    made = place(line, application)
    assert (made.status, made.direction) == ("queued", "outbound-api")
    call = line.placed(RESIDENT).answer(by="human")
    assert application.asked[0]["Direction"] == "outbound-api"
    assert application.asked[0]["AnsweredBy"] == "human"
    assert application.asked[0]["CallStatus"] == "in-progress"
    assert call.press("1").last_heard == "Thank you."
    found = client(line).calls(made.sid).fetch()
    assert (found.status, found.answered_by) == ("completed", "human")
    assert found.duration == str(round(call.seconds))


def test_every_status_that_was_asked_for_is_called_back_with_its_number(
    line: Exchange, application: Application
) -> None:
    place(
        line,
        application,
        status_callback=application.public + "/voice/status",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    line.placed(RESIDENT).answer().hang_up()
    reports = [
        asked for path, asked in zip(application.paths, application.asked, strict=True) if path == "/voice/status"
    ]
    assert [(report["SequenceNumber"], report["CallStatus"]) for report in reports] == [
        ("0", "initiated"),
        ("1", "ringing"),
        ("2", "in-progress"),
        ("3", "completed"),
    ]


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed"])
def test_a_call_that_nobody_takes_reports_why(line: Exchange, application: Application, status: str) -> None:
    place(line, application, status_callback=application.public + "/voice/status")
    call = line.placed(RESIDENT).not_answered(status)
    assert [asked["CallStatus"] for asked in application.asked] == [status]
    with pytest.raises(NotNow, match="nobody can pick it up"):
        call.answer()


def test_a_placed_call_may_bring_its_document_along(line: Exchange, application: Application) -> None:
    place(line, application, url=None, twiml=document(say("Hello.")))
    assert line.placed(RESIDENT).answer().last_heard == "Hello."
    assert application.asked == []


def test_a_call_can_be_cancelled_before_it_is_answered(line: Exchange, application: Application) -> None:
    made = place(line, application)
    assert made.update(status="canceled").status == "canceled"
    assert line.placed(RESIDENT).ended_by == "request"


def test_a_live_call_can_be_ended(application: Application) -> None:
    application.answers["/voice"] = MENU
    with Exchange(voice_url=application.public + "/voice", auth_token=TOKEN) as line:
        call = line.call(RESIDENT)
        client(line).calls(call.sid).update(status="completed")
        line.settle()
    assert (call.status, call.ended_by) == ("completed", "request")


def test_a_live_call_can_be_sent_elsewhere(application: Application) -> None:
    application.answers |= {"/voice": MENU, "/voice/person": document(say("A person comes.") + "<Pause/>")}
    with Exchange(voice_url=application.public + "/voice", auth_token=TOKEN) as line:
        call = line.call(RESIDENT)
        client(line).calls(call.sid).update(url=application.public + "/voice/person")
        line.settle()
        assert call.last_heard == "A person comes."
        assert refusal(client(line).calls(call.sid).update, url=application.public + "/voice/person") == 21220


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"to": ""}, 21201),
        ({"from_": ""}, 21213),
        ({"to": "nobody"}, 21211),
        ({"from_": "+14155550199"}, 21210),
        ({"url": "/voice/back"}, 21205),
        ({"url": None}, 21205),
        ({"url": None, "twiml": "<Response><Gather/></Response>"}, 20001),
        ({"url": None, "twiml": document("<Redirect>/voice</Redirect>")}, 20001),
        ({"url": None, "twiml": document(say("a" * 4000))}, 20001),
        ({"status_callback_event": ["maybe"]}, 20001),
    ],
)
def test_a_call_that_cannot_be_placed_is_refused_with_twilios_code(
    line: Exchange, application: Application, changed: dict[str, Any], code: int
) -> None:
    assert refusal(place, line, application, **changed) == code
    assert line.calls == []


def test_calls_are_listed_by_status_and_receiver(line: Exchange, application: Application) -> None:
    for to in (RESIDENT, "+14155550124"):
        place(line, application, to=to)
    line.placed(RESIDENT).not_answered("busy")
    api = client(line)
    assert [call.to for call in api.calls.list(status="busy")] == [RESIDENT]
    assert len(api.calls.list(to="+14155550124")) == 1
    assert len(api.calls.list()) == 2
    with pytest.raises(LookupError, match="no call to"):
        line.placed("+14155550125")


# --- the contract -------------------------------------------------------------------------------------------


@cache
def contract() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FOUND.read_text("utf-8"))
    return found


def as_json_schema(part: Any) -> Any:
    """OpenAPI 3.0's `nullable` as JSON Schema says it, and nothing undeclared in an object with properties."""
    if isinstance(part, list):
        return [as_json_schema(item) for item in part]
    if not isinstance(part, dict):
        return part
    made = {key: as_json_schema(value) for key, value in part.items() if key != "nullable"}
    if "properties" in made:
        made["additionalProperties"] = False
    return {"anyOf": [made, {"type": "null"}]} if part.get("nullable") is True else made


def holds(path: str, method: str, body: Any) -> None:
    responses = contract()["paths"][path][method]["responses"]
    (answer,) = responses.values()
    schema = answer["content"]["application/json"]["schema"]
    whole = as_json_schema(schema | {"components": contract()["components"]})
    Draft202012Validator(whole).validate(body)


def declared(path: str, method: str) -> set[str]:
    operation = contract()["paths"][path][method]
    form = operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {})
    return set(form.get("schema", {}).get("properties", {})) | {one["name"] for one in operation["parameters"]}


def ask(exchange: Exchange, method: str, path: str, **form: str) -> Any:
    local = path.replace("{AccountSid}", exchange.account_sid)
    url, login = exchange.api_url + local, (exchange.account_sid, TOKEN)
    if method == "get":
        answer = requests.get(url, params=form, auth=login, timeout=2)
    else:
        answer = requests.post(url, data=form, auth=login, timeout=2)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def test_messages_are_answered_as_twilio_describes_it(exchange: Exchange) -> None:
    texts, one = f"{ROOT}/Messages.json", f"{ROOT}/Messages/{{Sid}}.json"
    exchange.texts.fate(RESIDENT, "undelivered", 30003)
    asked = {"To": RESIDENT, "From": exchange.number, "Body": "Hello."}
    made = ask(exchange, "post", texts, **asked)
    exchange.settle()
    holds(texts, "post", made)
    holds(one, "get", ask(exchange, "get", one.replace("{Sid}", made["sid"])))
    query = {"To": RESIDENT, "DateSent>": "2026-01-01", "PageSize": "1"}
    listed = ask(exchange, "get", texts, **query)
    holds(texts, "get", listed)
    assert listed["messages"][0]["error_code"] == 30003
    assert set(asked) <= declared(texts, "post")
    assert set(query) <= declared(texts, "get")


def test_calls_are_answered_as_twilio_describes_it(exchange: Exchange) -> None:
    calls, one = f"{ROOT}/Calls.json", f"{ROOT}/Calls/{{Sid}}.json"
    asked = {"To": RESIDENT, "From": exchange.number, "Twiml": document(say("Hello."))}
    made = ask(exchange, "post", calls, **asked)
    holds(calls, "post", made)
    holds(one, "post", ask(exchange, "post", one.replace("{Sid}", made["sid"]), Status="canceled"))
    exchange.settle()
    holds(one, "get", ask(exchange, "get", one.replace("{Sid}", made["sid"])))
    holds(calls, "get", ask(exchange, "get", calls, Status="canceled"))
    assert set(asked) | {"Status"} <= declared(calls, "post") | declared(one, "post")


def test_the_contract_is_small_and_names_its_licence() -> None:
    assert FOUND.stat().st_size < 60_000
    assert "MIT License" in contract()["info"]["x-extract"]
    assert (FOUND.parent / "LICENCE.txt").read_text("utf-8").count("Copyright (c) Twilio Inc.") == 1


def test_the_contract_refuses_an_answer_that_is_not_twilios(exchange: Exchange) -> None:
    made = ask(exchange, "post", f"{ROOT}/Messages.json", To=RESIDENT, From=exchange.number, Body="Hello.")
    for broken in ({"sid": "SM1"}, {"status": "gone"}, {"num_segments": 1}, {"colour": "red"}):
        with pytest.raises(Exception, match=r"is not valid|does not match|is not one of|not of type|unexpected"):
            holds(f"{ROOT}/Messages.json", "post", made | broken)
