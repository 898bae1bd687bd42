"""What the database tells of how long people waited for a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.staff import Staff
from core.types import Medium, RequestHandoff, SettleHandoff, WhyPerson
from core.waiting import LEAST, Waited, usual
from store.desk_store import SqlDesk
from store.unit_of_work import SqlStorage
from tests.store.opened import BEN, NOON, new, save

DAYS_AGO = NOON - timedelta(days=30)


def asks(storage: SqlStorage, id: str, at: datetime = NOON, why: WhyPerson = WhyPerson.ASKED) -> None:
    """Somebody asks for a person by text."""
    wish = RequestHandoff(why=why, language="en", service="noise", department="streets")
    save(storage, new(id, BEN, Medium.SMS), wish, at=at)


def taken(storage: SqlStorage, count: int, at: datetime, seconds: int) -> None:
    """So many ask, and staff take each after so many seconds."""
    for n in range(count):
        asks(storage, f"{at}{n}", at)
        with SqlDesk(storage.database).acting() as work:
            [found] = [one.id for one in SqlDesk(storage.database).waiting(INES) if one.claimed_by is None]
            assert work.claim(found, 1, at + timedelta(seconds=seconds))
            work.unit.commit()


INES = Staff(id=1, login="ines", name="Ines")


def waited(storage: SqlStorage, most: int = 100) -> tuple[Waited, ...]:
    return SqlDesk(storage.database).waited(DAYS_AGO, most)


def figure(storage: SqlStorage, now: datetime) -> float | None:
    return usual((one.seconds(now), one.took) for one in waited(storage))


def test_a_request_that_was_taken_waited_until_then(storage: SqlStorage) -> None:
    taken(storage, 1, NOON, 90)
    until = NOON + timedelta(seconds=90)
    [one] = waited(storage)
    assert one == Waited(voice=False, department="streets", service="noise", asked=NOON, until=until, took=True)


def test_of_too_few_there_is_no_figure(storage: SqlStorage) -> None:
    taken(storage, LEAST - 1, NOON, 90)
    assert figure(storage, NOON) is None
    taken(storage, 1, NOON + timedelta(seconds=1), 90)
    assert figure(storage, NOON) == 90


def test_old_ones_are_not_looked_at_and_no_more_than_the_newest(storage: SqlStorage) -> None:
    taken(storage, 1, DAYS_AGO - timedelta(seconds=1), 90)
    assert waited(storage) == ()
    taken(storage, 2, NOON, 90)
    taken(storage, 1, NOON + timedelta(hours=1), 30)
    assert [one.seconds(NOON) for one in waited(storage, most=2)] == [30, 90]


def test_who_waits_still_does_not_count_as_quick(storage: SqlStorage) -> None:
    taken(storage, LEAST, NOON, 90)
    for n in range(LEAST):
        asks(storage, f"waits {n}")
    assert figure(storage, NOON) == 90
    later = figure(storage, NOON + timedelta(hours=1))
    assert later is not None
    assert later > 3600


def test_who_gave_up_and_who_was_reached_otherwise_were_not_taken(storage: SqlStorage) -> None:
    for id, reached in (("gave up", False), ("reached", True)):
        live = RequestHandoff(why=WhyPerson.ASKED, language="en", live=True)
        save(storage, new(id), live)
        save(storage, new(id), SettleHandoff(reached=reached), at=NOON + timedelta(seconds=40))
    hour = NOON + timedelta(hours=1)
    assert {(one.voice, one.took, one.seconds(hour)) for one in waited(storage)} == {
        (True, False, 3600),
        (True, False, 40),
    }


def test_a_request_that_was_let_go_waits_still(storage: SqlStorage) -> None:
    taken(storage, 1, NOON, 90)
    with SqlDesk(storage.database).acting() as work:
        work.release(SqlDesk(storage.database).waiting(INES)[0].id)
        work.unit.commit()
    assert [(one.took, one.until) for one in waited(storage)] == [(False, None)]


def test_danger_is_taken_first_and_tells_nothing_of_the_others(storage: SqlStorage) -> None:
    asks(storage, "danger", why=WhyPerson.DANGER)
    assert waited(storage) == ()
