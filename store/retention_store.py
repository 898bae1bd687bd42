"""Forgets old rows, a few at a time: on SQLite every step holds the write lock that callers wait for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Delete, Select, Update, and_, case, delete, select, tuple_, update

from core.ports import AuditEntry
from store.database import Database, commit
from store.schema import (
    CASE_OPEN,
    CONTACT_NAMED,
    REQUEST_TOLD,
    TEXT_TOLD,
    USE_NAMED,
    cases,
    codes,
    contacts,
    conversations,
    failed_sign_ins,
    handoffs,
    mandates,
    news,
    no_texts,
    notes,
    outbox,
    pin_tries,
    ratings,
    receipts,
    recordings,
    rings,
    sessions,
    tries,
    turns,
    updates,
    usage,
)
from store.unit_of_work import append_audit

STEP = 200
"""Rows in one transaction."""

_TO_BE_SENT = ("pending", "sending", "invited")
_DROPPED = ("unwanted", "gone")


class SqlRetention:
    """Forgetting, in one database. The app's `retention` decides what and when."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def drop_turns(self, before: datetime) -> int:
        """What was said in single turns, and answered, unless somebody there still waits for a person."""
        return self._drop(turns.c.at, and_(turns.c.at <= before, ~_waits(turns.c.conversation).exists()))

    def drop_conversations(self, before: datetime) -> int:
        """Conversations that nobody is waiting in, with their answers and what is left of their turns."""
        over = and_(conversations.c.updated <= before, ~_waits(conversations.c.id).exists())
        return self._drop(conversations.c.updated, over)

    def empty_handoffs(self, before: datetime) -> int:
        """The words and numbers of settled requests, and notes to them."""
        of_it = select(handoffs.c.id).where(handoffs.c.id == notes.c.handoff, handoffs.c.settled <= before)
        # Nothing is noted after the end. Said too, it keeps the search to what is old.
        dropped = self._drop(notes.c.at, and_(notes.c.at <= before, of_it.exists()))
        nothing = {"words": "", "callback": "", "channel": None, "address": None}
        return dropped + self._empty(handoffs.c.settled, and_(handoffs.c.settled <= before, REQUEST_TOLD), nothing)

    def empty_texts(self, before: datetime) -> int:
        """The words and numbers of texts that are no longer to be sent."""
        over = and_(outbox.c.created <= before, outbox.c.status.not_in(_TO_BE_SENT), TEXT_TOLD)
        return self._empty(outbox.c.created, over, {"body": "", "to_address": "", "options": ""})

    def drop_receipts(self, before: datetime) -> int:
        """What providers reported about texts."""
        return self._drop(receipts.c.at, receipts.c.at <= before)

    def drop_no_texts(self, before: datetime) -> int:
        """That texts could not reach an address."""
        return self._drop(no_texts.c.at, no_texts.c.at <= before)

    def drop_rings(self, before: datetime) -> int:
        """Calls that we owed. One with news is kept until it was taken, or as long as staff may need to see that nobody
        took it."""
        asked = select(news.c.reference).where(news.c.reference == rings.c.news)
        owed = and_(rings.c.news != "", rings.c.status != "over", asked.exists())
        return self._drop(rings.c.at, and_(rings.c.at <= before, ~owed))

    def drop_news(self, before: datetime) -> int:
        """Who wanted to be told of cases that are done, or of none that is there; not whom we still have to call."""
        still = select(cases.c.reference).where(cases.c.reference == news.c.reference, CASE_OPEN)
        owed = select(rings.c.id).where(rings.c.news == news.c.reference, rings.c.status.not_in(("over", "in_vain")))
        return self._drop(news.c.at, and_(news.c.at <= before, ~still.exists(), ~owed.exists()))

    def drop_codes(self, before: datetime) -> int:
        """Continuation codes that ran out; a spent one has run out soon after."""
        return self._drop(codes.c.expires, codes.c.expires <= before)

    def drop_tries(self, before: datetime) -> int:
        """Wrong codes and references."""
        return self._drop(tries.c.at, tries.c.at <= before)

    def drop_pin_tries(self, before: datetime) -> int:
        """Wrong secret numbers."""
        return self._drop(pin_tries.c.at, pin_tries.c.at <= before)

    def drop_mandates(self, before: datetime) -> int:
        """Who might act for somebody, and may no more: it ran out, or was ended."""
        return self._drop(mandates.c.until, mandates.c.until <= before)

    def drop_sessions(self, before: datetime) -> int:
        """Sessions of staff that ran out, and wrong passwords."""
        dropped = self._drop(sessions.c.seen, sessions.c.seen <= before)
        return dropped + self._drop(failed_sign_ins.c.at, failed_sign_ins.c.at <= before)

    def drop_updates(self, before: datetime) -> int:
        """Updates that were worked on."""
        return self._drop(updates.c.came, and_(updates.c.came <= before, updates.c.done.is_not(None)))

    def drop_unkept_recordings(self, before: datetime) -> int:
        """Recordings that nobody left for staff: the worker deletes them everywhere."""
        left = and_(recordings.c.made <= before, ~recordings.c.kept, recordings.c.status.not_in(_DROPPED))
        return self._empty(recordings.c.made, left, {"status": "unwanted", "due": before, "attempts": 0})

    def drop_recordings(self, before: datetime) -> int:
        """Recordings, and later their rows, unless words of a case stand there."""
        old = and_(recordings.c.made <= before, recordings.c.status.not_in(_DROPPED))
        of_no_case = and_(recordings.c.made <= before, recordings.c.status == "gone", recordings.c.reference == "")
        words = case((recordings.c.reference == "", ""), else_=recordings.c.transcript)
        unwanted = {"status": "unwanted", "due": before, "attempts": 0, "transcript": words}
        return self._drop(recordings.c.made, of_no_case) + self._empty(recordings.c.made, old, unwanted)

    def empty_contacts(self, before: datetime) -> int:
        """Whose contacts were, and what finds their calls and texts at the provider."""
        named = and_(contacts.c.began <= before, CONTACT_NAMED)
        found = and_(usage.c.at <= before, USE_NAMED)
        emptied = self._empty(contacts.c.began, named, {"conversation": None})
        return emptied + self._empty(usage.c.at, found, {"provider_id": None})

    def drop_ratings(self, before: datetime) -> int:
        """How many said in a month that they got what they needed, and that they did not."""
        return self._drop(ratings.c.month, ratings.c.month < f"{before:%Y-%m}")

    def audit(self, entry: AuditEntry) -> None:
        """Append an audit row."""
        with self._database.writing() as connection:
            append_audit(connection, entry)
            commit(connection)

    def _drop(self, since: Column[Any], which: ColumnElement[bool]) -> int:
        return self._in_steps(delete(since.table).where(_oldest(since, which)))

    def _empty(self, since: Column[datetime], which: ColumnElement[bool], values: dict[str, Any]) -> int:
        return self._in_steps(update(since.table).where(_oldest(since, which)).values(values))

    def _in_steps(self, statement: Delete | Update) -> int:
        done = 0
        while True:
            with self._database.writing() as connection:
                changed = connection.execute(statement).rowcount
                commit(connection)
            done += changed
            if changed < STEP:
                return done


def _waits(conversation: ColumnElement[str]) -> Select[tuple[int]]:
    """An open request for a person in this conversation."""
    mine = select(handoffs.c.id).where(handoffs.c.conversation == conversation)
    return mine.where(handoffs.c.settled.is_(None))


def _oldest(since: Column[Any], which: ColumnElement[bool]) -> ColumnElement[bool]:
    """The first few rows by this moment. In its order: PostgreSQL, where it takes many rows to be due, would look for
    any of them through the whole table, and find none."""
    key = since.table.primary_key
    return tuple_(*key).in_(select(*key).where(which).order_by(since).limit(STEP))
