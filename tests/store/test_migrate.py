from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from core.ports import AuditEntry
from core.types import RecordConsent
from store import migrate, schema
from store.unit_of_work import SqlStorage
from tests.store.opened import ANA, NOON, change, new, opened, rows, save


def test_an_empty_database_is_brought_to_the_newest_schema(database_url: str) -> None:
    assert migrate.current(database_url) == ""
    assert not migrate.is_current(database_url)
    migrate.upgrade(database_url)
    assert migrate.current(database_url) == migrate.newest()
    assert migrate.is_current(database_url)


def test_bringing_it_there_again_changes_nothing(storage: SqlStorage, migrated_url: str) -> None:
    save(storage, new())
    migrate.upgrade(migrated_url)
    with storage.reading() as work:
        assert work.conversation("CA1")


def test_two_processes_that_start_together_bring_it_there_once(database_url: str) -> None:
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(migrate.upgrade, [database_url, database_url]))
    assert migrate.is_current(database_url)


def test_the_migrations_build_exactly_the_tables_that_the_code_uses(storage: SqlStorage) -> None:
    with storage.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, schema.metadata) == []
        built = {name for name in inspect(connection).get_table_names() if name != "alembic_version"}
        assert built == set(schema.metadata.tables)


def test_a_database_of_a_later_version_is_not_taken_for_ours(storage: SqlStorage, migrated_url: str) -> None:
    change(storage, "UPDATE alembic_version SET version_num = '9999'")
    assert not migrate.is_current(migrated_url)


@pytest.mark.parametrize("statement", ["UPDATE {} SET conversation = 'x'", "DELETE FROM {}"])
def test_an_audit_row_cannot_be_changed_or_deleted(storage: SqlStorage, statement: str) -> None:
    with storage.writing() as work:
        work.audit(AuditEntry(conversation="CA1", event="opened", detail={"confidence": 0.5}, at=NOON))
        work.commit()
    with pytest.raises(IntegrityError, match="append-only"):
        change(storage, statement.format("audit"))
    assert [(row.conversation, row.event, row.detail) for row in rows(storage, "SELECT * FROM audit")] == [
        ("CA1", "opened", '{"confidence": 0.5}')
    ]


@pytest.mark.parametrize("statement", ["UPDATE consent_history SET allowed = true", "DELETE FROM consent_history"])
def test_that_somebody_said_stop_cannot_be_written_over(storage: SqlStorage, statement: str) -> None:
    save(storage, new(), RecordConsent(address=ANA, allowed=False))
    with pytest.raises(IntegrityError, match="append-only"):
        change(storage, statement)
    assert [row.allowed for row in rows(storage, "SELECT allowed FROM consent_history")] in ([False], [0])


@pytest.mark.postgres
def test_on_postgresql_the_audit_cannot_be_emptied_either(migrated_postgres_url: str) -> None:
    with opened(migrated_postgres_url) as storage, pytest.raises(IntegrityError, match="append-only"):
        change(storage, "TRUNCATE audit")
