"""The updates that a provider brought: `app.inbox.Inbox` in one database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select, update

from core.ports import Received
from store.database import Database, commit
from store.schema import updates
from store.unit_of_work import add_new


class SqlInbox:
    """What is still to be worked on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, found: Collection[Received]) -> tuple[Received, ...]:
        """Store them, and return those that were not there before."""
        with self._database.writing() as connection:
            new = tuple(one for one in found if add_new(connection, updates, asdict(one)))
            commit(connection)
        return new

    def undone(self) -> tuple[Received, ...]:
        """All that were stored and not worked on to the end, in the provider's order."""
        query = select(updates).where(updates.c.done.is_(None)).order_by(updates.c.id)
        with self._database.reading() as connection:
            return tuple(
                Received(id=row.id, conversation=row.conversation, payload=row.payload, came=row.came)
                for row in connection.execute(query)
            )

    def done(self, id: int, at: datetime) -> None:
        """It was worked on: its payload is emptied."""
        with self._database.writing() as connection:
            connection.execute(update(updates).where(updates.c.id == id).values(payload="", done=at))
            commit(connection)
