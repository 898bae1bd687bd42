"""One wiring for all calls, and for each test a line on a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import Plainline, build
from app.settings import Settings
from tests import learnt
from tests.calls.line import CLOSED, OPEN, PUBLIC, SECRET, Clock, Line, served
from tests.store.fixtures import (  # noqa: F401 pytest looks for them here
    migrated_file,
    migrated_postgres,
    migrated_postgres_url,
    migrated_url,
    sqlite_url,
)

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A call that hangs fails after the usual time; training the engine before the first may take longer."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(120, func_only=True))


@pytest.fixture(scope="session")
def wired(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Plainline:
    """The catalogue, the words and the trained engine: made once, shared by every line, and kept for the next run."""
    kept = learnt.folder(pytestconfig, tmp_path_factory.getbasetemp())
    with learnt.one_at_a_time(kept):
        return build(Settings(database_url="", public_url=PUBLIC, secret_key=SECRET, folder=kept))


@pytest.fixture
def clock() -> Clock:
    """In the offices' hours, unless a test says otherwise."""
    return Clock(OPEN)


@pytest.fixture
def line(wired: Plainline, sqlite_url: str, clock: Clock) -> Iterator[Line]:  # noqa: F811 a fixture
    with served(wired, sqlite_url, clock) as made:
        yield made


@pytest.fixture
def closed_line(line: Line, clock: Clock) -> Line:
    """The same, on a Sunday."""
    clock.now = CLOSED
    return line


@pytest.fixture
def each_line(wired: Plainline, migrated_url: str, clock: Clock) -> Iterator[Line]:  # noqa: F811 a fixture
    """The same, once on SQLite and once on PostgreSQL."""
    with served(wired, migrated_url, clock) as made:
        yield made
