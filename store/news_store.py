"""Who wants to be told of their case, and what we still have to tell them. All in the transaction of the connection."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from core.news import Wanted, nonce
from core.types import Address, CaseStatus, Times, WantNews
from store import schema
from store.database import inserting

_NOT_GONE = ("pending", "invited")
"""A text with news that has not gone."""

_NOT_TAKEN = "waiting"
"""A call with news that nobody has begun to place."""


def want(connection: Connection, effect: WantNews, language: str, at: datetime) -> None:
    """Keep that they want to be told; said anew, it takes the place of what was said before."""
    where = {"channel": effect.to.channel, "address": effect.to.value}
    row = {**where, "language": language, "times": effect.times.value, "at": at}
    new = inserting(connection.dialect.name, schema.news).values(reference=effect.reference, **row)
    connection.execute(new.on_conflict_do_update(index_elements=[schema.news.c.reference], set_=row))


def wanted(connection: Connection, reference: str) -> Wanted | None:
    """Who wants to be told of this case."""
    row = connection.execute(select(schema.news).where(schema.news.c.reference == reference)).first()
    if row is None:
        return None
    to = Address(channel=row.channel, value=row.address)
    return Wanted(reference=row.reference, to=to, language=row.language, times=Times(row.times))


def no_longer(connection: Connection, reference: str) -> None:
    """What was to be told of this case is not told any more, as far as it has not gone: there is newer."""
    texts, calls = schema.outbox, schema.rings
    mine = texts.c.nonce.startswith(nonce(reference, ""), autoescape=True)
    connection.execute(update(texts).where(mine, texts.c.status.in_(_NOT_GONE)).values(status="refused"))
    connection.execute(delete(calls).where(calls.c.news == reference, calls.c.status == _NOT_TAKEN))


def owe_call(connection: Connection, wanted: Wanted, status: CaseStatus, at: datetime) -> None:
    """They are to be called, at their hours."""
    row = {"call": nonce(wanted.reference, status), "number": wanted.to.value, "status": "waiting", "tries": 0}
    row |= {"due": at, "at": at, "news": wanted.reference, "times": wanted.times.value}
    new = inserting(connection.dialect.name, schema.rings).values(row)
    connection.execute(new.on_conflict_do_update(index_elements=[schema.rings.c.call], set_=row))


def call_status(connection: Connection, reference: str) -> str:
    """How the newest call with news of this case stands (`schema.rings`), "" where there is none."""
    calls = schema.rings
    newest = select(calls.c.status).where(calls.c.news == reference).order_by(calls.c.at.desc(), calls.c.id.desc())
    return connection.scalar(newest.limit(1)) or ""


def keep_code(connection: Connection, code: str, wanted: Wanted, expires: datetime) -> None:
    """Whoever gives this code is told that we told of this case."""
    row = {"code": code, "service": "", "starting": False, "language": wanted.language, "expires": expires}
    connection.execute(insert(schema.codes).values(row | {"reference": wanted.reference}))


def call_about(connection: Connection, ring: int) -> tuple[Wanted, CaseStatus, str] | None:
    """Whom a call with news is for, how far their case is now, and the newest code that was made for it."""
    calls, cases, codes = schema.rings, schema.cases, schema.codes
    query = select(cases.c.reference, cases.c.status).join(calls, calls.c.news == cases.c.reference)
    case = connection.execute(query.where(calls.c.id == ring)).first()
    who = wanted(connection, case.reference) if case else None
    if case is None or who is None:
        return None
    newest = select(codes.c.code).where(codes.c.reference == case.reference).order_by(codes.c.expires.desc())
    code = connection.scalar(newest.limit(1))
    return (who, CaseStatus(case.status), code) if code else None
