"""One database: connections, transactions, and who may write when.

SQLite takes one writer at a time. Its own busy handler is unfair under load (seconds at the 99th
percentile), so writers wait for a thread lock and then for `flock` on `<database>.lock`, which every
process of ours takes. Readers wait for nobody (WAL). PostgreSQL needs none of this.

Everything waits two seconds at most: a caller is listening. What the driver then raises becomes
`core.errors.StoreUnavailable`, or `CommitUnknown` once a commit was sent. PostgreSQL keeps to these two seconds itself
as long as it can; we count too, since a server that is stopped, or a name that nobody resolves, tells nothing.
"""

from __future__ import annotations

import fcntl
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from select import POLLIN, poll
from threading import Lock, Thread
from typing import IO, Any

import psycopg
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, func, make_url, select
from sqlalchemy import exc as sql
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect

from core.errors import CommitUnknown, Misconfigured, PlainlineError, Raced, StoreUnavailable

PATIENCE = 2.0
"""Seconds to wait for a connection, a lock or a statement."""

GRACE = 0.5
"""Seconds more that we wait for PostgreSQL: it says itself what was too slow, and keeps the connection."""

KEEPALIVE = 10
"""Seconds after which the system asks whether the other end of an idle connection is still there."""

_BETWEEN_TRIES = 0.0005
"""Seconds between two looks at the lock file: an fsync takes longer, a missed turn costs little."""

_OUR_FAULT = (sql.IntegrityError, sql.ProgrammingError, sql.DataError, sql.NotSupportedError)
_WORLDS_FAULT = (sql.DatabaseError, sql.InterfaceError, sql.TimeoutError)
_DRIVERS_FAULT = (sqlite3.DatabaseError, psycopg.OperationalError)


class Database:
    """An engine and its write lock. Make it with `open_database`."""

    def __init__(self, engine: Engine, lock_file: Path | None) -> None:
        self.engine = engine
        # On PostgreSQL a BEGIN and a ROLLBACK round one SELECT would cost twice its time.
        self._readers = engine if lock_file else engine.execution_options(isolation_level="AUTOCOMMIT")
        self._lock = WriterLock(lock_file) if lock_file else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """For statements that only read, each of them a transaction of its own."""
        with _faults(), self._readers.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write, on SQLite the only one. Without `commit` it is rolled back."""
        with _faults(), self.exclusive(), self.engine.connect() as connection:
            yield connection.execution_options(plainline_writes=True)

    def exclusive(self) -> AbstractContextManager[None]:
        """The write lock of an SQLite file; nothing on PostgreSQL, which locks rows."""
        return self._lock.held() if self._lock else nullcontext()

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def commit(connection: Connection) -> None:
    """Make it last. Raises `CommitUnknown` if the outcome is not known."""
    try:
        connection.commit()
    except (*_WORLDS_FAULT, *_DRIVERS_FAULT) as fault:
        raise CommitUnknown(type(fault).__name__) from fault


def inserting(dialect: str, table: Table) -> Any:
    """An INSERT that can say what happens where the row is there already."""
    return (sqlite_dialect.insert if dialect == "sqlite" else postgresql.insert)(table)


def open_database(url: str, *, patience: float = PATIENCE) -> Database:
    """The database at `url`: "sqlite:///file" or "postgresql://...". Connects only when it is first used.

    Raises `core.errors.Misconfigured` for any other address. `patience` is in seconds; migrations need more.
    """
    address = _address(url)
    if address.drivername.startswith("sqlite"):
        file = Path(str(address.database))
        return Database(_sqlite(address, patience), file.with_name(file.name + ".lock"))
    return Database(_postgres(address, patience), None)


def alone(connection: Connection, name: str) -> None:
    """Wait for whoever else holds this name, and hold it until the end of the transaction. On SQLite every writer is
    alone already."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except sql.ArgumentError:
        raise Misconfigured([f"PLAINLINE_DATABASE_URL is {_HINT}, and this is no such address."]) from None
    backend = address.get_backend_name()
    if backend == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    if backend != "sqlite" or address.database in (None, "", ":memory:"):
        raise Misconfigured([f"PLAINLINE_DATABASE_URL is {_HINT}, not {address.render_as_string()}."])
    return address


_HINT = "sqlite:///<file> or postgresql://<user>:<password>@<host>/<database>"


def _sqlite(address: URL, patience: float) -> Engine:
    engine = create_engine(
        address, pool_size=20, max_overflow=20, pool_timeout=patience, connect_args={"timeout": patience}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """WAL lets readers and the writer pass each other; FULL makes a commit outlast a power cut."""
    connection.isolation_level = None  # the driver would begin transactions itself, later than we mean
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """A writer says so at once: one that reads first and writes later is refused without waiting."""
    if connection.get_execution_options().get("plainline_writes", False):
        # Straight to the driver: a statement of SQLAlchemy's would cost as much as one that does some work.
        connection.connection.cursor().execute("BEGIN IMMEDIATE")


def _postgres(address: URL, patience: float) -> Engine:
    limit = int(patience * 1000)
    engine = create_engine(
        address,
        pool_size=8,
        max_overflow=8,
        pool_timeout=patience,
        connect_args={
            "connect_timeout": max(2, int(patience)),
            "tcp_user_timeout": limit,
            "keepalives_idle": KEEPALIVE,
            "keepalives_interval": KEEPALIVE,
            "keepalives_count": 3,
            "options": f"-c statement_timeout={limit} -c lock_timeout={limit} -c timezone=UTC",
        },
    )
    event.listen(engine, "do_connect", partial(_connect, patience + GRACE))
    event.listen(engine, "checkout", _refuse_closed)
    return engine


def _connect(seconds: float, _dialect: object, _record: object, given: list[Any], options: dict[str, Any]) -> Any:
    """A new connection that waits for no answer longer than so many seconds, itself made within them."""
    connection = within(seconds, lambda: _Counting.connect(*given, **options))
    connection.seconds = seconds
    return connection


class _Counting(psycopg.Connection[Any]):
    """A connection that counts the seconds of each answer itself; after it gave up it can not be used again."""

    seconds: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """What the server answers. Raises `psycopg.OperationalError` if it is late."""
        try:
            return super().wait(gen, interval, self.seconds if timeout is None else timeout)
        except psycopg.errors._WaitTimeout:  # the driver names no other
            self.pgconn.finish()
            raise


def within(seconds: float, connect: Callable[[], Any]) -> Any:
    """The connection, if it is made in time: the system's resolver of names may take half a minute, and nothing tells
    it otherwise. Raises `psycopg.OperationalError`."""
    made = Future[Any]()

    def make() -> None:
        try:
            made.set_result(connect())
        except BaseException as fault:
            made.set_exception(fault)

    Thread(target=make, name="connecting", daemon=True).start()
    try:
        return made.result(seconds)
    except TimeoutError:
        made.add_done_callback(_close_late)
        raise psycopg.OperationalError("no connection in time") from None


def _close_late(made: Future[Any]) -> None:
    """Nobody waits for this connection any more."""
    if made.exception() is None:
        made.result().close()


def _refuse_closed(connection: Any, _record: object, _proxy: object) -> None:
    """Let go of connections that the server closed: it told so, and idle ones have nothing else to tell. Asking the
    server each time, as `pool_pre_ping` does, would take a fifth of a turn."""
    told = poll()
    if not connection.closed:
        told.register(connection.fileno(), POLLIN)
    if connection.closed or told.poll(0):
        raise sql.InvalidatePoolError


class WriterLock:
    """One writer among all threads and processes that name the same file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._threads = Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock. Raises `StoreUnavailable` if it is not free within `PATIENCE` seconds."""
        until = time.monotonic() + PATIENCE
        if not self._threads.acquire(timeout=PATIENCE):
            raise StoreUnavailable("the write lock is held by another thread")
        try:
            with self._opened() as file:
                _take(file, until)
                yield
        finally:
            self._threads.release()

    def _opened(self) -> IO[bytes]:
        """The file, opened anew each time: a descriptor that a fork shares would share the lock as well."""
        try:
            return self._file.open("ab")
        except OSError as fault:
            raise StoreUnavailable(type(fault).__name__) from fault


def _take(file: IO[bytes], until: float) -> None:
    """Lock the open file; closing it unlocks. `flock` itself cannot be told how long to wait."""
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise StoreUnavailable("the write lock is held by another process") from None
            time.sleep(_BETWEEN_TRIES)


@contextmanager
def _faults() -> Iterator[None]:
    """The world's failures in our own terms. Names only: a driver's text may quote what somebody said."""
    try:
        yield
    except (*_WORLDS_FAULT, *_DRIVERS_FAULT) as fault:
        known = _in_our_terms(fault)
        if known is None:
            raise
        raise known from fault


def _in_our_terms(fault: Exception) -> PlainlineError | None:
    if isinstance(fault, _OUR_FAULT):
        return None
    raised = getattr(fault, "orig", fault)
    if isinstance(raised, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure):
        return Raced(type(raised).__name__)
    return StoreUnavailable(type(raised).__name__)
