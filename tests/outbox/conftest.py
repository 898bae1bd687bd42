from __future__ import annotations

from tests.store.fixtures import (  # noqa: F401 pytest looks for them here
    clock,
    migrated_file,
    migrated_postgres,
    migrated_postgres_url,
    migrated_url,
    sqlite_url,
    storage,
)
