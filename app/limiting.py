"""Keeps floods and fraud out: which numbers we text and ring, how often, and for how much a day.

Texts and calls are counted in this process alone, in memory: no statement more a turn, nothing about a number kept
longer than an hour, and nothing on a disk. Several web processes allow as many times the limits as there are
processes; what a day costs is counted in the database, over all of them (docs/decisions/floods.md).
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from zoneinfo import ZoneInfo

from app.costs import Prices, money_of
from app.log import event
from app.metering import PAID_TEXTS, UsageStore
from app.numbering import numbered, refusal
from core.catalog import Catalog
from core.errors import PlainlineError
from core.limits import HOUR, LIMITED, NOTICES, Ceiling, Refusal, Scope, Throttle, counted_as
from core.usage import Amount, Paid, Used

WITHIN = timedelta(seconds=HOUR)

FRESH = timedelta(minutes=1)
"""How long what a day cost until now is believed before it is asked for again."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Windows:
    """What was counted in the last hour. Safe to share between threads. Memory is bounded by the limit in all: what is
    refused is not counted."""

    def __init__(self, limits: Throttle | None) -> None:
        self._limits = limits
        self._counted: dict[tuple[Scope, str], OrderedDict[str, datetime]] = {}
        self._swept = LONG_AGO
        self._lock = Lock()

    def full(self, keys: Mapping[Scope, str], now: datetime) -> Scope | None:
        """The first scope that has had its limit, None if there is room in all."""
        with self._lock:
            return self._full(keys, now)

    def take(self, keys: Mapping[Scope, str], id: str, now: datetime) -> Scope | None:
        """Count what has this id, unless a scope is full: which one. The same again is counted once."""
        with self._lock:
            self._sweep(now)
            if self._had(keys, id):
                return None
            full = self._full(keys, now)
            if full is None and self._limits is not None:
                for key in keys.items():
                    self._counted.setdefault(key, OrderedDict())[id] = now
            return full

    def _had(self, keys: Mapping[Scope, str], id: str) -> bool:
        return any(id in self._counted.get(key, ()) for key in keys.items())

    def _full(self, keys: Mapping[Scope, str], now: datetime) -> Scope | None:
        if self._limits is None:
            return None
        counts = {scope: self._count((scope, key), now) for scope, key in keys.items()}
        return next((scope for scope, count in counts.items() if count >= self._limits.of(scope)), None)

    def _count(self, key: tuple[Scope, str], now: datetime) -> int:
        counted = self._counted.get(key)
        if counted is None:
            return 0
        while counted and next(iter(counted.values())) <= now - WITHIN:
            counted.popitem(last=False)
        if not counted:
            del self._counted[key]
        return len(counted)

    def _sweep(self, now: datetime) -> None:
        """Once an hour let go of numbers that were not heard of again."""
        if now >= self._swept + WITHIN:
            self._swept = now
            for key in list(self._counted):
                self._count(key, now)


@dataclass(slots=True, kw_only=True)
class Spending:
    """Whether the town's day reached its ceiling. `amounts` tells what was used in a span, here and in every other
    process. The log says it once a day."""

    amounts: Callable[[datetime, datetime], Iterable[Amount]]
    prices: Prices
    ceiling: Ceiling
    timezone: str
    _asked: datetime = LONG_AGO
    _reached: date | None = None
    _lock: Lock = field(default_factory=Lock)

    def reached(self, now: datetime) -> bool:
        """Whether today did; what is found is up to `FRESH` old. Raises `core.errors.StoreUnavailable`."""
        if self.ceiling == Ceiling():
            return False
        with self._lock:
            day = now.astimezone(ZoneInfo(self.timezone)).date()
            if self._reached != day and now - self._asked >= FRESH:
                self._asked = now
                self._ask(day)
            return self._reached == day

    def _ask(self, day: date) -> None:
        zone = ZoneInfo(self.timezone)
        began, over = (datetime.combine(one, time(), zone) for one in (day, day + timedelta(days=1)))
        amounts = tuple(self.amounts(began, over))
        units = sum(one.units for one in amounts if one.kind is not Paid.DETECTION)
        money = money_of(amounts, self.prices)
        many = self.ceiling.units is not None and units >= self.ceiling.units
        most = self.ceiling.money
        dear = most is not None and money is not None and money >= most
        if many or dear:
            self._reached = day
            event("ceiling_reached", level=logging.ERROR, day=day.isoformat(), units=units)


class Guard:
    """Says what is not sent or rung, and why. Without `countries` all are served; without limits nothing is counted;
    without `spending` there is no ceiling."""

    def __init__(
        self,
        *,
        countries: Collection[str] = (),
        texts: Throttle | None = None,
        calls: Throttle | None = None,
        spending: Spending | None = None,
    ) -> None:
        self.countries = frozenset(countries)
        self.spending = spending
        self._texts = Windows(texts)
        self._calls = Windows(calls)
        self._notices = Windows(NOTICES)

    def barred(self, number: str, *, danger: bool = False) -> Refusal | None:
        """Why a number is neither texted nor rung, however seldom; None if it is."""
        return refusal(number, self.countries, danger=danger)

    def text(self, channel: str, to: str, id: str, now: datetime, *, danger: bool, extra: bool) -> Refusal | None:
        """Why a text is not sent; None if it is, and counted. `id` is the text's own: the same again is counted once.

        `danger` is the answer to it, which neither limits nor the ceiling hold back; `extra` is what nobody waits for
        in this thread: a copy of what was heard.
        """
        if channel not in PAID_TEXTS:
            return None
        barred = self.barred(to, danger=danger)
        if barred or danger:
            return barred
        if extra and self._over_ceiling(now):
            return Refusal.CEILING
        full = self._texts.take(_keys(to), id, now)
        return LIMITED[full] if full else None

    def holds(self, to: str, now: datetime) -> bool:
        """Whether a copy of what was heard would not be sent to this number now."""
        return bool(self.barred(to)) or self._over_ceiling(now) or self._texts.full(_keys(to), now) is not None

    def tells(self, number: str, id: str, now: datetime) -> bool:
        """Whether somebody whose number had its limit is told so: once an hour, and not all of a block."""
        return self._notices.take(_keys(number), id, now) is None

    def call(self, number: str, id: str, now: datetime) -> Refusal | None:
        """Why a call is asked for a key before it is answered; None if it is not. `number` is "" if it is withheld."""
        full = self._calls.take(_keys(number), id, now)
        return LIMITED[full] if full else None

    def _over_ceiling(self, now: datetime) -> bool:
        return self.spending is not None and self.spending.reached(now)


def countries_of(catalog: Catalog) -> frozenset[str]:
    """The countries served where none are set: the town's own, and those of its offices' numbers."""
    offices = {numbered(office.phone).country for office in catalog.offices.values()}
    return frozenset({catalog.town.country, *offices} - {""})


def _keys(number: str) -> dict[Scope, str]:
    return counted_as(number, numbered(number).country if number else "")


def keep_used(used: Used | None, usage: UsageStore, spending: Spending, now: datetime) -> None:
    """Keep what was used, if anything, and tell of a ceiling as soon as it is reached. Whoever waits for an answer has
    one, whether that can be kept or not."""
    if used is None:
        return
    try:
        usage.keep(used)
        spending.reached(now)
    except PlainlineError as fault:
        event("usage_not_kept", level=logging.WARNING, id=used.provider_id, reason=type(fault).__name__)
