"""How the installation is: whether it is ready to answer, and figures for whoever watches it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from core.errors import StoreUnavailable
from core.limits import COUNTRY_CLOSED, FLOODED, Alarm
from core.mandates import CLOSED_FOR, WRONG_IN_ALL
from core.ports import Figures

A_DAY = timedelta(days=1)
"""How far back alarms look."""

LATE = 120.0
"""Seconds after which a text that is still to be sent means that no worker runs."""


class HealthStore(Protocol):
    """The figures in the database."""

    def figures(self, now: datetime) -> Figures:
        """Everything at once. Raises `core.errors.StoreUnavailable`."""
        ...

    def refused(self, since: datetime) -> Mapping[str, int]:
        """How many texts were given up since then, by the code that says why."""
        ...

    def wrong_secret_numbers(self, since: datetime) -> int:
        """How many secret numbers were wrong since then."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Asks how things are. `current` tells whether the database has the schema this version needs, `ceiling` whether a
    day costs too much."""

    store: HealthStore
    current: Callable[[], bool]
    ceiling: Callable[[datetime], bool]
    clock: Callable[[], datetime]

    def amiss(self) -> tuple[str, ...]:
        """What keeps us from answering as we should, each in one word; nothing if all is well."""
        try:
            found = [] if self.current() else ["migrations"]
            late = self.store.figures(self.clock()).oldest_unsent > LATE
        except StoreUnavailable:
            return ("database",)
        return (*found, *(["unsent"] if late else []))

    def alarms(self) -> tuple[Alarm, ...]:
        """What whoever runs the line has to see to. Raises `core.errors.StoreUnavailable`."""
        now = self.clock()
        refused = self.store.refused(now - A_DAY)
        found = {
            Alarm.CEILING: self.ceiling(now),
            Alarm.FLOOD: any(code in refused for code in FLOODED),
            Alarm.COUNTRY_CLOSED: any(code in refused for code in COUNTRY_CLOSED),
            Alarm.SECRET_NUMBERS: self.store.wrong_secret_numbers(now - CLOSED_FOR) >= WRONG_IN_ALL,
        }
        return tuple(alarm for alarm, given in found.items() if given)

    def exposed(self) -> bytes:
        """The figures in Prometheus' text format. Counts and ages only: no id, no number, no word."""
        registry = CollectorRegistry()
        registry.register(_Collected(self))
        return generate_latest(registry)


class _Collected(Collector):
    """Collected when asked, so that every web process tells the same."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            state, alarms = self._health.store.figures(self._health.clock()), self._health.alarms()
        except StoreUnavailable:
            yield GaugeMetricFamily("plainline_database_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("plainline_database_up", "Whether the database answers.", 1)
        for name, told, value in (
            ("texts_unsent", "Texts still to be sent.", state.unsent),
            ("texts_oldest_unsent_seconds", "Age of the oldest text still to be sent.", state.oldest_unsent),
            ("texts_failed", "Texts that were given up.", state.failed),
            ("texts_unknown", "Texts of which it is not known whether they were sent.", state.unknown),
            ("requests_waiting", "Requests for a person that nobody has.", state.waiting),
            ("requests_oldest_waiting_seconds", "Age of the oldest request that nobody has.", state.oldest_waiting),
            ("requests_claimed", "Requests that staff are at.", state.claimed),
            ("requests_danger", "Open requests that tell of danger.", state.danger),
            ("alarm_ceiling", "Whether today costs as much as a day may.", Alarm.CEILING in alarms),
            ("alarm_flood", "Whether a flood kept texts back in the last day.", Alarm.FLOOD in alarms),
            ("alarm_country_closed", "Whether a country is switched off.", Alarm.COUNTRY_CLOSED in alarms),
            ("alarm_secret_numbers", "Whether too many secret numbers were wrong.", Alarm.SECRET_NUMBERS in alarms),
        ):
            yield GaugeMetricFamily(f"plainline_{name}", told, value)
