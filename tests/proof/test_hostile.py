"""Hostile text on the telephone and by text message: nothing breaks or leaks, and the conversation goes on."""

from __future__ import annotations

import http.client
import logging
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree as ET

import pytest

from core import phrases as say
from ivr.links import link
from simulator.exchange.exchange import ACCOUNT
from store import schema
from tests.calls.conftest import clock, each_line  # noqa: F401 pytest looks for them here
from tests.calls.line import OURS, PUBLIC, Caller, Line, Posted, Texter, twilio_signs
from tests.proof.conftest import Found
from tests.proof.hostile import CORPUS, FAMILIES, NOT_UTF8, Bad, of, sendable
from tests.proof.planted import Logs, held, logged, shape, some_of, unbalanced, uncontrolled
from tests.proof.unlimited import wired  # noqa: F401 pytest looks for it here
from tests.store.fixtures import (  # noqa: F401 pytest looks for them here
    migrated_file,
    migrated_postgres,
    migrated_postgres_url,
    migrated_url,
    sqlite_url,
)

pytestmark = pytest.mark.timeout(600, func_only=True)

HARMLESS = "Maria Lopez"
AT_NAME = ("4", "2", "4")
"""From the first menu to the question for a name."""

FAULTS = {"voice_fault", "web_fault", "web_fault_answered", "outbox_fault", "commit_unknown"}


def number(bad: Bad) -> str:
    """A telephone of its own for each input."""
    return f"+1415557{bad.number:04d}"


def nothing_leaked(logs: Logs, tried: tuple[Bad, ...]) -> None:
    """No line of a log is broken, tells of a fault of ours, or holds a word or a number."""
    assert FAULTS.isdisjoint(logs.events)
    assert logs.holding([bad.mark for bad in tried]) == []
    assert logs.holding([number(bad)[1:] for bad in tried]) == []


# --- what is said --------------------------------------------------------------------------------------------


def at_name(line: Line, bad: Bad) -> Caller:
    """A caller who is asked for a name."""
    return line.at_home(from_=number(bad)).press(*AT_NAME)


def document(caller: Caller) -> str:
    """The TwiML that was spoken last."""
    return caller.call.documents[-1]


def read_back(line: Line) -> list[str]:
    """The shape of the answer that reads a harmless name back."""
    caller = line.at_home(from_="+14155560000").press(*AT_NAME).say(HARMLESS, confidence=0.3)
    assert HARMLESS in caller.heard
    return shape(document(caller))


def spoken(line: Line, bad: Bad, harmless: list[str]) -> None:
    """It is read back, and only that; the next key works; it is kept; a person is there."""
    caller = at_name(line, bad).say(sendable(bad.marked), confidence=0.3)
    assert bad.mark in caller.heard, f"{bad.name}: {caller.call.transcript()}"
    assert shape(document(caller)) == harmless, bad.name
    assert bad.mark in caller.press("9").heard, bad.name
    caller.press("1", "05251990#", "2#", "1", "1")
    assert bad.mark in caller.heard, bad.name
    assert ET.fromstring(document(caller)).find(".//Hangup") is None, bad.name
    caller.press("1").hears(say.GET_PEN).press("0")
    assert caller.call.dialled, f"{bad.name}: nobody rings"
    kept = line.rows(schema.cases, schema.cases.c.conversation == caller.call.sid)
    assert [bad.mark in row.answers for row in kept] == [True], bad.name
    assert not uncontrolled(kept[0].answers), bad.name


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_said_is_read_back_kept_and_does_nothing_else(each_line: Line, family: str, found: Found) -> None:  # noqa: F811 a fixture
    harmless, tried = read_back(each_line), some_of(family)
    with logged() as logs:
        for bad in tried:
            spoken(each_line, bad, harmless)
    nothing_leaked(logs, tried)
    assert each_line.exchange.debugger == []
    found("hostile", "said on the telephone, kept as a case", tried=len(tried), held=len(tried))


def test_words_put_into_an_answer_unescaped_are_noticed(each_line: Line) -> None:  # noqa: F811 a fixture
    before = document(at_name(each_line, CORPUS[0]).say(HARMLESS, confidence=0.3))

    def noticed(bad: Bad) -> bool:
        careless = before.replace(HARMLESS, sendable(bad.marked))
        try:
            return shape(careless) != shape(before)
        except ET.ParseError:
            return True

    markup = of("XML and TwiML")
    assert [bad.text for bad in markup if not noticed(bad)] == [
        "&amp;amp;amp;lt;Hangup/&gt;",
        "<?php echo 1; ?>",
    ]
    assert not noticed(of("emoji")[0])


# --- what is written -----------------------------------------------------------------------------------------


def written(line: Line, bad: Bad) -> None:
    """The same by text message: the next question comes, all is read back and kept, a person is there."""
    texter = line.texter(number=number(bad)).write("hello", *AT_NAME, sendable(bad.marked))
    texter.reads(say.text("On what day was this person born?"))
    texter.write("May 25 1990", "2", "1", "1")
    assert bad.mark in texter.answer, f"{bad.name}: {texter.got}"
    texter.write("1")
    kept = line.rows(schema.cases, schema.cases.c.address == number(bad))
    assert [bad.mark in row.answers for row in kept] == [True], bad.name
    texter.write("0").reads(say.WAITING_TEXT)
    assert len(line.rows(schema.handoffs, schema.handoffs.c.address == number(bad))) == 1, bad.name
    fit_to_send(texter, bad)


def fit_to_send(texter: Texter, bad: Bad) -> None:
    """No text of ours commands a telephone, turns other words round, or is longer than one may be."""
    for text in texter.got:
        assert not uncontrolled(text), f"{bad.name}: {text!r}"
        assert not unbalanced(text), f"{bad.name}: {text!r}"
        assert len(text) <= 1600, bad.name


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_written_is_read_back_kept_and_answered(each_line: Line, family: str, found: Found) -> None:  # noqa: F811 a fixture
    tried = some_of(family)
    with logged() as logs:
        for bad in tried:
            written(each_line, bad)
    nothing_leaked(logs, tried)
    assert each_line.exchange.debugger == []
    found("hostile", "written by text message, kept as a case", tried=len(tried), held=len(tried))


# --- every field of every form -------------------------------------------------------------------------------

Forms = Mapping[str, Mapping[str, str]]
"""Paths of ours, each with a form that a provider would send there."""


def forms(caller: Caller, sid: str) -> Forms:
    """What Twilio posts about this call, and about a text with this id."""
    call = {"AccountSid": ACCOUNT, "CallSid": caller.call.sid, "From": caller.call.leg.from_, "To": OURS}
    text = {"AccountSid": ACCOUNT, "MessageSid": sid, "From": call["From"], "To": OURS}
    ours = caller.line.plainline.settings.secret_key
    return {
        caller.path: call | {"SpeechResult": "hello", "Confidence": "0.9", "Digits": ""},
        "/voice": {**call, "CallSid": f"CA{sid}", "CallStatus": "ringing", "ForwardedFrom": OURS, "CallerName": "A"},
        linked("/voice/dial", ours, call): call | {"DialCallStatus": "busy", "DialCallSid": f"CA{sid}"},
        linked("/voice/wait", ours, call): call | {"QueueTime": "5", "QueuePosition": "1", "QueueSid": f"QU{sid}"},
        linked("/voice/queue", ours, call): call | {"QueueResult": "hangup", "QueueSid": f"QU{sid}"},
        linked("/voice/over", ours, call): call | {"DialCallStatus": "busy"},
        "/voice/resume": call | {"ErrorCode": "11200", "ErrorUrl": "x"},
        "/voice/status": {**call, "CallSid": f"CA{sid}", "CallStatus": "completed", "CallDuration": "5"},
        "/sms": text | {"Body": "hello", "NumMedia": "0", "OptOutType": "HELP", "FromCity": "X"},
        "/sms/status": text | {"MessageStatus": "undelivered", "ErrorCode": "30003"},
    }


def linked(path: str, secret: str, call: Mapping[str, str]) -> str:
    """The address that our own answer would name."""
    return link(path, secret, call["CallSid"], lang="en").partition("#")[0]


IDS = frozenset({"AccountSid", "CallSid", "MessageSid"})
"""Named by the provider, and logged as they are: a word in one is no leak."""

BARE = IDS | {"From", "To", "Confidence", "QueueTime", "NumMedia", "ErrorCode", "Digits"}
"""Where the input stands alone, since a mark behind would keep it from being taken for a number."""


def hurled(line: Line, bad: Bad) -> int:
    """Put the input into each field of each form in turn; how many were answered as they should be."""
    answered = 0
    caller = line.at_home(from_=number(bad))
    for path, form in forms(caller, f"f{bad.number:031x}").items():
        for name in form:
            text = bad.text if name in BARE else bad.marked
            got = line.post(path, {**form, name: sendable(text)}, sign=twilio_signs)
            assert got.status in ((200, 204) if name not in IDS else (200, 204, 400, 403)), f"{path} {name} {bad.name}"
            answered += well_formed(got)
    return answered


def well_formed(got: Posted) -> bool:
    """Whether an answer is TwiML that can be read, or nothing."""
    return got.body == "" or got.status >= 400 or ET.fromstring(got.body).tag == "Response"


@pytest.mark.parametrize("family", FAMILIES)
def test_no_field_of_a_form_breaks_anything(each_line: Line, family: str, found: Found) -> None:  # noqa: F811 a fixture
    tried, count = some_of(family), 0
    with logged() as logs:
        for bad in tried:
            count += hurled(each_line, bad)
    nothing_leaked(logs, tried)
    each_line.at_home(from_="+14155560001").hears(say.WHAT_ABOUT).press("0")
    found("hostile", "in each field of Twilio's forms", tried=count, held=count)


def posted_raw(line: Line, path: str, name: bytes, raw: bytes) -> int:
    """Post bytes that are no UTF-8, signed over what they decode to: the provider's word for it that they are its."""
    form = {"AccountSid": ACCOUNT, "MessageSid": "SM1", "CallSid": "CA1", "From": "+14155560002", "To": OURS}
    body = urlencode(form).encode() + b"&" + name + b"=" + raw
    read = tuple((key, value) for key, value in parse_qsl(body.decode(), keep_blank_values=True, errors="replace"))
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": twilio_signs(PUBLIC + path, read),
    }
    asked = http.client.HTTPConnection("127.0.0.1", line.port, timeout=20)
    try:
        asked.request("POST", path, body, headers)
        return asked.getresponse().status
    finally:
        asked.close()


@pytest.mark.parametrize("path", ["/sms", "/voice", "/voice/status", "/sms/status", "/console/sign-in"])
def test_bytes_that_are_no_text_break_nothing(each_line: Line, path: str, found: Found) -> None:  # noqa: F811 a fixture
    with logged() as logs:
        got = [posted_raw(each_line, path, name, raw) for name in (b"Body", b"From", b"login") for raw in NOT_UTF8]
    assert max(got) < 500, got
    assert FAULTS.isdisjoint(logs.events)
    found("hostile", "bytes that are no UTF-8", tried=len(got), held=len(got))


# --- the search itself ---------------------------------------------------------------------------------------


def test_a_word_in_a_log_is_found() -> None:
    bad = of("line and terminal")[0]
    with logged() as logs:
        logging.getLogger("plainline").info(bad.marked, extra={"ids": {"said": sendable(bad.marked)}})
        logging.getLogger("another").warning("could not send %s", bad.mark)
    assert logs.holding([bad.mark]) == [bad.mark]
    assert len(logs.ours.getvalue().splitlines()) == 1
    assert held("\\u0645\\u0631", ["\u0645\u0631"]) == ["\u0645\u0631"]


def test_what_commands_a_telephone_or_turns_words_round_is_found() -> None:
    assert uncontrolled("a\x1b[2Jb\n") == "\x1b"
    assert unbalanced("a \u2068b\u2069 c") == ""
    assert unbalanced("a \u202eb") == "\u202e"


def test_there_are_a_few_hundred_and_each_is_another() -> None:
    assert len(CORPUS) > 400
    assert len({bad.text for bad in CORPUS}) == len({bad.mark for bad in CORPUS}) == len(CORPUS)
