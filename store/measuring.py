"""What `plainline bench` and the proofs ask of a database: how big it is, how long each statement takes and how it is
run; and how to make many conversations of few. Nothing else uses this.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from sqlalchemy import Column, Connection, String, Table, cast, event, func, insert, literal, select, text

from store import schema
from store.database import Database

SMALL = frozenset({"staff", "sessions", "failed_sign_ins", "alembic_version"})
"""Tables that grow with the staff, not with the conversations."""

RENAMED = {
    "conversations": ("id", "address"),
    "turns": ("conversation",),
    "corrections": ("conversation",),
    "outbox": ("nonce", "to_address", "conversation", "provider_id"),
    "receipts": ("provider_id",),
    "cases": ("reference", "conversation", "address"),
    "handoffs": ("conversation", "address"),
    "notes": ("nonce",),
    "phone_calls": ("nonce",),
    "no_texts": ("address",),
    "rings": ("call", "number"),
    "consents": ("address",),
    "consent_history": ("address",),
    "audit": ("conversation",),
    "contacts": ("conversation",),
    "usage": ("provider_id",),
}
"""What a copy of a row must have of its own. `updates` are numbered by the provider, and copied apart."""


@dataclass(slots=True, kw_only=True)
class Statement:
    """One statement: its text, what it was last asked with, and the seconds that each run took."""

    text: str
    asked_with: Any = None
    seconds: list[float] = field(default_factory=list)

    @property
    def usual(self) -> float:
        """The median of its seconds."""
        return median(self.seconds)


STEPS_AT_ONCE = 10
"""Steps that are counted together: the least that does not slow everything down."""


@dataclass(slots=True)
class Steps:
    """Steps of SQLite's machine, counted by tens within each statement."""

    count: int = 0

    def more(self) -> None:
        """So many more."""
        self.count += STEPS_AT_ONCE


class Measured:
    """A database that is measured. What it watches are its own connections, in this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._engine = database.engine
        self._sqlite = database.engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Let go of all connections."""
        self._database.close()

    def size(self) -> int:
        """Bytes of the whole database."""
        asked = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        query = asked if self._sqlite else "SELECT pg_database_size(current_database())"
        with self._database.reading() as connection:
            return int(connection.execute(text(query)).scalar_one())

    def turns(self) -> dict[str, int]:
        """How many turns are stored, by medium."""
        of = schema.conversations
        query = select(of.c.medium, func.count()).join(schema.turns, schema.turns.c.conversation == of.c.id)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query.group_by(of.c.medium))}

    def texts(self) -> dict[str, int]:
        """How many messages the outbox holds, by channel and status, as "sms sent"."""
        of = schema.outbox
        query = select(of.c.channel, of.c.status, func.count()).group_by(of.c.channel, of.c.status)
        with self._database.reading() as connection:
            return {f"{row[0]} {row[1]}": row[2] for row in connection.execute(query)}

    # --- statements --------------------------------------------------------------------------------------------

    @contextmanager
    def watched(self) -> Iterator[dict[str, Statement]]:
        """Every statement that is run meanwhile, by its text."""
        seen: dict[str, Statement] = {}

        def before(*about: Any) -> None:
            about[4].began = time.perf_counter()

        def after(_connection: Any, _cursor: Any, said: str, given: Any, context: Any, _many: bool) -> None:
            one = seen.setdefault(said, Statement(text=said))
            one.seconds.append(time.perf_counter() - context.began)
            one.asked_with = given

        event.listen(self._engine, "before_cursor_execute", before)
        event.listen(self._engine, "after_cursor_execute", after)
        try:
            yield seen
        finally:
            event.remove(self._engine, "before_cursor_execute", before)
            event.remove(self._engine, "after_cursor_execute", after)

    @contextmanager
    def steps(self) -> Iterator[Steps]:
        """How many steps of its own machine SQLite takes meanwhile: the same on a busy machine as on an idle one."""
        counted = Steps()

        def begin(connection: Any, *_: Any) -> None:
            connection.set_progress_handler(counted.more, STEPS_AT_ONCE)

        def end(connection: Any, *_: Any) -> None:
            connection.set_progress_handler(None, 0)

        event.listen(self._engine, "checkout", begin)
        event.listen(self._engine, "checkin", end)
        try:
            yield counted
        finally:
            event.remove(self._engine, "checkout", begin)
            event.remove(self._engine, "checkin", end)

    def explained(self, one: Statement, *, run: bool = False) -> tuple[str, ...]:
        """How the database runs a statement, line by line. With `run` PostgreSQL runs it and tells the times; nothing
        of that is kept."""
        how = "EXPLAIN QUERY PLAN " if self._sqlite else "EXPLAIN (ANALYZE, BUFFERS) " if run else "EXPLAIN "
        with self._engine.connect() as connection:
            return self._plan(connection, how, one)

    def scans(self, one: Statement) -> tuple[str, ...]:
        """The lines of a plan that go through a whole table that grows, where an index could not be used.

        PostgreSQL goes through a small table even so, for that is quicker; it is told not to, and then does it only
        where it has no index at all: SQLite's answer is the sharper one.
        """
        with self._engine.connect() as connection:
            if not self._sqlite:
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plan = self._plan(connection, "EXPLAIN QUERY PLAN " if self._sqlite else "EXPLAIN ", one)
        return tuple(line for line in plan if _goes_through_all(line))

    def _plan(self, connection: Connection, how: str, one: Statement) -> tuple[str, ...]:
        rows = connection.exec_driver_sql(how + one.text, one.asked_with).all() if _can_be_explained(one.text) else []
        return tuple(str(row[-1]) for row in rows)

    # --- many conversations ------------------------------------------------------------------------------------

    def multiply(self, times: int) -> None:
        """Make each stored conversation, with all that came of it, `times` many. Who waits for a person is not copied:
        a town has as many clerks as it needs, however long it has been on the line."""
        if times > 1:
            with self._database.writing() as connection:
                for name, own in RENAMED.items():
                    _copy(connection, schema.metadata.tables[name], own, times)
                _copy_updates(connection, times)
                connection.commit()
        self.tidy()

    def tidy(self) -> None:
        """Do what the databases do by themselves in a quiet hour."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)" if self._sqlite else "VACUUM ANALYZE")


def _can_be_explained(statement: str) -> bool:
    return statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"))


def _goes_through_all(line: str) -> bool:
    """Whether a line of a plan says so. An index over a part of a table that stays small is none of it."""
    words = line.replace("->", " ").split()
    if words[:1] == ["SCAN"]:  # SQLite
        return words[1] not in {*SMALL, "CONSTANT"} and not any(word in PARTIAL for word in words)
    if words[:3] == ["Seq", "Scan", "on"]:  # PostgreSQL
        return words[3] not in SMALL
    return False


PARTIAL = frozenset(
    str(index.name)
    for table in schema.metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
)
"""Indexes over a part of a table that stays small."""


def _copy(connection: Connection, table: Table, own: tuple[str, ...], times: int) -> None:
    numbers = _numbers(times)
    kept = [column for column in table.columns if not _is_numbered(column)]
    cells = [column.concat(cast(numbers.c.number, String)) if column.name in own else column for column in kept]
    query = select(*cells).join_from(table, numbers, literal(1) == 1)
    if table is schema.handoffs:
        query = query.where(table.c.settled.is_not(None))
    connection.execute(insert(table).from_select([column.name for column in kept], query))


def _copy_updates(connection: Connection, times: int) -> None:
    """Their numbers go on below the lowest, so that what a provider brings next is new."""
    table, numbers = schema.updates, _numbers(times)
    least, most = connection.execute(select(func.min(table.c.id), func.max(table.c.id))).one()
    if least is None:
        return
    cells = [
        table.c.id - numbers.c.number * (most - least + 1),
        table.c.conversation.concat(cast(numbers.c.number, String)),
        *(table.c[name] for name in ("payload", "came", "done")),
    ]
    query = select(*cells).join_from(table, numbers, literal(1) == 1)
    connection.execute(insert(table).from_select(["id", "conversation", "payload", "came", "done"], query))


def _numbers(times: int) -> Any:
    """The numbers of the copies: one less than `times`, from 1 on."""
    first = select(literal(1).label("number")).cte("numbers", recursive=True)
    return first.union_all(select(first.c.number + 1).where(first.c.number < times - 1))


def _is_numbered(column: Column[Any]) -> bool:
    """Whether the database numbers the rows by itself."""
    return column.primary_key and column.type is schema.Serial
