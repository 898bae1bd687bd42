"""The ledger of calls that residents were promised. Used inside a transaction of a turn, the desk or the worker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, or_, select, update

from core.callbacks import Promise, State, Try, Why, closed, reminder
from core.errors import GuardFailed
from core.types import Window
from store.database import alone
from store.schema import call_backs, handoffs, outbox, phone_calls

MOST_MEASURED = 300
"""Call backs that are measured, the newest."""

TALKED = "completed"
"""What a call that staff placed came to in which they were joined."""

LONGEST_CALL = timedelta(hours=2)
"""A call whose end we were not told of counts as going on so long."""

_OWED = call_backs.c.settled.is_(None)


def promised(connection: Connection, department: str) -> Mapping[datetime, int]:
    """How many calls the department still owes in each window, by the moment at which it begins."""
    counted = select(call_backs.c.starts, func.count()).where(_OWED, call_backs.c.department == department)
    return {row[0]: row[1] for row in connection.execute(counted.group_by(call_backs.c.starts))}


def took(connection: Connection, department: str, since: datetime) -> tuple[float, ...]:
    """Seconds from taking a request to being done with it, of the newest that led to a talk by telephone."""
    talked = select(phone_calls.c.id).where(phone_calls.c.handoff == handoffs.c.id, phone_calls.c.result == TALKED)
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
    window is full: whoever promises for the department waits here for the others who do."""
    hold(connection, department)
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
        _forget_reminder(connection, handoff)


def hold(connection: Connection, department: str) -> None:
    """Keep others from promising calls of this department until the end of the transaction."""
    alone(connection, f"windows:{department}")


def close(connection: Connection, handoff: int, at: datetime, *, helped: bool) -> None:
    """The request is over, and its promise with it."""
    if was := owed(connection, handoff):
        keep(connection, closed(was, helped=helped, at=at))


def overdue(connection: Connection, now: datetime, given_up: datetime) -> tuple[int, ...]:
    """Requests whose promise is to be looked at, as `app.promised_calls.PromiseStore` says."""
    called = select(phone_calls.c.id).where(phone_calls.c.handoff == call_backs.c.handoff)
    calling = called.where(phone_calls.c.ended.is_(None), phone_calls.c.created > now - LONGEST_CALL)
    booked = and_(call_backs.c.state == State.BOOKED, call_backs.c.ends < now)
    which = select(call_backs.c.handoff).where(_OWED, or_(booked, call_backs.c.ends < given_up), ~calling.exists())
    return tuple(connection.scalars(which.order_by(call_backs.c.ends)))


def ledger(connection: Connection, since: datetime) -> Mapping[tuple[State, Why | None], int]:
    """How many of the promises made since then stand how, and why; those without a reason are still owed."""
    kinds = (call_backs.c.state, call_backs.c.why, call_backs.c.settled.is_(None))
    counted = select(*kinds, func.count()).where(call_backs.c.made > since).group_by(*kinds)
    return {(State(row[0]), None if row[2] else Why(row[1])): row[3] for row in connection.execute(counted)}


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
    _forget_reminder(connection, now.handoff)


def _forget_reminder(connection: Connection, handoff: int) -> None:
    """The promise does not stand as it did when somebody wanted to be reminded of it: that text is not sent."""
    talk = connection.scalar(select(handoffs.c.conversation).where(handoffs.c.id == handoff))
    mine = outbox.c.nonce.startswith(reminder(talk or ""), autoescape=True)
    connection.execute(delete(outbox).where(mine, outbox.c.status == "pending"))


def promise_of(row: Row[Any], prefix: str = "") -> Promise:
    """A row as a promise; `prefix` stands before the names of its columns."""
    held = {column.name: getattr(row, prefix + column.name) for column in call_backs.c}
    return Promise(
        **held
        | {
            "state": State(held["state"]),
            "last": Try(held["last"]) if held["last"] else None,
            "why": Why(held["why"]) if held["why"] else None,
        }
    )
