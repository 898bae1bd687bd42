"""Brings a database to the newest schema, and tells whether it is there. Alembic, run from Python: no ini
file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from store.database import Database, open_database

PATIENCE = 60.0
"""Seconds a migration may wait for another one, or for a large table."""

_ONE_AT_A_TIME = 0x706C61696E
"""The name of PostgreSQL's lock for migrations: any number that nobody else uses."""


def upgrade(url: str) -> None:
    """Bring the database to the newest schema, in one transaction; nothing happens if it is there.

    Two processes may call it at once: one waits for the other. Raises `core.errors.StoreUnavailable`.
    """
    with _opened(url) as database, database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
        command.upgrade(_config(connection), "head")
        connection.commit()


def current(url: str) -> str:
    """The revision that the database has, "" if it has no schema yet. Raises
    `core.errors.StoreUnavailable`."""
    with _opened(url) as database, database.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def newest() -> str:
    """The revision that this version of the program needs."""
    return ScriptDirectory.from_config(_config(None)).get_current_head() or ""


def is_current(url: str) -> bool:
    """Whether the database has exactly the schema that this version needs."""
    return current(url) == newest()


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = open_database(url, patience=PATIENCE)
    try:
        yield database
    finally:
        database.close()


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
