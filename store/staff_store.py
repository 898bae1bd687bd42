"""Accounts and sessions of staff: `app.staff.StaffStore` on SQLAlchemy Core. Each method is one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Delete, Insert, Row, Update, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from core.staff import Session, Staff
from store.database import Database, commit
from store.schema import failed_sign_ins, sessions, staff


class SqlStaff:
    """Accounts, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, person: Staff, password: str, at: datetime) -> bool:
        """Add an account; False if the login is taken."""
        row = _columns(person) | {"login": person.login, "password": password, "active": True, "created": at}
        try:
            self._change(staff.insert().values(row))
        except IntegrityError:
            return False
        return True

    def all(self) -> tuple[Staff, ...]:
        """Every account, by login."""
        with self._database.reading() as connection:
            return tuple(map(_staff, connection.execute(select(staff).order_by(staff.c.login))))

    def by_login(self, login: str) -> tuple[Staff, str] | None:
        """The account and its password's hash."""
        with self._database.reading() as connection:
            row = connection.execute(select(staff).where(staff.c.login == login)).first()
        return (_staff(row), row.password) if row else None

    def set_password(self, person: int, password: str) -> None:
        """Another password's hash."""
        self._change(update(staff).where(staff.c.id == person).values(password=password))

    def set_active(self, person: int, active: bool) -> None:
        """Let them in, or not."""
        self._change(update(staff).where(staff.c.id == person).values(active=active))

    def change(self, person: Staff) -> None:
        """Another name, department, phone or language."""
        self._change(update(staff).where(staff.c.id == person.id).values(_columns(person)))

    def open_session(self, token_hash: str, person: int, at: datetime) -> None:
        """Begin a session."""
        self._change(sessions.insert().values(token_hash=token_hash, staff=person, created=at, seen=at, used=at))

    def session(self, token_hash: str) -> Session | None:
        """The session, None if there is none."""
        mine = select(staff, sessions.c.created.label("began"), sessions.c.seen, sessions.c.used)
        mine = mine.join(sessions, sessions.c.staff == staff.c.id).where(sessions.c.token_hash == token_hash)
        with self._database.reading() as connection:
            row = connection.execute(mine).first()
        return Session(person=_staff(row), began=row.began, seen=row.seen, used=row.used) if row else None

    def seen(self, token_hash: str, at: datetime, used: bool) -> None:
        """The console asked for something, by itself or because it was used."""
        values = {"seen": at, "used": at} if used else {"seen": at}
        self._change(update(sessions).where(sessions.c.token_hash == token_hash).values(values))

    def end_session(self, token_hash: str) -> None:
        """End it."""
        self._change(delete(sessions).where(sessions.c.token_hash == token_hash))

    def end_sessions(self, person: int) -> int:
        """End all of a person's; how many there were."""
        return self._change(delete(sessions).where(sessions.c.staff == person))

    def failed(self, source: str, at: datetime) -> None:
        """A wrong password came from here."""
        self._change(failed_sign_ins.insert().values(source=source, at=at))

    def failures(self, source: str, since: datetime) -> tuple[int, datetime | None]:
        """How many wrong passwords came from here since then, and when the last one did."""
        counted = select(func.count(), func.max(failed_sign_ins.c.at).label("last"))
        counted = counted.where(failed_sign_ins.c.source == source, failed_sign_ins.c.at > since)
        with self._database.reading() as connection:
            count, last = connection.execute(counted).one()
        return count, last

    def _change(self, statement: Insert | Update | Delete) -> int:
        with self._database.writing() as connection:
            changed = connection.execute(statement).rowcount
            commit(connection)
        return changed


def _staff(row: Row[Any]) -> Staff:
    return Staff(
        id=row.id,
        login=row.login,
        name=row.name,
        department=row.department,
        phone=row.phone,
        language=row.language,
        active=row.active,
    )


def _columns(person: Staff) -> dict[str, str]:
    return {
        "name": person.name,
        "department": person.department,
        "phone": person.phone,
        "language": person.language,
    }
