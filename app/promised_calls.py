"""What becomes of calls that residents were promised: after each try of staff, and when a window is over.

A try that reached nobody is planned again in the transaction that keeps what became of it, so that none is lost and
none is planned twice, whatever is told twice or a process is killed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from app.assistant import SMS
from app.call_times import free_windows, office_of
from app.desk import DeskWork
from app.limiting import Guard
from core import callbacks
from core import phrases as say
from core.asking import when
from core.callbacks import Promise, State, Try, Why
from core.catalog import Catalog
from core.places import telling
from core.ports import AuditEntry, Text, Words
from core.render import render
from core.staff import Request
from core.types import Address, Conversation, Digits, Medium, Phrase, Turn

TRIES: Mapping[str, Try] = {
    "completed": Try.TALKED,
    "no-answer": Try.NO_ANSWER,
    "busy": Try.ENGAGED,
    "not_accepted": Try.NOT_ACCEPTED,
    "machine": Try.MACHINE,
    "fax": Try.FAX,
    "failed": Try.FAILED,
}
"""What became of the resident's side of a call. What is not here never rang there."""


class PromiseStore(Protocol):
    """The database's side."""

    def acting(self) -> AbstractContextManager[DeskWork]:
        """A transaction that writes. Leaving without `unit.commit` rolls back."""
        ...

    def overdue(self, now: datetime, given_up: datetime) -> tuple[int, ...]:
        """Requests whose promise is booked though its window is over by `now`, or late though that was before
        `given_up`; not those that somebody is calling."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedCalls:
    """Keeps the ledger."""

    store: PromiseStore
    catalog: Catalog
    words: Words
    guard: Guard
    clock: Callable[[], datetime]

    def over(self, call: int, result: str, follows: Collection[str]) -> None:
        """A call of staff came to this, unless what is known of it is none of those that this result follows."""
        now = self.clock()
        with self.store.acting() as work:
            request = work.called(call)
            placed = work.call_ended(call, result, follows, now)
            if request is None or placed is None:
                return
            promise = work.promise(request.id)
            if promise and result in TRIES:
                self._tried(work, request, promise, TRIES[result], placed, now)
            work.unit.commit()

    def look(self) -> int:
        """Mark what is late or broken by now; how many promises that were. The same again changes nothing."""
        now, changed = self.clock(), 0
        for id in self.store.overdue(now, now - callbacks.GIVEN_UP):
            with self.store.acting() as work:
                request, was = work.request(id), work.promise(id)
                if request is None or was is None:
                    continue
                then = callbacks.looked_at(was, now)
                if then != was:
                    self._keep(work, request, then, now)
                    work.unit.commit()
                    changed += 1
        return changed

    def _tried(
        self, work: DeskWork, request: Request, was: Promise, outcome: Try, placed: datetime, now: datetime
    ) -> None:
        work.hold_windows(was.department)
        office = office_of(was.department, self.catalog)
        free = free_windows(work.unit, was.department, office, now, self.catalog)
        then = callbacks.tried(was, outcome, placed, now, free)
        if then.settled is None and then.starts != was.starts and request.claimed_by is not None:
            work.release(request.id)  # for whoever is there in the next window
        self._keep(work, request, then, now, news=then.starts != was.starts)

    def _keep(self, work: DeskWork, request: Request, then: Promise, now: datetime, *, news: bool = False) -> None:
        work.keep_promise(then)
        if news or then.state is State.BROKEN:
            self._tell(work, request, then, now)
        detail = {"handoff": request.id, "state": then.state.value, "why": then.why or "", "tries": then.tries}
        work.unit.audit(AuditEntry(conversation=request.conversation, event="promise", detail=detail, at=now))

    # --- the resident is told --------------------------------------------------------------------------------

    def _tell(self, work: DeskWork, request: Request, then: Promise, now: datetime) -> None:
        """By text, where we may write to the number that was to be rung."""
        to = Address(channel="sms", value=request.number)
        if not request.number or not work.unit.allowed(to):
            return
        ours = self.catalog.town.languages
        language = request.language if request.language in ours else ours[0]
        there = Conversation(id=request.conversation, medium=Medium.SMS, address=to, language=language)
        turn = Turn(conversation=there, prompts=telling(self._words(then, now)))
        for n, message in enumerate(render(turn, self.words, ours[0], SMS)):
            nonce = f"promise:{then.id}:{then.tries}:{then.state}:{n}"
            text = Text(nonce=nonce, channel="sms", to=to.value, body=message.text, conversation=request.conversation)
            refused = self.guard.text("sms", to.value, nonce, now, danger=False, extra=True)
            work.unit.enqueue(replace(text, refused=refused or ""), now)

    def _words(self, then: Promise, now: datetime) -> Phrase:
        town, zone = self.catalog.town.name, ZoneInfo(self.catalog.town.timezone)
        if then.settled is None:
            start, end = then.starts.astimezone(zone), then.ends.astimezone(zone)
            again = when(start, end, now.astimezone(zone).date())
            return say.phrase(say.CALLED_IN_VAIN.id, town=town, when=again)
        missed = say.NOT_CALLED if then.why is Why.NOT_CALLED else say.CALLED_IN_VAIN_LAST
        phone = office_of(then.department, self.catalog).phone
        return say.phrase(missed.id, town=town, number=Digits(text=phone))
