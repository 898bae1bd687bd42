"""Phrases into words for one channel: what is said, what is listed, which key is which.

The thing comes before its key ("for meals at home, press 2": ISO/IEC 13714; W3C COGA o6p04).
"""

from __future__ import annotations

from dataclasses import dataclass

from core.types import Expect, Medium


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a channel can do. `limit` is characters in one message (0: none). `can_push`: it can start a message.
    `speech`: languages in which it understands speech (voice only)."""

    medium: Medium
    limit: int = 0
    can_push: bool = False
    speech: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A choice in words."""

    key: str
    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Words for one channel. `parts` are the sentences of `text` between which voice pauses. `pace` counts how often
    "slower" was asked for. `turn` is the turn an answer belongs to; `digits` ends an entry at that length."""

    text: str
    language: str
    parts: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    expect: Expect = Expect.NOTHING
    digits: int = 0
    pace: int = 0
    pen: bool = False
    turn: int = 0
