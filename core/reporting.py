"""What is counted of real use: what came of contacts, ratings, forms, sentences and cases."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fact(StrEnum):
    """What is counted. Of a contact: finished alone, with a person, a call back (a person had still to call or write a
    week later), given up, or lost: that is given up after something was not understood. Then answers to whether they
    got what they needed, forms sent and left, contacts in which something was not understood, and cases that were taken
    up again after they were done."""

    ALONE = "alone"
    PERSON = "person"
    CALL_BACK = "call back"
    GAVE_UP = "gave up"
    LOST = "lost"
    GOT = "got it"
    NOT_GOT = "did not"
    SENT = "sent"
    LEFT = "left"
    UNCLEAR = "not understood"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many of one kind about a service ("": none), in a language ("": none was chosen), on a channel
    (`core.usage.channel_of`). `step` is where a form was left (`core.usage.Came`)."""

    fact: Fact
    service: str
    language: str
    channel: str
    count: int
    step: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """A wish that was not understood, in the language of its conversation."""

    language: str
    words: str
