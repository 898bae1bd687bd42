"""How long people wait for a person, kept for a minute, so that whoever asks for one can be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock

from app.hours import office_state
from app.log import event
from core.catalog import Catalog
from core.errors import StoreUnavailable
from core.types import Medium
from core.waiting import Waited, usual

RECENT = timedelta(days=30)
"""Older waits tell little of today's."""

MOST = 300
"""Requests that are looked at, the newest: whether the office was open then takes 50 µs for each."""

ASK_EVERY = timedelta(minutes=1)
"""So much later the waits are looked at anew."""

_NOTHING: Mapping[str, float] = {}


class Waits:
    """Remembers for a minute what `ask` said: the newest requests since a moment, so many at most.

    Those count that came in the same way (a call, or in writing), for the same department, while the office was open:
    only then is anybody told of a wait.
    """

    def __init__(self, ask: Callable[[datetime, int], Sequence[Waited]], catalog: Catalog) -> None:
        self._ask = ask
        self._catalog = catalog
        self._lock = Lock()
        self._asked: datetime | None = None
        self._found: Mapping[bool, Mapping[str, float]] = {}

    def __call__(self, at: datetime, medium: Medium) -> Mapping[str, float]:
        """Seconds that one waits for each department of which enough is known, as `core.waiting.usual` says.

        While one turn looks, the others go on with what was known before. Nothing, if the database does not answer.
        """
        stale = self._asked is None or abs(at - self._asked) >= ASK_EVERY
        if stale and self._lock.acquire(blocking=False):
            try:
                self._asked, self._found = at, self._now(at)
            finally:
                self._lock.release()
        return self._found.get(medium is Medium.VOICE, _NOTHING)

    def _now(self, at: datetime) -> Mapping[bool, Mapping[str, float]]:
        try:
            asked = self._ask(at - RECENT, MOST)
        except StoreUnavailable:
            event("waits_unknown")
            return {}
        alike: dict[tuple[bool, str], list[tuple[float, bool]]] = defaultdict(list)
        for one in asked:
            if office_state(self._catalog.office_for(one.service), one.asked, self._catalog).open:
                alike[one.voice, one.department].append((one.seconds(at), one.took))
        found: dict[bool, dict[str, float]] = {True: {}, False: {}}
        for (voice, department), waits in alike.items():
            if (seconds := usual(waits)) is not None:
                found[voice][department] = seconds
        return found
