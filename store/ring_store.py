"""Missed calls that are answered by a call. Each method is a transaction of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from core.ports import Ring
from store.database import Database, alone, commit
from store.schema import rings
from store.unit_of_work import add_new

_OPEN = ("waiting", "placing", "placed")


class SqlRings:
    """The rings in one database; the app says how many are too many."""

    def __init__(self, database: Database, *, each: int, in_all: int, open_for: timedelta) -> None:
        self._database = database
        self._each = each
        self._in_all = in_all
        self._open_for = open_for

    def keep(self, call: str, number: str, now: datetime) -> bool:
        """Keep a ring, if that is not too many. Two at the same moment are one after the other: on SQLite there is one
        writer, on PostgreSQL the lock is for all of them, since they are counted together."""
        today, lately = rings.c.at > now - timedelta(days=1), rings.c.at > now - self._open_for
        theirs = rings.c.number == number
        row = {"call": call, "number": number, "status": "waiting", "tries": 0, "due": now, "at": now}
        with self._database.writing() as connection:
            alone(connection, "rings")

            def count(*which: Any) -> int:
                return connection.scalar(select(func.count()).select_from(rings).where(*which)) or 0

            too_many = (
                count(theirs, lately, rings.c.status.in_(_OPEN)) > 0
                or count(theirs, today) >= self._each
                or count(today) >= self._in_all
            )
            kept = not too_many and add_new(connection, rings, row)
            commit(connection)
        return kept

    def take(self, now: datetime) -> Ring | None:
        """The next one that is due, marked as being placed."""
        due = select(rings.c.id).where(rings.c.status == "waiting", rings.c.due <= now).order_by(rings.c.due)
        with self._database.reading() as connection:
            if connection.scalar(due.limit(1)) is None:
                return None
        next_one = due.limit(1).with_for_update(skip_locked=True).scalar_subquery()
        taken = update(rings).where(rings.c.id == next_one).values(status="placing", tries=rings.c.tries + 1)
        with self._database.writing() as connection:
            row = connection.execute(taken.returning(rings.c.id, rings.c.number, rings.c.tries)).first()
            commit(connection)
        return Ring(id=row.id, number=row.number, tries=row.tries) if row else None

    def placed(self, ring: int, provider_id: str) -> None:
        """The provider has taken it, unless it is over already."""
        self._change(ring, ("placing",), status="placed", provider_id=provider_id)

    def later(self, ring: int, due: datetime) -> None:
        """It is placed then."""
        self._change(ring, ("placing",), status="waiting", due=due)

    def over(self, ring: int) -> None:
        """Nothing more comes of it."""
        self._change(ring, _OPEN, status="over")

    def _change(self, ring: int, before: tuple[str, ...], **values: Any) -> None:
        with self._database.writing() as connection:
            connection.execute(update(rings).where(rings.c.id == ring, rings.c.status.in_(before)).values(values))
            commit(connection)
