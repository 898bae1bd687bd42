from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import psycopg
import pytest
from sqlalchemy.exc import ProgrammingError

from core.errors import CommitUnknown, Misconfigured, StoreUnavailable
from core.types import Turn
from store import migrate
from store.database import GRACE, PATIENCE, open_database, within
from store.unit_of_work import SqlStorage, open_storage
from tests.gate import Gate, Mood, gated
from tests.store.opened import answered, new, opened, rows, save


@pytest.mark.parametrize("url", ["", "plainline.db", "sqlite://", "sqlite:///:memory:", "mysql://ana:secret@host/db"])
def test_an_address_that_is_no_database_of_ours_is_told_at_once(url: str) -> None:
    with pytest.raises(Misconfigured, match="sqlite:///<file>") as told:
        open_database(url)
    assert "secret" not in str(told.value)


def test_a_file_that_cannot_be_opened_is_an_unavailable_store(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'nowhere' / 'plainline.db'}"
    with pytest.raises(StoreUnavailable):
        migrate.upgrade(url)
    with pytest.raises(StoreUnavailable), open_storage(url).reading() as work:
        work.conversation("CA1")


def test_a_file_that_is_no_database_is_an_unavailable_store(tmp_path: Path) -> None:
    (tmp_path / "plainline.db").write_text("a shopping list " * 100)
    with pytest.raises(StoreUnavailable), open_storage(f"sqlite:///{tmp_path / 'plainline.db'}").reading() as work:
        work.conversation("CA1")


def test_a_file_that_may_only_be_read_is_an_unavailable_store_for_writers(sqlite_url: str) -> None:
    with opened(f"sqlite:///file:{sqlite_url.removeprefix('sqlite:///')}?mode=ro&uri=true") as storage:
        with storage.reading() as work:
            assert work.conversation("CA1") is None
        with pytest.raises(StoreUnavailable):
            save(storage, new())


UNTIL_THE_DISK_IS_FULL = """
import resource, sys
from core.errors import StoreUnavailable
from tests.store.opened import new, opened, save

resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
with opened(sys.argv[1]) as storage:
    for number in range(1000):
        try:
            save(storage, new(f"CA{number}", answers={"words": "word " * 2000}))
        except StoreUnavailable as full:
            print(type(full).__name__, number)
            break
    with storage.reading() as work:
        assert work.conversation(f"CA{number - 1}")
"""


def test_a_full_disk_is_an_unavailable_store_and_what_was_saved_stays(sqlite_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", UNTIL_THE_DISK_IS_FULL, sqlite_url],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    name, number = done.stdout.split()
    assert name in ("StoreUnavailable", "CommitUnknown")
    with opened(sqlite_url) as storage:
        assert len(rows(storage, "SELECT id FROM conversations")) == int(number)


def test_a_write_lock_that_another_thread_keeps_is_an_unavailable_store(sqlite_url: str) -> None:
    with opened(sqlite_url) as storage, storage.writing(), pytest.raises(StoreUnavailable):
        save(storage, new())


def test_a_write_lock_that_another_process_keeps_is_an_unavailable_store(sqlite_url: str) -> None:
    # Another storage in this process opens the lock file anew, as another process would.
    with opened(sqlite_url) as theirs, opened(sqlite_url) as ours:
        with theirs.writing(), pytest.raises(StoreUnavailable):
            save(ours, new())
        assert save(ours, new()).version == 1


@pytest.mark.postgres
def test_a_row_that_somebody_keeps_locked_is_an_unavailable_store(migrated_postgres_url: str) -> None:
    with opened(migrated_postgres_url) as storage, storage.writing() as work:
        work.lock("CA1")
        with pytest.raises(StoreUnavailable), storage.writing() as other:
            other.lock("CA1")


def test_a_server_that_is_not_there_is_an_unavailable_store() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(StoreUnavailable), open_storage(f"postgresql://ana@127.0.0.1:{port}/db").writing():
        pass


def test_a_server_that_never_answers_is_an_unavailable_store() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"postgresql://ana@127.0.0.1:{silent.getsockname()[1]}/db"
        with pytest.raises(StoreUnavailable), open_storage(url).writing():
            pass


@pytest.fixture
def held(migrated_postgres_url: str) -> Iterator[tuple[Gate, str]]:
    with gated(migrated_postgres_url) as made:
        yield made


def in_time(work: Callable[[], object], expected: type[Exception]) -> None:
    began = time.monotonic()
    with pytest.raises(expected):
        work()
    assert time.monotonic() - began < PATIENCE + GRACE + 1


@pytest.mark.postgres
def test_a_server_that_stops_answering_is_an_unavailable_store_and_is_waited_for_no_longer_than_others(
    held: tuple[Gate, str],
) -> None:
    gate, url = held
    with opened(url) as storage:
        save(storage, new())
        gate.mood = Mood.HELD
        in_time(lambda: save(storage, new()), StoreUnavailable)
        gate.mood = Mood.OPEN
        assert save(storage, new()).version == 2


@pytest.mark.postgres
def test_a_server_that_stops_answering_at_the_commit_leaves_its_outcome_unknown(held: tuple[Gate, str]) -> None:
    gate, url = held
    with opened(url) as storage, storage.writing() as work:
        work.save(new(), Turn(conversation=new()), answered(), "")
        gate.mood = Mood.HELD
        in_time(work.commit, CommitUnknown)


def test_a_name_that_nobody_resolves_is_waited_for_no_longer_than_others() -> None:
    woken = Event()
    in_time(lambda: within(0.1, lambda: woken.wait(30)), psycopg.OperationalError)
    woken.set()


def test_a_connection_that_comes_too_late_is_closed() -> None:
    woken, closed = Event(), Event()

    class Late:
        def close(self) -> None:
            closed.set()

    def made() -> Late:
        woken.wait(30)
        return Late()

    in_time(lambda: within(0.01, made), psycopg.OperationalError)
    woken.set()
    assert closed.wait(5)


def test_a_host_that_has_no_address_is_an_unavailable_store() -> None:
    with pytest.raises(StoreUnavailable), open_storage("postgresql://ana@database.invalid/db").reading() as work:
        work.conversation("CA1")


def hang_up(storage: SqlStorage) -> None:
    """End every other connection to this PostgreSQL database, as a restart does."""
    others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
    rows(storage, f"{others} AND pid <> pg_backend_pid()")


def lose_connection(storage: SqlStorage, *, at_commit: bool) -> None:
    with storage.writing() as work:
        work.lock("CA1")
        if not at_commit:
            hang_up(storage)
        work.save(new(), Turn(conversation=new()), answered(), "")
        hang_up(storage)
        work.commit()


@pytest.mark.postgres
def test_a_connection_lost_before_a_statement_is_an_unavailable_store(migrated_postgres_url: str) -> None:
    with opened(migrated_postgres_url) as storage:
        with pytest.raises(StoreUnavailable) as lost:
            lose_connection(storage, at_commit=False)
        assert not isinstance(lost.value, CommitUnknown)


@pytest.mark.postgres
def test_a_connection_lost_at_the_commit_leaves_its_outcome_unknown(migrated_postgres_url: str) -> None:
    with opened(migrated_postgres_url) as storage, pytest.raises(CommitUnknown):
        lose_connection(storage, at_commit=True)


@pytest.mark.postgres
def test_after_the_server_restarted_the_next_turn_is_saved(migrated_postgres_url: str) -> None:
    with opened(migrated_postgres_url) as ours, opened(migrated_postgres_url) as theirs:
        save(ours, new())
        hang_up(theirs)
        assert save(ours, new()).version == 2


@pytest.mark.postgres
def test_a_statement_that_is_wrong_is_not_blamed_on_the_database(migrated_postgres_url: str) -> None:
    with opened(migrated_postgres_url) as storage, pytest.raises(ProgrammingError):
        rows(storage, "SELECT nonsense FROM turns")


def test_a_failure_of_something_else_inside_a_transaction_is_not_blamed_on_the_database(storage: SqlStorage) -> None:
    with pytest.raises(ConnectionRefusedError), storage.writing():
        raise ConnectionRefusedError


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("recursive_triggers", 1)]
)
def test_what_sqlite_commits_outlasts_a_power_cut_and_holds_together(
    sqlite_url: str, pragma: str, value: object
) -> None:
    with opened(sqlite_url) as storage:
        assert tuple(rows(storage, f"PRAGMA {pragma}")[0]) == (value,)


def test_on_sqlite_a_writer_keeps_out_even_those_who_know_nothing_of_its_lock(sqlite_url: str) -> None:
    outsider = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
    with closing(outsider), opened(sqlite_url) as storage, storage.writing() as work:
        work.conversation("CA1")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            outsider.execute("BEGIN IMMEDIATE")
