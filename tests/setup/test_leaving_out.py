"""A machine without PostgreSQL runs the rest and says what it left out; a machine that must run all stops."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Nothing can be reached by this address, and no server is started in its place.
NO_SERVER = {"PLAINLINE_TEST_POSTGRES_URL": "not an address"}


def run(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run two tests, one on each engine, in a process of their own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLAINLINE_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *options, "tests/setup/test_databases.py"],
        cwd=ROOT,
        env=kept | NO_SERVER | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_was_not_run_is_said_at_the_end() -> None:
    done = run("-k", "a_database_that_it_can_fill")
    assert done.returncode == 0
    assert "1 passed" in done.stdout
    assert "not run on this machine" in done.stdout
    assert "1 test: PostgreSQL did not start here" in done.stdout
    assert "set PLAINLINE_TEST_POSTGRES_URL" in done.stdout


def test_where_all_must_run_a_missing_part_stops_the_run() -> None:
    done = run("-k", "a_database_that_it_can_fill", PLAINLINE_REQUIRE_ALL="1")
    assert done.returncode != 0
    assert "1 test cannot run: PostgreSQL did not start here" in done.stderr
    assert "passed" not in done.stdout


def test_no_server_is_looked_for_where_no_test_wants_one() -> None:
    done = run("-k", "sqlite", PLAINLINE_REQUIRE_ALL="1")
    assert done.returncode == 0
