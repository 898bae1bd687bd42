"""Who has a telephone in the made-up town. Numbers from 555-0100 to 555-0199 belong to nobody (NANPA)."""

from __future__ import annotations

from dataclasses import dataclass

from core.phrases import phrase
from core.types import Phrase

WITHHELD = "anonymous"
"""What the exchange is told as the number of somebody who hides it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a telephone. `language` is what they speak; `chat` their id in the chat, 0 if they have none.

    `role` names those who are known by what they do, and is translated; other people have a `name`.
    """

    id: str
    name: str = ""
    number: str
    language: str
    chat: int = 0
    role: Phrase | None = None

    @property
    def texts(self) -> bool:
        """Whether they can send text messages."""
        return self.number != WITHHELD


PEOPLE = (
    Person(id="frank", name="Frank Miller", number="+14155550121", language="en", chat=5_000_121),
    Person(id="rosa", name="Rosa Delgado", number="+14155550122", language="es", chat=5_000_122),
    Person(id="wei", name="陈伟", number="+14155550123", language="zh_Hans", chat=5_000_123),
    Person(id="amal", name="أمل حداد", number="+14155550124", language="ar", chat=5_000_124),
    Person(id="nora", name="Nora Lind", number="+14155550125", language="sv", chat=5_000_125),
    Person(id="hidden", number=WITHHELD, language="en", role=phrase("Somebody who hides their number")),
    Person(id="clerk", number="+14155550190", language="en", role=phrase("The clerk's telephone")),
)
"""Nora speaks none of the office's languages. The clerk's number is that of the account which `plainline up` makes."""


def person(id: str) -> Person | None:
    """The person with this id."""
    return next((one for one in PEOPLE if one.id == id), None)


def owner(number: str) -> Person | None:
    """Whose telephone has this number."""
    return next((one for one in PEOPLE if one.number == number), None)
