"""How long people wait for a person is looked up once a minute, among comparable requests, and is nobody's trouble."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from app.loading import load
from app.waits import ASK_EVERY, MOST, RECENT, Waits
from core.catalog import Catalog
from core.errors import StoreUnavailable
from core.types import Medium
from core.waiting import LEAST, Waited

OPEN = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
"""A Wednesday, half past ten in New York: every office answers."""

CLOSED = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
"""A Sunday."""


@dataclass
class Asked:
    """A store that counts how often it is asked."""

    found: Sequence[Waited]
    gone: bool = False
    asked: list[tuple[datetime, int]] = field(default_factory=list)

    def __call__(self, since: datetime, most: int) -> Sequence[Waited]:
        self.asked.append((since, most))
        if self.gone:
            raise StoreUnavailable("gone")
        return self.found


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load(None)


def some(
    count: int = LEAST, *, voice: bool = False, department: str = "", at: datetime = OPEN, seconds: int = 90
) -> list[Waited]:
    """So many requests, each taken after so many seconds."""
    until = at + timedelta(seconds=seconds)
    one = Waited(voice=voice, department=department, service="", asked=at, until=until, took=True)
    return [one] * count


def test_the_newest_of_the_last_days_are_asked_for(catalog: Catalog) -> None:
    asked = Asked(some())
    assert Waits(asked, catalog)(OPEN, Medium.SMS) == {"": 90}
    assert asked.asked == [(OPEN - RECENT, MOST)]


def test_it_is_asked_once_a_minute(catalog: Catalog) -> None:
    asked = Asked(some())
    waits = Waits(asked, catalog)
    waits(OPEN, Medium.SMS)
    asked.found = some(seconds=200)
    assert waits(OPEN + ASK_EVERY / 2, Medium.CHAT) == {"": 90}
    assert waits(OPEN + ASK_EVERY, Medium.CHAT) == {"": 200}
    assert len(asked.asked) == 2


def test_calls_and_what_is_written_and_departments_are_kept_apart(catalog: Catalog) -> None:
    found = [*some(), *some(department="transport", seconds=300), *some(voice=True, seconds=20), *some(5, voice=True)]
    waits = Waits(Asked(found), catalog)
    assert waits(OPEN, Medium.CHAT) == waits(OPEN, Medium.SMS) == {"": 90, "transport": 300}
    assert waits(OPEN, Medium.VOICE) == {"": 90}


def test_too_few_tell_nothing(catalog: Catalog) -> None:
    assert Waits(Asked(some(LEAST - 1)), catalog)(OPEN, Medium.SMS) == {}


def test_requests_of_closed_hours_tell_nothing_of_open_ones(catalog: Catalog) -> None:
    found = [*some(), *some(50, at=CLOSED, seconds=70_000)]
    assert Waits(Asked(found), catalog)(OPEN, Medium.SMS) == {"": 90}


def test_without_a_database_nothing_is_known_and_it_is_not_asked_at_each_turn(catalog: Catalog) -> None:
    asked = Asked(some(), gone=True)
    waits = Waits(asked, catalog)
    assert waits(OPEN, Medium.SMS) == waits(OPEN, Medium.SMS) == {}
    assert len(asked.asked) == 1
    asked.gone = False
    assert waits(OPEN + ASK_EVERY, Medium.SMS) == {"": 90}


def test_while_one_turn_looks_another_does_not_wait_for_it(catalog: Catalog) -> None:
    others: list[object] = []

    def slow(_since: datetime, _most: int) -> Sequence[Waited]:
        other = Thread(target=lambda: others.append(waits(OPEN + ASK_EVERY, Medium.SMS)))
        other.start()
        other.join(timeout=10)
        return some()

    waits = Waits(slow, catalog)
    assert waits(OPEN, Medium.SMS) == {"": 90}
    assert others == [{}]
