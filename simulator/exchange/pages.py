"""Lists as the REST API gives them: filtered by date, cut into pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime
from typing import TypeVar
from urllib.parse import urlencode

from simulator.exchange.rest_errors import RestError

Fields = Mapping[str, str]
Body = dict[str, object]
T = TypeVar("T")


def rfc2822(when: datetime | None) -> str | None:
    """A time as Twilio writes it: Wed, 25 Nov 2026 13:00:00 +0000."""
    return None if when is None else format_datetime(when)


def moment(text: str) -> datetime | date:
    """A day (2026-11-25) or a moment (2026-11-25T13:00:00Z). Raises RestError 20001."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise RestError(20001, text) from None


@dataclass(frozen=True, slots=True)
class Window:
    """Filters on a time: each a sign ("" for that day, "<" and ">" for up to and from) with a day or moment."""

    limits: tuple[tuple[str, datetime | date], ...]

    def holds(self, when: datetime) -> bool:
        """True if `when` fits every filter; the limits themselves are inside."""
        return all(fits(when, sign, limit) for sign, limit in self.limits)


def window(name: str, query: Fields) -> Window:
    """The filters `name`, `name<` and `name>` of a query. Raises RestError 20001."""
    wanted = ((sign, query.get(name + sign)) for sign in ("", "<", ">"))
    return Window(tuple((sign, moment(text)) for sign, text in wanted if text))


def fits(when: datetime, sign: str, limit: datetime | date) -> bool:
    """Compare with a moment, or with a whole day."""
    exact = isinstance(limit, datetime) and sign != ""
    mine, theirs = (when, limit) if exact else (when.date(), day(limit))
    if sign == "<":
        return mine <= theirs
    return mine >= theirs if sign == ">" else mine == theirs


def day(limit: datetime | date) -> date:
    """The day of a moment, or the day itself."""
    return limit.date() if isinstance(limit, datetime) else limit


def page(found: Sequence[T], key: str, path: str, query: Fields, shape: Callable[[T], Body]) -> Body:
    """One page of `found` under `key`, with the addresses of its neighbours."""
    size, number = whole(query, "PageSize", 50, 1, 1000), whole(query, "Page", 0, 0, None)
    start = size * number
    rows = found[start : start + size]
    asked = {name: value for name, value in query.items() if name not in {"Page", "PageSize", "PageToken"}}

    def at(place: int) -> str:
        return f"{path}?{urlencode({**asked, 'PageSize': size, 'Page': place})}"

    return {
        "first_page_uri": at(0),
        "next_page_uri": at(number + 1) if start + size < len(found) else None,
        "previous_page_uri": at(number - 1) if number else None,
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + max(len(rows) - 1, 0),
        "uri": at(number),
        key: [shape(row) for row in rows],
    }


def whole(query: Fields, name: str, default: int, low: int, high: int | None) -> int:
    """A whole number of the query."""
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or int(text) < low or (high is not None and int(text) > high):
        raise RestError(20001, f"{name}={text}")
    return int(text)
