"""The ledger of calls that residents were promised. Used inside a transaction of a turn, the desk or the worker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from core.callbacks import Promise, State, Try, Why
from core.errors import GuardFailed
from core.types import Window
from store.schema import call_backs, handoffs, phone_calls

MOST_MEASURED = 300
"""Call backs that are measured, the newest."""

_OWED = call_backs.c.settled.is_(None)


def promised(connection: Connection, department: str) -> Mapping[datetime, int]:
    """How many calls the department still owes in each window, by the moment at which it begins."""
    counted = select(call_backs.c.starts, func.count()).where(_OWED, call_backs.c.department == department)
    return {row[0]: row[1] for row in connection.execute(counted.group_by(call_backs.c.starts))}


def took(connection: Connection, department: str, since: datetime) -> tuple[float, ...]:
    """Seconds from taking a request to being done with it, of the newest that led to a talk by telephone."""
    talked = select(phone_calls.c.id).where(phone_calls.c.handoff == handoffs.c.id, phone_calls.c.result == "completed")
    mine = select(handoffs.c.claimed, handoffs.c.settled).where(
        handoffs.c.status == "closed", handoffs.c.created > since, handoffs.c.claimed.is_not(None)
    )
    mine = mine.where(handoffs.c.department == department, handoffs.c.settled.is_not(None), talked.exists())
    newest = mine.order_by(handoffs.c.created.desc()).limit(MOST_MEASURED)
    return tuple((row.settled - row.claimed).total_seconds() for row in connection.execute(newest))


def owed(connection: Connection, handoff: int) -> Promise | None:
    """The promise that a request still has."""
    row = connection.execute(select(call_backs).where(call_backs.c.handoff == handoff, _OWED)).first()
    return promise_of(row) if row else None


def promise(connection: Connection, handoff: int, department: str, window: Window, made: datetime) -> None:
    """Promise a call in this window, in place of what was promised before. Raises `core.errors.GuardFailed` if the
    window is full: whoever promises in it waits here for the others who do."""
    hold(connection, department, window.start)
    before, start = owed(connection, handoff), window.start.astimezone(UTC)
    has_it = before is not None and before.starts == start
    if not has_it and promised(connection, department).get(start, 0) >= window.most:
        raise GuardFailed("the last place in the window was taken meanwhile")
    mine = {"handoff": handoff, "department": department, "made": made}
    row = {**mine, "starts": window.start, "ends": window.end, "state": State.BOOKED, "tries": 0, "last": "", "why": ""}
    if before is None:
        connection.execute(call_backs.insert(), row)
    else:
        connection.execute(update(call_backs).where(call_backs.c.id == before.id).values(row))


def hold(connection: Connection, department: str, start: datetime) -> None:
    """Keep others from promising in this window until the end of the transaction. On SQLite every writer does."""
    if connection.dialect.name == "postgresql":
        name = f"window:{department}:{int(start.timestamp())}"
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def keep(connection: Connection, now: Promise) -> None:
    """Keep how a promise stands."""
    values = {
        "starts": now.starts,
        "ends": now.ends,
        "state": now.state,
        "tries": now.tries,
        "last": now.last or "",
        "why": now.why or "",
        "settled": now.settled,
    }
    connection.execute(update(call_backs).where(call_backs.c.id == now.id).values(values))


def promise_of(row: Row[Any]) -> Promise:
    """A row as a promise."""
    return Promise(
        id=row.id,
        handoff=row.handoff,
        department=row.department,
        starts=row.starts,
        ends=row.ends,
        state=State(row.state),
        tries=row.tries,
        last=Try(row.last) if row.last else None,
        why=Why(row.why) if row.why else None,
        made=row.made,
        settled=row.settled,
    )
