"""Contacts, what came of them and what was used in them: `app.metering.UsageStore` and `app.costs.CostsStore` on
SQLAlchemy Core."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, or_, select, update

from core.types import WHATSAPP, Medium
from core.usage import CALLS, MINUTE, ON_WHATSAPP, SETTLES, Amount, Came, Contacts, Paid, Result, Used
from store.database import Database, commit, inserting
from store.schema import contacts, usage

_CALL = usage.c.kind.in_(sorted(CALLS))
_CALL_OUT = usage.c.kind == Paid.CALL_OUT.value
_FIGURE = func.coalesce(usage.c.told, usage.c.reckoned, 0)
_UNITS = case((_CALL, (_FIGURE + MINUTE - 1) // MINUTE), else_=_FIGURE)
_OF_KIND = case(
    (_CALL | (usage.c.kind == Paid.DETECTION.value), Medium.VOICE.value),
    (usage.c.kind.in_(sorted(ON_WHATSAPP)), WHATSAPP),
    else_=Medium.SMS.value,
)
_CHANNEL = func.coalesce(contacts.c.channel, _OF_KIND)
_SERVICE = func.coalesce(contacts.c.service, "")
_WITH_CONTACT = usage.outerjoin(contacts, contacts.c.id == usage.c.contact)


_RANKS = {"": 0, Result.ALONE.value: 1, Result.CALL_BACK.value: 2, Result.PERSON.value: 3}
"""What counts of several results in one contact: the highest."""


def keep_contact(
    connection: Connection, conversation: str, day: str, channel: str, came: Came, at: datetime, *, unclear: bool
) -> None:
    """Add a contact to the transaction, or what came of it now. What is not known changes nothing; a form stays until
    it is sent, and a form of a thread counts for the day on which it was gone on with last."""
    row = {
        "conversation": conversation,
        "day": day,
        "channel": channel,
        "service": came.service,
        "began": at,
        "language": came.language,
        "result": came.result or "",
        "unclear": unclear,
        "form": came.form,
        "step": came.step,
    }
    connection.execute(_insert_or_change(connection.dialect.name), row)
    if day and came.form:
        form_sent(connection, conversation, came.form, at, besides=day)


@cache
def _insert_or_change(dialect: str) -> Any:
    """Made once: to build it takes as long as to run it."""
    new: Any = inserting(dialect, contacts)
    told = new.excluded
    known = {
        name: case((told[name] != "", told[name]), else_=contacts.c[name]) for name in ("service", "language", "form")
    }
    higher = _rank(told.result) > _rank(contacts.c.result)
    return new.on_conflict_do_update(
        index_elements=[contacts.c.conversation, contacts.c.day],
        set_={
            **known,
            "step": case((told.form != "", told.step), else_=contacts.c.step),
            "result": case((higher, told.result), else_=contacts.c.result),
            "unclear": or_(contacts.c.unclear, told.unclear),
        },
    )


def _rank(result: ColumnElement[str | None]) -> ColumnElement[int]:
    return case(_RANKS, value=func.coalesce(result, ""), else_=0)


def person_reached(connection: Connection, conversation: str, at: datetime) -> None:
    """Staff wrote to them, or called and reached them, or helped: that is what came of the conversation's newest
    contact. Of one from before that was counted it stays uncounted."""
    mine = select(contacts.c.id).where(contacts.c.conversation == conversation, contacts.c.began > at - SETTLES)
    newest = mine.order_by(contacts.c.began.desc(), contacts.c.id.desc()).limit(1).scalar_subquery()
    counted = (contacts.c.id == newest, contacts.c.result.is_not(None))
    connection.execute(update(contacts).where(*counted).values(result=Result.PERSON.value))


def form_sent(connection: Connection, conversation: str, form: str, at: datetime, besides: str = "-") -> None:
    """The form of this service ("": of any) is not left any more: it was sent, or is gone on with elsewhere; of a
    thread, on the day `besides`."""
    mine = (contacts.c.conversation == conversation, contacts.c.began > at - SETTLES, contacts.c.day != besides)
    left = contacts.c.form == form if form else contacts.c.form != ""
    connection.execute(update(contacts).where(*mine, left).values(form="", step=0))


def keep_used(connection: Connection, used: Used) -> None:
    """Add a leg or a text to the transaction, or what is heard of it anew. In whatever order it is heard, the same
    stands in the end: the largest figure of the provider, the largest of ours, and what was known of the rest."""
    row = {
        "provider_id": used.provider_id,
        "kind": used.kind.value,
        "country": used.country,
        "told": used.told,
        "reckoned": used.reckoned,
        "at": used.at,
    }
    new: Any = inserting(connection.dialect.name, usage).values(**row, contact=_contact(used).scalar_subquery())
    known = {
        "contact": func.coalesce(usage.c.contact, new.excluded.contact),
        "country": case((usage.c.country == "", new.excluded.country), else_=usage.c.country),
        "at": case((new.excluded.at < usage.c.at, new.excluded.at), else_=usage.c.at),
        **{name: _larger(usage.c[name], new.excluded[name]) for name in ("told", "reckoned")},
    }
    connection.execute(new.on_conflict_do_update(index_elements=[usage.c.provider_id], set_=known))


def _contact(used: Used) -> Select[tuple[int]]:
    """The contact that a leg or a text belongs to: the newest of its conversation by then."""
    mine = select(contacts.c.id).where(contacts.c.conversation == used.conversation, contacts.c.began <= used.at)
    return mine.order_by(contacts.c.began.desc(), contacts.c.id.desc()).limit(1)


def _larger(one: ColumnElement[int | None], other: ColumnElement[int | None]) -> ColumnElement[int | None]:
    return case((other > func.coalesce(one, -1), other), else_=one)


class SqlUsage:
    """Contacts and what was used, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, used: Used) -> None:
        """Keep what is heard of a leg or a text; the same again changes nothing."""
        with self._database.writing() as connection:
            keep_used(connection, used)
            commit(connection)

    def contacts(self, since: datetime, before: datetime) -> tuple[Contacts, ...]:
        """Contacts that began in the span."""
        by = (contacts.c.channel, contacts.c.service)
        query = select(*by, func.count()).where(_within(contacts.c.began, since, before)).group_by(*by)
        with self._database.reading() as connection:
            return tuple(Contacts(channel=c, service=s, count=n) for c, s, n in connection.execute(query))

    def amounts(self, since: datetime, before: datetime) -> tuple[Amount, ...]:
        """What was used in the span. What belongs to no contact that we know has its kind's channel and no service."""
        by = (_CHANNEL.label("channel"), _SERVICE.label("service"), usage.c.kind, usage.c.country)
        summed = select(*by, func.sum(_UNITS)).select_from(_WITH_CONTACT)
        query = summed.where(_within(usage.c.at, since, before)).group_by(*by)
        with self._database.reading() as connection:
            return tuple(
                Amount(channel=channel, service=service, kind=Paid(kind), country=country, units=int(units))
                for channel, service, kind, country, units in connection.execute(query)
            )

    def untold(self, since: datetime, before: datetime) -> int:
        """Calls of the span whose length the provider has not told: they go on, or its callback was lost."""
        length = select(usage.c.id).where(usage.c.contact == contacts.c.id, usage.c.kind == Paid.CALL_IN.value)
        silent = ~length.where(usage.c.told.is_not(None)).exists()
        calls = select(func.count()).select_from(contacts).where(contacts.c.channel == Medium.VOICE.value, silent)
        legs = select(func.count()).select_from(usage).where(_CALL_OUT, usage.c.told.is_(None))
        with self._database.reading() as connection:
            begun = connection.scalar(calls.where(_within(contacts.c.began, since, before))) or 0
            return begun + (connection.scalar(legs.where(_within(usage.c.at, since, before))) or 0)


def _within(moment: ColumnElement[datetime], since: datetime, before: datetime) -> ColumnElement[bool]:
    return (moment >= since) & (moment < before)
