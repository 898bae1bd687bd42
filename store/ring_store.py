"""Missed calls that are answered by a call. Each method is a transaction of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select, update

from core.ports import Ring
from core.types import Times
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
        """Keep a ring, if that is not too many; calls with news do not count. Two at the same moment are one after the
        other: on SQLite there is one writer, on PostgreSQL the lock is for all of them, since they are counted
        together."""
        today, lately = rings.c.at > now - timedelta(days=1), rings.c.at > now - self._open_for
        theirs, asked = rings.c.number == number, rings.c.news == ""
        row = {"call": call, "number": number, "status": "waiting", "tries": 0, "due": now, "at": now}
        with self._database.writing() as connection:
            alone(connection, "rings")

            def count(*which: Any) -> int:
                return connection.scalar(select(func.count()).select_from(rings).where(asked, *which)) or 0

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
        placing = {"status": "placing", "tries": rings.c.tries + 1, "provider_id": None}
        with self._database.writing() as connection:
            row = connection.execute(update(rings).where(rings.c.id == next_one).values(placing).returning(*rings.c))
            found = row.first()
            commit(connection)
        return _ring(found) if found else None

    def placed(self, ring: int, provider_id: str) -> None:
        """The provider has taken it, unless it is over already."""
        self._change(ring, ("placing",), status="placed", provider_id=provider_id)

    def later(self, ring: int, due: datetime) -> None:
        """It is placed then."""
        self._change(ring, ("placing",), status="waiting", due=due)

    def not_yet(self, ring: int, due: datetime) -> None:
        """It may not be placed before then; that was no try."""
        self._change(ring, ("placing",), status="waiting", due=due, tries=rings.c.tries - 1)

    def placed_as(self, ring: int, provider_id: str) -> Ring | None:
        """The ring, while this call of it is under way."""
        mine = [rings.c.id == ring, rings.c.status.in_(("placing", "placed"))]
        with self._database.reading() as connection:
            row = connection.execute(select(rings).where(*mine)).first()
        return _ring(row) if row and row.provider_id in (None, provider_id) else None

    def again(self, ring: int, provider_id: str, due: datetime) -> None:
        """Nobody took this call; another one is placed then. Told twice, it changes nothing."""
        self._change(ring, ("placing", "placed"), provider_id, status="waiting", due=due)

    def over(self, ring: int, status: str = "over") -> None:
        """Nothing more comes of it."""
        self._change(ring, _OPEN, status=status)

    def _change(self, ring: int, before: tuple[str, ...], call: str = "", **values: Any) -> None:
        mine = [rings.c.id == ring, rings.c.status.in_(before)]
        if call:
            mine.append(or_(rings.c.provider_id.is_(None), rings.c.provider_id == call))
        with self._database.writing() as connection:
            connection.execute(update(rings).where(*mine).values(values))
            commit(connection)


def _ring(row: Row[Any]) -> Ring:
    times = Times(row.times) if row.times else None
    return Ring(id=row.id, number=row.number, tries=row.tries, news=row.news, times=times)
