"""For each test a town of its own, in the offices' hours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.bootstrap import Plainline
from tests.calls.conftest import clock, wired  # noqa: F401 pytest looks for them here
from tests.calls.line import Clock
from tests.pages.town import Here, a_town
from tests.store.fixtures import migrated_file, sqlite_url  # noqa: F401 pytest looks for them here


@pytest.fixture
def here(wired: Plainline, sqlite_url: str, clock: Clock) -> Iterator[Here]:  # noqa: F811 fixtures
    with a_town(wired, sqlite_url, clock) as town:
        yield town
