"""The central types: what came in, what is believed and known, what is remembered, and what is decided.

All are frozen values. A `Conversation` is the whole memory of a dialogue and can be written as JSON
(`core.state`). Text that a person reads or hears is never a plain string here but a `Phrase`: a message id with
typed parameters, put into words at the very end (`core.render`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What the resident did."""

    START = "start"
    RESUME = "resume"
    TEXT = "text"
    KEYS = "keys"
    PICK = "pick"
    SILENCE = "silence"
    RECORDING = "recording"
    PICTURE = "picture"
    PLACE = "place"
    HANG_UP = "hang_up"
    FAULT = "fault"
    STOP = "stop"
    DIAL = "dial"
    """The end of our try to put a live call through; `text` is the provider's DialCallStatus."""
    CLAIM = "claim"
    """A member of staff took the conversation. This and what follows is done by staff, at the desk."""
    REPLY = "reply"
    """Staff wrote `text` to the resident."""
    HAND_BACK = "hand_back"
    """Staff gave the conversation back to the machine."""
    RELEASE = "release"
    """Staff let the request go, for somebody else to take."""
    CLOSE = "close"
    """Staff are done with what was asked."""


BY_STAFF = frozenset({Kind.CLAIM, Kind.REPLY, Kind.HAND_BACK, Kind.RELEASE, Kind.CLOSE})
"""What staff do; all else is the resident, or their line."""


class Medium(StrEnum):
    """How words reach the resident; decides wording and what keys mean, never what is offered."""

    VOICE = "voice"
    SMS = "sms"
    CHAT = "chat"


class Mode(StrEnum):
    """Who holds the conversation."""

    BOT = "bot"
    WAITING = "waiting"
    HUMAN = "human"


class Command(StrEnum):
    """What works everywhere, by key on the phone and by word in text, in every language."""

    PERSON = "person"
    AGAIN = "again"
    SLOWER = "slower"
    BACK = "back"
    START = "start"
    LANGUAGE = "language"
    HELP = "help"
    STOP = "stop"
    NUMBER = "number"
    MORE = "more"
    WHY = "why"
    SPELL = "spell"


class Act(StrEnum):
    """What a person wants to do, apart from the service it is about."""

    ABOUT = "about"
    WHO = "who"
    PAPERS = "papers"
    COST = "cost"
    TIME = "time"
    WHERE = "where"
    START = "start"
    STATUS = "status"
    PERSON = "person"
    GREET = "greet"
    THANKS = "thanks"
    YES = "yes"
    NO = "no"
    OTHER_LANGUAGE = "other_language"
    OUT_OF_SCOPE = "out_of_scope"


class Expect(StrEnum):
    """What kind of answer a prompt waits for."""

    NOTHING = "nothing"
    CHOICE = "choice"
    TEXT = "text"
    DIGITS = "digits"
    RECORDING = "recording"


class Scene(StrEnum):
    """Where in the dialogue a conversation stands."""

    LANGUAGE = "language"
    HOME = "home"
    CATEGORY = "category"
    SERVICE = "service"
    OFFER = "offer"
    NUMBER = "number"
    STEP = "step"
    CHECK = "check"
    CONFIRM = "confirm"
    RECORD = "record"
    """Asked whether they may be recorded."""
    RECORDING = "recording"
    """They speak, and are recorded."""
    RECORDED = "recorded"
    """What is to become of what they said."""
    ZERO = "zero"
    DANGER = "danger"
    CALLBACK = "callback"
    CALLBACK_NUMBER = "callback_number"
    CALLBACK_TIME = "callback_time"
    REMIND = "remind"
    """Asked whether they are to be reminded of the call that was promised."""
    UNFINISHED = "unfinished"
    REDO = "redo"
    DONE = "done"
    NEWS = "news"
    """Asked when they may be told how far their case is."""
    RATE = "rate"
    """They are done, and asked whether they got what they needed."""

    CASE = "case"
    """How far a case is was told, in a call; there is more to hear."""
    WHO = "who"
    """Asked who speaks, before private things are told."""
    PIN = "pin"
    """Asked for the secret number of a case."""
    HELPER = "helper"
    """Asked for the secret number, or the first code, of somebody who acts for the resident."""
    PIN_NEW = "pin_new"
    """A secret number is chosen."""
    PIN_SURE = "pin_sure"
    """The chosen one is keyed once more."""
    DETAILS = "details"
    """The case was told, after the right secret number in this call."""


SECRET = frozenset({Scene.PIN, Scene.HELPER, Scene.PIN_NEW, Scene.PIN_SURE})
"""Where a secret number is keyed: nothing of what is keyed or said there is kept anywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a resident can be reached: an E.164 number for voice, SMS and WhatsApp, a chat id for other chats."""

    channel: str
    value: str


WHATSAPP = "whatsapp"
"""The channel of WhatsApp: a chat, with the resident's telephone number for an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A button: the choice it stood for, and the turn whose prompt it belongs to."""

    choice: str
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Something said in one's own voice. `id` is the provider's; `seconds` is its length, 0 where it is empty, or where
    that is not told yet: of what was sent in a chat."""

    id: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One thing a resident did. `keys` are raw, with * and #. `at` is aware and in UTC.

    `placed`: in a call that we placed. `turn` is the turn this answers, where the channel knows it (voice);
    `message_id` is unique within the conversation. `confidence` is the recogniser's, 0 to 1, for speech only.
    `barred`: the address is a number that we neither ring nor text, because it is dear or abroad. `recording` is what
    was recorded, also where a key that ended it means something else.
    """

    conversation: str
    medium: Medium
    address: Address | None
    message_id: str
    kind: Kind
    at: datetime
    text: str = ""
    keys: str = ""
    pick: Pick | None = None
    turn: int | None = None
    language_hint: str = ""
    confidence: float | None = None
    recording: Recording | None = None
    placed: bool = False
    barred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another service that the words may have meant, with the engine's confidence in it (0 to 1)."""

    service: str
    confidence: float


RULE_ENGINE = "rule"
"""The engine that is named where exact words decided."""

NO_ENGINE = "none"
"""Named where an engine gave no answer that can be used."""


class Rule(StrEnum):
    """An exact rule that decided, whatever an engine would have believed."""

    COMMAND = "command"
    YES_NO = "yes_no"
    NAME = "name"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Words of the text that counted. `share` is their part, 0 to 1, of all that spoke for what is believed and against
    what came next (of the difference in log-odds that its words made); 0 where that is not told."""

    words: str
    share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A service that the search of the catalogue found, and the words that are like it, the heaviest first."""

    service: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How sure is sure enough, each 0 to 1: from `answer` on a service is answered at once, from `ask` on it is asked
    about, unless it is surer than `nothing` that none of ours is meant. `act` and `danger` are the least confidences in
    those. 0 is a limit that did not count."""

    answer: float = 0.0
    ask: float = 0.0
    nothing: float = 0.0
    act: float = 0.0
    danger: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why something is believed; it may hold what the resident said.

    `words` are those that counted, the heaviest first, for the service that is named or asked about first, else for
    the act. `like` is the phrase that was learnt and is most alike, `found` is what a search found besides. `rules` are
    the exact rules that decided. `nothing` is how sure it was, 0 to 1, that no service of ours is meant. `version`
    names what was learnt, and changes with the examples, the code and the libraries.
    """

    words: tuple[Counted, ...] = ()
    like: str = ""
    found: tuple[Found, ...] = ()
    rules: tuple[Rule, ...] = ()
    nothing: float = 0.0
    limits: Limits | None = None
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What is believed about the words. `danger` holds the words that told of it, empty if none did.

    `service` is "" when none is named or none is sure enough; then `alternatives` may hold those to ask about.
    `also` are services that the same words ask for besides, `denied` is one that they say is not meant. `corrected`
    is what follows a "no, I meant"; all else is believed of these words then. `considered` are the likeliest
    services whatever was decided, and `because` says why it was. `language` is one of the town's, or "" in doubt;
    `foreign` is the ISO 639-1 code of another one that the words are clearly in, "" for none.
    """

    act: Act | None = None
    service: str = ""
    confidence: float = 0.0
    act_confidence: float = 0.0
    alternatives: tuple[Alternative, ...] = ()
    also: tuple[str, ...] = ()
    denied: str = ""
    corrected: str = ""
    considered: tuple[Alternative, ...] = ()
    command: Command | None = None
    danger: str = ""
    because: Evidence = field(default_factory=Evidence)
    engine: str = ""
    language: str = ""
    foreign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A telephone number in E.164 form."""

    e164: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """An answer the resident would rather give to the person who calls them."""


Answer = str | int | date | bool | Phone | Later | Recording
"""A typed answer to a step: words, place or choice id; whole number; date; yes or no; phone; later; or a recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digits:
    """Digits to be said one by one in groups: a reference, a code or a telephone number."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A sum in the town's currency."""

    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelled:
    """A name, an address or digits, to be said letter by letter."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The resident's own words, or a name that is never translated."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageName:
    """A language, named in itself ("español")."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day near enough to be told without its year."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Several phrases as one list ("a, b and c")."""

    items: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A message id (the English text) with its parameters; `count` picks the plural form.

    `plural` is the English plural msgid, set exactly when `count` is.
    """

    id: str
    params: Mapping[str, Param] = field(default_factory=dict)
    plural: str = ""
    count: int | None = None


Param = str | int | date | datetime | time | Day | Digits | Spelled | Money | Quote | LanguageName | Listing | Phrase
"""What a phrase may carry. A plain `str` is neither translated nor altered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to choose. `key` is its one number on every channel; `id` is what a button sends (64 bytes at
    most together with the turn, Telegram Bot API `callback_data`)."""

    key: str
    id: str
    label: Phrase
    language: str = ""
    """The language this one choice is put in, where it is not the conversation's."""


class Entry(StrEnum):
    """What is entered where text or digits are expected; decides what the phone says about how to."""

    NONE = ""
    NUMBER = "number"
    DATE = "date"
    PHONE = "phone"
    CODE = "code"
    WORDS = "words"
    PIN = "pin"
    """By keys alone: nobody is asked to say a secret number aloud."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """Meaning, not words: it never mentions buttons, keys or taps. `language` overrides the conversation's.

    `entry` says what is entered where text or digits are expected. `open` welcomes free words beside the choices.
    """

    phrase: Phrase
    choices: tuple[Choice, ...] = ()
    expect: Expect = Expect.NOTHING
    entry: Entry = Entry.NONE
    language: str = ""
    open: bool = False
    helped: bool = False
    """True where the keys that work everywhere are to be explained."""
    back: bool = False
    """True where it is to be told how to go one step back: behind an answer that may be another than they chose."""
    pen: bool = False
    """True before something worth writing down: voice says "get a pen" and leaves time."""
    sound: str = ""
    """The id of a recording that is played after the words."""
    brief: bool = False
    """True where the same choices were just heard and nobody hesitates: they are said in fewer words."""


NEAREST = "nearest"
"""What an offer is about that is made because what is wanted is not offered here."""


SAID_ALL = "said_all"
"""The value of the first menu for a caller who is done: who is silent there has hung up badly, and needs nobody."""


IN_VAIN = "in_vain"
"""What a step's value is where words failed, so that a recording is offered from then on."""


AGREED = 1
"""What a told reference has as its step once it was said when news of it may come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One level of where the resident is.

    `about` is a service slug or category id, `step` the form step or the page of a menu, `given` is True once a
    step that first asks whether and how to answer is to take the answer itself, and `value` is what was told last
    (a service's act, a reference, a code, the services offered). An offer of what comes nearest is about `NEAREST`.
    A step whose words were asked for in vain has the value `IN_VAIN`. What is recorded is about the form's service, or
    about "" where it is a message; once it is recorded, `value` is its id and `step` its seconds.
    """

    scene: Scene
    about: str = ""
    step: int = 0
    given: bool = False
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What free words were taken for: a service, or the first of those that are offered, and the few words that
    counted, as they were said; none if the engine does not tell them. `named`: they were the service's very name."""

    service: str
    words: tuple[str, ...] = ()
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """The whole state of one dialogue; small, readable in a log, written as JSON.

    `id` is a call's CallSid, both numbers of an SMS thread, or a chat id. `place` is a stack, so that an
    interruption returns. `turn` counts prompts that await an answer; `version` serves races only. `answers` are
    those given so far to the questions of `form` (a service slug). `candidates` are readings to choose from.
    `guessed`: the language is that of their telephone; neither a choice nor their words have set one.
    `wishes` are services asked for in one breath with another, and not told of yet. `foreign` is a language that the
    town does not have and that words were clearly in (ISO 639-1), until one of ours is chosen. `heard` is what the
    words meant that led to where the resident is, if words did.
    `offered` are "key=id" of the current prompt. `held` is an answer put aside while danger is asked about.
    `misses`, `silences` and `agains` count what happened in a row. `transferred`: a live transfer failed in this
    call. `wait_told`: the minutes told to whoever waits for a person (`core.waiting`), 0 if none were.
    `stopped`: the resident said STOP here and has not said START. `ended`: the call is over. `barred`: the address is a
    number that we neither ring nor text. `textless`: the caller's number gets no text messages. `rest` are words of a
    text that was too long, until they are asked for. `placed`: it was we who called.
    """

    id: str
    medium: Medium
    address: Address | None = None
    language: str = ""
    guessed: bool = False
    foreign: str = ""
    pace: int = 0
    mode: Mode = Mode.BOT
    place: tuple[Place, ...] = (Place(scene=Scene.LANGUAGE),)
    held: str = ""
    form: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    candidates: tuple[Answer, ...] = ()
    wishes: tuple[str, ...] = ()
    heard: Heard | None = None
    expect: Expect = Expect.CHOICE
    offered: tuple[str, ...] = ()
    misses: int = 0
    silences: int = 0
    agains: int = 0
    turn: int = 0
    version: int = 0
    transferred: bool = False
    wait_told: int = 0
    stopped: bool = False
    ended: bool = False
    textless: bool = False
    rest: str = ""
    placed: bool = False
    barred: bool = False


# --- what is looked up ---------------------------------------------------------------------------------------


class ReadKind(StrEnum):
    """What a text is to be read as."""

    NUMBER = "number"
    DATE = "date"
    PHONE = "phone"
    PLACE = "place"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Ask the `Reader` to read `text` as `kind`; `on` is today for "tomorrow"."""

    kind: ReadKind
    text: str
    language: str
    on: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FindCase:
    """Look a case up by its reference of nine digits (checked before it is asked for)."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindCode:
    """Look up what an eight-digit continuation code carries; never writes."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindUnfinished:
    """Look for a form begun from this address and not finished."""

    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class FindSpoken:
    """Look for the language in which the last call from this number was held."""

    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshNumbers:
    """Draw an unused case reference and an unused continuation code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindConsent:
    """Whether texts may, and do, go to this address, and whether they can arrive there."""

    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class FindChoice:
    """Which of the choices now asked these words name, as they are worded in the conversation's language."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindRecording:
    """Whether this recording has come from the provider, so that it can be played."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindWindows:
    """When people who are in charge of this service ("": anybody) can still be promised to call back."""

    service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindAsked:
    """Whether the resident of this conversation is not to be asked if they got what they needed: they were lately, here
    or at this address, told of danger, or asked for a person."""

    address: Address | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealPin:
    """Seal a secret number that was chosen, so that it can be compared and not be read."""

    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePin:
    """Whether these digits are the ones that were sealed a moment ago."""

    sealed: str = field(repr=False)
    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPin:
    """Whether these digits are the secret number of a case, and if so what the case says."""

    reference: str
    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckHelper:
    """Whether these digits are the secret number, or the first code, of who calls from `address` to act for the
    resident of a case, and if so what the case says."""

    reference: str
    address: Address
    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindDetails:
    """What a case says, for whoever has shown in this call that they may hear it. With a `mandate` (its id) only as
    long as that stands."""

    reference: str
    mandate: str = ""


Secret = SealPin | ComparePin | CheckPin | CheckHelper
"""Needs that a secret number is in."""

Need = (
    Read
    | FindCase
    | FindCode
    | FindUnfinished
    | FindSpoken
    | FreshNumbers
    | FindConsent
    | FindChoice
    | FindRecording
    | FindWindows
    | FindDetails
    | FindAsked
    | Secret
)
Needs = tuple[Need, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a text was read as: one value, several candidates to choose from, or neither (unreadable). `barred`: it was
    a telephone number, but one that we do not ring."""

    value: Answer | None = None
    candidates: tuple[Answer, ...] = ()
    barred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeState:
    """The office in charge, now: its telephone, whether people answer, and when it opens next (local time)."""

    id: str
    phone: str
    open: bool
    opens: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time in which a call back may be promised, by the office's own clock, and how many calls can be in all."""

    start: datetime
    end: datetime
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A form begun from this address: its conversation, where it stood and when it broke off."""

    conversation: str
    service: str
    step: int
    answers: Mapping[str, Answer]
    at: datetime


class CaseStatus(StrEnum):
    """How far a case is; what a bare reference may tell."""

    RECEIVED = "received"
    IN_WORK = "in_work"
    DONE = "done"


class Times(StrEnum):
    """When somebody wants to be told news (`core.news.HOURS`)."""

    DAY = "day"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFound:
    """What a code carries: a place in the dialogue, never answers. One that was given with news of a case has how far
    that is now, `case`, and no service."""

    service: str
    starting: bool
    language: str
    case: CaseStatus | None = None


class PinCheck(StrEnum):
    """What came of a secret number. FIRST: it was the first code of somebody who helps, and was right. CLOSED: too many
    were wrong, and none is looked at now."""

    RIGHT = "right"
    WRONG = "wrong"
    FIRST = "first"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDetails:
    """What a case says: its service, when it was sent (local time), and the answers. `helped`: somebody else may act
    for the resident."""

    service: str
    opened: datetime
    answers: Mapping[str, Answer]
    helped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything looked up for this turn: values, never callables. None means it was not asked for or not found.

    `emergency` is the number to call in danger; `offices` is every office by id; `today` is the town's date.
    `attempts_left` counts tries at a code or reference before we only offer a person. `texts_allowed`: no STOP.
    `texts_arrive` is False of a number that gets no texts, as far as is known.
    `texts_held`: a copy by text would not be sent to their number now.
    `choice` is the id of the choice that the words name. `on_duty` are the departments of the staff who are at the
    desk now ("": someone there for all). `waits` are the seconds that one waits on this medium for a person of a
    department ("": of none in particular), where that is known. `playable`: the recording has come. `windows` are the
    few times in which a call back can still be promised, the soonest first. `asked`: they are not to be asked whether
    they got what they needed. `openable`: the case can be heard by who has a secret number. `pin` is what came of one,
    `sealed` a new one, sealed; `details` what the case says, where it may be told, and `mandate` the id of that by
    which a helper hears it. `spoken` is the language of the last call from this number, "" if there was none.
    """

    emergency: str
    offices: Mapping[str, OfficeState]
    today: date
    reading: Reading | None = None
    unfinished: Unfinished | None = None
    spoken: str = ""
    case: CaseStatus | None = None
    code: CodeFound | None = None
    attempts_left: int = 5
    texts_allowed: bool = True
    playable: bool = False
    texts_arrive: bool = True
    texts_held: bool = False
    choice: str = ""
    on_duty: frozenset[str] = frozenset()
    waits: Mapping[str, float] = field(default_factory=dict)
    windows: tuple[Window, ...] = ()
    reference: str = ""
    fresh_code: str = ""
    asked: bool = True
    openable: bool = False
    pin: PinCheck | None = None
    sealed: str = field(default="", repr=False)
    details: CaseDetails | None = None
    mandate: str = ""


# --- what is decided -----------------------------------------------------------------------------------------


class WhyPerson(StrEnum):
    """Why a person is wanted."""

    ASKED = "asked"
    DANGER = "danger"
    INTERPRETER = "interpreter_needed"
    STUCK = "stuck"
    FAULT = "fault"
    NO_ANSWER = "no_answer"
    NO_TEXT = "no_text"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """Open a case with the answers that were read back and confirmed."""

    reference: str
    service: str
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHandoff:
    """A person is wanted, of the `department` ("": whoever is there).

    `callback` is the number to ring (E.164), "" when the resident is reached on their channel. `live` is a call being
    put through now. `words` are what staff need to know, kept out of logs. `language` is the resident's: one of the
    town's, or the ISO 639-1 code of another that their words were in. A conversation has one open request at most: a
    second one updates it.
    """

    why: WhyPerson
    language: str
    service: str = ""
    callback: str = ""
    live: bool = False
    words: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleHandoff:
    """What became of this conversation's open request for a person: reached, or to be rung at `callback`
    ("" leaves the number as it was). A live request is no longer live after this."""

    reached: bool
    callback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseCall:
    """Promise this conversation's request for a person a call in the window, on the number `callback`, by people of
    the `department` ("": anybody): a guarded write in the turn's transaction. It takes the place of a promise that
    was made there before."""

    window: Window
    department: str
    callback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayToDesk:
    """What was said in this turn is for the person who has, or will have, the conversation. `danger` puts their request
    before the others."""

    danger: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SendText:
    """Send these prompts as SMS to the address, in the language, read back and asked for before. `due` is when, of a
    reminder: it is not sent if the call that was promised to this conversation is made before, or moved."""

    address: Address
    language: str
    prompts: tuple[Prompt, ...]
    due: datetime | None = None


class ConsentSource(StrEnum):
    """Where we have it from that texts are stopped or allowed: the resident's own words to us, the provider, who obeyed
    them before we did or refused a text, or staff, whom the resident told."""

    RESIDENT = "resident"
    PROVIDER = "provider"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConsent:
    """The resident allowed (True) or stopped (False) texts from us on this address."""

    address: Address
    allowed: bool
    source: ConsentSource = ConsentSource.RESIDENT


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepCode:
    """Store a continuation code for 15 minutes; it carries a place in the dialogue, no answers."""

    code: str
    service: str
    starting: bool
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendCode:
    """Use up a continuation code: a guarded update in the turn's transaction."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTry:
    """A code or reference was tried and not found: counted for this source and in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantNews:
    """The resident wants to be told of their case at these times: by text, or by a call where the channel is voice."""

    reference: str
    to: Address
    times: Times


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAsked:
    """The resident is asked now whether they got what they needed, and for a while not again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRating:
    """They got what they needed from this service, or did not: counted for the town's month, given by its first day."""

    service: str
    got: bool
    month: date


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPin:
    """The secret number of a case that was opened in this conversation, sealed; of a `mandate` (its id) that of who
    helps, in place of their first code."""

    reference: str
    sealed: str = field(repr=False)
    mandate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountPinTry:
    """A secret number was wrong: counted for the case, for who called, and in all. Guarded: not once it is closed."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Admit:
    """A secret number was right. Guarded: not if the case was closed by wrong ones meanwhile."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMandates:
    """Nobody else may act for the resident of this case any more; with a `mandate` (its id) its helper does not."""

    reference: str
    mandate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """Drop the unfinished form of another conversation (it was taken up here, or refused)."""

    conversation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRecording:
    """Something was recorded: fetch it from the provider, and delete it there."""

    recording: Recording


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRecording:
    """The resident leaves this recording for staff, with their request for a person. One in the answers of a case is
    kept with the case."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropRecording:
    """Nobody is to hear this recording: delete it everywhere."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Put the live call through to this telephone number now. `queued`: first let it wait a while for whoever is at
    the desk of the `department` ("": anybody's); `wait_told` are the minutes that the caller was told."""

    phone: str
    queued: bool = False
    department: str = ""
    wait_told: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """End the call: only after three silences, and after everything that could be offered was."""


Effect = (
    OpenCase
    | RequestHandoff
    | SettleHandoff
    | PromiseCall
    | RelayToDesk
    | SendText
    | RecordConsent
    | KeepCode
    | SpendCode
    | CountTry
    | WantNews
    | NoteAsked
    | KeepRating
    | KeepPin
    | CountPinTry
    | Admit
    | EndMandates
    | Forget
    | TakeRecording
    | KeepRecording
    | DropRecording
    | Transfer
    | HangUp
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """All that `advance` decided: the new state, what to say, what else happens, and why (for the audit)."""

    conversation: Conversation
    prompts: tuple[Prompt, ...] = ()
    effects: tuple[Effect, ...] = ()
    reason: str = ""
    forced: bool = False
    """The answer goes out although the resident said STOP: danger, the STOP reply, HELP."""
