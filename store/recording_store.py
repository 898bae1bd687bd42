"""Recordings: `app.recordings.RecordingStore` on SQLAlchemy Core, and what the desk reads of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Update, select, update

from core.ports import AuditEntry, Errand
from core.staff import Recorded
from core.types import Recording
from store.database import Database, commit
from store.schema import recordings, staff
from store.unit_of_work import add_new, append_audit, recording_row

_THERE = ("wanted", "fetched", "here", "lost")
"""What staff see."""

_AFTER = {"fetched": "here", "unwanted": "gone"}
"""What follows when it is deleted at the provider."""

DELETED_AGAIN = timedelta(days=1)
"""How long it takes until what could not be deleted at the provider is tried again."""

_RECORDED = select(recordings, staff.c.name.label("by")).outerjoin(staff, staff.c.id == recordings.c.typed_by)


class SqlRecordings:
    """Recordings, in one database. The app's `Recordings` decides; this takes and marks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def came(self, recording: Recording, conversation: str, now: datetime) -> None:
        """It is ready at the provider."""
        again = update(recordings).where(recordings.c.id == recording.id, recordings.c.status.in_(("wanted", "lost")))
        with self._database.writing() as connection:
            if not add_new(connection, recordings, recording_row(recording, conversation, now)):
                connection.execute(again.values(status="wanted", due=now, attempts=0))
            commit(connection)

    def failed(self, recording: Recording, conversation: str, code: str, now: datetime) -> None:
        """There is none at the provider."""
        lost = {"status": "lost", "due": None, "last_code": code}
        with self._database.writing() as connection:
            if not add_new(connection, recordings, {**recording_row(recording, conversation, now), **lost}):
                waits = (recordings.c.id == recording.id, recordings.c.status == "wanted")
                connection.execute(update(recordings).where(*waits).values(lost))
            _tell(connection, conversation, recording.id, "wanted", code, now)
            commit(connection)

    def take(self, now: datetime, lease: timedelta) -> Errand | None:
        """The next one that is due; two takers never get the same one."""
        due = select(recordings.c.id).where(recordings.c.due.is_not(None), recordings.c.due <= now)
        due = due.order_by(recordings.c.due, recordings.c.id)
        with self._database.reading() as connection:
            if connection.execute(due.limit(1)).first() is None:
                return None
        next_one = due.limit(1).with_for_update(skip_locked=True).scalar_subquery()
        taken = {"attempts": recordings.c.attempts + 1, "due": now + lease}
        query = update(recordings).where(recordings.c.id == next_one).values(taken).returning(*recordings.c)
        with self._database.writing() as connection:
            row = connection.execute(query).first()
            commit(connection)
        return (
            Errand(id=row.id, conversation=row.conversation, status=row.status, attempts=row.attempts) if row else None
        )

    def fetched(self, errand: Errand, silent: bool | None, now: datetime, seconds: int = 0) -> None:
        """It is kept here."""
        length = {"seconds": seconds} if seconds else {}
        self._mark(errand, status="fetched", silent=silent, due=now, attempts=0, last_code="", **length)

    def done(self, errand: Errand) -> None:
        """It is deleted at the provider."""
        after = _AFTER[errand.status]
        self._mark(errand, status=after, due=None, last_code="")

    def later(self, errand: Errand, code: str, due: datetime) -> None:
        """It is due again then."""
        self._mark(errand, last_code=code, due=due)

    def given_up(self, errand: Errand, code: str, now: datetime) -> None:
        """It is not tried again. What was not fetched is lost; what was not deleted stays as it is, not due. But what
        nobody wants any more is deleted in the end, however long that takes: the resident was told so."""
        lost = {"status": "lost"} if errand.status == "wanted" else {}
        due = now + DELETED_AGAIN if errand.status == "unwanted" else None
        with self._database.writing() as connection:
            connection.execute(_mine(errand).values(due=due, last_code=code, **lost))
            _tell(connection, errand.conversation, errand.id, errand.status, code, now)
            commit(connection)

    def _mark(self, errand: Errand, **values: Any) -> None:
        with self._database.writing() as connection:
            connection.execute(_mine(errand).values(values))
            commit(connection)


def recorded(connection: Connection, *where: ColumnElement[bool]) -> tuple[Recorded, ...]:
    """The recordings that are left for staff, oldest first; also without their sound, if their words were typed."""
    there = recordings.c.status.in_(_THERE) | (recordings.c.transcript != "")
    query: Select[Any] = _RECORDED.where(recordings.c.kept, there, *where)
    rows = connection.execute(query.order_by(recordings.c.made, recordings.c.id)).all()
    return tuple(map(_recorded, rows))


def _recorded(row: Row[Any]) -> Recorded:
    return Recorded(
        id=row.id,
        seconds=row.seconds,
        made=row.made,
        status=row.status,
        code=row.last_code,
        silent=row.silent,
        words=row.transcript,
        by=row.by or "",
    )


def _mine(errand: Errand) -> Update:
    """The recording, unless something else is to be done with it by now."""
    return update(recordings).where(recordings.c.id == errand.id, recordings.c.status == errand.status)


def _tell(connection: Connection, conversation: str, id: str, status: str, code: str, at: datetime) -> None:
    detail: dict[str, str | int | float] = {"recording": id, "status": status, "code": code}
    append_audit(connection, AuditEntry(conversation=conversation, event="recording_failed", detail=detail, at=at))
