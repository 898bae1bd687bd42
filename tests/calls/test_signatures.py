"""Only the provider is listened to, and only on the call that a link of ours was made for."""

from __future__ import annotations

import http.client
from contextlib import closing

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from app.web import make_app
from ivr.signature import is_signed
from simulator.exchange.signing import Form, signature
from tests.calls.line import ANA, OURS, Caller, Line, Signer, twilio_signs

CALL = "CA" + "7" * 32


def forged(_url: str, _form: Form) -> str:
    return "AAAAAAAAAAAAAAAAAAAAAAAAAAA="


def with_another_token(url: str, form: Form) -> str:
    return signature("another token", url, form)


def over_other_parameters(url: str, form: Form) -> str:
    return twilio_signs(url, tuple((name, value + "1" if name == "Digits" else value) for name, value in form))


def over_another_query(url: str, form: Form) -> str:
    return twilio_signs(url.replace("turn=2", "turn=3") + "&x=1", form)


def over_another_host(url: str, form: Form) -> str:
    return twilio_signs(url.replace("line.example", "other.example"), form)


FORGERIES: dict[str, Signer | None] = {
    "no signature": None,
    "a made-up signature": forged,
    "another token": with_another_token,
    "other parameters": over_other_parameters,
    "another query": over_another_query,
    "another host": over_another_host,
    "letters that are no signature": lambda _url, _form: "\u00fc",
}


SPELLINGS = [
    ("https://line.example/voice?a=1&b=%C3%A1", "https://line.example/voice?a=1&b=%C3%A1"),
    ("https://line.example/voice", "https://line.example:443/voice"),
    ("https://line.example:443/voice", "https://line.example/voice"),
    ("https://line.example:8443/voice", "https://line.example/voice"),
    ("http://127.0.0.1:8000/voice", "http://127.0.0.1:8000/voice"),
    ("http://line.example/voice", "http://line.example:80/voice"),
]
"""Our address, and how Twilio may write it when it signs."""


@pytest.mark.parametrize(("ours", "theirs"), SPELLINGS)
def test_what_twilio_signed_is_taken_with_either_token_and_nothing_else_is(ours: str, theirs: str) -> None:
    form = {"Body": [" a b "], "Media": ["b", "a", "a"], "Empty": [""], "body": ["\u00e1"]}
    signed = RequestValidator("second").compute_signature(theirs, MultiDict[str, str](form))
    assert is_signed(ours, form, signed, ("first", "second"))
    assert not is_signed(ours, form, signed, ("first",))
    assert not is_signed(ours + "x", form, signed, ("second",))
    assert not is_signed(ours, form | {"Body": ["a b"]}, signed, ("second",))
    assert not is_signed(ours, form | {"Body": ["\ud800"]}, signed, ("second",))


def test_the_hash_of_a_body_in_the_address_does_not_stand_for_the_fields() -> None:
    url = "https://line.example/sms?bodySHA256=" + "0" * 64
    assert not is_signed(url, {"Body": ["hello"]}, RequestValidator("token").compute_signature(url, {}), ("token",))


def turn(caller: Caller, **parameters: str) -> dict[str, str]:
    return dict(caller.call.leg.form("in-progress")) | {"Digits": "2"} | parameters


@pytest.mark.parametrize("forgery", FORGERIES)
def test_an_answer_is_refused_and_nothing_stored_with(line: Line, forgery: str) -> None:
    caller = line.at_home()
    before = line.counts()
    assert line.post(caller.path, turn(caller), sign=FORGERIES[forgery]).status == 403
    assert line.counts() == before
    assert line.post(caller.path, turn(caller), sign=twilio_signs).status == 200


def test_another_account_is_refused(line: Line) -> None:
    caller = line.at_home()
    before = line.counts()
    other = turn(caller, AccountSid="AC" + "2" * 32)
    assert line.post(caller.path, other, sign=twilio_signs).status == 403
    assert line.counts() == before


def test_every_route_of_the_provider_refuses_what_is_not_signed(line: Line) -> None:
    rules = [rule for rule in make_app(line.plainline).url_map.iter_rules() if rule.endpoint.startswith("ivr.")]
    routes = [rule.rule for rule in rules if "POST" in (rule.methods or ())]
    # What Twilio fetches to play it carries our own signature; what the office says to everybody carries none.
    assert {rule.rule for rule in rules} - set(routes) == {"/voice/sound", "/voice/own/<language>/<file>"}
    assert {"/voice", "/voice/turn", "/voice/resume", "/voice/status", "/sms", "/sms/status"} <= set(routes)
    before = line.counts()
    form = {"CallSid": CALL, "MessageSid": "SM" + "7" * 32, "From": ANA, "To": OURS, "Body": "hello"}
    form |= {"AccountSid": line.exchange.account_sid, "CallStatus": "completed", "MessageStatus": "sent"}
    for route in routes:
        for forgery in (None, with_another_token):
            assert line.post(route, form, sign=forgery).status == 403, route
    assert line.counts() == before


@pytest.mark.parametrize("query", ["", f"?of={CALL}&id=RE{'1' * 32}", f"?of={CALL}&id=RE{'1' * 32}&s=forged"])
def test_a_recording_is_played_by_a_link_of_ours_alone(line: Line, query: str) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", line.port, timeout=20)) as asked:
        asked.request("GET", f"/voice/sound{query}")
        assert asked.getresponse().status == 403


def test_a_link_of_one_call_is_refused_on_another(line: Line) -> None:
    first, second = line.at_home(), line.at_home()
    before = line.counts()
    assert line.post(first.path, turn(second), sign=twilio_signs).status == 403
    assert line.counts() == before


@pytest.mark.parametrize("path", ["/voice/turn", "/voice/turn?turn=2&lang=en", "/voice/turn?turn=x&s=1"])
def test_an_answer_without_a_link_of_ours_is_refused(line: Line, path: str) -> None:
    caller = line.at_home()
    before = line.counts()
    assert line.post(path, turn(caller), sign=twilio_signs).status == 403
    assert line.counts() == before


def test_a_link_cannot_be_moved_to_another_turn_or_language(line: Line) -> None:
    caller = line.at_home()
    for moved in (caller.path.replace("turn=2", "turn=1"), caller.path.replace("lang=en", "lang=es")):
        assert moved != caller.path
        assert line.post(moved, turn(caller), sign=twilio_signs).status == 403


def test_a_request_without_its_ids_is_refused_and_not_a_fault(line: Line) -> None:
    account = {"AccountSid": line.exchange.account_sid, "From": ANA}
    assert line.post("/voice", account, sign=twilio_signs).status == 400
    assert line.post("/voice/status", account | {"CallStatus": "completed"}, sign=twilio_signs).status == 400
    assert line.post("/sms", account, sign=twilio_signs).status == 400


def test_a_body_that_is_far_too_large_is_refused(line: Line) -> None:
    form = {"AccountSid": line.exchange.account_sid, "MessageSid": "SM1", "From": ANA, "Body": "x" * 70_000}
    assert line.post("/sms", form, sign=twilio_signs).status == 413


def test_nothing_answers_to_get(line: Line) -> None:
    client = make_app(line.plainline).test_client()
    assert {client.get(path).status_code for path in ("/voice", "/voice/turn", "/sms")} <= {403, 405}
