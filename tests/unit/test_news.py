"""When residents may be told news, and what they are told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.news import AHEAD, HOURS, is_time, next_time
from core.types import Times

CHICAGO, MADRID, KATHMANDU = ZoneInfo("America/Chicago"), ZoneInfo("Europe/Madrid"), ZoneInfo("Asia/Kathmandu")
ZONES = st.lists(st.sampled_from((CHICAGO, MADRID, KATHMANDU, ZoneInfo("Asia/Shanghai"))), min_size=1, max_size=3)


def never(_day: date) -> bool:
    return False


def at(zone: ZoneInfo, *when: int) -> datetime:
    return datetime(*when, tzinfo=zone).astimezone(UTC)  # type: ignore[arg-type, misc]  # a moment's parts


def local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%d %H:%M")


def test_within_the_hours_it_is_told_at_once() -> None:
    now = at(CHICAGO, 2026, 3, 3, 10, 7)
    assert next_time(now, Times.DAY, (CHICAGO,), never) == now


@pytest.mark.parametrize(
    ("times", "told"),
    [(Times.DAY, "04 09:00"), (Times.MORNING, "04 09:00"), (Times.AFTERNOON, "04 12:00"), (Times.EVENING, "04 17:00")],
)
def test_at_night_it_waits_for_the_hours_that_were_chosen(times: Times, told: str) -> None:
    assert local(next_time(at(CHICAGO, 2026, 3, 3, 22, 50), times, (CHICAGO,), never), CHICAGO) == told


def test_on_a_holiday_it_waits_for_the_next_day() -> None:
    rests = {date(2026, 12, 25), date(2026, 12, 26)}
    found = next_time(at(MADRID, 2026, 12, 25, 10, 0), Times.DAY, (MADRID,), rests.__contains__)
    assert local(found, MADRID) == "27 09:00"


@pytest.mark.parametrize("day", [(2026, 3, 8), (2026, 11, 1)])
def test_on_the_day_when_clocks_change_it_is_nine_by_the_new_clock(day: tuple[int, int, int]) -> None:
    found = next_time(at(CHICAGO, *day, 0, 30), Times.MORNING, (CHICAGO,), never)
    assert local(found, CHICAGO)[3:] == "09:00"
    assert found.date() == date(*day)


def test_a_number_of_another_zone_sleeps_by_its_own_clock() -> None:
    """Nine in Chicago is four in the afternoon in Madrid; what is nine in Madrid is two at night in Chicago."""
    found = next_time(at(MADRID, 2026, 3, 3, 9, 0), Times.DAY, (CHICAGO, MADRID), never)
    assert (local(found, CHICAGO), local(found, MADRID)) == ("03 09:00", "03 16:00")


def test_zones_without_a_common_hour_leave_the_towns() -> None:
    found = next_time(at(CHICAGO, 2026, 3, 3, 3, 0), Times.MORNING, (CHICAGO, MADRID), never)
    assert local(found, CHICAGO) == "03 09:00"
    assert next_time(found, Times.MORNING, (CHICAGO, MADRID), never) == found  # when it comes, it is time


def test_a_town_that_rests_for_weeks_still_tells() -> None:
    found = next_time(at(CHICAGO, 2026, 3, 3, 3, 0), Times.MORNING, (CHICAGO,), lambda _day: True)
    assert local(found, CHICAGO) == "03 09:00"


@given(
    st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: at(ZoneInfo("UTC"), 2025, 1, 1) + timedelta(minutes=minutes)),
    st.sampled_from(Times),
    ZONES,
)
def test_it_never_wakes_anybody_in_the_towns_zone(now: datetime, times: Times, zones: list[ZoneInfo]) -> None:
    found = next_time(now, times, tuple(zones), never)
    assert now <= found <= now + AHEAD
    assert next_time(found, times, tuple(zones), never) == found
    assert is_time(found, times, zones[:1], never)
    everywhere = [now + timedelta(minutes=15 * n) for n in range(96)]
    if any(is_time(one, times, zones, never) for one in everywhere):
        assert is_time(found, times, zones, never)


def test_the_hours_lie_between_eight_and_nine_in_the_evening() -> None:
    assert all(8 <= first < last <= 21 for first, last in HOURS.values())
