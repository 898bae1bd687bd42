"""What the town pays its provider for, in numbers: seconds of calls, segments of texts, messages on WhatsApp. Other
chats are free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.types import WHATSAPP, Conversation, Scene

MINUTE = 60
"""Seconds. A call is paid by the minute begun, each leg for itself (Twilio docs: voice pricing)."""

_ABOUT_A_SERVICE = frozenset({Scene.SERVICE, Scene.STEP, Scene.CHECK, Scene.CONFIRM, Scene.REDO, Scene.DONE})


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


def channel_of(now: Conversation) -> str:
    """What a contact is counted as: its medium, but WhatsApp apart, since it is the chat that is paid for."""
    on_whatsapp = now.address is not None and now.address.channel == WHATSAPP
    return WHATSAPP if on_whatsapp else now.medium.value
