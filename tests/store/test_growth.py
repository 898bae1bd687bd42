"""However much was kept, nothing that is asked often goes through a whole table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.retention import sweep
from core.delivery import Report
from core.staff import Staff
from core.types import Address
from core.usage import Paid, Used
from store.desk_store import SqlDesk
from store.health_store import SqlHealth
from store.inbox_store import SqlInbox
from store.measuring import Measured, Statement
from store.outbox_store import SqlOutbox
from store.report_store import SqlReport
from store.retention_store import SqlRetention
from store.ring_store import SqlRings
from store.unit_of_work import SqlStorage
from store.usage_store import SqlUsage
from tests.store.opened import ANA, NOON, change, new, opened, save
from tests.store.test_retention import everything

INES = Staff(id=1, login="ines", name="Ines")


def look(storage: SqlStorage) -> None:
    """All that a turn looks up."""
    with storage.reading() as unit:
        unit.before("CA1", "1")
        unit.unfinished(ANA, "CA2", NOON)
        unit.case_status("123456785")
        unit.code("12345678", NOON)
        unit.tries_left("voice:+14155550101", NOON)
        unit.number_free("123456785")
        unit.allowed(ANA)
        unit.asked("CA1", ANA, NOON)
        unit.opens("123456785", NOON)
        unit.opens("123456786", NOON)
        unit.pin("123456785")
        unit.pin_closed("123456785", "voice:+14155550101", NOON)
        unit.helper("123456785", "+14155550102", NOON)
        unit.details("123456785", NOON)


def serve(storage: SqlStorage) -> None:
    """What clerks, the bot, the worker and whoever watches ask for."""
    desk, outbox, inbox = SqlDesk(storage.database), SqlOutbox(storage.database), SqlInbox(storage.database)
    desk.waiting(INES)
    desk.thread(1)
    desk.cases(["noise"], 100)
    desk.case("123456785")
    desk.on_duty(NOON)
    desk.waited(NOON - timedelta(days=30), 300)
    inbox.undone()
    outbox.expire(["sms"], NOON)
    outbox.doubtful(["sms"], NOON, NOON)
    outbox.take(["sms"], NOON, timedelta(minutes=1))
    to = Address(channel="sms", value="+14155550101")
    outbox.reported(Report(provider_id="SM1", status="delivered", to=to), 4, NOON)
    outbox.lost(["sms"])
    outbox.reached(to)
    desk.consents(to)
    rings = SqlRings(storage.database, each=1, in_all=1, open_for=timedelta(hours=1))
    rings.keep("CA1", "+14155550101", NOON)
    rings.take(NOON)
    SqlHealth(storage.database).figures(NOON)
    SqlReport(storage.database).counted(NOON - timedelta(days=31), NOON, "2026-11")
    SqlReport(storage.database).begun()
    SqlUsage(storage.database).keep(Used(kind=Paid.CALL_IN, provider_id="CA1", at=NOON, conversation="CA1", told=61))


def forget(storage: SqlStorage) -> None:
    """The sweep of every day."""
    sweep(SqlRetention(storage.database), NOON)


@pytest.fixture
def measured(storage: SqlStorage) -> Measured:
    """The database with a row of each kind."""
    everything(storage)
    return Measured(storage.database)


@pytest.mark.parametrize("doing", [look, serve, forget])
def test_every_statement_finds_its_rows_by_an_index(
    storage: SqlStorage, measured: Measured, doing: Callable[[SqlStorage], None]
) -> None:
    with measured.watched() as seen:
        doing(storage)
    assert len(seen) >= 7
    assert {one.text: found for one in seen.values() if (found := measured.scans(one))} == {}


@pytest.mark.parametrize(
    ("index", "doing"),
    [
        ("ix_outbox_conversation", serve),
        ("ix_cases_conversation", serve),
        ("ix_outbox_told", forget),
        ("ix_handoffs_told", forget),
        ("ix_notes_at", forget),
    ],
)
def test_an_index_that_is_missing_is_missed(sqlite_url: str, index: str, doing: Callable[[SqlStorage], None]) -> None:
    table = index.split("_")[1]
    with opened(sqlite_url) as storage:
        everything(storage)
        change(storage, f"DROP INDEX {index}")
        measured = Measured(storage.database)
        with measured.watched() as seen:
            doing(storage)
        assert [table for one in seen.values() for line in measured.scans(one) if table in line] == [table]


@pytest.mark.parametrize("asked", ["SELECT * FROM turns WHERE said = 'x'", "DELETE FROM outbox WHERE last_code = 'x'"])
def test_a_statement_without_an_index_is_found(measured: Measured, asked: str) -> None:
    assert len(measured.scans(Statement(text=asked, asked_with=()))) == 1


def test_what_was_emptied_long_ago_is_not_gone_through_each_day(storage: SqlStorage, measured: Measured) -> None:
    with measured.watched() as seen:
        forget(storage)
    plans = "\n".join(line for one in seen.values() for line in measured.explained(one))
    if "SEARCH" in plans:  # PostgreSQL chooses by how many rows there are, and here are few
        assert "ix_outbox_told" in plans
        assert "ix_handoffs_told" in plans


def test_statements_are_counted_and_timed(storage: SqlStorage, measured: Measured) -> None:
    with measured.watched() as seen, storage.database.reading() as connection:
        for _ in range(3):
            connection.execute(text("SELECT 1"))
    assert [len(one.seconds) for one in seen.values()] == [3]
    assert next(iter(seen.values())).usual > 0
    with storage.database.reading() as connection:
        connection.execute(text("SELECT 2"))
    assert "SELECT 2" not in seen


def test_conversations_are_multiplied_with_all_that_came_of_them(storage: SqlStorage, measured: Measured) -> None:
    save(storage, new("CA2"), key="first")
    before = {name: count(storage, name) for name in TABLES}
    assert min(before.values()) > 0
    measured.multiply(5)
    assert {name: count(storage, name) for name in TABLES} == {name: 5 * n for name, n in before.items()}
    assert count(storage, "turns JOIN conversations ON conversations.id = turns.conversation") == 5 * before["turns"]


def test_those_who_wait_are_not_multiplied(storage: SqlStorage, measured: Measured) -> None:
    change(storage, "UPDATE handoffs SET settled = NULL, status = 'waiting'")
    measured.multiply(5)
    assert len(SqlDesk(storage.database).waiting(INES)) == 1


def test_the_size_and_what_is_in_it_are_told(storage: SqlStorage, measured: Measured) -> None:
    before = measured.size()
    assert measured.turns() == {"voice": 1}
    assert measured.texts() == {"sms sent": 1}
    measured.multiply(2000)
    assert measured.size() > before


TABLES = ("conversations", "turns", "outbox", "receipts", "updates", "cases", "handoffs", "notes", "consents")


def count(storage: SqlStorage, table: str) -> int:
    with storage.database.reading() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
