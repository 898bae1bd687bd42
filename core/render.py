"""Phrases into words for one channel: what is said, what is listed, which key is which.

The thing comes before its key ("for meals at home, press 2": ISO/IEC 13714; W3C COGA o6p04).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.types import Entry, Expect, Medium


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
class Part:
    """A stretch of speech in one language, followed by a pause. `pen`: a long one, to fetch a pen."""

    text: str
    language: str
    pen: bool = False


class Then(StrEnum):
    """What the channel does after the words: go on as `expect` says, put the call through, or end it."""

    GO_ON = ""
    DIAL = "dial"
    HANG_UP = "hang_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Words for one channel. `parts` are `text` in the stretches between which voice pauses. `pace` counts how often
    "slower" was asked for (0 to 2). `turn` is the turn an answer to it belongs to. `dial` is the number (E.164) to
    put a live call through to, with `then` DIAL."""

    text: str
    language: str
    parts: tuple[Part, ...] = ()
    options: tuple[Option, ...] = ()
    expect: Expect = Expect.NOTHING
    entry: Entry = Entry.NONE
    pace: int = 0
    turn: int = 0
    then: Then = Then.GO_ON
    dial: str = ""
