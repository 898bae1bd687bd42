"""What can go wrong outside, made real: databases, the engine, the web on the way to us, the clock, names."""

from __future__ import annotations

import math
import re
import resource
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any, cast

import psycopg
from sqlalchemy import Engine as Connections
from sqlalchemy import event, make_url

from core.ports import Recognizer
from core.types import Understanding
from simulator.exchange import Fault
from store.unit_of_work import SqlStorage
from tests.bot.line import Line as ChatLine
from tests.calls.line import Line
from tests.gate import Gate, Mood

HOLD, LET_GO = 0.4, 0.2
"""Seconds that somebody else writes, and pauses, where a database is slow."""

FEW = 6000
"""Bytes for which a full disk still has room: not for a second page."""


@dataclass
class Engine:
    """The engine, until `plays` is set: then that is what it does."""

    real: Recognizer
    plays: Callable[[str], object] | None = None
    woken: Event = field(default_factory=Event)
    asked: int = 0

    def parse(self, text: str, language: str) -> Understanding:
        self.asked += self.plays is not None
        return cast(Understanding, self.plays(text)) if self.plays else self.real.parse(text, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A line with its database, a file or behind a gate, and its engine."""

    line: Line | ChatLine
    engine: Engine
    file: Path | None = None
    gate: Gate | None = None
    server: str = ""
    service: Path | None = None
    """Where the server's name stands (PostgreSQL's connection service file), for the fault that is about the name."""

    @property
    def connections(self) -> Connections:
        """The application's own."""
        storage = self.line.plainline.storage
        assert isinstance(storage, SqlStorage)
        return storage.database.engine


Outage = Callable[[Stage], AbstractContextManager[None]]


# --- SQLite ---------------------------------------------------------------------------------------------------


@contextmanager
def folder_gone(stage: Stage) -> Iterator[None]:
    """The folder of the database is not there, as when a disk was not mounted."""
    assert stage.file is not None
    folder, away = stage.file.parent, stage.file.parent.with_suffix(".away")
    stage.connections.dispose()
    folder.rename(away)
    try:
        yield
    finally:
        away.rename(folder)


@contextmanager
def locked(stage: Stage) -> Iterator[None]:
    """Somebody who knows nothing of our lock writes, and does not come to an end."""
    with closing(_outsider(stage)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def slow(stage: Stage) -> Iterator[None]:
    """Somebody else writes most of the time."""
    over = Event()

    def write() -> None:
        with closing(_outsider(stage)) as other:
            while not over.wait(LET_GO):
                other.execute("BEGIN IMMEDIATE")
                over.wait(HOLD)
                other.execute("ROLLBACK")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _outsider(stage: Stage) -> sqlite3.Connection:
    assert stage.file is not None
    return sqlite3.connect(stage.file, timeout=10, isolation_level=None, check_same_thread=False)


@contextmanager
def disk_full(stage: Stage) -> Iterator[None]:
    """The system takes few bytes more for the log of the database, fewer than a turn has."""
    with closing(_outsider(stage)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FEW, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def read_only(stage: Stage) -> Iterator[None]:
    """Nothing can be written."""

    def forbid(connection: Any, _record: object, _proxy: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    event.listen(stage.connections, "checkout", forbid)
    try:
        yield
    finally:
        event.remove(stage.connections, "checkout", forbid)
        stage.connections.dispose()


# --- PostgreSQL -----------------------------------------------------------------------------------------------


def behind_the_gate(mood: Mood) -> Outage:
    """The way to the server is in this mood."""

    @contextmanager
    def outage(stage: Stage) -> Iterator[None]:
        assert stage.gate is not None
        stage.gate.mood = mood
        try:
            yield
        finally:
            stage.gate.mood = Mood.OPEN

    return outage


def on_the_server(begin: str, end: str, *, lasting: bool = True) -> Outage:
    """Something is done on the server itself, and undone; where it is not `lasting`, by the transaction's end."""

    @contextmanager
    def outage(stage: Stage) -> Iterator[None]:
        name = make_url(stage.server).database
        with psycopg.connect(stage.server, autocommit=lasting) as other:
            for statement in begin.format(name=name).split(";;"):
                other.execute(statement.encode())
            stage.connections.dispose()
            yield
            for statement in end.format(name=name).split(";;"):
                other.execute(statement.encode())
        stage.connections.dispose()

    return outage


TABLE_LOCKED = on_the_server("LOCK TABLE conversations IN ACCESS EXCLUSIVE MODE", "ROLLBACK", lasting=False)
ONLY_READ = on_the_server(
    'ALTER DATABASE "{name}" SET default_transaction_read_only = on',
    'SET default_transaction_read_only = off;;ALTER DATABASE "{name}" RESET default_transaction_read_only',
)
SERVER_FULL = on_the_server(
    "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE 'could not extend file' USING ERRCODE = 'disk_full'; END $$;;"
    "CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON conversations EXECUTE FUNCTION full_disk()",
    "DROP TRIGGER full_disk ON conversations;;DROP FUNCTION full_disk",
)


@contextmanager
def nameless(stage: Stage) -> Iterator[None]:
    """The server's name has no address any more, and no connection is left."""
    assert stage.service is not None
    right = stage.service.read_text()
    stage.service.write_text(re.sub("^host=.*$", "host=database.invalid", right, flags=re.MULTILINE))
    stage.connections.dispose()
    try:
        yield
    finally:
        stage.service.write_text(right)


# --- the engine, the way to us, the clock -------------------------------------------------------------------------


def played(plays: Callable[[Engine, str], object]) -> Outage:
    """The engine does this."""

    @contextmanager
    def outage(stage: Stage) -> Iterator[None]:
        stage.engine.woken.clear()
        stage.engine.plays = lambda text: plays(stage.engine, text)
        try:
            yield
        finally:
            stage.engine.plays = None
            stage.engine.woken.set()

    return outage


def gone(_engine: Engine, _text: str) -> object:
    """Nobody answers where the engine was."""
    raise ConnectionRefusedError


def on_the_way(fault: Fault, every: int = 2, **more: Any) -> Outage:
    """This happens to every so-manieth request on its way to us."""

    @contextmanager
    def outage(stage: Stage) -> Iterator[None]:
        stage.line.exchange.trouble.keep(fault, "/voice", every=every, **more)
        try:
            yield
        finally:
            stage.line.exchange.trouble.end(fault)

    return outage


def clock_moved(**by: float) -> Outage:
    """The clock shows another time, and goes on from there."""

    @contextmanager
    def outage(stage: Stage) -> Iterator[None]:
        stage.line.clock.later(**by)
        yield

    return outage


OF_ENGINE: dict[str, Outage] = {
    "engine slow": played(lambda engine, _: engine.woken.wait(60)),
    "engine gone": played(gone),
    "engine wrong: a service there is not": played(lambda *_: Understanding(service="teleport", confidence=0.99)),
    "engine wrong: no number": played(lambda *_: Understanding(service="bus_times", confidence=math.nan)),
    "engine wrong: another kind": played(lambda *_: {"service": "bus_times"}),
}
OF_THE_WAY: dict[str, Outage] = {
    "answers lost": on_the_way(Fault.LOST_ANSWER),
    "requests lost": on_the_way(Fault.LOST_REQUEST),
    "answers late": on_the_way(Fault.LATE_ANSWER, seconds=5.0),
    "requests refused": on_the_way(Fault.REFUSED, status=503),
    "requests twice": on_the_way(Fault.TWICE, every=1),
}
"""Every second request: the next try gets through, if nobody else calls meanwhile."""

ON_SQLITE: dict[str, Outage] = {
    "SQLite gone": folder_gone,
    "SQLite locked": locked,
    "SQLite slow": slow,
    "SQLite disk full": disk_full,
    "SQLite read-only": read_only,
    "clock an hour back": clock_moved(hours=-1),
    "clock two days forth": clock_moved(days=2),
    **OF_ENGINE,
    **OF_THE_WAY,
}
NAMELESS = "PostgreSQL without a name"
ON_POSTGRES: dict[str, Outage] = {
    "PostgreSQL gone": behind_the_gate(Mood.SHUT),
    "PostgreSQL silent": behind_the_gate(Mood.HELD),
    "PostgreSQL cut off": behind_the_gate(Mood.CUT),
    "PostgreSQL slow": behind_the_gate(Mood.SLOW),
    "PostgreSQL locked": TABLE_LOCKED,
    "PostgreSQL disk full": SERVER_FULL,
    "PostgreSQL read-only": ONLY_READ,
    NAMELESS: nameless,
}
ALL = {**ON_SQLITE, **ON_POSTGRES}


# --- what a line may not do -----------------------------------------------------------------------------------------


@contextmanager
def forgotten(stage: Stage) -> Iterator[None]:
    """Every call is forgotten."""
    _change(stage, "DELETE FROM conversations")
    yield


def said_otherwise(language: str) -> Outage:
    """Every call goes on in this language."""

    @contextmanager
    def outage(stage: Stage) -> Iterator[None]:
        _change(stage, f"UPDATE conversations SET state = json_set(state, '$.language', '{language}')")
        yield

    return outage


@contextmanager
def answered_before(stage: Stage) -> Iterator[None]:
    """An answer of theirs is another one now."""
    yield
    _change(stage, "UPDATE conversations SET state = json_set(state, '$.answers', json('{\"age\": 99}'))")


def _change(stage: Stage, statement: str) -> None:
    with closing(_outsider(stage)) as other:
        other.execute(statement)


NOT_KEPT: dict[str, Outage] = {
    "the call ends": on_the_way(Fault.REFUSED, every=1, status=503),
    "the place is lost": forgotten,
    "another language": said_otherwise("ar"),
    "another answer": answered_before,
}
