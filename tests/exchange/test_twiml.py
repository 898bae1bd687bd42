"""The table of TwiML: what it lets through, and what it refuses and why."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from twilio.twiml import messaging_response, voice_response

from simulator.exchange import Refused, rules, voices
from simulator.exchange.twiml import read_sms, read_voice
from simulator.exchange.verbs import (
    Dial,
    Enqueue,
    Gather,
    Hangup,
    Leave,
    Message,
    Pause,
    Play,
    Redirect,
    Reject,
    Say,
    Screen,
    Verb,
)


def voice(inside: str, place: rules.Place = rules.IN_A_CALL) -> tuple[Verb, ...]:
    return read_voice(f"<Response>{inside}</Response>".encode(), "text/xml; charset=utf-8", place)


def sms(inside: str) -> tuple[Message, ...]:
    return read_sms(f"<Response>{inside}</Response>".encode(), "application/xml")


def gather(attributes: str, inside: str = "") -> str:
    return f'<Gather action="/turn" {attributes}>{inside}</Gather>'


NUMBER = "<Number>+14155550111</Number>"
JOANNA = 'voice="Polly.Joanna-Neural" language="en-US"'

REFUSED = [
    ("<Sing>la</Sing>", "<Sing>: a verb that this exchange plays"),
    ("<Conference/>", "<Conference>: a verb that this exchange plays"),
    ("<Record/><Hangup/>", "<Record>: an action"),
    ('<Record action="/a"/>', "<Record>: a verb behind it, for when nothing was said"),
    ('<Record action="/a"><Say>Speak.</Say></Record><Hangup/>', "<Say>: not inside <Record>"),
    ('<Gather action="/a"><Record action="/a"/></Gather>', "<Record>: not inside <Gather>"),
    ('<Record action="/a" transcribe="true"/><Hangup/>', "<Record transcribe>: no such attribute"),
    ('<Record action="/a" maxLength="1"/><Hangup/>', "<Record maxLength>: expected a whole number from 2"),
    ('<Record action="/a" maxLength="14401"/><Hangup/>', "<Record maxLength>: expected a whole number from 2"),
    ('<Record action="/a" timeout="0"/><Hangup/>', "<Record timeout>: expected a whole number of 1 or more"),
    ('<Record action="/a" finishOnKey=""/><Hangup/>', "<Record finishOnKey>: expected keys"),
    ('<Record action="/a" trim="yes"/><Hangup/>', "<Record trim>: expected one of"),
    ('<Record action="/a" playBeep="yes"/><Hangup/>', "<Record playBeep>: expected one of"),
    ('<Record action="/a" recordingStatusCallbackEvent="done"/><Hangup/>', "<Record recordingStatusCallbackEvent>"),
    ("<say>small</say>", "<say>: a verb"),
    ("words alone", "<Response>: no text here"),
    ("<Response/>", "<Response>: not inside <Response>"),
    ("<Number>+14155550111</Number>", "<Number>: not inside <Response>"),
    # Gather
    ("<Gather/>", "<Gather>: an action"),
    (gather("", "<Redirect>/x</Redirect>"), "<Redirect>: not inside <Gather>"),
    (gather("", f"<Dial>{NUMBER}</Dial>"), "<Dial>: not inside <Gather>"),
    (gather("", gather("")), "<Gather>: not inside <Gather>"),
    (gather("", "say this"), "<Gather>: no text here"),
    (gather('bargeIn="true"'), "<Gather bargeIn>: no such attribute"),
    (gather('Timeout="5"'), "<Gather Timeout>: no such attribute"),
    (gather('timeout="0"'), "<Gather timeout>: expected a whole number of 1 or more"),
    (gather('timeout="2.5"'), "<Gather timeout>"),
    (gather('timeout="٥"'), "<Gather timeout>"),
    (gather('numDigits="0"'), "<Gather numDigits>"),
    (gather('finishOnKey="##"'), "<Gather finishOnKey>: expected one of"),
    (gather('finishOnKey="x"'), "<Gather finishOnKey>"),
    (gather('input="voice"'), "<Gather input>: expected one of dtmf, speech"),
    (gather('method="post"'), "<Gather method>: expected one of GET, POST"),
    (gather('actionOnEmptyResult="yes"'), "<Gather actionOnEmptyResult>: expected one of true, false"),
    (gather('profanityFilter="1"'), "<Gather profanityFilter>"),
    (gather('speechTimeout="soon" input="speech"'), "<Gather speechTimeout>: expected auto or"),
    (gather('input="speech" language="cmn-CN"'), "<Gather language>: a recognised language, not cmn-CN"),
    (gather('input="dtmf speech" language="zh_Hans"'), "<Gather language>: expected a language tag"),
    (gather('input="speech" language="arb"'), "<Gather language>: a recognised language"),
    (gather('input="speech" speechModel="phone_call"'), "<Gather speechTimeout>: a whole number when speechModel"),
    (gather('input="speech" speechModel="phone_call" speechTimeout="auto"'), "<Gather speechTimeout>"),
    (gather('speechModel="best"'), "<Gather speechModel>: expected a speech model"),
    (gather('input="speech" language="es-US" profanityFilter="true"'), "<Gather profanityFilter>: there is none"),
    (gather(f'hints="{",".join(["a"] * 501)}"'), "<Gather hints>: expected up to 500"),
    (gather(f'hints="{"a" * 101}"'), "<Gather hints>"),
    (gather('partialResultCallback="a b"'), "<Gather partialResultCallback>"),
    ('<Gather action="ftp://a.example/x"/>', "<Gather action>: expected a relative or absolute http"),
    ('<Gather action="/turn?q=á"/>', "<Gather action>"),
    ('<Gather action="/turn x"/>', "<Gather action>"),
    ('<Gather action=""/>', "<Gather action>"),
    ('<Gather action="//a.example/x"/>', "<Gather action>"),
    ('<Gather action="/turn#rc=9"/>', "<Gather action>"),
    ('<Gather action="/turn#rp=6xx"/>', "<Gather action>"),
    ('<Gather action="/turn#top"/>', "<Gather action>"),
    # Say
    ("<Say/>", "<Say>: something to say"),
    ("<Say>   </Say>", "<Say>: something to say"),
    ('<Say voice="Polly.Nobody">x</Say>', "<Say voice>: a voice of the table"),
    ('<Say voice="Polly.Zhiyu-Neural" language="zh-CN">x</Say>', "<Say language>: .* speaks cmn-CN, not zh-CN"),
    ('<Say voice="Polly.Zeina" language="ar-SA">x</Say>', "<Say language>: Polly.Zeina speaks arb"),
    ('<Say language="arb">x</Say>', "<Say language>: man speaks"),
    ('<Say loop="-1">x</Say>', "<Say loop>: expected a whole number of 0"),
    ('<Say rate="slow">x</Say>', "<Say rate>: no such attribute"),
    (f"<Say {JOANNA}>{'a' * 3001}</Say>", "<Say>: at most 3000 characters for Polly"),
    (f"<Say>{'a' * 4001}</Say>", "<Say>: at most 4000 characters for Basic"),
    (
        f'<Say voice="Google.cmn-CN-Standard-A" language="cmn-CN">{"<break/>" * 600}你</Say>',
        "<Say>: at most 5000 characters for Google",
    ),
    (f"<Say {JOANNA}>公交卡</Say>", "<Say>: Polly.Joanna-Neural does not read Chinese"),
    (f"<Say {JOANNA}>مرحبا</Say>", "<Say>: Polly.Joanna-Neural does not read Arabic"),
    (f"<Say {JOANNA}><speak>x</speak></Say>", "<speak>: a verb that this exchange plays"),
    (f"<Say {JOANNA}><Pause/></Say>", "<Pause>: not inside <Say>"),
    ("<break/>", "<break>: not inside <Response>"),
    ("<Say>a<break/></Say>", "<break>: not read by man"),
    (f"<Say {JOANNA}><emphasis>now</emphasis></Say>", "<emphasis>: not read by Polly.Joanna-Neural"),
    (f'<Say {JOANNA}><prosody pitch="low">x</prosody></Say>', "<prosody pitch>: not read by"),
    (f'<Say {JOANNA}><prosody rate="10%">x</prosody></Say>', "<prosody rate>: expected x-slow to x-fast"),
    (f'<Say {JOANNA}><prosody rate="slower">x</prosody></Say>', "<prosody rate>"),
    (f'<Say {JOANNA}><prosody volume="11">x</prosody></Say>', "<prosody volume>"),
    (f'<Say {JOANNA}>x<break time="11s"/></Say>', "<break time>: expected up to 10 s"),
    (f'<Say {JOANNA}>x<break time="1"/></Say>', "<break time>"),
    (f'<Say {JOANNA}>x<break strength="huge"/></Say>', "<break strength>"),
    (f"<Say {JOANNA}>x<break>y</break></Say>", "<break>: no text here"),
    (f"<Say {JOANNA}><s><p>x</p></s></Say>", "<p>: not inside <s>"),
    (f"<Say {JOANNA}><p><p>x</p></p></Say>", "<p>: not inside <p>"),
    (f'<Say {JOANNA}><say-as interpret-as="song">x</say-as></Say>', "<say-as interpret-as>"),
    (f'<Say {JOANNA}><say-as interpret-as="date" format="x">1</say-as></Say>', "<say-as format>"),
    (f'<Say {JOANNA}><phoneme alphabet="abc" ph="x">x</phoneme></Say>', "<phoneme alphabet>"),
    (f'<Say {JOANNA}><phoneme alphabet="ipa" ph="">x</phoneme></Say>', "<phoneme ph>"),
    (f'<Say {JOANNA}><sub alias="">x</sub></Say>', "<sub alias>: expected what to say instead"),
    (f'<Say {JOANNA}><sub alias="a"><s>x</s></sub></Say>', "<s>: not inside <sub>"),
    (f'<Say {JOANNA}><w role="verb">x</w></Say>', "<w role>"),
    (f'<Say {JOANNA}><lang xml:lang="spanish">x</lang></Say>', "<lang xml:lang>: expected a language tag"),
    ('<Say voice="Polly.Joanna"><emphasis level="huge">x</emphasis></Say>', "<emphasis level>"),
    # Play, Pause
    ("<Play/>", "<Play>: a URL or digits"),
    ('<Play digits="1">/a.mp3</Play>', "<Play>: a URL or digits"),
    ('<Play digits="A"/>', "<Play digits>: expected digits"),
    ("<Play>file:///a.mp3</Play>", "<Play>: a URL or digits"),
    ('<Pause length="0"/>', "<Pause length>"),
    ("<Pause>x</Pause>", "<Pause>: no text here"),
    # Dial
    ('<Dial action="/after"/>', "<Dial>: numbers in E.164"),
    ('<Dial action="/after">415-555-0111</Dial>', "<Dial>: numbers in E.164"),
    ('<Dial action="/after"><Number>911</Number></Dial>', "<Dial>: numbers in E.164"),
    (f'<Dial action="/after">+14155550111{NUMBER}</Dial>', "<Dial>: numbers in E.164"),
    (f"<Dial>{NUMBER}</Dial>", "<Dial>: an action, or a verb"),
    (f'<Dial action="/after">{NUMBER * 11}</Dial>', "<Dial>: at most 10 of <Number>"),
    ('<Dial action="/after"><Client>joe</Client></Dial>', "<Client>: a verb that this exchange plays"),
    (f'<Dial action="/after" callerId="anonymous">{NUMBER}</Dial>', "<Dial callerId>: expected a number in E.164"),
    (f'<Dial action="/after" timeout="601">{NUMBER}</Dial>', "<Dial timeout>: expected a whole number from 1"),
    (f'<Dial action="/after" timeLimit="0">{NUMBER}</Dial>', "<Dial timeLimit>"),
    (f'<Dial action="/after" answerOnBridge="1">{NUMBER}</Dial>', "<Dial answerOnBridge>"),
    (f'<Dial action="/after" record="always">{NUMBER}</Dial>', "<Dial record>"),
    (f'<Dial action="/after" trim="yes">{NUMBER}</Dial>', "<Dial trim>"),
    (f'<Dial action="/after" ringTone="loud">{NUMBER}</Dial>', "<Dial ringTone>"),
    (f'<Dial action="/after" hangupOnStar="on">{NUMBER}</Dial>', "<Dial hangupOnStar>"),
    (f'<Dial action="/after" sequential="1">{NUMBER}</Dial>', "<Dial sequential>"),
    (
        '<Dial action="/a"><Number statusCallbackEvent="all">+14155550111</Number></Dial>',
        "<Number statusCallbackEvent>",
    ),
    ('<Dial action="/a"><Number sendDigits="abc">+14155550111</Number></Dial>', "<Number sendDigits>"),
    ('<Dial action="/a"><Number url="x y">+14155550111</Number></Dial>', "<Number url>"),
    ('<Dial action="/a"><Number machineDetection="Yes">+14155550111</Number></Dial>', "<Number machineDetection>"),
    (
        '<Dial action="/a"><Number machineDetectionTimeout="2">+14155550111</Number></Dial>',
        "<Number machineDetectionTimeout>",
    ),
    (
        '<Dial action="/a"><Number machineDetectionSpeechThreshold="999">+14155550111</Number></Dial>',
        "<Number machineDetectionSpeechThreshold>",
    ),
    (
        '<Dial action="/a"><Number machineDetectionSpeechEndThreshold="5001">+14155550111</Number></Dial>',
        "<Number machineDetectionSpeechEndThreshold>",
    ),
    (
        '<Dial action="/a"><Number machineDetectionSilenceTimeout="1s">+14155550111</Number></Dial>',
        "<Number machineDetectionSilenceTimeout>",
    ),
    ('<Dial action="/a"><Number amdStatusCallback="x y">+14155550111</Number></Dial>', "<Number amdStatusCallback>"),
    (
        '<Dial action="/a"><Number amdStatusCallbackMethod="PUT">+14155550111</Number></Dial>',
        "<Number amdStatusCallbackMethod>",
    ),
    (f'<Dial action="/a"><Queue>help</Queue>{NUMBER}</Dial>', "<Dial>: a queue or numbers"),
    ('<Dial action="/a">+14155550111<Queue>help</Queue></Dial>', "<Dial>: a queue or numbers"),
    ('<Dial action="/a"><Queue>help</Queue>+14155550111</Dial>', "<Dial>: a queue or numbers"),
    ('<Dial action="/a"><Queue>a</Queue><Queue>b</Queue></Dial>', "<Dial>: at most 1 of <Queue>"),
    ('<Dial action="/a"><Queue/></Dial>', "<Queue>: a queue's name of at most 64"),
    ('<Dial action="/a"><Queue url="/x">help</Queue></Dial>', "<Queue url>: no such attribute"),
    ("<Dial><Queue>help</Queue></Dial>", "<Dial>: an action, or a verb"),
    # Enqueue, Leave
    ('<Enqueue action="/a"/>', "<Enqueue>: a queue's name of at most 64"),
    (f'<Enqueue action="/a">{"a" * 65}</Enqueue>', "<Enqueue>: a queue's name of at most 64"),
    ("<Enqueue>help</Enqueue>", "<Enqueue>: an action, or a verb"),
    ('<Enqueue action="/a" waitUrl="x y">help</Enqueue>', "<Enqueue waitUrl>: expected a relative or absolute"),
    ('<Enqueue action="/a" waitUrlMethod="PUT">help</Enqueue>', "<Enqueue waitUrlMethod>: expected one of GET, POST"),
    ('<Enqueue action="/a" workflowSid="WW1">help</Enqueue>', "<Enqueue workflowSid>: no such attribute"),
    ('<Enqueue action="/a">help</Enqueue><Say>x</Say>', "<Say>: never reached: it stands after <Enqueue>"),
    ("<Leave/>", "<Leave>: not outside a queue"),
    # Redirect, Hangup, Reject
    ("<Redirect/>", "<Redirect>: expected a relative or absolute"),
    ("<Redirect>mailto:a@b.example</Redirect>", "<Redirect>: expected"),
    ('<Redirect method="PUT">/x</Redirect>', "<Redirect method>"),
    ('<Hangup reason="busy"/>', "<Hangup reason>: no such attribute"),
    ("<Hangup>bye</Hangup>", "<Hangup>: no text here"),
    ('<Reject reason="rude"/>', "<Reject reason>: expected one of rejected, busy"),
    # what is never reached
    ("<Redirect>/x</Redirect><Say>x</Say>", "<Say>: never reached: it stands after <Redirect>"),
    ("<Hangup/><Say>x</Say>", "<Say>: never reached: it stands after <Hangup>"),
    (f'<Dial action="/after">{NUMBER}</Dial><Say>x</Say>', "<Say>: never reached: it stands after <Dial>"),
    ("<Reject/><Say>x</Say>", "<Say>: never reached: it stands after <Reject>"),
    ("<Say>x</Say><Reject/>", "<Reject>: the first verb"),
]


QUEUE_REFUSED = [
    (f'<Dial action="/a">{NUMBER}</Dial>', "<Dial>: not while the call waits in a queue"),
    ('<Enqueue action="/a">help</Enqueue>', "<Enqueue>: not while the call waits in a queue"),
    ("<Reject/>", "<Reject>: not while the call waits in a queue"),
    ("<Leave/><Say>x</Say>", "<Say>: never reached: it stands after <Leave>"),
    (gather('input="dtmf speech"'), "<Gather input>: dtmf or speech while"),
]


@pytest.mark.parametrize(("inside", "reason"), QUEUE_REFUSED)
def test_in_a_queue_only_some_verbs_are_played(inside: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        voice(inside, rules.IN_A_QUEUE)


@pytest.mark.parametrize("verb", [f'<Dial action="/a">{NUMBER}</Dial>', "<Enqueue>a</Enqueue><Pause/>", "<Leave/>"])
def test_before_the_called_party_is_connected_only_some_verbs_are_played(verb: str) -> None:
    with pytest.raises(Refused, match="not before the called party is connected"):
        voice(verb, rules.BEFORE_THE_BRIDGE)


def test_what_waits_and_what_is_screened_is_read_with_its_defaults() -> None:
    assert voice('<Enqueue waitUrl="/wait">help</Enqueue><Dial action="/a"><Queue>help</Queue></Dial>') == (
        Enqueue(name="help", wait_url="/wait"),
        Dial(queue="help", action="/a"),
    )
    (found,) = voice(f'<Dial action="/a"><Number url="/screen" method="GET">+14155550112</Number>{NUMBER}</Dial>')
    assert isinstance(found, Dial)
    assert found.numbers == ("+14155550112", "+14155550111")
    assert found.screen("+14155550112") == Screen(number="+14155550112", url="/screen", method="GET")
    assert found.screen("+14155550111") is None
    assert voice("<Pause/><Leave/>", rules.IN_A_QUEUE) == (Pause(), Leave())


@pytest.mark.parametrize(("inside", "reason"), REFUSED)
def test_an_answer_that_breaks_the_table_is_refused_with_its_reason(inside: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason) as refused:
        voice(inside)
    assert refused.value.code == 12200
    assert refused.value.source


def attributes_of(table: str) -> set[tuple[str, str]]:
    rows = rules.VOICE if table == "voice" else rules.SMS
    return {(name, attribute) for name, row in rows.items() for attribute in row.attributes}


def test_every_attribute_of_the_table_has_a_value_that_is_refused() -> None:
    # Free text cannot be wrong but for being empty, and these two are held to the voice table instead.
    tried = {reason.partition(">")[0].lstrip("<") for _, reason in REFUSED}
    methods = {"statusCallbackMethod", "method", "partialResultCallbackMethod", "recordingStatusCallbackMethod"}
    urls = {"statusCallback", "recordingStatusCallback", "action"}
    same_rule = {(name, key) for name, key in attributes_of("voice") if key in methods | urls | {"loop"}}
    left = {f"{name} {key}" for name, key in attributes_of("voice") - same_rule} - tried
    assert left == set()


BROKEN_XML = [
    (b" <Response/>", 12100, "begins with '<'"),
    (b"\n<Response/>", 12100, "begins with '<'"),
    (b"\xef\xbb\xbf<Response/>", 12100, "byte order mark"),
    (b"", 12100, "begins with '<'"),
    (b"<Response>", 12100, "well-formed"),
    (b"<Response><Say>a & b</Say></Response>", 12100, "well-formed"),
    (b"<Response><Say>\x00</Say></Response>", 12100, "well-formed"),
    (b"<Response><Say>a\x0bb</Say></Response>", 12100, "well-formed"),
    (b"<Response><Say>&#8;</Say></Response>", 12100, "well-formed"),
    (b"<Response><Say>a&#x85;b</Say></Response>", 12100, r"no control character U\+0085"),
    (b"<Response><Say>a\x7fb</Say></Response>", 12100, r"no control character U\+007F"),
    (b"<Response><Say>\xed\xa0\x80</Say></Response>", 12100, "well-formed"),
    (b"<Response><Say>\xe1</Say></Response>", 12100, "well-formed"),
    (b"<!DOCTYPE x><Response/>", 12100, "no DOCTYPE"),
    (b"<Response/>" + b" " * 65536, 11750, "bytes; at most 65536"),
    (b"<Antwort/>", 12200, "the outermost element is Response"),
    (b'<Response a="1"/>', 12200, "<Response a>: no such attribute"),
    (b'<Response xmlns="urn:x"/>', 12200, "the outermost element is Response"),
]


@pytest.mark.parametrize(("body", "code", "reason"), BROKEN_XML)
def test_what_is_not_clean_xml_is_refused(body: bytes, code: int, reason: str) -> None:
    with pytest.raises(Refused, match=reason) as refused:
        read_voice(body, "text/xml")
    assert refused.value.code == code


@pytest.mark.parametrize("kind", ["", "text/html", "text/plain", "application/json", "xml"])
def test_another_content_type_is_refused(kind: str) -> None:
    with pytest.raises(Refused, match="expected text/xml") as refused:
        read_voice(b"<Response/>", kind)
    assert refused.value.code == 12300


def test_the_verbs_of_a_call_are_read_with_their_defaults() -> None:
    found = voice(
        gather(
            'input="dtmf speech" language="es-US" timeout="8" numDigits="3" hints="autobús, tarjeta"',
            '<Say voice="Polly.Lupe-Neural" language="es-US">Uno.</Say><Pause/><Play>/a.mp3</Play>',
        )
        + '<Say voice="Polly.Zeina">مرحبا</Say><Play digits="1w2"/><Pause length="2"/>'
        + f'<Dial action="/after#rc=3&amp;rp=5xx,ct,rt" timeout="20" callerId="+14155550100">{NUMBER}</Dial>'
    )
    assert found == (
        Gather(
            action="/turn",
            input=frozenset({"dtmf", "speech"}),
            language="es-US",
            timeout=8,
            speech_timeout=8.0,
            num_digits=3,
            hints=("autobús", "tarjeta"),
            prompts=(
                Say(text="Uno.", voice="Polly.Lupe-Neural", language="es-US"),
                Pause(length=1),
                Play(url="/a.mp3"),
            ),
        ),
        Say(text="مرحبا", voice="Polly.Zeina", language="arb"),
        Play(digits="1w2"),
        Pause(length=2),
        Dial(
            numbers=("+14155550111",),
            action="/after#rc=3&rp=5xx,ct,rt",
            timeout=20,
            caller_id="+14155550100",
        ),
    )


@pytest.mark.parametrize(
    ("attributes", "seconds"),
    [("", 5.0), ('timeout="4"', 4.0), ('speechTimeout="2"', 2.0), ('speechTimeout="auto" timeout="9"', 1.0)],
)
def test_what_is_said_ends_after_a_silence(attributes: str, seconds: float) -> None:
    (found,) = voice(gather(f'input="speech" {attributes}'))
    assert isinstance(found, Gather)
    assert found.speech_timeout == seconds


def test_the_verbs_that_end_a_document_are_read() -> None:
    assert voice("<Redirect>/voice/turn?turn=3&amp;lang=es#rc=3</Redirect>") == (
        Redirect(url="/voice/turn?turn=3&lang=es#rc=3"),
    )
    assert voice("<Pause/><Hangup/>") == (Pause(), Hangup())
    assert voice('<Reject reason="busy"/>') == (Reject(reason="busy"),)
    assert voice("<Dial>+14155550111</Dial><Say>Nobody is there.</Say>")[0] == Dial(numbers=("+14155550111",))


def test_ssml_inside_a_say_is_read_for_its_words_its_slowest_rate_and_its_breaks() -> None:
    (found,) = voice(
        f'<Say {JOANNA}>Press <prosody rate="80%">two<break time="500ms"/></prosody>'
        '<break strength="strong"/><sub alias="or wait">/</sub> <say-as interpret-as="digits">241</say-as></Say>'
    )
    assert isinstance(found, Say)
    assert found.text == "Press two or wait 241"
    assert found.rate == 0.8
    assert found.breaks == pytest.approx(1.2)


def test_another_script_may_be_left_to_the_provider_inside_lang() -> None:
    (found,) = voice(f'<Say {JOANNA}>For <lang xml:lang="cmn-CN">中文</lang>, press 3.</Say>')
    assert isinstance(found, Say)
    assert found.text == "For 中文, press 3."


def test_every_voice_of_the_lines_four_languages_is_in_the_table() -> None:
    ours = {
        "Polly.Joanna-Neural": "en-US",
        "Polly.Lupe-Neural": "es-US",
        "Polly.Zhiyu-Neural": "cmn-CN",
        "Polly.Zeina": "arb",
    }
    assert {name: set(voices.languages_of(name)) for name in ours} == {k: {v} for k, v in ours.items()}
    assert {"en-US", "es-US", "cmn-Hans-CN", "ar-EG"} <= voices.RECOGNISED


SMS_REFUSED = [
    ("<Say>x</Say>", "<Say>: a verb"),
    ("<Message/>", "<Message>: words or a picture"),
    ("<Message><Body> </Body></Message>", "<Message>: words or a picture"),
    ("<Message><Body>a</Body><Body>b</Body></Message>", "<Message>: at most 1 of <Body>"),
    (f"<Message>{'a' * 1601}</Message>", "<Message>: at most 1600 characters, not 1601"),
    ('<Message to="here">x</Message>', "<Message to>: expected a number in E.164"),
    ('<Message from="town">x</Message>', "<Message from>"),
    ('<Message action="x y">x</Message>', "<Message action>"),
    ("<Body>x</Body>", "<Body>: not inside <Response>"),
    ("<Redirect>/x</Redirect>", "<Redirect>: a verb that this exchange plays"),
]


@pytest.mark.parametrize(("inside", "reason"), SMS_REFUSED)
def test_an_answer_to_a_text_that_breaks_the_table_is_refused(inside: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        sms(inside)


def test_an_answer_to_a_text_may_be_empty_or_hold_messages() -> None:
    assert sms("") == ()
    assert sms("<Message>Hello</Message><Message><Body>a</Body><Media>/b.png</Media></Message>") == (
        Message(body="Hello"),
        Message(body="a", media=("/b.png",)),
    )


# Held to the library that applications write TwiML with: what the table has, the library can write.
LIBRARY: dict[str, Callable[..., Any]] = {
    "Gather": voice_response.VoiceResponse.gather,
    "Say": voice_response.VoiceResponse.say,
    "Play": voice_response.VoiceResponse.play,
    "Pause": voice_response.VoiceResponse.pause,
    "Dial": voice_response.VoiceResponse.dial,
    "Redirect": voice_response.VoiceResponse.redirect,
    "Hangup": voice_response.VoiceResponse.hangup,
    "Reject": voice_response.VoiceResponse.reject,
    "Number": voice_response.Dial.number,
    "Queue": voice_response.Dial.queue,
    "Enqueue": voice_response.VoiceResponse.enqueue,
    "Leave": voice_response.VoiceResponse.leave,
    "break": voice_response.Say.break_,
    "emphasis": voice_response.Say.emphasis,
    "lang": voice_response.Say.lang,
    "p": voice_response.Say.p,
    "phoneme": voice_response.Say.phoneme,
    "prosody": voice_response.Say.prosody,
    "s": voice_response.Say.s,
    "say-as": voice_response.Say.say_as,
    "sub": voice_response.Say.sub,
    "w": voice_response.Say.w,
    "Record": voice_response.VoiceResponse.record,
    "Message": messaging_response.MessagingResponse.message,
}


def plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").replace("xml:", "xml").lower()


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_twilios_library_knows_every_attribute_of_the_table(name: str) -> None:
    row = (rules.SMS if name == "Message" else rules.VOICE)[name]
    known = {plain(parameter) for parameter in inspect.signature(LIBRARY[name]).parameters}
    assert {attribute for attribute in row.attributes if plain(attribute) not in known} == set()


@pytest.mark.parametrize("name", ["Gather", "Say", "Dial", "SsmlEmphasis", "SsmlP", "SsmlS", "SsmlW", "SsmlProsody"])
def test_twilios_library_nests_what_the_table_nests(name: str) -> None:
    methods = {plain(method) for method, _ in inspect.getmembers(getattr(voice_response, name), inspect.isfunction)}
    row = rules.VOICE[name.removeprefix("Ssml").lower() if name.startswith("Ssml") else name]
    assert {child for child in row.children if plain(child) not in methods} == set()


def test_every_element_of_the_voice_table_is_held_to_the_library() -> None:
    assert set(rules.VOICE) - {"Response"} == set(LIBRARY) - {"Message"}


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1))
def test_whatever_words_the_library_escapes_come_back_as_they_were(words: str) -> None:
    answer = voice_response.VoiceResponse()
    answer.say(f"x {words}", voice="Polly.Joanna", language="en-US")
    assume(not voices.unreadable_script(words, "en-US"))
    (found,) = read_voice(str(answer).encode(), "text/xml")
    assert isinstance(found, Say)
    assert found.text == " ".join(f"x {words}".split())
