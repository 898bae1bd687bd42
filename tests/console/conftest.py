"""A line with its console on a database of its own, and the clerks at it."""

from __future__ import annotations

from tests.calls.conftest import clock, closed_line, line, wired  # noqa: F401 pytest looks for them here
from tests.store.fixtures import migrated_file, sqlite_url  # noqa: F401 pytest looks for them here
