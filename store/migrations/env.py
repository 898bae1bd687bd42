"""Alembic runs this file for every command; `store.migrate` hands it the connection and the transaction."""

from __future__ import annotations

from alembic import context

from store.schema import metadata


def run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        # SQLite can undo changes of the schema too; one that fails half-way leaves nothing behind.
        transactional_ddl=True,
        render_as_batch=True,
    )
    context.run_migrations()


run()
