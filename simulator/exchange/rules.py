"""The table of TwiML: which elements there are, what may stand in them, and what each attribute may say.

`Element.source` names the page of Twilio's documentation (docs, voice/twiml/... or messaging/twiml/...)
that the row is from. Only what this exchange plays is listed; anything else is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from simulator.exchange.overrides import MisreadFragment, overrides
from simulator.exchange.voices import SSML_TAGS as TAGS


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a value must be: `expected` in words for people, `holds` in code."""

    expected: str
    holds: Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One row: attributes, children (with how many at most), whether it holds text, and where that is
    written."""

    source: str
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    text: bool = False
    most: Mapping[str, int] = field(default_factory=dict)


def whole(low: int, high: int | None = None) -> Attribute:
    """A whole number, `low` or more, and at most `high`."""
    words = f"a whole number of {low} or more" if high is None else f"a whole number from {low} to {high}"
    return Attribute(words, lambda text: is_whole(text, low, high))


def is_whole(text: str, low: int, high: int | None) -> bool:
    """True for ASCII digits within the limits: what Twilio reads as a number."""
    return text.isascii() and text.isdigit() and int(text) >= low and (high is None or int(text) <= high)


def one_of(*values: str) -> Attribute:
    """Exactly one of `values`."""
    return Attribute("one of " + ", ".join(value or '""' for value in values), frozenset(values).__contains__)


def pattern(expected: str, expression: str) -> Attribute:
    """A value that `expression` describes completely."""
    compiled = re.compile(expression, re.ASCII)
    return Attribute(expected, lambda text: compiled.fullmatch(text) is not None)


def is_url(text: str) -> bool:
    """True for a relative or absolute http(s) URL in plain ASCII whose fragment Twilio understands."""
    if not re.fullmatch(r"[!-~]+", text) or re.search(r'[<>"{}|\\^`]', text) or not is_web(text):
        return False
    try:
        overrides(text)
    except MisreadFragment:
        return False
    return True


def is_web(text: str) -> bool:
    """True if `text` has no scheme and no host, or http(s) and a host."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"", "http", "https"} and bool(parts.scheme) == bool(parts.netloc)


def are_hints(text: str) -> bool:
    """True for up to 500 phrases of up to 100 characters, with commas between them."""
    phrases = text.split(",")
    return len(phrases) <= 500 and all(0 < len(phrase.strip()) <= 100 for phrase in phrases)


URL = Attribute("a relative or absolute http(s) URL with a fragment that Twilio knows", is_url)
URL_OR_NOTHING = Attribute(f"{URL.expected}, or nothing at all", lambda text: not text or is_url(text))
METHOD = one_of("GET", "POST")
YES_NO = one_of("true", "false")
E164 = pattern("a number in E.164, such as +14155550100", r"\+[1-9]\d{6,14}")
LOOP = whole(0)

LANGUAGE_TAG = pattern("a language tag such as en-US", r"[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-[a-zA-Z]{2}|-\d{3})?")
RECORD = pattern(
    "do-not-record or record-from-answer and its kin",
    r"do-not-record|record-from-(answer|ringing)(-dual)?|true|false",
)

SPEECH: Mapping[str, Element] = {
    "Say": Element(
        source="say",
        text=True,
        children=TAGS,
        attributes={
            "voice": Attribute("a voice name", bool),
            "language": Attribute("a language code", bool),
            "loop": LOOP,
        },
    ),
    "break": Element(
        source="text-speech",
        attributes={
            "strength": one_of("none", "x-weak", "weak", "medium", "strong", "x-strong"),
            "time": pattern("up to 10 s or 10000 ms, such as 500ms or 1s", r"(10|\d(\.\d+)?)s|(10000|\d{1,4})ms"),
        },
    ),
    "emphasis": Element(
        source="text-speech",
        text=True,
        children=TAGS - {"p", "s"},
        attributes={"level": one_of("strong", "moderate", "reduced")},
    ),
    "lang": Element(source="text-speech", text=True, children=TAGS, attributes={"xml:lang": LANGUAGE_TAG}),
    "p": Element(source="text-speech", text=True, children=TAGS - {"p"}),
    "s": Element(source="text-speech", text=True, children=TAGS - {"p", "s"}),
    "phoneme": Element(
        source="text-speech",
        text=True,
        attributes={
            "alphabet": one_of("ipa", "x-sampa", "x-amazon-pinyin"),
            "ph": Attribute("the sounds", bool),
        },
    ),
    "prosody": Element(
        source="text-speech",
        text=True,
        children=TAGS,
        attributes={
            "volume": pattern(
                "a volume such as soft or +6dB",
                r"default|silent|(x-)?(soft|loud)|medium|[+-]\d+(\.\d+)?dB",
            ),
            "rate": pattern("x-slow to x-fast, or 20% to 200%", r"x-slow|slow|medium|fast|x-fast|([2-9]\d|1\d\d|200)%"),
            "pitch": pattern("a pitch such as low or +5%", r"default|x-low|low|medium|high|x-high|[+-]\d+(\.\d+)?%"),
        },
    ),
    "say-as": Element(
        source="text-speech",
        text=True,
        attributes={
            "interpret-as": pattern(
                "what kind of text it is, such as digits or telephone",
                r"characters?|spell-out|cardinal|number|ordinal|digits|fraction|unit"
                r"|date|time|address|expletive|telephone",
            ),
            "format": pattern("an order such as mdy", r"mdy|dmy|ymd|md|dm|ym|my|d|m|y|yyyymmdd"),
        },
    ),
    "sub": Element(source="text-speech", text=True, attributes={"alias": Attribute("what to say instead", bool)}),
    "w": Element(
        source="text-speech",
        text=True,
        children=frozenset({"break", "emphasis", "phoneme", "prosody", "say-as", "sub"}),
        attributes={
            "role": pattern("an Amazon role such as amazon:VB", r"amazon:(VBD?|DT|IN|JJ|NN|DEFAULT|SENSE_1)"),
        },
    ),
}

VOICE: Mapping[str, Element] = {
    **SPEECH,
    "Response": Element(
        source="twiml",
        children=frozenset(
            {"Gather", "Say", "Play", "Pause", "Record", "Dial", "Enqueue", "Leave", "Redirect", "Hangup", "Reject"}
        ),
    ),
    "Gather": Element(
        source="gather",
        children=frozenset({"Say", "Play", "Pause"}),
        attributes={
            "action": URL,
            "method": METHOD,
            "input": one_of("dtmf", "speech", "dtmf speech", "speech dtmf"),
            "timeout": whole(1),
            "speechTimeout": Attribute(
                "auto or a whole number of 1 or more", lambda text: text == "auto" or is_whole(text, 1, None)
            ),
            "numDigits": whole(1),
            "finishOnKey": one_of("", *"0123456789#*"),
            "language": LANGUAGE_TAG,
            "hints": Attribute("up to 500 phrases of up to 100 characters, with commas", are_hints),
            "profanityFilter": YES_NO,
            "speechModel": pattern(
                "a speech model such as default or phone_call",
                r"default|numbers_and_commands|phone_call|experimental_(conversations|utterances)"
                r"|(googlev2|deepgram)_[a-z0-9_.-]+",
            ),
            "actionOnEmptyResult": YES_NO,
            "partialResultCallback": URL,
            "partialResultCallbackMethod": METHOD,
        },
    ),
    "Record": Element(
        source="record",
        attributes={
            "action": URL,
            "method": METHOD,
            "timeout": whole(1),
            "finishOnKey": pattern("keys that end it", r"[0-9*#]+"),
            "maxLength": whole(2, 14_400),
            "playBeep": YES_NO,
            "trim": one_of("trim-silence", "do-not-trim"),
            "recordingStatusCallback": URL,
            "recordingStatusCallbackMethod": METHOD,
            "recordingStatusCallbackEvent": pattern(
                "in-progress, completed, absent, with spaces",
                r"(in-progress|completed|absent)( (in-progress|completed|absent))*",
            ),
            # Without them: a transcript is paid for, in American English only, and goes to nobody here.
        },
    ),
    "Play": Element(
        source="play",
        text=True,
        attributes={"loop": LOOP, "digits": pattern("digits, #, * and w", r"[0-9#*wW]+")},
    ),
    "Pause": Element(source="pause", attributes={"length": whole(1)}),
    "Dial": Element(
        source="dial",
        text=True,
        children=frozenset({"Number", "Queue"}),
        most={"Number": 10, "Queue": 1},
        attributes={
            "action": URL,
            "method": METHOD,
            "timeout": whole(1, 600),
            "timeLimit": whole(1, 86_400),
            "callerId": E164,
            "answerOnBridge": YES_NO,
            "hangupOnStar": YES_NO,
            "sequential": YES_NO,
            "ringTone": pattern("auto or a country's two letters", r"auto|[a-z]{2}(-old)?"),
            "record": RECORD,
            "trim": one_of("trim-silence", "do-not-trim"),
            "recordingStatusCallback": URL,
            "recordingStatusCallbackMethod": METHOD,
        },
    ),
    "Number": Element(
        source="number",
        text=True,
        attributes={
            "sendDigits": pattern("digits, #, * and w", r"[0-9#*wW]+"),
            "url": URL,
            "method": METHOD,
            "statusCallback": URL,
            "statusCallbackMethod": METHOD,
            "statusCallbackEvent": pattern(
                "initiated, ringing, answered, completed, with spaces",
                r"(initiated|ringing|answered|completed)( (initiated|ringing|answered|completed))*",
            ),
            "machineDetection": one_of("Enable", "DetectMessageEnd"),
            "machineDetectionTimeout": whole(3, 60),
            "machineDetectionSpeechThreshold": whole(1000, 6000),
            "machineDetectionSpeechEndThreshold": whole(500, 5000),
            "machineDetectionSilenceTimeout": whole(2000, 10_000),
            "amdStatusCallback": URL,
            "amdStatusCallbackMethod": METHOD,
        },
    ),
    "Queue": Element(source="queue", text=True),
    "Enqueue": Element(
        source="enqueue",
        text=True,
        attributes={"action": URL, "method": METHOD, "waitUrl": URL_OR_NOTHING, "waitUrlMethod": METHOD},
    ),
    "Leave": Element(source="leave"),
    "Redirect": Element(source="redirect", text=True, attributes={"method": METHOD}),
    "Hangup": Element(source="hangup"),
    "Reject": Element(source="reject", attributes={"reason": one_of("rejected", "busy")}),
}

SMS: Mapping[str, Element] = {
    "Response": Element(source="messaging/twiml", children=frozenset({"Message"})),
    "Message": Element(
        source="messaging/twiml/message",
        text=True,
        children=frozenset({"Body", "Media"}),
        most={"Body": 1, "Media": 10},
        attributes={"to": E164, "from": E164, "action": URL, "method": METHOD, "statusCallback": URL},
    ),
    "Body": Element(source="messaging/twiml/message", text=True),
    "Media": Element(source="messaging/twiml/message", text=True),
}

QUEUE_NAME_CHARACTERS = 64  # enqueue


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A moment of a call at which only some verbs are played, and the page that says so."""

    when: str
    verbs: frozenset[str]
    source: str


IN_A_CALL = Place(when="outside a queue", verbs=VOICE["Response"].children - {"Leave"}, source="leave")
IN_A_QUEUE = Place(
    when="while the call waits in a queue",
    verbs=frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"}),
    source="enqueue",
)
# The page only forbids Dial; Enqueue and Reject make no sense to somebody who has just answered.
BEFORE_THE_BRIDGE = Place(
    when="before the called party is connected",
    verbs=frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Gather"}),
    source="number",
)

DOCUMENT_BYTES = 64 * 1024
MESSAGE_CHARACTERS = 1600
