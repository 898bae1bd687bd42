"""Five clerks call back whoever booked a call, on a clock of our own, with the real windows, order, ledger and store.

Residents book in one hour, each one of the times that are offered. Clerks take what stands first on their list; a part
of the residents does not answer. The process dies again and again: at any step, before or after its commit, and what
was under way is told again, as the provider does.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import TypeVar

from app.call_times import free_windows, office_of
from app.desk_calls import COURSE
from app.limiting import Guard
from app.promised_calls import PromisedCalls
from core import callbacks
from core.callbacks import Promise
from core.catalog import Catalog, Office, Rota
from core.errors import GuardFailed, Raced
from core.staff import Request, Staff
from core.types import PromiseCall, RequestHandoff, Turn, WhyPerson, Window
from store import schema
from store.desk_store import SqlDesk
from store.unit_of_work import SqlStorage
from tests.store.opened import answered, new, opened, rows
from tests.unit.town import TOWN, Plain

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLERKS = 5
DUE = 2
"""Up to this rank (`core.callbacks.rank`) a request is to be taken now."""

ANSWERS = 0.7
"""The share of residents' telephones that are answered, each time."""


def town() -> Catalog:
    """An office that is open from 9 to 17, Monday to Friday, and five people who call back, at ten minutes a call."""
    hours = tuple(((540, 1020),) if day < 5 else () for day in range(7))
    hall = Office(id="hall", title="Hall", address="1 Main Street", phone="+14155550101", hours=hours)
    return replace(TOWN, offices={"hall": hall}, rota=Rota(minutes=10, others=CLERKS))


Made = TypeVar("Made")


class Died(Exception):
    """The process was killed."""


@dataclass
class Counts:
    """What happened."""

    unpromised: int = 0
    deaths: int = 0
    calling: set[int] = field(default_factory=set)
    doubled: int = 0
    in_window: int = 0
    tries: int = 0


@dataclass
class FiveClerks:
    """The whole office; `deadly` is how often a step is the process's last."""

    url: str
    residents: int
    random: Random
    deadly: float = 0.03
    now: datetime = MONDAY
    catalog: Catalog = field(default_factory=town)
    waiting: bool = True
    idle: datetime = MONDAY
    counts: Counts = field(default_factory=Counts)

    def __post_init__(self) -> None:
        self._open()

    def _open(self) -> None:
        self._opened = opened(self.url)
        self.storage: SqlStorage = self._opened.__enter__()
        self.desk = SqlDesk(self.storage.database)
        self.promises = PromisedCalls(
            store=self.desk, catalog=self.catalog, words=Plain(), guard=Guard(), clock=lambda: self.now
        )

    def close(self) -> None:
        """Let go of the database."""
        self._opened.__exit__(None, None, None)

    def surely(self, step: Callable[[], Made]) -> Made:
        """Do a step that the provider, or a person, tries again until it was done. The process may die in it, and
        just after it."""
        for _ in range(100):
            try:
                made = step()
                self.may_die()
                return made
            except Died:
                self.counts.deaths += 1
                self.close()
                self._open()
        raise AssertionError("it never worked")

    def may_die(self) -> None:
        """Perhaps this is the end."""
        if self.random.random() < self.deadly:
            raise Died

    # --- residents -------------------------------------------------------------------------------------------

    def book(self, number: int) -> None:
        """A resident asks for a person whom nobody can put them through to, and chooses a time."""
        mine = new(f"CA{number}")
        phone = f"+1415{number:07}"
        wish = RequestHandoff(why=WhyPerson.ASKED, language="en", callback=phone)
        while True:
            window = self._choice()
            promise = (PromiseCall(window=window, department="", callback=phone),) if window else ()
            try:
                with self.storage.writing() as work:
                    turn = Turn(conversation=mine, effects=(wish, *promise))
                    work.save(mine, turn, answered("booked", at=self.now), "")
                    self.may_die()
                    work.commit()
            except Raced:
                return  # it was booked already, before the process died
            except GuardFailed:
                continue
            self.counts.unpromised += window is None
            return

    def _choice(self) -> Window | None:
        with self.storage.reading() as unit:
            office = office_of("", self.catalog)
            offered = callbacks.offered(free_windows(unit, "", office, self.now, self.catalog))
        weights = (6, 2, 2)[: len(offered)]
        return self.random.choices(offered, weights)[0] if offered else None

    # --- clerks ----------------------------------------------------------------------------------------------

    def take(self, clerk: int) -> tuple[int, int, Promise | None] | None:
        """The first that is to be called now: the request, the call, and what was promised."""
        waiting = self.desk.waiting(Staff(id=clerk, login="", name=""))
        self.waiting = bool(waiting)
        begin = [one.promise.starts for one in waiting if one.promise and not one.promise.due(self.now)]
        self.idle = min(begin, default=self.now + timedelta(minutes=10))
        for request in sorted(waiting, key=self._place):
            if request.claimed_by is None and self._place(request)[0] <= DUE:
                call = self.surely(partial(self._claim, request.id, clerk))
                self.counts.doubled += request.id in self.counts.calling
                return request.id, call, request.promise
        return None

    def _place(self, one: Request) -> tuple[int, float, float]:
        return callbacks.rank(one.promise, danger=False, live=False, asked=one.created, now=self.now)

    def _claim(self, id: int, clerk: int) -> int:
        nonce = f"{id}:{self.now.timestamp()}"
        with self.desk.acting() as work:
            request = work.request(id)
            assert request is not None
            if request.claimed_by != clerk:
                assert work.claim(id, clerk, self.now), "somebody else has it"
            call = work.place_call(id, clerk, nonce, self.now)
            self.may_die()
            work.unit.commit()
        if call is None:  # it was placed before the process died
            [row] = rows(self.storage, schema.phone_calls.select().where(schema.phone_calls.c.nonce == nonce))
            call = row.id
        return call

    def finish(self, clerk: int, id: int, call: int, result: str) -> None:
        """The call is over, and its end is told, now and then twice; who was reached is done with."""
        for _ in range(1 + (self.random.random() < 0.1)):
            self.surely(lambda: self.promises.over(call, result, COURSE))
        self.counts.calling.discard(id)
        if result == "completed":
            self.surely(lambda: self._settle(id, "done"))
        elif self._given_up(id):
            self.surely(lambda: self._settle(id, "not_reached"))

    def _given_up(self, id: int) -> bool:
        with self.desk.acting() as work:
            return work.promise(id) is None

    def _settle(self, id: int, outcome: str) -> None:
        with self.desk.acting() as work:
            work.settle(id, outcome, self.now)
            self.may_die()
            work.unit.commit()

    # --- time ------------------------------------------------------------------------------------------------

    def run(self, days: int) -> None:
        """An hour of booking, then work until all is done."""
        for at, number in sorted((self.random.random() * 3600, n) for n in range(self.residents)):
            self.now = MONDAY - timedelta(hours=1) + timedelta(seconds=at)
            self.surely(partial(self.book, number))
        free = [(MONDAY, clerk) for clerk in range(1, CLERKS + 1)]
        talks: dict[int, tuple[int, int, str]] = {}
        while free[0][0] < MONDAY + timedelta(days=days) and (talks or self.waiting):
            self.now, clerk = heapq.heappop(free)
            if clerk in talks:
                self.finish(clerk, *talks.pop(clerk))
            heapq.heappush(free, (self._next(clerk, talks), clerk))

    def _next(self, clerk: int, talks: dict[int, tuple[int, int, str]]) -> datetime:
        """When this clerk does the next thing: the end of a call, or a look at the list when the next window begins."""
        if clerk == 1:
            self.promises.look()
        if not self._at_work():
            return (self.now - timedelta(hours=9)).replace(hour=9, minute=0, second=0) + timedelta(days=1)
        found = self.take(clerk)
        if found is None:
            return self.idle
        id, call, promise = found
        self.counts.calling.add(id)
        self.counts.tries += 1
        self.counts.in_window += promise is not None and promise.due(self.now) and not promise.overdue(self.now)
        answers = self.random.random() < ANSWERS
        talks[clerk] = (id, call, "completed" if answers else self.random.choice(("no-answer", "busy", "not_accepted")))
        minutes = min(self.random.expovariate(1 / 9), 45) + 1 if answers else 2
        return self.now + timedelta(minutes=minutes)

    def _at_work(self) -> bool:
        return self.now.weekday() < 5 and 9 <= self.now.hour < 17

    def ledger(self) -> Counter[tuple[str, str]]:
        """How the promises ended."""
        return Counter((row.state, row.why) for row in rows(self.storage, schema.call_backs.select()))
