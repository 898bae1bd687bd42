"""Figures of the installation: `app.health.HealthStore` on SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select

from core.ports import Figures
from core.types import WhyPerson
from store import pin_store
from store.database import Database
from store.schema import handoffs, outbox

_UNSENT = outbox.c.status.in_(("pending", "sending"))
_OPEN = handoffs.c.settled.is_(None)


class SqlHealth:
    """The figures, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def figures(self, now: datetime) -> Figures:
        """Everything at once. A text that was put off by the provider counts from when it is due."""
        waiting = _OPEN & handoffs.c.claimed_by.is_(None)
        with self._database.reading() as connection:
            unsent, due = _counted(connection, outbox, _UNSENT, outbox.c.due)
            waits, since = _counted(connection, handoffs, waiting, handoffs.c.created)
            return Figures(
                unsent=unsent,
                oldest_unsent=_age(now, due),
                failed=_counted(connection, outbox, outbox.c.status == "failed", outbox.c.due)[0],
                unknown=_counted(connection, outbox, outbox.c.status == "unknown", outbox.c.due)[0],
                waiting=waits,
                oldest_waiting=_age(now, since),
                claimed=_counted(connection, handoffs, _OPEN & handoffs.c.claimed_by.is_not(None), handoffs.c.id)[0],
                danger=_counted(connection, handoffs, _OPEN & (handoffs.c.why == WhyPerson.DANGER), handoffs.c.id)[0],
            )

    def refused(self, since: datetime) -> Mapping[str, int]:
        """How many texts were given up since then, by the code that says why."""
        late = select(outbox.c.last_code, func.count()).where(outbox.c.status == "failed", outbox.c.due > since)
        with self._database.reading() as connection:
            return {row.last_code: row[1] for row in connection.execute(late.group_by(outbox.c.last_code))}

    def wrong_secret_numbers(self, since: datetime) -> int:
        """How many secret numbers were wrong since then."""
        with self._database.reading() as connection:
            return pin_store.wrong(connection, since)


def _counted(connection: Connection, table: Table, which: ColumnElement[bool], least: Any) -> tuple[int, Any]:
    count, first = connection.execute(select(func.count(), func.min(least)).select_from(table).where(which)).one()
    return count, first


def _age(now: datetime, since: datetime | None) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
