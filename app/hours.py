"""Whether an office is open, and when it opens next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.catalog import Office
from core.types import OfficeState

_DAYS_AHEAD = 14


def office_state(office: Office, now: datetime, timezone: str) -> OfficeState:
    """The office at this moment (`now` is aware). `opens` is the next opening within 14 days, in the town's time.

    On the days when clocks change, hours are those the clock on the wall shows: an opening at 02:30 that the change
    skips counts from 03:30, and of an hour that comes twice the first begins the span and the last ends it.
    """
    return _in_minute(office, now.replace(second=0, microsecond=0), timezone)


@lru_cache(maxsize=128)
def _in_minute(office: Office, now: datetime, timezone: str) -> OfficeState:
    """Hours are whole minutes, so the answer is the same all minute long; every turn asks for it."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    is_open, opens = False, None
    for day in (today + timedelta(days=n) for n in range(_DAYS_AHEAD + 1)):
        spans = tuple(_spans(office, day, ZoneInfo(timezone)))
        is_open = is_open or any(begin.astimezone(UTC) <= now < end.astimezone(UTC) for begin, end in spans)
        opens = next((begin for begin, _ in spans if begin.astimezone(UTC) > now), None)
        if opens:
            break
    return OfficeState(id=office.id, phone=office.phone, open=is_open, opens=None if is_open else opens)


def _spans(office: Office, day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """When the office is open on a day, in order."""
    for begin, end in office.hours[day.weekday()]:
        yield _clock(day, begin, zone), _clock(day, end, zone).replace(fold=1)


def _clock(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The moment at which the clock on the wall shows so many minutes after midnight; 1440 is the next midnight."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return midnight + timedelta(minutes=minutes)
