"""What calls and texts cost is kept in numbers, as the provider tells it; `app.costs` makes money of it."""

from __future__ import annotations

from typing import Protocol

import phonenumbers

from core.ports import Queued
from core.sms import segments
from core.types import WHATSAPP
from core.usage import Paid, Used

PAID_TEXTS = frozenset({"sms", WHATSAPP})
"""Channels whose texts are paid for."""


class UsageStore(Protocol):
    """Where it is kept."""

    def keep(self, used: Used) -> None:
        """Keep what is heard of a leg or a text; the same again, late or in another order changes nothing."""
        ...


def country(number: str) -> str:
    """The two letters of a telephone number's country, "" where it has none: withheld, a short code, a name."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    except phonenumbers.NumberParseException:
        return ""


def text_used(queued: Queued, provider_id: str) -> Used | None:
    """A text that the provider took, by our own count until it tells its own; None where texts are free."""
    if queued.text.channel not in PAID_TEXTS:
        return None
    if queued.text.channel == WHATSAPP:
        return _used(queued, provider_id, Paid.WHATSAPP_OUT, 1)
    return _used(queued, provider_id, Paid.TEXT_OUT, segments(queued.text.body))


def template_used(queued: Queued, provider_id: str) -> Used:
    """A message that asks a resident to write, because this text may not go before they do."""
    return _used(queued, provider_id, Paid.WHATSAPP_TEMPLATE, 1)


def _used(queued: Queued, provider_id: str, kind: Paid, units: int) -> Used:
    return Used(
        kind=kind,
        provider_id=provider_id,
        at=queued.created,
        conversation=queued.text.conversation,
        country=country(queued.text.to),
        reckoned=units,
    )
