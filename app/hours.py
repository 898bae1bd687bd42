"""Whether an office is open, when it opens next, and on which days it keeps other hours than usual."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.public_holidays import public_holidays
from core.catalog import Catalog, Hours, Office, SpecialDays, Town
from core.types import OfficeState

DAYS_AHEAD = 364
"""How far ahead the next opening is looked for. It is said as weekday, day and month, so it must be within a year."""


def office_state(office: Office, now: datetime, catalog: Catalog) -> OfficeState:
    """The office at this moment (`now` is aware). `opens` is the next opening within 364 days, in the town's time.

    Closed on public holidays; what special days say goes before both these and the usual week. On the days when clocks
    change, hours are those the clock on the wall shows: an opening at 02:30 that the change skips counts from 03:30,
    and of an hour that comes twice the first begins the span and the last ends it. A span that the change skips
    altogether is none.
    """
    special = tuple(days for days in catalog.special_days if days.concern(office.id))
    return _in_minute(office, now.replace(second=0, microsecond=0), catalog.town, special)


def openings(office: Office, now: datetime, catalog: Catalog) -> Iterator[tuple[datetime, datetime]]:
    """The spans in which the office is open, from those of today on, for 364 days, in the town's time and in order."""
    zone = ZoneInfo(catalog.town.timezone)
    special = tuple(days for days in catalog.special_days if days.concern(office.id))
    today = now.astimezone(zone).date()
    for day in (today + timedelta(days=n) for n in range(DAYS_AHEAD + 1)):
        yield from _spans(_hours_on(office, day, catalog.town, special), day, zone)


@lru_cache(maxsize=128)
def _in_minute(office: Office, now: datetime, town: Town, special: tuple[SpecialDays, ...]) -> OfficeState:
    """Hours are whole minutes, so the answer is the same all minute long; every turn asks for it."""
    zone = ZoneInfo(town.timezone)
    today = now.astimezone(zone).date()
    is_open, opens = False, None
    for day in (today + timedelta(days=n) for n in range(DAYS_AHEAD + 1)):
        spans = tuple(_spans(_hours_on(office, day, town, special), day, zone))
        is_open = is_open or any(begin.astimezone(UTC) <= now < end.astimezone(UTC) for begin, end in spans)
        opens = next((begin for begin, _ in spans if begin.astimezone(UTC) > now), None)
        if opens:
            break
    return OfficeState(id=office.id, phone=office.phone, open=is_open, opens=None if is_open else opens)


def _hours_on(office: Office, day: date, town: Town, special: tuple[SpecialDays, ...]) -> Hours:
    """When the office is open on a day; `special` are its special days."""
    told = next((days for days in special if days.have(day)), None)
    if told is not None and told.hours is not None:
        return told.hours
    if told is None and day in public_holidays(town.country, town.region, day.year):
        return ()
    return office.hours[day.weekday()]


def days_ahead(catalog: Catalog, today: date) -> Iterator[SpecialDays]:
    """Every special day and public holiday of the coming 364 days, in order, each as one day, with its reason.

    A holiday names the offices that it closes when special days say otherwise of others.
    """
    for day in (today + timedelta(days=n) for n in range(DAYS_AHEAD + 1)):
        holiday = public_holidays(catalog.town.country, catalog.town.region, day.year).get(day, "")
        told = [days for days in catalog.special_days if days.have(day)]
        for days in told:
            yield replace(days, first=day, last=day, note=days.note or holiday)
        closed = tuple(id for id in catalog.offices if not any(days.concern(id) for days in told))
        if holiday and closed:
            yield SpecialDays(first=day, last=day, hours=(), offices=closed if told else (), note=holiday)


def _spans(hours: Hours, day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """When these hours of a day begin and end, in order."""
    for minutes, last in hours:
        begin, end = _clock(day, minutes, zone), _clock(day, last, zone)
        end = max(end, end.replace(fold=1), key=lambda moment: moment.astimezone(UTC))
        if begin.astimezone(UTC) < end.astimezone(UTC) and not (_skipped(begin) and _skipped(end)):
            yield begin, end


def _skipped(moment: datetime) -> bool:
    """Whether a change of the clocks skips what the clock would show."""
    shown = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return shown.replace(tzinfo=None) != moment.replace(tzinfo=None)


def _clock(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The moment at which the clock on the wall shows so many minutes after midnight; 1440 is the next midnight."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return midnight + timedelta(minutes=minutes)
