"""A storage for one test, on SQLite and on PostgreSQL: a copy of one that was migrated once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from store import migrate
from store.unit_of_work import SqlStorage
from tests import postgres
from tests.store.opened import Clock, opened


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "plainline.db"
    migrate.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: postgres.Server) -> Iterator[str]:
    url = postgres_server.create()
    migrate.upgrade(url.render_as_string(hide_password=False))
    yield str(url.database)
    postgres_server.drop(url)


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    shutil.copy(migrated_file, tmp_path / "plainline.db")
    return f"sqlite:///{tmp_path / 'plainline.db'}"


@pytest.fixture
def migrated_postgres_url(migrated_postgres: str, postgres_server: postgres.Server) -> Iterator[str]:
    url = postgres_server.create(template=migrated_postgres)
    yield url.render_as_string(hide_password=False)
    postgres_server.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def migrated_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "migrated_postgres_url"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def storage(migrated_url: str) -> Iterator[SqlStorage]:
    with opened(migrated_url) as storage:
        yield storage
