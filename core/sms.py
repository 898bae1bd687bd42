"""SMS arithmetic: which alphabet a text needs, how many segments, and where to split a long one.

3GPP TS 23.038 (GSM 7 bit default alphabet and extension table) and TS 23.040 (joined parts carry a header).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWO = frozenset("^{}\\[~]|€\f")
SINGLE_GSM, PART_GSM = 160, 153
SINGLE_UCS2, PART_UCS2 = 70, 67
LONGEST = 1600
"""Characters in one message at Twilio (Messages resource, `Body`)."""

_NEAREST = str.maketrans("áíóúÁÍÓÚâêîôûÂÊÎÔÛ’‘“”«»–—…", 'aiouAIOUaeiouAEIOU\'\'""""--.')


def is_gsm(text: str) -> bool:
    """Whether every character is in the GSM 7-bit alphabet."""
    return all(c in _GSM or c in _GSM_TWO for c in text)


def plain(text: str) -> str:
    """The text in GSM letters where dropping accents and fine quotes is all it takes; else unchanged.

    Spanish á í ó ú are not in the alphabet while é ñ ü ¿ ¡ are; one of them makes a text cost twice as much.
    """
    nearest = text.translate(_NEAREST)
    return nearest if is_gsm(nearest) else text


def segments(text: str) -> int:
    """How many segments the text costs; 0 for an empty one."""
    if not text:
        return 0
    if is_gsm(text):
        return _count([2 if c in _GSM_TWO else 1 for c in text], SINGLE_GSM, PART_GSM)
    return _count([2 if ord(c) > 0xFFFF else 1 for c in text], SINGLE_UCS2, PART_UCS2)


def _count(units: list[int], single: int, part: int) -> int:
    if sum(units) <= single:
        return 1
    parts, room = 1, part
    for unit in units:
        if unit > room:
            parts, room = parts + 1, part
        room -= unit
    return parts


MOST_SEGMENTS = 3
"""Segments of a text that was cut; the rest comes when it is asked for."""

UNCUT = 4
"""Segments of a text that is sent whole: to ask for one segment more takes two texts, theirs and ours."""

_SENTENCE = re.compile(r"[.!?](?=\s)|[。！？؟\n]")
_WORD = re.compile(r"(?=\s)|[，、；،؛]")


def cut(text: str, after: str, most: int = MOST_SEGMENTS) -> tuple[str, str]:
    """As much of the text as costs, with `after` behind it, at most so many segments, and the rest of it.

    It ends with a sentence where one ends there, else with a word. "" and the whole text if nothing fits.
    """
    for end in (_SENTENCE, _WORD):
        ends = [found.end() for found in end.finditer(text) if text[: found.end()].strip()]
        fits = [at for at in ends if segments(plain(text[:at].rstrip() + after)) <= most]
        if fits:
            return text[: fits[-1]].rstrip(), text[fits[-1] :].lstrip()
    return "", text


def split(text: str, limit: int = LONGEST) -> tuple[str, ...]:
    """The text in pieces of at most `limit` characters, broken at a line, a sentence or a blank where there is one."""
    return tuple(_pieces(text, limit))


def _pieces(text: str, limit: int) -> Iterator[str]:
    while len(text) > limit:
        cut = max(text.rfind(mark, limit // 2, limit) for mark in ("\n", ". ", "。", "؟", " "))
        cut = limit if cut < 0 else cut + 1
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text
