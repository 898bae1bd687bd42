"""The long proofs: what each found is recorded, and a broken-off run goes on where it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.calls.conftest import wired  # noqa: F401 pytest looks for it here
from tests.proof.record import Row, already_passed, passed, record
from tests.store.fixtures import (  # noqa: F401 pytest looks for them here
    migrated_file,
    migrated_postgres,
    migrated_postgres_url,
    migrated_url,
    sqlite_url,
)

Found = Callable[..., None]
"""Records what a test found: `found("kills", "web killed, SQLite", tried=30, held=30, note="31 texts unknown")`."""


@pytest.fixture
def found(request: pytest.FixtureRequest) -> Found:
    """What records a row of the table under the name of this test."""

    def one(proof: str, what: str, *, tried: int, held: int, note: str = "", case: str = "") -> None:
        record(Row(test=request.node.nodeid, proof=proof, what=what, tried=tried, held=held, note=note, case=case))

    return one


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What an earlier run of the same code has proved is not proved again (with FULL=1 alone)."""
    done = already_passed()
    again = [item for item in items if item.nodeid in done]
    items[:] = [item for item in items if item.nodeid not in done]
    config.hook.pytest_deselected(items=again)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        passed(report.nodeid)
