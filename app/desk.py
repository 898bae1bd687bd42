"""What staff do: see who waits, take a request, read, answer, note, pass on, give back, ring, close.

Each action is one transaction that holds the conversation, so of two clerks one wins and the other reads who did.
Whatever no longer holds is a `Conflict` whose text (a phrase of `core.desk_words`) says what to do next.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.assistant import Assistant
from app.news import News, NewsWork
from core import desk_words as words
from core.callbacks import Promise, State, Why, rank
from core.errors import Conflict
from core.mandates import Mandate
from core.meanings import believed, meanings
from core.news import Wanted
from core.ports import AuditEntry
from core.render import Capabilities
from core.staff import Case, Consent, JoinedCall, Line, Recorded, Request, Sent, Staff, Thread
from core.types import Address, CaseStatus, ConsentSource, Inbound, Kind, Medium, Phrase

LONGEST_REPLY = 1000
"""Characters of a reply or a note: about seven text messages, three screens of a telephone."""

MOST_CASES = 100
"""Cases on the list, the newest."""

LEDGER = timedelta(days=30)
"""How far back the promises are counted."""

TALK = timedelta(minutes=30)
"""So long after it was placed a call whose end we were not told of keeps colleagues from ringing the same number."""

OUTCOMES: Mapping[str, Phrase] = {
    "answered": words.OUTCOME_ANSWERED,
    "done": words.OUTCOME_DONE,
    "not_reached": words.OUTCOME_NOT_REACHED,
    "not_ours": words.OUTCOME_NOT_OURS,
}
"""How a request may end, in the order in which they are offered."""


class DeskWork(NewsWork, Protocol):
    """One transaction of the desk."""

    def request(self, id: int) -> Request | None:
        """The request. In a writing transaction it is held until the end."""
        ...

    def version(self, conversation: str) -> int:
        """The version of the newest thing the resident did, 0 if there is none."""
        ...

    def claim(self, id: int, staff: int, at: datetime) -> bool:
        """Take the request unless someone has it; whether that worked."""
        ...

    def release(self, id: int) -> None:
        """Let it wait again."""
        ...

    def transfer(self, id: int, department: str) -> None:
        """Let it wait again, for another department."""
        ...

    def settle(self, id: int, outcome: str, at: datetime) -> None:
        """Close it."""
        ...

    def note(self, id: int, staff: int, text: str, nonce: str, at: datetime) -> None:
        """Keep a note; the same nonce again changes nothing."""
        ...

    def line(self, conversation: str, version: int) -> Line | None:
        """One turn of a conversation."""
        ...

    def correct(self, conversation: str, key: str, meant: str, staff: int, nonce: str, at: datetime) -> bool:
        """Keep what was meant in a turn, in place of what was said of it before; False if this nonce did so last."""
        ...

    def case(self, reference: str) -> Case | None:
        """One case, held until the end."""
        ...

    def request_for(self, case: Case, department: str, at: datetime) -> int:
        """The open request of a case's conversation; a new one, to call them, where there is none."""
        ...

    def label_case(self, reference: str, department: str, staff: int) -> None:
        """Keep which department a case's words are for."""
        ...

    def resident(self, reference: str) -> str:
        """The telephone number of a case's resident, "" where it is not known."""
        ...

    def make_mandate(self, mandate: Mandate, code: str, at: datetime) -> int:
        """Keep who may act for a resident, with their first code, sealed, in place of what they had before; its id."""
        ...

    def end_mandate(self, mandate: int, resident: str, at: datetime) -> bool:
        """End a mandate of this resident; whether it still stood."""
        ...

    def case_is(self, reference: str, status: CaseStatus, reopened: datetime | None) -> None:
        """Keep how far a case is, and when it was taken up again, if it was now."""
        ...

    def label_request(self, id: int, department: str, staff: int) -> None:
        """Keep which department a request's words are for."""
        ...

    def transcribe(self, id: str, conversation: str, reference: str, words: str, staff: int) -> bool:
        """Keep what is said in a recording of a case, or else of a conversation; False if there is none."""
        ...

    def calling(self, number: str, besides: int, since: datetime) -> str:
        """Who has been calling this number since then for another request, "" for nobody."""
        ...

    def called(self, call: int) -> Request | None:
        """The request that a call of staff is about, held until the end."""
        ...

    def call_ended(self, call: int, result: str, follows: Collection[str], at: datetime) -> datetime | None:
        """Keep what became of a call; when it was placed. None if it has ended already, or this result follows none of
        what is known."""
        ...

    def promise(self, id: int) -> Promise | None:
        """The call that this request is owed."""
        ...

    def keep_promise(self, now: Promise) -> None:
        """Keep how a promise stands."""
        ...

    def hold_windows(self, department: str) -> None:
        """Keep others from promising calls of this department until the end."""
        ...

    def consents(self, to: Address) -> tuple[Consent, ...]:
        """What was noted of texts to this address, oldest first."""
        ...

    def record_consent(self, to: Address, allowed: bool, staff: int, at: datetime) -> None:
        """Note that staff were told that texts are stopped, or allowed again."""
        ...

    def place_call(self, id: int, staff: int, nonce: str, at: datetime) -> int | None:
        """Write down that a call is about to be placed; its id, None if this nonce was used."""
        ...


class DeskStore(Protocol):
    """The desk's side of the database."""

    def waiting(self, staff: Staff) -> tuple[Request, ...]:
        """Open requests this member of staff may see, the oldest first."""
        ...

    def ledger(self, since: datetime) -> Mapping[tuple[State, Why | None], int]:
        """How many of the calls promised since then stand how, and why; those without a reason are still owed."""
        ...

    def thread(self, id: int) -> Thread | None:
        """Everything about one request."""
        ...

    def cases(self, besides: Collection[str], most: int) -> tuple[Case, ...]:
        """The newest open cases that are not about these services, so many at most."""
        ...

    def case(self, reference: str) -> Case | None:
        """One case, open or done."""
        ...

    def recordings(self, reference: str) -> tuple[Recorded, ...]:
        """What a resident said in their own voice in answer to the questions of a case."""
        ...

    def news_of(self, reference: str) -> tuple[Wanted | None, str]:
        """Who wants to be told of a case, and how the newest call with news stands, "" where there is none."""

    def mandates(self, reference: str, at: datetime) -> tuple[Mandate, ...]:
        """Who may act for the resident of a case, the newest first."""
        ...

    def texts(self, conversation: str) -> tuple[Sent, ...]:
        """The texts of a conversation, oldest first."""
        ...

    def acting(self) -> AbstractContextManager[DeskWork]:
        """A transaction that writes. Leaving without `unit.commit` rolls back."""
        ...

    def joined(self, call: int) -> JoinedCall | None:
        """Who a call of staff joins."""
        ...

    def on_duty(self, since: datetime) -> frozenset[str]:
        """The departments of staff who used the console since then ("": one who sees all)."""
        ...

    def call_placed(self, call: int, provider_id: str) -> None:
        """The provider has taken it, under this id."""
        ...

    def call_result(self, call: int, result: str, follows: Collection[str], ended: datetime | None = None) -> None:
        """What became of a call, unless what is known of it is none of those that this result follows."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the console does. `capabilities` are each channel's, by name; `news` tells residents of their cases."""

    store: DeskStore
    assistant: Assistant
    capabilities: Mapping[str, Capabilities]
    news: News
    clock: Callable[[], datetime]

    # --- see -------------------------------------------------------------------------------------------------

    def waiting(self, staff: Staff) -> tuple[Request, ...]:
        """Open requests in the order in which they are to be taken (`core.callbacks.rank`)."""
        now = self.clock()

        def place(one: Request) -> tuple[int, float, float]:
            return rank(one.promise, danger=one.danger, live=one.live, asked=one.created, now=now)

        return tuple(sorted(self.store.waiting(staff), key=place))

    def ledger(self) -> Mapping[tuple[State, Why | None], int]:
        """How the calls that were promised in the last days stand. It counts, and names nobody."""
        return self.store.ledger(self.clock() - LEDGER)

    def thread(self, staff: Staff, id: int) -> Thread | None:
        """Everything about a request; None if there is none that this member of staff may see."""
        found = self.store.thread(id)
        return found if found and may_see(staff, found.request) else None

    def cases(self, staff: Staff) -> tuple[Case, ...]:
        """The newest open cases of this member of staff's department, and those in nobody's charge."""
        services = self.assistant.catalog.services.values()
        others = [one.slug for one in services if staff.department not in ("", one.department)]
        return self.store.cases(others, MOST_CASES)

    def case(self, staff: Staff, reference: str) -> Case | None:
        """A case; None if there is none that this member of staff may see."""
        found = self.store.case(reference)
        return found if found and self.may_see_case(staff, found) else None

    def recordings(self, staff: Staff, reference: str) -> tuple[Recorded, ...]:
        """The recordings of a case; none of one that this member of staff may not see."""
        return self.store.recordings(reference) if self.case(staff, reference) else ()

    def news_of(self, case: Case) -> tuple[Wanted | None, str]:
        """Who wants to be told of a case, and how the newest call with news stands ("": there was none)."""
        return self.store.news_of(case.reference)

    def texts_of(self, case: Case) -> tuple[Sent, ...]:
        """The texts of the conversation that a case comes from, oldest first."""
        return self.store.texts(case.conversation)

    # --- do --------------------------------------------------------------------------------------------------

    def claim(self, staff: Staff, id: int, nonce: str) -> None:
        """Take a request. Raises `Conflict` if someone else has it or it is over."""
        with self.store.acting() as work:
            request = self._open(work, staff, id)
            if request.claimed_by == staff.id:
                return
            if not work.claim(id, staff.id, self.clock()):
                raise Conflict(words.HAS_IT, name=request.claimed_name)
            self._act(work, staff, request, Kind.CLAIM, nonce)

    def reply(self, staff: Staff, id: int, text: str, seen: int, nonce: str) -> None:
        """Write to the resident on their channel; after a call, by text message.

        Raises `Conflict` if `seen` is not the newest thing the resident did, if they said STOP, or texts cannot
        reach them.
        """
        words_ = _within(text)
        with self.store.acting() as work:
            request = self._mine(work, staff, id)
            if work.unit.before(request.conversation, _key(nonce))[1]:
                return
            if work.version(request.conversation) > seen:
                raise Conflict(words.UNSEEN)
            to = self._text_to(request)
            if not work.unit.allowed(to):
                raise Conflict(words.STOPPED)
            if request.medium is Medium.VOICE and not work.unit.gets_texts(to):
                raise Conflict(words.NO_TEXTS)
            self._act(work, staff, request, Kind.REPLY, nonce, words_)

    def texts(self, staff: Staff, id: int, allowed: bool) -> None:
        """Note what a resident told staff: no more texts, or texts again. The same again changes nothing.

        Raises `Conflict` where no address is known, or if they stopped the texts themselves: then they alone can allow
        them again, by START.
        """
        with self.store.acting() as work:
            request = self._open(work, staff, id)
            to = self._text_to(request)
            before = work.consents(to)
            if (not before and allowed) or (before and before[-1].allowed is allowed):
                return
            if allowed and before[-1].source is not ConsentSource.STAFF:
                raise Conflict(words.THEY_STOPPED)
            work.record_consent(to, allowed, staff.id, self.clock())
            self._audit(work, staff, request, "texts_allowed" if allowed else "texts_stopped")
            work.unit.commit()

    def note(self, staff: Staff, id: int, text: str, nonce: str) -> None:
        """Keep something for colleagues. The resident never sees it."""
        written = _within(text)
        with self.store.acting() as work:
            request = self._open(work, staff, id)
            work.note(id, staff.id, written, nonce, self.clock())
            self._audit(work, staff, request, "noted")
            work.unit.commit()

    def correct(self, staff: Staff, id: int, turn: int, meant: str, nonce: str) -> None:
        """Say what was meant by words of the resident (`core.meanings`), also after the request was closed.

        Nothing is learnt from it. Raises `Conflict` if there are no such words, or nothing that can be meant so.
        """
        if meant not in meanings(self.assistant.catalog):
            raise Conflict(words.NO_MEANING)
        with self.store.acting() as work:
            request = self._seen(work, staff, id)
            line = work.line(request.conversation, turn)
            if line is None or not line.free:
                raise Conflict(words.NO_SUCH_WORDS)
            if not work.correct(request.conversation, line.key, meant, staff.id, nonce, self.clock()):
                return
            self._audit(work, staff, request, "corrected", believed=believed(line.meant), meant=meant)
            work.unit.commit()

    def label_request(self, staff: Staff, id: int, department: str) -> None:
        """Say which department the words of a request are for. It moves nothing: `transfer` does. Raises `Conflict`."""
        self._check_department(department)
        with self.store.acting() as work:
            request = self._open(work, staff, id)
            work.label_request(id, department, staff.id)
            self._audit(work, staff, request, "labelled", department=department)
            work.unit.commit()

    def label_case(self, staff: Staff, reference: str, department: str) -> None:
        """Say which department the words of a case are for. It moves nothing. Raises `Conflict`."""
        self._check_department(department)
        with self.store.acting() as work:
            case = work.case(reference)
            if case is None or not self.may_see_case(staff, case):
                raise Conflict(words.NO_SUCH_CASE)
            work.label_case(reference, department, staff.id)
            self.audit_case(work, staff, case, "labelled", department=department)
            work.unit.commit()

    def case_is(self, staff: Staff, reference: str, was: str, status: str) -> None:
        """Say how far a case is, which `was` so far when they read it. Raises `Conflict`."""
        if status not in set(CaseStatus):
            raise Conflict(words.NO_STATUS)
        with self.store.acting() as work:
            case = work.case(reference)
            if case is None or not self.may_see_case(staff, case):
                raise Conflict(words.NO_SUCH_CASE)
            if case.status == status:
                return
            if case.status != was:
                raise Conflict(words.CASE_CHANGED)
            again = self.clock() if case.status == CaseStatus.DONE else None
            work.case_is(reference, CaseStatus(status), again)
            self.news.tell(work, case, CaseStatus(status), self.clock())
            self.audit_case(work, staff, case, "status", was=was, status=status)
            work.unit.commit()

    def transcribe_of_request(self, staff: Staff, id: int, recording: str, text: str) -> None:
        """Keep what is said in a recording that came with a request, also after it was closed. Raises `Conflict`."""
        written = _within(text)
        with self.store.acting() as work:
            request = self._seen(work, staff, id)
            if not work.transcribe(recording, request.conversation, "", written, staff.id):
                raise Conflict(words.NO_SUCH_RECORDING)
            self._audit(work, staff, request, "transcribed", recording=recording)
            work.unit.commit()

    def transcribe_of_case(self, staff: Staff, reference: str, recording: str, text: str) -> None:
        """Keep what is said in a recording that came with a case. Raises `Conflict`."""
        written = _within(text)
        with self.store.acting() as work:
            case = work.case(reference)
            if case is None or not self.may_see_case(staff, case):
                raise Conflict(words.NO_SUCH_CASE)
            if not work.transcribe(recording, case.conversation, reference, written, staff.id):
                raise Conflict(words.NO_SUCH_RECORDING)
            self.audit_case(work, staff, case, "transcribed", recording=recording)
            work.unit.commit()

    def take_up(self, staff: Staff, reference: str) -> int:
        """A request to call the resident of a case, where their texts do not arrive: the open one, or a new one.
        Raises `Conflict`."""
        with self.store.acting() as work:
            case = work.case(reference)
            if case is None or not self.may_see_case(staff, case):
                raise Conflict(words.NO_SUCH_CASE)
            department = self.assistant.catalog.department_of(case.service)
            id = work.request_for(case, department, self.clock())
            self.audit_case(work, staff, case, "taken_up", handoff=id)
            work.unit.commit()
        return id

    def transfer(self, staff: Staff, id: int, department: str, nonce: str) -> None:
        """Pass the request on to another department, where it keeps its place. Raises `Conflict` for none that is."""
        if department:
            self._check_department(department)
        with self.store.acting() as work:
            request = self._mine(work, staff, id)
            work.transfer(id, department)
            self._act(work, staff, request, Kind.RELEASE, nonce)

    def release(self, staff: Staff, id: int, nonce: str) -> None:
        """Let go of a request, so that a colleague can take it."""
        with self.store.acting() as work:
            request = self._mine(work, staff, id)
            work.release(id)
            self._act(work, staff, request, Kind.RELEASE, nonce)

    def hand_back(self, staff: Staff, id: int, nonce: str) -> None:
        """Give the conversation back to the machine, which says so and goes on where it was."""
        with self.store.acting() as work:
            request = self._mine(work, staff, id)
            work.settle(id, "handed_back", self.clock())
            self._act(work, staff, request, Kind.HAND_BACK, nonce)

    def close(self, staff: Staff, id: int, outcome: str, nonce: str) -> None:
        """Be done with a request. Raises `Conflict` if the outcome is none of `OUTCOMES`."""
        if outcome not in OUTCOMES:
            raise Conflict(words.NO_OUTCOME)
        with self.store.acting() as work:
            request = self._mine(work, staff, id)
            work.settle(id, outcome, self.clock())
            self._act(work, staff, request, Kind.CLOSE, nonce)

    def about_to_call(self, staff: Staff, id: int, nonce: str) -> int | None:
        """Write down that a call is placed now; its id, None if this nonce was used. Raises `Conflict`."""
        with self.store.acting() as work:
            request = self._mine(work, staff, id)
            if not request.live and not request.number:
                voice = request.medium is Medium.VOICE
                raise Conflict(words.NO_NUMBER if voice else words.NO_NUMBER_IN_CHAT)
            if other := work.calling(request.number, id, self.clock() - TALK) if not request.live else "":
                raise Conflict(words.CALLS_THEM, name=other)
            if not request.live and self.assistant.guard.barred(request.number, danger=request.danger):
                raise Conflict(words.NOT_RUNG)
            call = work.place_call(id, staff.id, nonce, self.clock())
            self._audit(work, staff, request, "call")
            work.unit.commit()
        return call

    # --- how -------------------------------------------------------------------------------------------------

    def _seen(self, work: DeskWork, staff: Staff, id: int) -> Request:
        request = work.request(id)
        if request is None or not may_see(staff, request):
            raise Conflict(words.NO_SUCH_REQUEST)
        return request

    def _open(self, work: DeskWork, staff: Staff, id: int) -> Request:
        request = self._seen(work, staff, id)
        if request.settled:
            raise Conflict(words.IS_OVER)
        return request

    def _mine(self, work: DeskWork, staff: Staff, id: int) -> Request:
        request = self._open(work, staff, id)
        if request.claimed_by is None:
            raise Conflict(words.TAKE_IT_FIRST)
        if request.claimed_by != staff.id:
            raise Conflict(words.HAS_IT, name=request.claimed_name)
        return request

    def _check_department(self, department: str) -> None:
        if department not in self.assistant.catalog.departments:
            raise Conflict(words.NO_SUCH_DEPARTMENT)

    def may_see_case(self, staff: Staff, case: Case) -> bool:
        """Whether a case is this member of staff's business: their department's, or nobody's in particular."""
        in_charge = self.assistant.catalog.department_of(case.service)
        return staff.active and (not staff.department or in_charge in ("", staff.department))

    def _text_to(self, request: Request) -> Address:
        """Where a reply goes: their channel, after a call their telephone's texts. Raises `Conflict` without one."""
        if request.texts is None:
            raise Conflict(words.NO_NUMBER)
        return request.texts

    def _act(self, work: DeskWork, staff: Staff, request: Request, kind: Kind, nonce: str, text: str = "") -> None:
        done = Inbound(
            conversation=request.conversation,
            medium=request.medium,
            address=request.address,
            message_id=_key(nonce),
            kind=kind,
            at=self.clock(),
            text=text,
        )
        self.assistant.act(work.unit, done, self._capabilities(request), staff.id)
        self._audit(work, staff, request, kind.value)
        work.unit.commit()

    def _capabilities(self, request: Request) -> Capabilities:
        channel = request.address.channel if request.address else request.medium.value
        # A call's own answers are spoken; what staff write goes out by the effects.
        name = Medium.VOICE.value if request.medium is Medium.VOICE else channel
        return self.capabilities.get(name, Capabilities(medium=request.medium))

    def _audit(self, work: DeskWork, staff: Staff, request: Request, what: str, **more: str) -> None:
        detail: dict[str, str | int | float] = {"staff": staff.id, "handoff": request.id, "done": what, **more}
        work.unit.audit(AuditEntry(conversation=request.conversation, event="desk", detail=detail, at=self.clock()))

    def audit_case(self, work: DeskWork, staff: Staff, case: Case, what: str, **more: str | int) -> None:
        """Note in the audit what was done to a case: ids and reasons."""
        detail: dict[str, str | int | float] = {"staff": staff.id, "done": what, **more}
        work.unit.audit(AuditEntry(conversation=case.conversation, event="desk", detail=detail, at=self.clock()))


def may_see(staff: Staff, request: Request) -> bool:
    """Whether a request is this member of staff's business: their department's, nobody's in particular, or theirs."""
    own = request.claimed_by == staff.id
    return staff.active and (own or not staff.department or request.department in ("", staff.department))


def _key(nonce: str) -> str:
    return f"desk:{nonce}"


def _within(text: str) -> str:
    """The words, without blanks at the ends. Raises `Conflict` for none, and for too many."""
    kept = text.replace("\r\n", "\n").strip()
    if not kept:
        raise Conflict(words.EMPTY)
    if len(kept) > LONGEST_REPLY:
        raise Conflict(words.TOO_LONG, most=LONGEST_REPLY)
    return kept
