"""The rows of the outbox: who takes which, and what became of it. Each method is a transaction of its own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, delete, func, literal, or_, select, update

from core import state
from core.delivery import NOT_BY_TEXT, Lost, Report
from core.ports import AuditEntry, Queued, Text
from core.types import BY_STAFF, Address, ConsentSource, RecordConsent, Times
from core.usage import Used
from store.database import Database, commit, inserting
from store.schema import SEND_AGAIN, no_texts, outbox, receipts, turns
from store.unit_of_work import add_new, append_audit, record_consent, texts_allowed
from store.usage_store import keep_used

_INVITED = "invited"
"""The status of a text that waits until the resident writes, and its code from then on."""

_TO_GO = ("pending", "sending", _INVITED)

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
        taken = {
            "status": "sending",
            "attempts": outbox.c.attempts + 1,
            "lease_until": now + lease,
            "provider_id": case((outbox.c.status == _INVITED, None), else_=outbox.c.provider_id),
        }
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

    def not_yet(self, queued: Queued, due: datetime) -> None:
        """It may not arrive before then; that was no try."""
        self._mark(queued, status="pending", attempts=queued.attempts - 1, due=due)

    def failed(self, queued: Queued, code: str, why: Lost, now: datetime) -> None:
        """It is given up, and the audit says so; what that says of its address is remembered."""
        to = Address(channel=queued.text.channel, value=queued.text.to)
        self._give_up(queued, "text_failed", now, _Learnt(to=to, why=why), status="failed", last_code=code, why=why)

    def refused(self, queued: Queued, now: datetime) -> None:
        """It is not sent, because the resident said STOP."""
        self._give_up(queued, "text_refused", now, None, status="refused")

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
        before = select(receipts.c.provider_id).where(receipts.c.provider_id == provider_id)
        if self._any(others) or self._any(before.where(receipts.c.again == "done")):  # it is what is sent again now
            return False
        self._mark(queued, used, status="sent", provider_id=provider_id, due=None)
        return True

    def missed(self, queued: Queued, now: datetime, look: datetime | None) -> None:
        """The provider does not have it."""
        looked = {"status": "unknown", "looks": outbox.c.looks + 1, "due": look}
        if look is None:
            self._give_up(queued, "text_unknown", now, None, **looked)
        else:
            self._mark(queued, **looked)

    def reported(self, report: Report, rank: int, now: datetime) -> bool:
        """Note a report if it ranks above the one before. The text itself may not be marked as sent yet."""
        values = {
            "provider_id": report.provider_id,
            "status": report.status,
            "rank": rank,
            "code": report.code,
            "why": report.why or "",
            "again": "due" if report.again else "",
            "at": now,
        }
        with self._database.writing() as connection:
            new = _raise(connection, values)
            if new and report.why:
                about = {"provider_id": report.provider_id, "status": report.status, "code": report.code}
                talk = _talk(connection, report.provider_id)
                append_audit(connection, AuditEntry(conversation=talk, event="text_lost", detail=about, at=now))
            if new and report.to and (report.why or report.arrived):
                _learn(connection, _Learnt(to=report.to, why=report.why), now)
            commit(connection)
        return new

    def lost(self, channels: Collection[str]) -> tuple[Queued, str, Lost] | None:
        """A text that was lost for now, and that nobody has seen to yet. Its report may have come before it was marked
        as sent, so it is looked for from here."""
        with self._database.reading() as connection:
            due = {row.provider_id: row for row in connection.execute(select(receipts).where(SEND_AGAIN))}
            # In two steps: joined, SQLite begins with all texts that were ever sent.
            texts = connection.execute(select(outbox).where(outbox.c.provider_id.in_(due))) if due else ()
            for row in texts:
                if row.status in ("sent", _INVITED) and row.channel in channels:
                    return _queued(row), due[row.provider_id].code, Lost(due[row.provider_id].why)
        return None

    def overtaken(self, queued: Queued) -> bool:
        """Whether it asks something, and there is a later text in its conversation; then it is given up."""
        if not queued.text.options:
            return False
        later = select(outbox.c.id).where(outbox.c.conversation == queued.text.conversation, outbox.c.id > queued.id)
        later = later.where(outbox.c.status.not_in(("failed", "refused")))
        if not self._any(later):
            return False
        self._mark(queued, status="failed")
        return True

    def resend(self, queued: Queued, code: str, why: Lost, due: datetime | None) -> None:
        """It is sent again then; with None it stays as it is, lost."""
        mine = (
            outbox.c.id == queued.id,
            outbox.c.provider_id == queued.provider_id,
            outbox.c.status.in_(("sent", _INVITED)),
        )
        again = {"status": "pending", "due": due, "attempts": 0, "looks": 0, "resends": queued.resends + 1}
        told = {} if queued.invited and due is None else {"last_code": code}  # nobody is asked to write once more
        changed = {"why": why, **told, **(again if due else {})}
        seen_to = update(receipts).where(receipts.c.provider_id == queued.provider_id)
        with self._database.writing() as connection:
            connection.execute(update(outbox).where(*mine).values(changed))
            connection.execute(seen_to.values(again="done"))
            commit(connection)

    def reached(self, address: Address) -> None:
        """A text came from there. Looked at first: it is rarely news, and the writers are not disturbed."""
        if self._any(select(literal(1)).where(*_at(address))):
            self._change(delete(no_texts).where(*_at(address)))

    def heard(self, conversation: str) -> datetime | None:
        """When the resident last did something there."""
        theirs = turns.c.kind.not_in(sorted(BY_STAFF))
        query = select(func.max(turns.c.at)).where(turns.c.conversation == conversation, theirs)
        with self._database.reading() as connection:
            at: datetime | None = connection.scalar(query)
            return at

    def invited(self, queued: Queued, provider_id: str, until: datetime, used: Used | None) -> None:
        """It waits until they write."""
        self._mark(queued, used, status=_INVITED, provider_id=provider_id, last_code=_INVITED, due=until)

    def answered(self, address: Address, now: datetime) -> None:
        """What waited for them is due. Looked at first, as `reached` does."""
        mine = (
            outbox.c.channel == address.channel,
            outbox.c.to_address == address.value,
            outbox.c.status == _INVITED,
            outbox.c.due > now,
        )
        if self._any(select(outbox.c.id).where(*mine)):
            self._change(update(outbox).where(*mine).values(due=now))

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

    def _give_up(self, queued: Queued, event: str, now: datetime, learnt: _Learnt | None, /, **values: Any) -> None:
        about = {"outbox": queued.id, "attempts": queued.attempts, "code": values.get("last_code", "")}
        entry = AuditEntry(conversation=queued.text.conversation, event=event, detail=about, at=now)
        with self._database.writing() as connection:
            if connection.execute(update(outbox).where(*_of_this_attempt(queued)).values(values)).rowcount:
                append_audit(connection, entry)
                if learnt:
                    _learn(connection, learnt, now)
            commit(connection)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learnt:
    """What became of a text says something of its address: why it was lost, None if it arrived."""

    to: Address
    why: Lost | None


def _learn(connection: Connection, learnt: _Learnt, now: datetime) -> None:
    """Remember that texts can or can not reach the address, and a STOP that the provider knew before us."""
    to, why = learnt.to, learnt.why
    if why is None:
        connection.execute(delete(no_texts).where(*_at(to)))
    if why in NOT_BY_TEXT:
        add_new(connection, no_texts, {"channel": to.channel, "address": to.value, "why": why, "at": now})
    if why is Lost.STOPPED and texts_allowed(connection, to):
        stopped = RecordConsent(address=to, allowed=False, source=ConsentSource.PROVIDER)
        record_consent(connection, stopped, now)


def _at(address: Address) -> tuple[ColumnElement[bool], ...]:
    return no_texts.c.channel == address.channel, no_texts.c.address == address.value


def _due(channels: Collection[str], now: datetime) -> Select[int]:
    """Texts to be sent now, the longest due first; of an unforced one no earlier one is still to go. For one that has
    its own time, and is not due, no other waits."""
    earlier = outbox.alias("earlier")
    own_time = or_(earlier.c.times != "", earlier.c.attempts == 0)
    scheduled = and_(earlier.c.status == "pending", earlier.c.due > now, own_time)
    waits = (
        select(earlier.c.id)
        .where(earlier.c.channel == outbox.c.channel, earlier.c.to_address == outbox.c.to_address)
        .where(earlier.c.id < outbox.c.id, earlier.c.status.in_(_TO_GO), earlier.c.resends == 0)
        .where(~scheduled)
    )
    return (
        select(outbox.c.id)
        .where(outbox.c.status.in_(("pending", _INVITED)), outbox.c.due <= now, outbox.c.channel.in_(channels))
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
        times=Times(row.times) if row.times else None,
    )
    return Queued(
        id=row.id,
        text=text,
        attempts=row.attempts,
        created=row.created,
        resends=row.resends,
        provider_id=row.provider_id or "",
        invited=row.last_code == _INVITED,
    )


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
