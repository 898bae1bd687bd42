"""What calls and texts cost is kept in numbers, as the provider tells it; `app.costs` makes money of it."""

from __future__ import annotations

from typing import Protocol

import phonenumbers

from core.ports import Queued
from core.sms import segments
from core.usage import Paid, Used

PAID_TEXTS = frozenset({"sms"})
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
    text = queued.text
    if text.channel not in PAID_TEXTS:
        return None
    return Used(
        kind=Paid.TEXT_OUT,
        provider_id=provider_id,
        at=queued.created,
        conversation=text.conversation,
        country=country(text.to),
        reckoned=segments(text.body),
    )
