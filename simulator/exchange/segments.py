"""How many segments a text takes. Source: 3GPP TS 23.038 (GSM 7-bit alphabet), Twilio docs, glossary/what-
sms-character-limit.

One segment holds 160 GSM characters or 70 UTF-16 units; of several each holds 153 or 67.
"""

from __future__ import annotations

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_PAIRS = frozenset("^{}\\[~]|€\f")


def segments(text: str) -> int:
    """The number of segments of `text`; an empty one is 1. A character is never split between two."""
    if set(text) <= GSM | GSM_PAIRS:
        return packed([2 if mark in GSM_PAIRS else 1 for mark in text], 160, 153)
    return packed([2 if ord(mark) > 0xFFFF else 1 for mark in text], 70, 67)


def packed(sizes: list[int], alone: int, each: int) -> int:
    """Segments for units of these sizes, none of which may be split."""
    if sum(sizes) <= alone:
        return 1
    count, filled = 1, 0
    for size in sizes:
        if filled + size > each:
            count, filled = count + 1, 0
        filled += size
    return count
