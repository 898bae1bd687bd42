"""A storage, and turns to save in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, text

from core.ports import Answered
from core.render import Message
from core.types import Address, Conversation, Effect, Medium, Turn
from store.database import open_database
from store.unit_of_work import SqlStorage

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
ANA = Address(channel="voice", value="+14155550101")
BEN = Address(channel="sms", value="+14155550102")


class Clock:
    """Shows the time it was set to."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@contextmanager
def opened(url: str) -> Iterator[SqlStorage]:
    """The storage at a database that has its tables."""
    storage = SqlStorage(open_database(url))
    try:
        yield storage
    finally:
        storage.close()


def new(id: str = "CA1", address: Address | None = ANA, medium: Medium = Medium.VOICE, **fields: Any) -> Conversation:
    return Conversation(id=id, medium=medium, address=address, language="en", **fields)


def answered(key: str = "1", at: datetime = NOON, words: str = "Hello.") -> Answered:
    return Answered(key=key, content="hash", messages=(Message(text=words, language="en"),), at=at)


def save(
    storage: SqlStorage,
    now: Conversation,
    *effects: Effect,
    at: datetime = NOON,
    key: str = "",
    source: str = "voice:+14155550101",
) -> Conversation:
    """Save a turn that leads to `now`, from whatever was saved before; the conversation as stored."""
    with storage.writing() as work:
        was = work.conversation(now.id) or replace(now, version=0)
        turn = Turn(conversation=now, effects=effects)
        work.save(was, turn, answered(key or str(was.version + 1), at), source)
        work.commit()
    with storage.reading() as work:
        stored = work.conversation(now.id)
    assert stored is not None
    return stored


def rows(storage: SqlStorage, query: Select[Any] | str) -> list[Row[Any]]:
    statement = text(query) if isinstance(query, str) else query
    with storage.database.reading() as connection:
        return list(connection.execute(statement))


def change(storage: SqlStorage, statement: str) -> None:
    """Change something behind the storage's back."""
    with storage.database.writing() as connection:
        connection.execute(text(statement))
        connection.commit()
