"""Duplicates, late and re-ordered deliveries, replays, forgeries: each true message counts once, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from app.bootstrap import Plainline
from core.ports import Storage, Stored, UnitOfWork
from core.types import Conversation
from store import schema
from store.unit_of_work import open_storage
from tests.bot.line import standing
from tests.calls.conftest import wired  # noqa: F401 pytest looks for it here
from tests.calls.line import OPEN, Clock, served
from tests.proof.conftest import Found
from tests.proof.disorder import Updates, Webhooks
from tests.proof.disorder_at_desk import StaffCalls
from tests.proof.record import Part, parts
from tests.store.fixtures import (  # noqa: F401 pytest looks for them here
    migrated_file,
    migrated_postgres,
    migrated_postgres_url,
    migrated_url,
    sqlite_url,
)

pytestmark = pytest.mark.timeout(1800)

STEPS = 25
"""Things that happen in one example."""

Machine = Callable[[], RuleBasedStateMachine]


def tries(machine: Machine, part: Part, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    """So many examples, drawn from the part's own seed."""
    seeded = seed(part.number)(cast(Any, machine))
    run_state_machine_as_test(
        seeded,
        settings=settings(
            max_examples=part.tries,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("part", parts(20, 400, 100), ids=str)
def test_webhooks_in_disorder_apply_each_thing_once(
    wired: Plainline,  # noqa: F811 a fixture
    migrated_url: str,  # noqa: F811 a fixture
    part: Part,
    found: Found,
) -> None:
    with served(wired, migrated_url, Clock(OPEN)) as line:
        tries(partial(Webhooks, line), part)
        turns, cases = len(line.rows(schema.turns)), len(line.rows(schema.cases))
        queued = line.rows(schema.turns, schema.turns.c.key.like("queue:%"))
    assert turns > part.tries
    assert queued, "nobody waited in the queue"
    assert cases > 0, "nobody got as far as a case"
    note = f"{turns:,} turns and {cases:,} cases among what came beside them"
    found("disorder", f"webhooks, {database(migrated_url)}", tried=part.tries, held=part.tries, note=note)


@pytest.mark.parametrize("part", parts(20, 400, 100), ids=str)
def test_what_is_told_of_a_call_that_staff_placed_is_kept_once(
    wired: Plainline,  # noqa: F811 a fixture
    migrated_url: str,  # noqa: F811 a fixture
    part: Part,
    found: Found,
) -> None:
    with served(wired, migrated_url, Clock(OPEN)) as line:
        tries(partial(StaffCalls, line), part)
        ends = {row.result for row in line.rows(schema.phone_calls)}
    assert "completed" in ends
    assert len(ends) > 2, "they all end alike"
    found("disorder", f"calls of staff, {database(migrated_url)}", tried=part.tries, held=part.tries)


@pytest.mark.parametrize("part", parts(10, 200, 50), ids=str)
def test_updates_in_disorder_apply_each_thing_once(
    wired: Plainline,  # noqa: F811 a fixture
    migrated_url: str,  # noqa: F811 a fixture
    part: Part,
    found: Found,
) -> None:
    with standing(wired, migrated_url, Clock(OPEN)) as line, line.bot():
        tries(partial(Updates, line), part)
        turns = len(line.rows(schema.turns))
    assert turns > part.tries
    note = f"{turns:,} turns among what came beside them"
    found("disorder", f"updates, {database(migrated_url)}", tried=part.tries, held=part.tries, note=note)


def database(url: str) -> str:
    """Which one it is."""
    return "PostgreSQL" if url.startswith("postgresql") else "SQLite"


# --- and what the proof would find ---------------------------------------------------------------------------------


class Forgetful:
    """A storage that forgets which messages it has answered."""

    def __init__(self, behind: Storage) -> None:
        self._behind = behind

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        with self._behind.reading() as unit:
            yield cast(UnitOfWork, ForgetfulUnit(unit))

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        with self._behind.writing() as unit:
            yield cast(UnitOfWork, ForgetfulUnit(unit))


class ForgetfulUnit:
    """One of its transactions."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)

    def before(self, conversation: str, key: str) -> tuple[Conversation | None, Stored | None]:
        return self._unit.before(conversation, key)[0], None


FOUND = (AssertionError, ExceptionGroup)
"""What Hypothesis raises; the second where what was found comes and goes."""


def test_a_storage_that_forgets_what_it_answered_is_found_by_webhooks(
    wired: Plainline,  # noqa: F811 a fixture
    sqlite_url: str,  # noqa: F811 a fixture
) -> None:
    with (
        closing(open_storage(sqlite_url)) as behind,
        served(wired, sqlite_url, Clock(OPEN), Forgetful(behind)) as line,
        pytest.raises(FOUND),
    ):
        tries(partial(Webhooks, line), Part(number=1, tries=20), phases=(Phase.generate,))


def test_a_storage_that_forgets_what_it_answered_is_found_by_updates(
    wired: Plainline,  # noqa: F811 a fixture
    sqlite_url: str,  # noqa: F811 a fixture
) -> None:
    with standing(wired, sqlite_url, Clock(OPEN)) as line:
        forgetful = Forgetful(line.plainline.storage)
        with line.bot(forgetful), pytest.raises(FOUND):
            tries(partial(Updates, line), Part(number=1, tries=20), phases=(Phase.generate,))
