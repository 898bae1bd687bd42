from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hours import days_ahead, office_state
from app.loading import load
from app.public_holidays import public_holidays, regions
from app.wording import VOICE, read_wording
from core import phrases as say
from core.catalog import Catalog, Hours, Office, SpecialDays
from tests.unit import town as small

NEW_YORK = "America/New_York"
Week = Mapping[int, Hours]


def office(week: Week) -> Office:
    hours = tuple(week.get(day, ()) for day in range(7))
    return Office(id="hall", title="Hall", address="1 Square", phone="+14155550101", hours=hours)


def town(*special: SpecialDays, country: str = "US", region: str = "") -> Catalog:
    there = replace(small.TOWN.town, timezone=NEW_YORK, country=country, region=region)
    return replace(small.TOWN, town=there, special_days=special)


def days(first: str, last: str = "", *, hours: Hours | None = (), offices: tuple[str, ...] = ()) -> SpecialDays:
    return SpecialDays(
        first=date.fromisoformat(first), last=date.fromisoformat(last or first), hours=hours, offices=offices
    )


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(NEW_YORK))


TOWN = town()
LUNCH = office(dict.fromkeys(range(5), ((540, 750), (810, 1020))))  # 09:00-12:30 and 13:30-17:00, Monday to Friday


@pytest.mark.parametrize(
    ("at", "is_open", "opens"),
    [
        ("2026-11-25T08:59", False, "2026-11-25T09:00"),
        ("2026-11-25T09:00", True, ""),
        ("2026-11-25T12:29", True, ""),
        ("2026-11-25T12:30", False, "2026-11-25T13:30"),
        ("2026-11-24T17:00", False, "2026-11-25T09:00"),
        ("2026-11-27T18:00", False, "2026-11-30T09:00"),
    ],
)
def test_an_office_is_open_in_its_hours_and_not_over_lunch(at: str, is_open: bool, opens: str) -> None:
    state = office_state(LUNCH, local(at).astimezone(UTC), TOWN)
    assert state.open is is_open
    assert state.opens == (local(opens) if opens else None)
    assert (state.id, state.phone) == ("hall", "+14155550101")


def test_the_day_is_the_towns_and_not_that_of_utc() -> None:
    friday_evening = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)  # Friday, 21:00 in New York
    late = office({4: ((600, 1320),)})
    assert office_state(late, friday_evening, TOWN).open


@pytest.mark.parametrize(("day", "utc_hour"), [("2026-10-31", 13), ("2026-11-01", 14), ("2027-03-14", 13)])
def test_hours_follow_the_clock_on_the_wall_when_it_changes(day: str, utc_hour: int) -> None:
    always_nine = office(dict.fromkeys(range(7), ((540, 600),)))
    nine = datetime.fromisoformat(f"{day}T{utc_hour}:00+00:00")
    assert office_state(always_nine, nine, TOWN).open
    assert not office_state(always_nine, nine.replace(hour=utc_hour - 1, minute=59), TOWN).open


def test_an_opening_that_the_clock_skips_comes_an_hour_later() -> None:
    night = office({6: ((150, 300),)})  # Sunday 02:30-05:00; on 14 March 2027 the clock goes from 02:00 to 03:00
    state = office_state(night, local("2027-03-14T01:00").astimezone(UTC), TOWN)
    assert state.opens is not None
    assert state.opens.astimezone(UTC) == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_open_both_times() -> None:
    night = office({6: ((60, 120),)})  # Sunday 01:00-02:00; on 1 November 2026 that hour comes twice
    assert office_state(night, datetime(2026, 11, 1, 5, 30, tzinfo=UTC), TOWN).open
    assert office_state(night, datetime(2026, 11, 1, 6, 30, tzinfo=UTC), TOWN).open
    assert not office_state(night, datetime(2026, 11, 1, 7, 0, tzinfo=UTC), TOWN).open


def test_an_office_open_till_midnight_closes_then() -> None:
    late = office({2: ((1200, 1440),)})
    assert office_state(late, local("2026-11-25T23:59").astimezone(UTC), TOWN).open
    assert not office_state(late, local("2026-11-26T00:00").astimezone(UTC), TOWN).open


def test_an_office_that_never_opens_says_nothing_of_opening() -> None:
    state = office_state(office({}), datetime(2026, 11, 25, tzinfo=UTC), TOWN)
    assert (state.open, state.opens) == (False, None)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "It opens on Monday, January 4 at 8:30 AM."),
        ("es", "El lunes, 4 de enero, 8:30 a.m. vuelve a abrir."),
        ("zh_Hans", "1月4日星期一08:30开门。"),
        ("ar", "يفتح المكتب الاثنين، 4 يناير الساعة 8:30 صباحًا."),
    ],
)
def test_an_opening_in_the_new_year_is_said_with_its_weekday_day_and_month(language: str, said: str) -> None:
    catalog = load()
    state = office_state(catalog.offices["civic_hall"], local("2026-12-31T19:00").astimezone(UTC), catalog)
    assert state.opens is not None
    opens = say.phrase(say.OPENS.id, time=state.opens)
    assert read_wording(catalog.town).say(opens, language, VOICE) == said


# --- public holidays ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "is_open", "opens"),
    [
        ("2026-11-25T17:00", False, "2026-11-27T09:00"),  # Thanksgiving is between
        ("2026-11-26T10:00", False, "2026-11-27T09:00"),
        ("2026-07-02T17:00", False, "2026-07-06T09:00"),  # the Fourth of July is a Saturday, kept on Friday
        ("2026-12-31T17:00", False, "2027-01-04T09:00"),  # New Year's Day is a Friday
        ("2027-12-30T17:00", False, "2028-01-03T09:00"),  # New Year's Day is a Saturday, kept in the year before
        ("2028-02-29T10:00", True, ""),
    ],
)
def test_an_office_is_closed_on_public_holidays(at: str, is_open: bool, opens: str) -> None:
    state = office_state(LUNCH, local(at).astimezone(UTC), TOWN)
    assert (state.open, state.opens) == (is_open, local(opens) if opens else None)


def test_a_region_has_holidays_of_its_own() -> None:
    lincolns_birthday = local("2027-02-12T10:00").astimezone(UTC)
    assert office_state(LUNCH, lincolns_birthday, town()).open
    assert not office_state(LUNCH, lincolns_birthday, town(region="NY")).open
    assert office_state(LUNCH, lincolns_birthday, town(region="MA")).open


def test_a_whole_week_of_holidays_is_looked_over() -> None:
    state = office_state(LUNCH, local("2026-09-30T18:00").astimezone(UTC), town(country="CN"))
    assert state.opens == local("2026-10-08T09:00")  # 1 to 7 October are holidays in China


def test_holidays_are_named_in_english_whatever_the_language_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "th")
    public_holidays.cache_clear()
    assert public_holidays("US", "", 2026)[date(2026, 12, 25)] == "Christmas Day"
    assert public_holidays("DE", "BY", 2026)[date(2026, 1, 6)] == "Epiphany"


def test_regions_are_those_of_the_country() -> None:
    assert "NY" in (regions("US") or ())
    assert regions("CN") == ()
    assert regions("AC") is None


# --- special days ---------------------------------------------------------------------------------------------------


def test_a_half_day_ends_early() -> None:
    half = town(days("2026-12-24", hours=((540, 720),)))
    assert office_state(LUNCH, local("2026-12-24T11:59").astimezone(UTC), half).open
    state = office_state(LUNCH, local("2026-12-24T12:00").astimezone(UTC), half)
    assert (state.open, state.opens) == (False, local("2026-12-28T09:00"))  # Christmas and a weekend are between


def test_an_office_can_open_on_a_holiday_with_its_usual_hours_or_others() -> None:
    thanksgiving = local("2026-11-26T10:00").astimezone(UTC)
    assert office_state(LUNCH, thanksgiving, town(days("2026-11-26", hours=None))).open
    assert not office_state(LUNCH, thanksgiving, town(days("2026-11-26", hours=((660, 720),)))).open
    assert office_state(LUNCH, thanksgiving.replace(hour=16), town(days("2026-11-26", hours=((660, 720),)))).open


def test_an_office_can_open_on_a_day_off() -> None:
    saturday = local("2026-11-28T10:00").astimezone(UTC)
    assert office_state(LUNCH, saturday, town(days("2026-11-28", hours=((540, 720),)))).open
    assert not office_state(LUNCH, saturday, town(days("2026-11-28", hours=None))).open


def test_special_days_of_one_office_leave_the_others_alone() -> None:
    at = local("2026-11-25T10:00").astimezone(UTC)
    assert office_state(LUNCH, at, town(days("2026-11-25", offices=("library",)))).open
    assert not office_state(LUNCH, at, town(days("2026-11-25", offices=("library", "hall")))).open


def test_the_first_and_the_last_of_special_days_are_among_them() -> None:
    closed = town(days("2026-12-01", "2026-12-03"))
    open_at_ten = [
        office_state(LUNCH, local(f"2026-{day}T10:00").astimezone(UTC), closed).open
        for day in ("11-30", "12-01", "12-02", "12-03", "12-04")
    ]
    assert open_at_ten == [True, False, False, False, True]


def test_an_opening_is_found_after_months_but_never_a_year_ahead() -> None:
    at = local("2026-12-01T10:00").astimezone(UTC)
    assert office_state(LUNCH, at, town(days("2026-12-01", "2027-11-28"))).opens == local("2027-11-29T09:00")
    assert office_state(LUNCH, at, town(days("2026-12-01", "2027-11-30"))).opens is None


def test_what_is_remembered_of_a_minute_is_not_told_when_special_days_have_changed() -> None:
    at = local("2026-11-25T10:00").astimezone(UTC)
    assert office_state(LUNCH, at, town()).open
    assert not office_state(LUNCH, at, town(days("2026-11-25"))).open
    assert office_state(LUNCH, at, town()).open


def test_special_hours_follow_the_clock_on_the_wall_when_it_changes() -> None:
    autumn = town(days("2026-11-01", hours=((60, 120),)))  # 01:00 to 02:00 comes twice
    assert [
        office_state(LUNCH, datetime(2026, 11, 1, *at, tzinfo=UTC), autumn).open
        for at in ((4, 59), (5, 0), (6, 59), (7, 0))
    ] == [False, True, True, False]
    spring = town(days("2027-03-14", hours=((150, 300),)))  # 02:30 is skipped, 05:00 is not
    assert [
        office_state(LUNCH, datetime(2027, 3, 14, *at, tzinfo=UTC), spring).open
        for at in ((7, 29), (7, 30), (8, 59), (9, 0))
    ] == [False, True, True, False]


@pytest.mark.parametrize("late", ["2026-09-06T02:59", "2026-09-06T03:59"])
def test_who_is_open_round_the_clock_is_open_where_clocks_change_at_midnight(late: str) -> None:
    santiago = replace(TOWN, town=replace(TOWN.town, timezone="America/Santiago"))
    always = office(dict.fromkeys(range(7), ((0, 1440),)))
    assert office_state(always, datetime.fromisoformat(late).replace(tzinfo=UTC), santiago).open


def test_special_hours_that_the_clock_skips_altogether_are_none() -> None:
    spring = town(days("2027-03-14", hours=((130, 170),)))
    state = office_state(LUNCH, local("2027-03-13T10:00").astimezone(UTC), spring)
    assert state.opens == local("2027-03-15T09:00")


def test_the_days_ahead_are_listed_with_their_reasons() -> None:
    there = town(
        replace(days("2026-12-24", "2026-12-25", hours=((540, 720),), offices=("hall",)), note="Half days"),
        days("2027-01-01", hours=None),
    )
    there = replace(there, offices={"hall": LUNCH, "library": replace(LUNCH, id="library")})
    assert [
        (str(d.first), d.last == d.first, d.hours, d.offices, d.note) for d in days_ahead(there, date(2026, 12, 2))
    ][:4] == [
        ("2026-12-24", True, ((540, 720),), ("hall",), "Half days"),
        ("2026-12-25", True, ((540, 720),), ("hall",), "Half days"),
        ("2026-12-25", True, (), ("library",), "Christmas Day"),
        ("2027-01-01", True, None, (), "New Year's Day"),
    ]


def test_the_days_ahead_hold_the_regions_holidays_for_a_year() -> None:
    listed = [
        found.note for found in days_ahead(replace(town(region="NY"), offices={"hall": LUNCH}), date(2026, 12, 2))
    ]
    assert listed[0] == "Christmas Day"
    assert "Lincoln's Birthday" in listed
    assert listed[-1] == "Thanksgiving Day"


# --- whatever the day -----------------------------------------------------------------------------------------------

FROM = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: FROM + timedelta(minutes=minutes))
clock_changes = st.integers(0, 3 * 24 * 60).flatmap(
    lambda minutes: st.sampled_from([datetime(2026, 10, 31, 4, tzinfo=UTC), datetime(2027, 3, 13, 5, tzinfo=UTC)]).map(
        lambda day: day + timedelta(minutes=minutes)
    )
)


def hours(earliest: int = 0) -> st.SearchStrategy[Hours | None]:
    ends = st.lists(st.integers(earliest, 1440), unique=True, max_size=6).map(sorted)
    return st.none() | ends.map(lambda found: tuple(zip(found[0::2], found[1::2], strict=False)))


def special_around(now: datetime, found: list[tuple[int, int, Hours | None]]) -> tuple[SpecialDays, ...]:
    """Special days one after the other from about `now`: for each, after how many days, how many, and the hours."""
    day, made = now.date() - timedelta(days=3), []
    for gap, more, that in found:
        first = day + timedelta(days=gap)
        made.append(SpecialDays(first=first, last=first + timedelta(days=more), hours=that))
        day = made[-1].last + timedelta(days=1)
    return tuple(made)


def special(earliest: int = 0) -> st.SearchStrategy[list[tuple[int, int, Hours | None]]]:
    return st.lists(st.tuples(st.integers(0, 6), st.integers(0, 20), hours(earliest)), max_size=6)


@given(moments | clock_changes, special())
def test_when_it_opens_it_is_open_and_not_a_second_before(
    now: datetime, found: list[tuple[int, int, Hours | None]]
) -> None:
    there = town(*special_around(now, found), region="NY")
    state = office_state(LUNCH, now, there)
    if state.open:
        assert state.opens is None
        return
    assert state.opens is not None
    assert now < state.opens
    opens = state.opens.astimezone(UTC)
    assert office_state(LUNCH, opens, there).open
    assert not office_state(LUNCH, opens - timedelta(seconds=1), there).open


@given(moments | clock_changes, special(earliest=180))
def test_it_is_open_exactly_when_the_clock_on_the_wall_says_so(
    now: datetime, found: list[tuple[int, int, Hours | None]]
) -> None:
    """Read afresh, minute by minute; hours before 3 in the morning, when clocks change, are tested above."""
    there = town(*special_around(now, found), region="NY")
    week = {day: that for entry in there.special_days for day in all_days(entry) for that in [entry.hours]}

    def says(moment: datetime) -> bool:
        wall = moment.astimezone(ZoneInfo(NEW_YORK))
        that = week.get(wall.date())
        if that is None:
            holiday = wall.date() not in week and wall.date() in public_holidays("US", "NY", wall.year)
            that = () if holiday else LUNCH.hours[wall.weekday()]
        return any(minutes(begin) <= wall.time() and (end == 1440 or wall.time() < minutes(end)) for begin, end in that)

    state = office_state(LUNCH, now, there)
    assert state.open == says(now)
    if state.opens is not None:
        ahead = int((state.opens.astimezone(UTC) - now) / timedelta(minutes=1))
        assert [m for m in range(ahead) if says(now + timedelta(minutes=m))] == []
        assert says(state.opens)


def all_days(entry: SpecialDays) -> list[date]:
    return [entry.first + timedelta(days=n) for n in range((entry.last - entry.first).days + 1)]


def minutes(after_midnight: int) -> time:
    return time(after_midnight // 60, after_midnight % 60)
