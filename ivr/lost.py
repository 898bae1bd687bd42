"""Why a text was lost, from Twilio's codes (Twilio docs: api/errors)."""

from __future__ import annotations

from core.delivery import Lost

WHY = {
    30003: Lost.OUT_OF_REACH,
    30001: Lost.BUSY,
    30008: Lost.BUSY,
    30017: Lost.BUSY,
    30022: Lost.BUSY,
    21614: Lost.NO_TEXTS,
    21635: Lost.NO_TEXTS,
    30006: Lost.NO_TEXTS,
    21211: Lost.NO_NUMBER,
    30005: Lost.NO_NUMBER,
    30004: Lost.HELD_BACK,
    30007: Lost.HELD_BACK,
    30034: Lost.HELD_BACK,
    21610: Lost.STOPPED,
    21408: Lost.COUNTRY,
    63016: Lost.WINDOW,
    63003: Lost.NO_NUMBER,
    63024: Lost.NO_NUMBER,
    63018: Lost.BUSY,
}
"""What codes mean: of a refusal (21...) and of a receipt (30..., on WhatsApp 63...). Whatever else comes is `OTHER`."""

DIGITS = 5
"""Of a code (Twilio docs: errors)."""


def why_lost(code: str) -> Lost:
    """What a code of the provider's means. What is longer than theirs is none, and not counted out."""
    known = code.isascii() and code.isdigit() and len(code) <= DIGITS
    return WHY.get(int(code), Lost.OTHER) if known else Lost.OTHER
