"""What is counted of real use: `app.report.ReportStore` on SQLAlchemy Core. It only reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from core.reporting import Counted, Fact, Unclear
from core.types import WHATSAPP, Medium
from core.usage import Result
from store.database import Database
from store.schema import cases, contacts, conversations, ratings, turns

_FACTS = {Result.ALONE.value: Fact.ALONE, Result.PERSON.value: Fact.PERSON, Result.CALL_BACK.value: Fact.CALL_BACK}

_CALLED = func.coalesce(cases.c.channel, Medium.VOICE.value)
"""Only who calls can withhold their number."""

_NAMED = (Medium.VOICE.value, Medium.SMS.value, WHATSAPP)
_CASE_CHANNEL = case((_CALLED.in_(_NAMED), _CALLED), else_=Medium.CHAT.value)


class SqlReport:
    """Counts, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counted(self, since: datetime, before: datetime, month: str) -> tuple[Counted, ...]:
        """All that is counted of what began from `since` on and before `before`; ratings of the town's month (as
        2026-11), which is the same span."""
        span = (since, before)
        with self._database.reading() as connection:
            return (
                *_contacts(connection, *span),
                *_forms_left(connection, *span),
                *_cases(connection, Fact.SENT, cases.c.opened, *span),
                *_cases(connection, Fact.REOPENED, cases.c.reopened, *span),
                *_ratings(connection, month),
            )

    def begun(self) -> datetime | None:
        """When the first contact began of which it was counted what came of it; None if there is none."""
        first = select(func.min(contacts.c.began)).where(contacts.c.result.is_not(None))
        with self._database.reading() as connection:
            found: datetime | None = connection.scalar(first)
        return found

    def unclear(self) -> tuple[Unclear, ...]:
        """Wishes that were not understood, as long as their words are kept."""
        said = select(turns.c.said, conversations.c.language).where(turns.c.unclear)
        said = said.join(conversations, conversations.c.id == turns.c.conversation)
        with self._database.reading() as connection:
            return tuple(Unclear(language=row.language, words=row.said) for row in connection.execute(said))


def _within(moment: ColumnElement[Any], since: datetime, before: datetime) -> ColumnElement[bool]:
    return (moment >= since) & (moment < before)


def _contacts(connection: Connection, since: datetime, before: datetime) -> Iterator[Counted]:
    """What came of contacts, and in how many something was not understood. Those from before it was kept what came of
    them are no failures."""
    by = (contacts.c.service, contacts.c.language, contacts.c.channel, contacts.c.result, contacts.c.unclear)
    counted = (_within(contacts.c.began, since, before), contacts.c.result.is_not(None))
    query = select(*by, func.count()).where(*counted).group_by(*by)
    for service, language, channel, result, unclear, count in connection.execute(query):
        fact = _FACTS.get(result, Fact.LOST if unclear else Fact.GAVE_UP)
        for one in (fact, Fact.UNCLEAR) if unclear else (fact,):
            yield Counted(fact=one, service=service, language=language, channel=channel, count=count)


def _forms_left(connection: Connection, since: datetime, before: datetime) -> Iterator[Counted]:
    by = (contacts.c.form, contacts.c.language, contacts.c.channel, contacts.c.step)
    query = select(*by, func.count()).where(_within(contacts.c.began, since, before), contacts.c.form != "")
    for service, language, channel, step, count in connection.execute(query.group_by(*by)):
        yield Counted(fact=Fact.LEFT, service=service, language=language, channel=channel, count=count, step=step)


def _cases(
    connection: Connection, fact: Fact, when: ColumnElement[Any], since: datetime, before: datetime
) -> Iterator[Counted]:
    by = (cases.c.service, cases.c.language, _CASE_CHANNEL.label("medium"))
    yield from _told(connection, fact, select(*by, func.count()).where(_within(when, since, before)).group_by(*by))


def _ratings(connection: Connection, month: str) -> Iterator[Counted]:
    by = (ratings.c.service, ratings.c.language, ratings.c.channel)
    for fact, got in ((Fact.GOT, ratings.c.got), (Fact.NOT_GOT, ~ratings.c.got)):
        summed = select(*by, func.sum(ratings.c.count)).where(ratings.c.month == month, got)
        yield from _told(connection, fact, summed.group_by(*by))


def _told(connection: Connection, fact: Fact, query: Select[Any]) -> Iterator[Counted]:
    for service, language, channel, count in connection.execute(query):
        yield Counted(fact=fact, service=service, language=language, channel=channel, count=int(count))
