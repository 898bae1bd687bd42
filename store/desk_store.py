"""What the desk reads and writes: `app.desk.DeskStore` and `DeskWork` on SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Update, and_, func, or_, select, update

from core import meanings, state
from core.callbacks import Promise, State, Why
from core.delivery import ARRIVED, Lost
from core.labels import Label, Urgency
from core.mandates import Mandate
from core.news import Wanted
from core.ports import UnitOfWork
from core.staff import (
    Case,
    Consent,
    Corrected,
    Correction,
    JoinedCall,
    Line,
    Note,
    PhoneCall,
    Recorded,
    Request,
    Sent,
    Staff,
    Thread,
)
from core.types import BY_STAFF, Address, CaseStatus, ConsentSource, Kind, Medium, RecordConsent, WhyPerson
from core.waiting import Waited
from store import call_back_store, news_store, pin_store
from store.database import Database, alone, commit
from store.recording_store import recorded
from store.schema import (
    CASE_OPEN,
    call_backs,
    cases,
    consent_history,
    conversations,
    corrections,
    handoffs,
    notes,
    outbox,
    phone_calls,
    receipts,
    recordings,
    sessions,
    staff,
    turns,
)
from store.unit_of_work import SqlUnitOfWork, add_new, no_texts_to, record_consent
from store.usage_store import person_reached

MOST_SHOWN = 500
"""Turns of a conversation that are shown, the newest."""

NOT_REACHED = "not_reached"
"""How a request ends whose resident was not reached."""

HELPED = ("answered", "done")
"""How a request ends whose resident a person has helped."""

_BY_STAFF = tuple(kind.value for kind in BY_STAFF)
_BESIDES = ("", *_BY_STAFF, Kind.HANG_UP.value, Kind.DIAL.value, Kind.RESUME.value, Kind.FAULT.value)
"""What is not something new that a resident said."""

_ENDED = ("delivered", "read", "undelivered", "failed")
"""What a provider reports of a text that is final."""

_STATUSES = ("waiting", "claimed", "reached", "closed")
"""All that a request may have: said, so that the index by status and moment finds the newest."""

_WAITED: Select[Any] = select(
    handoffs.c.medium,
    handoffs.c.department,
    handoffs.c.service,
    handoffs.c.created,
    handoffs.c.claimed,
    handoffs.c.settled,
).where(handoffs.c.status.in_(_STATUSES), handoffs.c.why != WhyPerson.DANGER)

_corrector = staff.alias("corrector")

_OF_TURN = and_(corrections.c.conversation == turns.c.conversation, corrections.c.key == turns.c.key)

_LINE = (
    select(turns, staff.c.name.label("by"), corrections.c.meant, _corrector.c.name.label("corrector"))
    .outerjoin(staff, staff.c.id == turns.c.staff)
    .outerjoin(corrections, _OF_TURN)
    .outerjoin(_corrector, _corrector.c.id == corrections.c.staff)
)

_labeller = staff.alias("labeller")

_PROMISE = [column.label(f"promise_{column.name}") for column in call_backs.c]

_REQUEST = (
    select(handoffs, staff.c.name.label("claimed_name"), _labeller.c.name.label("labeller"), *_PROMISE)
    .outerjoin(call_backs, and_(call_backs.c.handoff == handoffs.c.id, call_backs.c.settled.is_(None)))
    .outerjoin(staff, staff.c.id == handoffs.c.claimed_by)
    .outerjoin(_labeller, _labeller.c.id == handoffs.c.labelled_by)
)

_CASE = select(cases, _labeller.c.name.label("labeller")).outerjoin(_labeller, _labeller.c.id == cases.c.labelled_by)


class SqlDesk:
    """The desk, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, person: Staff) -> tuple[Request, ...]:
        """Open requests of the person's department, of none in particular, and their own, the oldest first."""
        seen = _REQUEST.where(handoffs.c.settled.is_(None))
        if person.department:
            of_theirs = handoffs.c.department.in_(("", person.department))
            seen = seen.where(or_(of_theirs, handoffs.c.claimed_by == person.id))
        with self._database.reading() as connection:
            rows = connection.execute(seen.order_by(handoffs.c.created, handoffs.c.id)).all()
        return tuple(map(_request, rows))

    def thread(self, id: int) -> Thread | None:
        """Everything about one request."""
        with self._database.reading() as connection:
            row = connection.execute(_REQUEST.where(handoffs.c.id == id)).first()
            return _thread(connection, _request(row)) if row else None

    def cases(self, besides: Collection[str], most: int) -> tuple[Case, ...]:
        """The newest open cases that are not about these services, so many at most."""
        open_ones = _CASE.where(CASE_OPEN, cases.c.service.not_in(besides))
        newest = open_ones.order_by(cases.c.opened.desc(), cases.c.reference.desc()).limit(most)
        with self._database.reading() as connection:
            return tuple(map(_case, connection.execute(newest).all()))

    def case(self, reference: str) -> Case | None:
        """One case, open or done."""
        with self._database.reading() as connection:
            row = connection.execute(_CASE.where(cases.c.reference == reference)).first()
        return _case(row) if row else None

    def recordings(self, reference: str) -> tuple[Recorded, ...]:
        """What a resident said in their own voice in answer to the questions of a case."""
        with self._database.reading() as connection:
            return recorded(connection, recordings.c.reference == reference)

    def news_of(self, reference: str) -> tuple[Wanted | None, str]:
        """Who wants to be told of a case, and how the newest call with news stands, "" where there is none."""
        with self._database.reading() as connection:
            return news_store.wanted(connection, reference), news_store.call_status(connection, reference)

    @contextmanager
    def looking(self) -> Iterator[SqlDeskWork]:
        """A transaction that only reads."""
        with self._database.reading() as connection:
            yield SqlDeskWork(connection)

    def mandates(self, reference: str, at: datetime) -> tuple[Mandate, ...]:
        """Who may act for the resident of a case."""
        with self._database.reading() as connection:
            return pin_store.of_resident(connection, pin_store.resident(connection, reference), at)

    def corrected(self) -> tuple[Corrected, ...]:
        """The words that staff corrected what was believed of, as long as they are kept, oldest first."""
        kept: Select[Any] = select(turns.c.said, turns.c.believed, conversations.c.language, corrections.c.meant)
        kept = kept.join(corrections, _OF_TURN).join(conversations, conversations.c.id == turns.c.conversation)
        with self._database.reading() as connection:
            rows = connection.execute(kept.order_by(corrections.c.at, turns.c.conversation, turns.c.key)).all()
        return tuple(map(_corrected, rows))

    def texts(self, conversation: str) -> tuple[Sent, ...]:
        """The texts of a conversation, oldest first."""
        with self._database.reading() as connection:
            return _texts(connection, conversation)

    def consents(self, to: Address) -> tuple[Consent, ...]:
        """What was noted of texts to this address, oldest first."""
        with self._database.reading() as connection:
            return consents_of(connection, to)

    @contextmanager
    def acting(self) -> Iterator[SqlDeskWork]:
        """A transaction that writes."""
        with self._database.writing() as connection:
            yield SqlDeskWork(connection)

    def joined(self, call: int) -> JoinedCall | None:
        """Who a call of staff joins."""
        mine = select(phone_calls.c.handoff, phone_calls.c.result, staff.c.language)
        mine = mine.join(staff, staff.c.id == phone_calls.c.staff)
        with self._database.reading() as connection:
            row = connection.execute(mine.where(phone_calls.c.id == call)).first()
            found = row and connection.execute(_REQUEST.where(handoffs.c.id == row.handoff)).first()
        return _joined(_request(found), row.language, row.result) if row and found else None

    def on_duty(self, since: datetime) -> frozenset[str]:
        """The departments of staff who used the console since then."""
        there = select(staff.c.department).join(sessions, sessions.c.staff == staff.c.id)
        there = there.where(staff.c.active, sessions.c.seen > since).distinct()
        with self._database.reading() as connection:
            return frozenset(connection.scalars(there))

    def waited(self, since: datetime, most: int) -> tuple[Waited, ...]:
        """The newest requests asked since then, so many at most, without those in danger: they are taken first."""
        asked = _WAITED.where(handoffs.c.created > since).order_by(handoffs.c.created.desc()).limit(most)
        with self._database.reading() as connection:
            return tuple(map(_waited, connection.execute(asked)))

    def overdue(self, now: datetime, given_up: datetime) -> tuple[int, ...]:
        """Requests whose promised call is late or broken by now and not marked so."""
        with self._database.reading() as connection:
            return call_back_store.overdue(connection, now, given_up)

    def ledger(self, since: datetime) -> Mapping[tuple[State, Why | None], int]:
        """How the promises made since then stand, and why."""
        with self._database.reading() as connection:
            return call_back_store.ledger(connection, since)

    def call_placed(self, call: int, provider_id: str) -> None:
        """The provider's id of a call, however soon it told of the call itself."""
        self._change(update(phone_calls).where(phone_calls.c.id == call).values(provider_id=provider_id))

    def call_result(self, call: int, result: str, follows: Collection[str], ended: datetime | None = None) -> None:
        """What became of a call that staff placed; once it has ended, nothing changes that."""
        before = (phone_calls.c.id == call, phone_calls.c.ended.is_(None), phone_calls.c.result.in_(follows))
        self._change(update(phone_calls).where(*before).values(result=result, ended=ended))

    def _change(self, change: Update) -> None:
        with self._database.writing() as connection:
            connection.execute(change)
            commit(connection)


class SqlDeskWork:
    """One transaction of the desk."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.unit: UnitOfWork = SqlUnitOfWork(connection)

    def request(self, id: int) -> Request | None:
        """The request, held until the end; its conversation too, before it, as every turn does."""
        conversation = self._connection.scalar(select(handoffs.c.conversation).where(handoffs.c.id == id))
        if conversation is None:
            return None
        self.unit.lock(conversation)
        row = self._connection.execute(_REQUEST.where(handoffs.c.id == id).with_for_update(of=handoffs)).first()
        return _request(row) if row else None

    def version(self, conversation: str) -> int:
        """The version of the newest thing the resident did."""
        return self._connection.scalar(_newest(conversation)) or 0

    def claim(self, id: int, person: int, at: datetime) -> bool:
        """Take the request unless someone has it."""
        free = update(handoffs).where(
            handoffs.c.id == id, handoffs.c.claimed_by.is_(None), handoffs.c.settled.is_(None)
        )
        taken = {"claimed_by": person, "claimed": at, "status": "claimed"}
        return self._connection.execute(free.values(taken)).rowcount == 1

    def release(self, id: int) -> None:
        """Let it wait again."""
        self._change(id, claimed_by=None, claimed=None, status="waiting")

    def transfer(self, id: int, department: str) -> None:
        """Let it wait again, for another department, which owes the call from now on."""
        self._change(id, claimed_by=None, claimed=None, status="waiting", department=department)
        owed = update(call_backs).where(call_backs.c.handoff == id, call_backs.c.settled.is_(None))
        self._connection.execute(owed.values(department=department))

    def settle(self, id: int, outcome: str, at: datetime) -> None:
        """Close it."""
        self._change(id, status="closed", settled=at, outcome=outcome, live=False)
        call_back_store.close(self._connection, id, at, helped=outcome != NOT_REACHED)
        if outcome in HELPED:
            self._person_reached(id, at)

    def note(self, id: int, person: int, text: str, nonce: str, at: datetime) -> None:
        """Keep a note, once."""
        row = {"handoff": id, "staff": person, "text": text, "nonce": nonce, "at": at}
        add_new(self._connection, notes, row)

    def line(self, conversation: str, version: int) -> Line | None:
        """One turn of a conversation."""
        one = _LINE.where(turns.c.conversation == conversation, turns.c.version == version)
        row = self._connection.execute(one).first()
        return _line(row) if row else None

    def correct(self, conversation: str, key: str, meant: str, person: int, nonce: str, at: datetime) -> bool:
        """Keep what was meant in a turn, in place of what was said of it before; False if this nonce did so last."""
        where = {"conversation": conversation, "key": key}
        what = {"meant": meant, "staff": person, "nonce": nonce, "at": at}
        if add_new(self._connection, corrections, {**where, **what}):
            return True
        other = update(corrections).filter_by(**where).where(corrections.c.nonce != nonce)
        return self._connection.execute(other.values(what)).rowcount == 1

    def case(self, reference: str) -> Case | None:
        """One case, held until the end."""
        row = self._connection.execute(_CASE.where(cases.c.reference == reference).with_for_update(of=cases)).first()
        return _case(row) if row else None

    def request_for(self, case: Case, department: str, at: datetime) -> int:
        """The open request of a case's conversation; a new one, to call them, where there is none."""
        self.unit.lock(case.conversation)
        mine = select(handoffs.c.id).where(handoffs.c.conversation == case.conversation, handoffs.c.settled.is_(None))
        row = self._connection.execute(select(cases).where(cases.c.reference == case.reference)).one()
        medium = select(conversations.c.medium).where(conversations.c.id == case.conversation)
        new = {
            "conversation": case.conversation,
            "medium": self._connection.scalar(medium) or Medium.VOICE,
            "channel": row.channel,
            "address": row.address,
            "why": WhyPerson.NO_TEXT,
            "language": case.language,
            "service": case.service,
            "department": department,
            "callback": row.address if (row.address or "").startswith("+") else "",
            "live": False,
            "words": "",
            "status": "waiting",
            "created": at,
        }
        if self._connection.scalar(mine) is None:
            self._connection.execute(handoffs.insert(), new)
        return int(self._connection.execute(mine).scalar_one())

    def resident(self, reference: str) -> str:
        """The telephone number of a case's resident."""
        return pin_store.resident(self._connection, reference)

    def make_mandate(self, mandate: Mandate, code: str, at: datetime) -> int:
        """Keep who may act for a resident, with their first code, sealed."""
        return pin_store.make(self._connection, mandate, code, at)

    def end_mandate(self, mandate: int, resident: str, at: datetime) -> bool:
        """End a mandate of this resident."""
        mine = any(one.id == mandate for one in pin_store.of_resident(self._connection, resident, at))
        return mine and pin_store.end_one(self._connection, mandate, "staff", at)

    def label_case(self, reference: str, department: str, person: int) -> None:
        """Keep which department its words are for."""
        one = update(cases).where(cases.c.reference == reference)
        self._connection.execute(one.values(label_department=department, labelled_by=person))

    def case_is(self, reference: str, status: CaseStatus, reopened: datetime | None) -> None:
        """Keep how far it is. Of several times the first at which it was taken up again stays."""
        values = {"status": status.value, "reopened": func.coalesce(cases.c.reopened, reopened)}
        changed = values if reopened else {"status": status.value}
        self._connection.execute(update(cases).where(cases.c.reference == reference).values(changed))

    def wanted(self, reference: str) -> Wanted | None:
        """Who wants to be told of this case."""
        return news_store.wanted(self._connection, reference)

    def no_longer(self, reference: str) -> None:
        """What was to be told of it is not told any more, as far as it has not gone."""
        news_store.no_longer(self._connection, reference)

    def owe_call(self, wanted: Wanted, status: CaseStatus, at: datetime) -> None:
        """They are to be called, at their hours."""
        news_store.owe_call(self._connection, wanted, status, at)

    def keep_code(self, code: str, wanted: Wanted, expires: datetime) -> None:
        """Whoever gives this code is told that we told of this case."""
        news_store.keep_code(self._connection, code, wanted, expires)

    def call_about(self, ring: int) -> tuple[Wanted, CaseStatus, str] | None:
        """Whom a call with news is for, how far their case is now, and its code."""
        return news_store.call_about(self._connection, ring)

    def label_request(self, id: int, department: str, person: int) -> None:
        """Keep which department its words are for."""
        self._change(id, label_department=department, labelled_by=person)

    def transcribe(self, id: str, conversation: str, reference: str, words: str, person: int) -> bool:
        """Keep what is said in a recording of a case, or else of a conversation."""
        mine = () if reference else (recordings.c.conversation == conversation,)
        one = update(recordings).where(
            recordings.c.id == id, recordings.c.kept, recordings.c.reference == reference, *mine
        )
        return self._connection.execute(one.values(transcript=words, typed_by=person)).rowcount == 1

    def calling(self, number: str, besides: int, since: datetime) -> str:
        """Who is calling this number for another request, "" for nobody."""
        alone(self._connection, f"call:{number}")
        rung = or_(handoffs.c.callback == number, and_(handoffs.c.callback == "", handoffs.c.address == number))
        busy = select(staff.c.name).join(phone_calls, phone_calls.c.staff == staff.c.id)
        busy = busy.join(handoffs, handoffs.c.id == phone_calls.c.handoff).where(rung, handoffs.c.id != besides)
        busy = busy.where(phone_calls.c.ended.is_(None), phone_calls.c.created > since)
        return self._connection.scalar(busy.limit(1)) or ""

    def called(self, call: int) -> Request | None:
        """The request that a call of staff is about, held until the end."""
        id = self._connection.scalar(select(phone_calls.c.handoff).where(phone_calls.c.id == call))
        return None if id is None else self.request(id)

    def call_ended(self, call: int, result: str, follows: Collection[str], at: datetime) -> datetime | None:
        """Keep what became of a call; when it was placed. None if it has ended already, or this result follows none of
        what is known."""
        going = (phone_calls.c.id == call, phone_calls.c.ended.is_(None), phone_calls.c.result.in_(follows))
        if self._connection.execute(update(phone_calls).where(*going).values(result=result, ended=at)).rowcount != 1:
            return None
        one = select(phone_calls.c.handoff, phone_calls.c.created).where(phone_calls.c.id == call)
        row = self._connection.execute(one).one()
        if result == call_back_store.TALKED:
            self._person_reached(row.handoff, at)
        placed: datetime = row.created
        return placed

    def _person_reached(self, handoff: int, at: datetime) -> None:
        """Count it for the contact that the request came of."""
        conversation = self._connection.scalar(select(handoffs.c.conversation).where(handoffs.c.id == handoff))
        if conversation:
            person_reached(self._connection, conversation, at)

    def promise(self, id: int) -> Promise | None:
        """The call that this request is owed."""
        return call_back_store.owed(self._connection, id)

    def keep_promise(self, now: Promise) -> None:
        """Keep how a promise stands."""
        call_back_store.keep(self._connection, now)

    def hold_windows(self, department: str) -> None:
        """Keep others from promising calls of this department until the end."""
        call_back_store.hold(self._connection, department)

    def consents(self, to: Address) -> tuple[Consent, ...]:
        """What was noted of texts to this address."""
        return consents_of(self._connection, to)

    def record_consent(self, to: Address, allowed: bool, person: int, at: datetime) -> None:
        """Note that staff were told that texts are stopped, or allowed again."""
        effect = RecordConsent(address=to, allowed=allowed, source=ConsentSource.STAFF)
        record_consent(self._connection, effect, at, person)

    def place_call(self, id: int, person: int, nonce: str, at: datetime) -> int | None:
        """Write down that a call is about to be placed."""
        row = {"handoff": id, "staff": person, "nonce": nonce, "result": "placing", "created": at}
        if not add_new(self._connection, phone_calls, row):
            return None
        return self._connection.scalar(select(phone_calls.c.id).where(phone_calls.c.nonce == nonce))

    def _change(self, id: int, **values: Any) -> None:
        self._connection.execute(update(handoffs).where(handoffs.c.id == id).values(values))


def _newest(conversation: str) -> Select[Any]:
    said = turns.c.kind.not_in(_BESIDES)
    return select(func.max(turns.c.version)).where(turns.c.conversation == conversation, said)


def _request(row: Row[Any]) -> Request:
    return Request(
        id=row.id,
        conversation=row.conversation,
        medium=Medium(row.medium),
        address=Address(channel=row.channel, value=row.address) if row.channel else None,
        why=WhyPerson(row.why),
        language=row.language,
        service=row.service,
        department=row.department,
        callback=row.callback,
        live=row.live,
        words=row.words,
        status=row.status,
        created=row.created,
        claimed_by=row.claimed_by,
        claimed_name=row.claimed_name or "",
        settled=row.settled,
        outcome=row.outcome,
        label=_label(row),
        promise=call_back_store.promise_of(row, "promise_") if row.promise_id is not None else None,
    )


def _waited(row: Row[Any]) -> Waited:
    return Waited(
        voice=row.medium == Medium.VOICE,
        department=row.department,
        service=row.service,
        asked=row.created,
        until=row.claimed or row.settled,
        took=row.claimed is not None,
    )


def _label(row: Row[Any]) -> Label | None:
    if not (row.urgency or row.label_department):
        return None
    return Label(
        service=row.about,
        confidence=row.about_sure,
        urgency=Urgency(row.urgency or Urgency.USUAL),
        department=row.label_department,
        by=row.labeller or "",
    )


def _case(row: Row[Any]) -> Case:
    return Case(
        reference=row.reference,
        conversation=row.conversation,
        service=row.service,
        language=row.language,
        answers=state.read_answers(row.answers),
        status=CaseStatus(row.status),
        opened=row.opened,
        label=_label(row),
    )


def _joined(request: Request, staff_language: str, result: str) -> JoinedCall:
    return JoinedCall(
        conversation=request.conversation,
        live=request.live,
        number=request.number,
        language=request.language,
        staff_language=staff_language,
        result=result,
    )


def _thread(connection: Connection, request: Request) -> Thread:
    mine = request.conversation
    found = connection.scalar(select(conversations.c.state).where(conversations.c.id == mine))
    now = state.read_conversation(found) if found else None
    opened = select(cases.c.reference).where(cases.c.conversation == mine).order_by(cases.c.opened)
    return Thread(
        request=request,
        lines=_lines(connection, mine),
        notes=tuple(Note(at=r.at, by=r.name, text=r.text) for r in connection.execute(_by_name(notes, request.id))),
        calls=tuple(
            PhoneCall(at=r.created, by=r.name, result=r.result)
            for r in connection.execute(_by_name(phone_calls, request.id))
        ),
        texts=_texts(connection, mine),
        recordings=recorded(connection, recordings.c.conversation == mine, recordings.c.reference == ""),
        answers=now.answers if now else {},
        form=now.form if now else "",
        references=tuple(connection.scalars(opened)),
        version=connection.scalar(_newest(mine)) or 0,
        stopped=now.stopped if now else False,
        ended=now.ended if now else True,
        consents=consents_of(connection, request.texts) if request.texts else (),
        no_texts=no_texts_to(connection, request.texts) if request.texts else None,
    )


def _by_name(table: Any, handoff: int) -> Select[Any]:
    joined = select(table, staff.c.name).join(staff, staff.c.id == table.c.staff)
    return joined.where(table.c.handoff == handoff).order_by(table.c.id)


def _lines(connection: Connection, conversation: str) -> tuple[Line, ...]:
    newest = _LINE.where(turns.c.conversation == conversation).order_by(turns.c.version.desc()).limit(MOST_SHOWN)
    return tuple(_line(row) for row in reversed(connection.execute(newest).all()))


def _line(row: Row[Any]) -> Line:
    return Line(
        key=row.key,
        version=row.version,
        at=row.at,
        kind=Kind(row.kind) if row.kind else Kind.TEXT,
        said=row.said,
        meant=state.read_understanding(row.believed),
        danger=row.danger,
        messages=state.read_messages(row.messages),
        by=row.by or "",
        correction=Correction(meant=row.meant, by=row.corrector or "") if row.meant else None,
    )


def _corrected(row: Row[Any]) -> Corrected:
    meant = state.read_understanding(row.believed)
    language = meant.language or row.language
    return Corrected(words=row.said, language=language, believed=meanings.believed(meant), meant=row.meant)


def _texts(connection: Connection, conversation: str) -> tuple[Sent, ...]:
    """What the provider reports in the end counts for more than that it took the text."""
    mine = select(
        outbox,
        receipts.c.status.label("reported"),
        receipts.c.code.label("reported_code"),
        receipts.c.why.label("reported_why"),
    )
    mine = mine.outerjoin(receipts, receipts.c.provider_id == outbox.c.provider_id)
    mine = mine.where(outbox.c.conversation == conversation).order_by(outbox.c.id.desc()).limit(MOST_SHOWN)
    return tuple(_sent(row) for row in reversed(connection.execute(mine).all()))


def _sent(row: Row[Any]) -> Sent:
    waits = row.status == "pending" and row.resends > 0
    asked = row.status == "invited" and row.reported in ARRIVED  # what arrived asks them to write, and is not the text
    ended = row.reported in _ENDED and not waits and not asked
    status, code, why = (
        (row.reported, row.reported_code, row.reported_why) if ended else (row.status, row.last_code, row.why)
    )
    return Sent(
        at=row.created,
        body=row.body,
        status=status,
        code=code,
        why=Lost(why) if why and status not in ARRIVED else None,
        again=row.due if waits else None,
    )


def consents_of(connection: Connection, to: Address) -> tuple[Consent, ...]:
    """What was noted of texts to this address, oldest first."""
    history = select(consent_history, staff.c.name).outerjoin(staff, staff.c.id == consent_history.c.staff)
    mine = history.where(consent_history.c.channel == to.channel, consent_history.c.address == to.value)
    return tuple(
        Consent(
            at=row.at,
            allowed=row.allowed,
            source=ConsentSource(row.source) if row.source else None,
            by=row.name or "",
        )
        for row in connection.execute(mine.order_by(consent_history.c.id))
    )
