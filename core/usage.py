"""Contacts, in numbers: what came of each, and what the town pays its provider for it: seconds of calls, segments of
texts, messages on WhatsApp. Other chats are free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core import phrases as say
from core.commands import is_answer
from core.types import (
    NO_ENGINE,
    WHATSAPP,
    Conversation,
    Kind,
    Medium,
    Mode,
    PromiseCall,
    RequestHandoff,
    Scene,
    SettleHandoff,
    Turn,
    Understanding,
    WhyPerson,
)

MINUTE = 60
"""Seconds. A call is paid by the minute begun, each leg for itself (Twilio docs: voice pricing)."""

SETTLES = timedelta(days=7)
"""After this nothing changes any more in what came of a contact: so long a form that was broken off can be finished."""

_ABOUT_A_SERVICE = frozenset({Scene.SERVICE, Scene.STEP, Scene.CHECK, Scene.CONFIRM, Scene.REDO, Scene.DONE})


_ANSWERED = frozenset({Scene.SERVICE, Scene.DONE, Scene.CASE, Scene.DETAILS})
"""Where an answer, or what was asked for, was told."""

_HOW_FAR = frozenset({say.CASE_RECEIVED.id, say.CASE_IN_WORK.id, say.CASE_DONE.id})


class Result(StrEnum):
    """What came of a contact, where anything did. ALONE: an answer was told, a form sent, or how far a case is.
    CALL_BACK: a person has still to call, or to write. PERSON: one was reached, wrote or called back, or said at the
    desk that they helped."""

    ALONE = "alone"
    CALL_BACK = "call back"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What one turn tells of its contact. `service` and `language` are "" where they are not known, `result` is None
    where nothing came of it. `form` is the service of a form that is under way, "" for none, and `step` where that
    stands: its question, from 1, or 0 where it is read back."""

    service: str = ""
    language: str = ""
    result: Result | None = None
    form: str = ""
    step: int = 0


class Paid(StrEnum):
    """What has a price: a started minute of a call to us or from us, a segment of a text to us or from us, a message on
    WhatsApp to us or from us, and one in words that were approved before; a call in which the provider listened whether
    a machine answered it."""

    CALL_IN = "call_in"
    CALL_OUT = "call_out"
    TEXT_IN = "text_in"
    TEXT_OUT = "text_out"
    WHATSAPP_IN = "whatsapp_in"
    WHATSAPP_OUT = "whatsapp_out"
    WHATSAPP_TEMPLATE = "whatsapp_template"
    DETECTION = "detection"


CALLS = frozenset({Paid.CALL_IN, Paid.CALL_OUT})

ON_WHATSAPP = frozenset({Paid.WHATSAPP_IN, Paid.WHATSAPP_OUT, Paid.WHATSAPP_TEMPLATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """One leg of a call or one text, as it is heard of. Told twice, late or in another order it is the same.

    `provider_id` makes it unique; `conversation` is "" and `country` (two letters) is "" where they are not known.
    `told` are the provider's seconds or segments, or the 1 of what is paid by the call, `reckoned` our own segments (a
    message on WhatsApp is one); None where there is no figure yet.
    """

    kind: Paid
    provider_id: str
    at: datetime
    conversation: str = ""
    country: str = ""
    told: int | None = None
    reckoned: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """How many contacts a channel had about a service ("": none)."""

    channel: str
    service: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Started minutes, segments or detections of one kind to or from one country, in contacts of a channel about a
    service."""

    channel: str
    service: str
    kind: Paid
    country: str
    units: int


def service_of(now: Conversation) -> str:
    """The service that a resident is with: the innermost place that is about one; "" for none.

    A contact is about the service that its resident came to last; leaving it for a menu or a person changes nothing.
    """
    return next((place.about for place in reversed(now.place) if place.scene in _ABOUT_A_SERVICE), "")


def came_of(turn: Turn) -> Came:
    """What a turn tells of its contact."""
    now = turn.conversation
    form, step = _form(now)
    return Came(service=service_of(now), language=now.language, result=_result(turn), form=form, step=step)


def _result(turn: Turn) -> Result | None:
    settled = [effect for effect in turn.effects if isinstance(effect, SettleHandoff)]
    if any(effect.reached for effect in settled):
        return Result.PERSON
    if any(effect.callback for effect in settled) or any(_stands(effect, turn) for effect in turn.effects):
        return Result.CALL_BACK
    told = any(prompt.phrase.id in _HOW_FAR for prompt in turn.prompts)
    return Result.ALONE if told or turn.conversation.place[-1].scene in _ANSWERED else None


def _stands(effect: object, turn: Turn) -> bool:
    """Whether somebody is now to call, or to write: a caller whose number is withheld can not be called."""
    asked = isinstance(effect, RequestHandoff) and (effect.callback or turn.conversation.medium is not Medium.VOICE)
    return bool(asked) or isinstance(effect, PromiseCall)


def _form(now: Conversation) -> tuple[str, int]:
    """The form in which the resident stands, and at which question."""
    for place in reversed(now.place):
        if place.scene is Scene.STEP:
            return place.about, place.step + 1
        if place.scene is Scene.CONFIRM and place.about:
            return place.about, 0
    return "", 0


def not_understood(was: Conversation, kind: Kind, said: str, turn: Turn) -> bool:
    """Whether words that came were not understood; digits are no words."""
    worded = kind is Kind.TEXT and any(letter.isalpha() for letter in said)
    stuck = any(isinstance(one, RequestHandoff) and one.why is WhyPerson.STUCK for one in turn.effects)
    return worded and (stuck or turn.conversation.misses > was.misses)


def wish_not_understood(was: Conversation, kind: Kind, said: str, meant: Understanding | None, turn: Turn) -> bool:
    """Whether words were said to the line as a wish, and not understood: no answer to a question, nothing that was
    meant for a person, no danger, and none that no engine looked at."""
    looked_at = meant is not None and meant.engine != NO_ENGINE and not meant.danger
    to_the_line = was.mode is Mode.BOT and not is_answer(was)
    return looked_at and to_the_line and not_understood(was, kind, said, turn)


def channel_of(now: Conversation) -> str:
    """What a contact is counted as: its medium, but WhatsApp apart, since it is the chat that is paid for."""
    on_whatsapp = now.address is not None and now.address.channel == WHATSAPP
    return WHATSAPP if on_whatsapp else now.medium.value
