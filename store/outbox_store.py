"""The rows of the outbox: who takes which, and what became of it. Each method is a transaction of its own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, or_, select, update

from core import state
from core.ports import AuditEntry, Queued, Text
from core.types import Address
from core.usage import Used
from store.database import Database, commit, inserting
from store.schema import outbox, receipts
from store.unit_of_work import append_audit, texts_allowed
from store.usage_store import keep_used

_MINE = ("sending", "unknown")
"""In these a text still belongs to the attempt that took it, even if its lease ran out meanwhile."""


class SqlOutbox:
    """The outbox in one database. The app's `Outbox` decides; this takes and marks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, channels: Collection[str], now: datetime, lease: timedelta) -> Queued | None:
        """Mark the next text that is due as being sent; two takers never get the same one."""
        due = _due(channels, now)
        if not self._any(due):
            return None
        next_one = due.limit(1).with_for_update(skip_locked=True).scalar_subquery()
        taken = {"status": "sending", "attempts": outbox.c.attempts + 1, "lease_until": now + lease}
        query = update(outbox).where(outbox.c.id == next_one).values(taken).returning(*outbox.c)
        row = self._change(query)
        return _queued(row) if row else None

    def allowed(self, address: Address) -> bool:
        """Whether texts may go to this address."""
        with self._database.reading() as connection:
            return texts_allowed(connection, address)

    def sent(self, queued: Queued, provider_id: str, used: Used | None = None) -> None:
        """The provider took it."""
        self._mark(queued, used, status="sent", provider_id=provider_id, last_code="")

    def later(self, queued: Queued, code: str, due: datetime) -> None:
        """It is due again then."""
        self._mark(queued, status="pending", last_code=code, due=due)

    def failed(self, queued: Queued, code: str, now: datetime) -> None:
        """It is given up, and the audit says so."""
        self._give_up(queued, "text_failed", now, status="failed", last_code=code)

    def refused(self, queued: Queued, now: datetime) -> None:
        """It is not sent, because the resident said STOP."""
        self._give_up(queued, "text_refused", now, status="refused")

    def unknown(self, queued: Queued, code: str, look: datetime) -> None:
        """It may have been sent; look for it then."""
        self._mark(queued, status="unknown", last_code=code, due=look)

    def expire(self, channels: Collection[str], now: datetime) -> None:
        """Texts under way longer than their lease become unknown, to be looked for now."""
        late = [outbox.c.status == "sending", outbox.c.channel.in_(channels), outbox.c.lease_until <= now]
        if self._any(select(outbox.c.id).where(*late)):
            self._change(update(outbox).where(*late).values(status="unknown", due=now))

    def doubtful(self, channels: Collection[str], now: datetime, again: datetime) -> tuple[Queued, int] | None:
        """An unknown text to look for by now, and how often it was looked for before."""
        due = select(outbox.c.id).where(outbox.c.status == "unknown", outbox.c.due <= now)
        due = due.where(outbox.c.channel.in_(channels)).order_by(outbox.c.due, outbox.c.id)
        if not self._any(due):
            return None
        next_one = due.limit(1).with_for_update(skip_locked=True).scalar_subquery()
        query = update(outbox).where(outbox.c.id == next_one).values(due=again).returning(*outbox.c)
        row = self._change(query)
        return (_queued(row), row.looks) if row else None

    def found(self, queued: Queued, provider_id: str, used: Used | None = None) -> bool:
        """The provider has it, unless its text is another row's."""
        others = select(outbox.c.id).where(outbox.c.provider_id == provider_id)
        others = others.where(outbox.c.channel == queued.text.channel, outbox.c.id != queued.id)
        if self._any(others):
            return False
        self._mark(queued, used, status="sent", provider_id=provider_id, due=None)
        return True

    def missed(self, queued: Queued, now: datetime, look: datetime | None) -> None:
        """The provider does not have it."""
        looked = {"status": "unknown", "looks": outbox.c.looks + 1, "due": look}
        if look is None:
            self._give_up(queued, "text_unknown", now, **looked)
        else:
            self._mark(queued, **looked)

    def reported(self, provider_id: str, status: str, rank: int, code: str, lost: bool, now: datetime) -> bool:
        """Note a report if it ranks above the one before. The text itself may not be marked as sent yet."""
        values = {"provider_id": provider_id, "status": status, "rank": rank, "code": code, "at": now}
        with self._database.writing() as connection:
            new = _raise(connection, values)
            if new and lost:
                about = {"provider_id": provider_id, "status": status, "code": code}
                entry = AuditEntry(conversation=_talk(connection, provider_id), event="text_lost", detail=about, at=now)
                append_audit(connection, entry)
            commit(connection)
        return new

    def _any(self, query: Select[int]) -> bool:
        """Asked before a change: an idle worker need not disturb the writers."""
        with self._database.reading() as connection:
            return connection.scalar(query.limit(1)) is not None

    def _change(self, query: Any) -> Row[Any] | None:
        with self._database.writing() as connection:
            result = connection.execute(query)
            row = result.first() if result.returns_rows else None
            commit(connection)
        return row

    def _mark(self, queued: Queued, used: Used | None = None, /, **values: Any) -> None:
        with self._database.writing() as connection:
            connection.execute(update(outbox).where(*_of_this_attempt(queued)).values(values))
            if used:
                keep_used(connection, used)
            commit(connection)

    def _give_up(self, queued: Queued, event: str, now: datetime, **values: Any) -> None:
        about = {"outbox": queued.id, "attempts": queued.attempts, "code": values.get("last_code", "")}
        entry = AuditEntry(conversation=queued.text.conversation, event=event, detail=about, at=now)
        with self._database.writing() as connection:
            if connection.execute(update(outbox).where(*_of_this_attempt(queued)).values(values)).rowcount:
                append_audit(connection, entry)
            commit(connection)


def _due(channels: Collection[str], now: datetime) -> Select[int]:
    """Texts to be sent now, the longest due first; of an unforced one no earlier one is still to go."""
    earlier = outbox.alias("earlier")
    waits = (
        select(earlier.c.id)
        .where(earlier.c.channel == outbox.c.channel, earlier.c.to_address == outbox.c.to_address)
        .where(earlier.c.id < outbox.c.id, earlier.c.status.in_(("pending", "sending")))
    )
    return (
        select(outbox.c.id)
        .where(outbox.c.status == "pending", outbox.c.due <= now, outbox.c.channel.in_(channels))
        .where(or_(outbox.c.forced, ~waits.exists()))
        .order_by(outbox.c.due, outbox.c.id)
    )


def _of_this_attempt(queued: Queued) -> tuple[ColumnElement[bool], ...]:
    """The row, as long as nobody else took it since."""
    return (
        outbox.c.id == queued.id,
        outbox.c.attempts == queued.attempts,
        outbox.c.status.in_(_MINE),
    )


def _queued(row: Row[Any]) -> Queued:
    turn, options = state.read_options(row.options)
    text = Text(
        nonce=row.nonce,
        channel=row.channel,
        to=row.to_address,
        body=row.body,
        conversation=row.conversation,
        forced=row.forced,
        options=options,
        turn=turn,
    )
    return Queued(id=row.id, text=text, attempts=row.attempts, created=row.created)


def _raise(connection: Connection, values: dict[str, Any]) -> bool:
    """Insert the report, or put it in the place of one that ranks lower; whether either happened."""
    new = inserting(connection.dialect.name, receipts)
    statement = new.values(values).on_conflict_do_update(
        index_elements=[receipts.c.provider_id],
        set_=values,
        where=receipts.c.rank < new.excluded.rank,
    )
    counted = {"preserve_rowcount": True}
    return connection.execute(statement, execution_options=counted).rowcount == 1


def _talk(connection: Connection, provider_id: str) -> str:
    """The conversation that a text belongs to, "" while that is not known."""
    query = select(outbox.c.conversation).where(outbox.c.provider_id == provider_id)
    return connection.scalar(query) or ""
