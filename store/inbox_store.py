"""The updates that a provider brought: `app.inbox.Inbox` in one database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.ports import Received
from store.database import Database, commit
from store.schema import updates


class SqlInbox:
    """What is still to be worked on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, found: Collection[Received]) -> tuple[Received, ...]:
        """Store them, and return those that were not there before."""
        with self._database.writing() as connection:
            new = tuple(one for one in found if _add(connection, one))
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


def _add(connection: Connection, one: Received) -> bool:
    """Insert the update unless it is there already; whether it was new."""
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {"id": one.id, "conversation": one.conversation, "payload": one.payload, "came": one.came}
    statement = insert(updates).values(values).on_conflict_do_nothing()
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount == 1
