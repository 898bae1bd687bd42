"""One wiring for all, and for each test a line on a database of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.bootstrap import Plainline
from tests.bot.line import Line, standing
from tests.calls.conftest import clock, wired  # noqa: F401 pytest looks for them here
from tests.calls.line import Clock
from tests.store.fixtures import (  # noqa: F401 pytest looks for them here
    migrated_file,
    migrated_postgres,
    migrated_postgres_url,
    migrated_url,
    sqlite_url,
)


@pytest.fixture
def line(wired: Plainline, sqlite_url: str, clock: Clock) -> Iterator[Line]:  # noqa: F811 fixtures
    with standing(wired, sqlite_url, clock) as made:
        yield made


@pytest.fixture
def each_line(wired: Plainline, migrated_url: str, clock: Clock) -> Iterator[Line]:  # noqa: F811 fixtures
    """The same, once on SQLite and once on PostgreSQL."""
    with standing(wired, migrated_url, clock) as made:
        yield made
