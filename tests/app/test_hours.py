from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hours import office_state
from core.catalog import Office

NEW_YORK = "America/New_York"
Week = dict[int, tuple[tuple[int, int], ...]]


def office(week: Week) -> Office:
    hours = tuple(week.get(day, ()) for day in range(7))
    return Office(id="hall", title="Hall", address="1 Square", phone="+14155550101", hours=hours)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(NEW_YORK))


LUNCH = office(dict.fromkeys(range(5), ((540, 750), (810, 1020))))  # 09:00-12:30 and 13:30-17:00, Monday to Friday


@pytest.mark.parametrize(
    ("at", "is_open", "opens"),
    [
        ("2026-11-25T08:59", False, "2026-11-25T09:00"),
        ("2026-11-25T09:00", True, ""),
        ("2026-11-25T12:29", True, ""),
        ("2026-11-25T12:30", False, "2026-11-25T13:30"),
        ("2026-11-25T17:00", False, "2026-11-26T09:00"),
        ("2026-11-27T18:00", False, "2026-11-30T09:00"),
        ("2026-12-31T23:59", False, "2027-01-01T09:00"),
    ],
)
def test_an_office_is_open_in_its_hours_and_not_over_lunch(at: str, is_open: bool, opens: str) -> None:
    state = office_state(LUNCH, local(at).astimezone(UTC), NEW_YORK)
    assert state.open is is_open
    assert state.opens == (local(opens) if opens else None)
    assert (state.id, state.phone) == ("hall", "+14155550101")


def test_the_day_is_the_towns_and_not_that_of_utc() -> None:
    friday_evening = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)  # Friday, 21:00 in New York
    late = office({4: ((600, 1320),)})
    assert office_state(late, friday_evening, NEW_YORK).open


@pytest.mark.parametrize(("day", "utc_hour"), [("2026-10-31", 13), ("2026-11-01", 14), ("2027-03-14", 13)])
def test_hours_follow_the_clock_on_the_wall_when_it_changes(day: str, utc_hour: int) -> None:
    always_nine = office(dict.fromkeys(range(7), ((540, 600),)))
    nine = datetime.fromisoformat(f"{day}T{utc_hour}:00+00:00")
    assert office_state(always_nine, nine, NEW_YORK).open
    assert not office_state(always_nine, nine.replace(hour=utc_hour - 1, minute=59), NEW_YORK).open


def test_an_opening_that_the_clock_skips_comes_an_hour_later() -> None:
    night = office({6: ((150, 300),)})  # Sunday 02:30-05:00; on 14 March 2027 the clock goes from 02:00 to 03:00
    state = office_state(night, local("2027-03-14T01:00").astimezone(UTC), NEW_YORK)
    assert state.opens is not None
    assert state.opens.astimezone(UTC) == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_open_both_times() -> None:
    night = office({6: ((60, 120),)})  # Sunday 01:00-02:00; on 1 November 2026 that hour comes twice
    assert office_state(night, datetime(2026, 11, 1, 5, 30, tzinfo=UTC), NEW_YORK).open
    assert office_state(night, datetime(2026, 11, 1, 6, 30, tzinfo=UTC), NEW_YORK).open
    assert not office_state(night, datetime(2026, 11, 1, 7, 0, tzinfo=UTC), NEW_YORK).open


def test_an_office_open_till_midnight_closes_then() -> None:
    late = office({2: ((1200, 1440),)})
    assert office_state(late, local("2026-11-25T23:59").astimezone(UTC), NEW_YORK).open
    assert not office_state(late, local("2026-11-26T00:00").astimezone(UTC), NEW_YORK).open


def test_an_office_that_never_opens_says_nothing_of_opening() -> None:
    state = office_state(office({}), datetime(2026, 11, 25, tzinfo=UTC), NEW_YORK)
    assert (state.open, state.opens) == (False, None)


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
)
def test_when_it_opens_it_is_open_and_not_a_second_before(now: datetime) -> None:
    state = office_state(LUNCH, now, NEW_YORK)
    if state.opens is None:
        assert state.open
        return
    assert now < state.opens
    assert office_state(LUNCH, state.opens.astimezone(UTC), NEW_YORK).open
    assert not state.open
