"""When a call back can be promised, what becomes of the promise, and who is called first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hours import office_state, openings
from core import callbacks
from core.callbacks import Promise, State, Try, Why
from core.catalog import Catalog, Hours, Office, SpecialDays
from core.types import Window
from tests.unit import town as small

NEW_YORK = ZoneInfo("America/New_York")
AUTUMN = datetime(2026, 10, 20, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=NEW_YORK)


def office(*spans: tuple[int, int], week: Iterable[int] = range(5)) -> Office:
    hours = tuple(spans if day in week else () for day in range(7))
    return Office(id="hall", title="Hall", address="1 Square", phone="+14155550101", hours=hours)


NINE_TO_FIVE = office((540, 720), (780, 1020))


def town(*special: SpecialDays) -> Catalog:
    there = replace(small.TOWN.town, timezone="America/New_York", country="US")
    return replace(small.TOWN, town=there, special_days=special)


def windows(now: datetime, hall: Office = NINE_TO_FIVE, catalog: Catalog | None = None) -> list[Window]:
    return list(callbacks.windows(openings(hall, now, catalog or town()), now.astimezone(UTC), 4))


def starts(found: Iterable[Window]) -> list[str]:
    return [f"{window.start:%a %H:%M}" for window in found]


def promise(start: datetime = MONDAY, **more: object) -> Promise:
    base = Promise(
        id=1,
        handoff=1,
        department="",
        starts=start.astimezone(UTC),
        ends=(start + timedelta(hours=1)).astimezone(UTC),
        made=MONDAY.astimezone(UTC) - timedelta(days=3),
    )
    return replace(base, **more)  # type: ignore[arg-type]  # names of fields


# --- windows


def test_windows_are_whole_hours_within_opening_hours_and_begin_later_than_now() -> None:
    found = windows(MONDAY.replace(hour=10, minute=1))
    assert starts(found)[:6] == ["Mon 11:00", "Mon 13:00", "Mon 14:00", "Mon 15:00", "Mon 16:00", "Tue 09:00"]
    assert starts(windows(MONDAY))[0] == "Mon 09:00"
    assert starts(windows(MONDAY, office((540, 630))))[:2] == ["Mon 09:00", "Tue 09:00"]


def test_nobody_is_promised_a_call_on_a_holiday_or_where_nobody_calls() -> None:
    christmas = windows(datetime(2026, 12, 24, 16, 30, tzinfo=NEW_YORK))
    assert starts(christmas)[0] == "Mon 09:00"  # the 25th is Friday
    assert list(callbacks.windows(openings(NINE_TO_FIVE, MONDAY, town()), MONDAY.astimezone(UTC), 0)) == []


def test_an_office_that_closes_at_noon_tonight_is_promised_no_longer() -> None:
    short = SpecialDays(first=date(2026, 11, 30), last=date(2026, 11, 30), hours=((540, 660),))
    assert starts(windows(MONDAY, catalog=town(short)))[:3] == ["Mon 09:00", "Mon 10:00", "Tue 09:00"]


spans = st.lists(st.integers(0, 96).map(lambda quarter: quarter * 15), min_size=2, max_size=6, unique=True).map(
    lambda ends: tuple(zip(sorted(ends)[0::2], sorted(ends)[1::2], strict=False))
)
days = st.dates(date(2026, 10, 1), date(2027, 4, 30))


@given(
    spans,
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 160 * 24 * 60).map(lambda minute: AUTUMN + timedelta(minutes=minute)),
    st.lists(st.tuples(days, spans | st.just(())), max_size=3, unique_by=lambda one: one[0]),
)
def test_in_every_window_the_office_is_open_to_its_last_minute(
    usual: Hours, week: set[int], now: datetime, special: list[tuple[date, Hours]]
) -> None:
    """Whatever the hours, with holidays, days with other hours, and the days when clocks change in October, November
    and March."""
    hall = office(*usual, week=week)
    catalog = town(*(SpecialDays(first=day, last=day, hours=hours) for day, hours in special))
    found = windows(now, hall, catalog)
    for window in found:
        start, end = window.start.astimezone(UTC), window.end.astimezone(UTC)
        assert now <= start <= now + callbacks.AHEAD
        assert end - start == timedelta(hours=1)
        for minute in (0, 30, 59):
            assert office_state(hall, start + timedelta(minutes=minute), catalog).open
    utc = [window.start.astimezone(UTC) for window in found]
    assert all(after - before >= timedelta(hours=1) for before, after in pairwise(utc))


@given(st.integers(0, 60), st.floats(30, 3600))
def test_no_more_is_promised_than_so_many_people_can_call(people: int, seconds: float) -> None:
    assert callbacks.most(people, seconds) * seconds <= people * 3600 * float(callbacks.SHARE) + 1e-6


def test_how_long_a_call_back_takes_is_measured_once_there_are_enough() -> None:
    assert callbacks.takes([60.0] * 19, 600) == 600
    assert callbacks.takes([60.0] * 20, 600) == 60
    assert callbacks.takes([900.0] * 19 + [90_000.0], 600) == pytest.approx(19 * 45 + 180)  # one left open overnight


def test_a_full_window_is_not_offered_not_even_in_the_hour_that_comes_twice() -> None:
    night = office((0, 360), week=range(7))
    found = windows(datetime(2026, 11, 1, 4, 0, tzinfo=UTC), night)[:6]
    taken = {window.start.astimezone(UTC): 4 for window in found[:5]}
    left = list(callbacks.with_room(found, taken))
    assert left == found[5:]
    assert len({window.start.astimezone(UTC) for window in found}) == 6


def test_what_is_offered_is_the_soonest_and_the_first_of_other_halves_of_days() -> None:
    assert starts(callbacks.offered(windows(MONDAY.replace(hour=10)))) == ["Mon 10:00", "Mon 13:00", "Tue 09:00"]
    assert starts(callbacks.offered(windows(MONDAY.replace(hour=14)))) == ["Mon 14:00", "Tue 09:00", "Tue 13:00"]
    assert callbacks.offered(()) == ()


# --- tries


def free(now: datetime) -> list[Window]:
    return windows(now)


TEN_PAST = MONDAY.replace(minute=10).astimezone(UTC)


def test_who_was_talked_to_in_the_window_was_promised_truly() -> None:
    kept = callbacks.tried(promise(), Try.TALKED, TEN_PAST, TEN_PAST + timedelta(hours=2), [])
    assert (kept.state, kept.why, kept.settled) == (State.KEPT, Why.TALKED, TEN_PAST + timedelta(hours=2))


def test_who_was_talked_to_before_did_not_have_to_wait() -> None:
    early = TEN_PAST - timedelta(hours=3)
    assert callbacks.tried(promise(), Try.TALKED, early, early, []).state is State.KEPT
    missed = callbacks.tried(promise(), Try.ENGAGED, early, early, free(MONDAY))
    assert (missed.tries, missed.starts, missed.settled) == (0, promise().starts, None)


def test_who_was_talked_to_after_the_window_was_called_late() -> None:
    after = TEN_PAST + timedelta(hours=1)
    assert callbacks.tried(promise(), Try.TALKED, after, after, []).state is State.LATE


def test_a_second_try_is_on_another_day_at_the_time_that_was_chosen() -> None:
    chosen = promise(MONDAY.replace(hour=14))
    at = chosen.starts + timedelta(minutes=5)
    missed = callbacks.tried(chosen, Try.NO_ANSWER, at, at, free(at))
    assert (missed.tries, missed.state, missed.last) == (1, State.BOOKED, Try.NO_ANSWER)
    assert missed.starts.astimezone(NEW_YORK) == MONDAY.replace(day=1, month=12, hour=14)
    full = [window for window in free(at) if window.start.hour != 14]
    assert starts([callbacks.again(full, chosen, at) or full[0]]) == ["Tue 09:00"]
    today = [window for window in full if window.start.date() == at.astimezone(NEW_YORK).date()]
    assert starts([callbacks.again(today, chosen, at) or full[0]]) == ["Mon 15:00"]


@pytest.mark.parametrize("outcome", [Try.NO_ANSWER, Try.ENGAGED, Try.MACHINE, Try.NOT_ACCEPTED, Try.FAILED])
def test_after_three_tries_the_promise_is_broken_with_why(outcome: Try) -> None:
    now, placed = promise(), []
    while now.settled is None:
        placed.append(now.starts)
        at = now.starts + timedelta(minutes=5)
        now = callbacks.tried(now, outcome, at, at, free(at))
    assert (len(set(placed)), now.state, now.why) == (3, State.BROKEN, Why(outcome.value))


def test_a_fax_is_called_once_more_and_not_a_third_time() -> None:
    once = callbacks.tried(promise(), Try.FAX, TEN_PAST, TEN_PAST, free(MONDAY))
    assert (once.state, once.settled, once.tries) == (State.BOOKED, None, 1)
    at = once.starts + timedelta(minutes=5)
    twice = callbacks.tried(once, Try.FAX, at, at, free(at))
    assert (twice.state, twice.why, twice.tries) == (State.BROKEN, Why.FAX, 2)


def test_a_fax_between_others_is_one_try_of_three() -> None:
    now, at = promise(), TEN_PAST
    for outcome in (Try.FAX, Try.NO_ANSWER):
        now = callbacks.tried(now, outcome, at, at, free(at))
        at = now.starts + timedelta(minutes=5)
    assert (now.state, now.tries) == (State.BOOKED, 2)


def test_without_room_for_another_try_that_is_why() -> None:
    now = callbacks.tried(promise(), Try.ENGAGED, TEN_PAST, TEN_PAST, [])
    assert (now.state, now.why) == (State.BROKEN, Why.NO_TIME)


def test_a_late_promise_stays_late_though_a_later_try_was_in_time() -> None:
    late = callbacks.looked_at(promise(), promise().ends + timedelta(seconds=1))
    assert (late.state, late.settled) == (State.LATE, None)
    at = late.ends + timedelta(minutes=5)
    missed = callbacks.tried(late, Try.NO_ANSWER, at, at, free(at))
    again = callbacks.tried(missed, Try.TALKED, missed.starts, missed.starts, [])
    assert again.state is State.LATE


def test_what_nobody_called_a_day_later_is_broken() -> None:
    was = promise()
    assert callbacks.looked_at(was, was.ends) == was
    gone = callbacks.looked_at(was, was.ends + timedelta(hours=25))
    assert (gone.state, gone.why) == (State.BROKEN, Why.NOT_CALLED)
    assert callbacks.looked_at(gone, was.ends + timedelta(days=9)) == gone


@pytest.mark.parametrize(
    ("helped", "at", "last", "state", "why"),
    [
        (True, TEN_PAST, None, State.KEPT, Why.SETTLED),
        (True, TEN_PAST + timedelta(hours=2), None, State.LATE, Why.SETTLED),
        (False, TEN_PAST, None, State.BROKEN, Why.NOT_CALLED),
        (False, TEN_PAST, Try.ENGAGED, State.BROKEN, Why.ENGAGED),
    ],
)
def test_closing_a_request_ends_its_promise(
    helped: bool, at: datetime, last: Try | None, state: State, why: Why
) -> None:
    now = callbacks.closed(promise(last=last), helped=helped, at=at)
    assert (now.state, now.why, now.settled) == (state, why, at)


# --- who is first


def test_danger_then_the_line_then_what_was_promised_first_then_who_waits_longest() -> None:
    now = TEN_PAST

    def place(owed: Promise | None = None, *, danger: bool = False, live: bool = False, ago: int = 0) -> object:
        asked = now - timedelta(minutes=ago)
        return callbacks.rank(owed, danger=danger, live=live, asked=asked, now=now)

    hour = timedelta(hours=1)
    ordered = [
        place(danger=True, ago=1),
        place(live=True, ago=2),
        place(promise(MONDAY - 2 * hour), ago=3),
        place(promise(), ago=90),
        place(promise(), ago=80),
        place(ago=70),
        place(ago=60),
        place(promise(MONDAY + hour), ago=300),
        place(promise(MONDAY + 2 * hour), ago=400),
    ]
    assert ordered == sorted(ordered)  # type: ignore[type-var]  # tuples of numbers
