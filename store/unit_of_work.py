"""One turn, one transaction: `core.ports.Storage` and `UnitOfWork` on SQLAlchemy Core."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, bindparam, func, or_, select, update

from core import state
from core.delivery import Lost
from core.errors import GuardFailed, Raced
from core.labels import Label, Urgency
from core.ports import Answered, AuditEntry, HelperKeys, Stored, Text, UnitOfWork
from core.types import (
    Address,
    Admit,
    CaseDetails,
    CaseStatus,
    CodeFound,
    Conversation,
    CountPinTry,
    CountTry,
    DropRecording,
    Effect,
    EndMandates,
    Expect,
    Forget,
    KeepCode,
    KeepPin,
    KeepRating,
    KeepRecording,
    Kind,
    Medium,
    NoteAsked,
    OpenCase,
    Place,
    PromiseCall,
    RecordConsent,
    Recording,
    RelayToDesk,
    RequestHandoff,
    Scene,
    SettleHandoff,
    SpendCode,
    TakeRecording,
    Turn,
    Unfinished,
    WantNews,
    WhyPerson,
)
from core.usage import came_of, channel_of, not_understood, wish_not_understood
from store import call_back_store, news_store, pin_store, rating_store, schema
from store.database import Database, alone, commit, inserting, open_database
from store.usage_store import form_sent, keep_contact, person_reached

FORM_SCENES = frozenset({Scene.STEP, Scene.CHECK, Scene.CONFIRM, Scene.REDO})
"""Where a form is under way."""

OF_A_RECORDING = frozenset({Scene.RECORD, Scene.RECORDING, Scene.RECORDED})
"""Where something is recorded, above a step of a form if it is about a service."""

PLAYABLE = ("fetched", "here")
"""Recordings whose sound is kept here."""

HOME = Place(scene=Scene.HOME)
"""The first menu."""

UNFINISHED_FOR = timedelta(days=7)
"""How long a form that was broken off is offered again."""

CALL_IS_LIVE_FOR = timedelta(minutes=5)
"""A call whose end we were not told of counts as going on this long after its last turn. Two people may
call from one telephone at the same time; neither is offered what the other is just telling us."""

CODE_LIVES = timedelta(minutes=15)
"""How long a continuation code can be used."""

TRIES_PER_SOURCE = 5
"""Codes and references that one source may get wrong in `TRIES_WITHIN`. A caller without a number is
counted by the call; `TRIES_IN_ALL` bounds them together."""

TRIES_IN_ALL = 100
"""Codes and references that all sources together may get wrong in `TRIES_WITHIN`: a guesser has many
numbers."""

TRIES_WITHIN = timedelta(hours=1)
"""The time over which tries are counted."""

# The statements of every turn, made once: making one costs more than running it.
_STATE = select(schema.conversations.c.state).where(schema.conversations.c.id == bindparam("of"))
_SAME_TURN = and_(schema.turns.c.conversation == schema.conversations.c.id, schema.turns.c.key == bindparam("by"))
_BEFORE = (
    select(schema.conversations.c.state, schema.turns.c.content, schema.turns.c.messages)
    .outerjoin_from(schema.conversations, schema.turns, _SAME_TURN)
    .where(schema.conversations.c.id == bindparam("of"))
)
_REPLACE = (
    update(schema.conversations)
    .where(schema.conversations.c.id == bindparam("of"))
    .where(schema.conversations.c.version == bindparam("read"))
)


def open_storage(url: str) -> SqlStorage:
    """The storage at `url`. Connects only when it is first used; `store.migrate.upgrade` makes the tables."""
    return SqlStorage(open_database(url))


class SqlStorage:
    """Conversations and what came of them, in one database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def close(self) -> None:
        """Let go of all connections."""
        self.database.close()

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """A transaction that only reads."""
        with self.database.reading() as connection:
            yield SqlUnitOfWork(connection)

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        """A transaction that writes: on SQLite the one writer."""
        with self.database.writing() as connection:
            yield SqlUnitOfWork(connection)


class SqlUnitOfWork:
    """One transaction on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- what is looked up --------------------------------------------------------------------------------

    def conversation(self, id: str) -> Conversation | None:
        found = self._connection.scalar(_STATE, {"of": id})
        return None if found is None else state.read_conversation(found)

    def before(self, conversation: str, key: str) -> tuple[Conversation | None, Stored | None]:
        row = self._connection.execute(_BEFORE, {"of": conversation, "by": key}).first()
        if row is None:
            return None, None
        answered = row.content is not None
        stored = Stored(content=row.content, messages=state.read_messages(row.messages)) if answered else None
        return state.read_conversation(row.state), stored

    def unfinished(self, address: Address, besides: str, now: datetime) -> Unfinished | None:
        table = schema.conversations
        rows = self._connection.execute(
            select(table.c.state, table.c.updated)
            .where(table.c.channel == address.channel, table.c.address == address.value)
            .where(table.c.id != besides, table.c.form_service.is_not(None))
            .where(table.c.updated > now - UNFINISHED_FOR)
            .order_by(table.c.updated.desc())
        )
        for row in rows:
            found = state.read_conversation(row.state)
            if not _goes_on(found, row.updated, now):
                return _unfinished(found, row.updated)
        return None

    def spoken(self, address: Address, besides: str) -> str:
        table = schema.conversations
        found = self._connection.execute(
            select(table.c.language)
            .where(table.c.channel == address.channel, table.c.address == address.value)
            .where(table.c.id != besides, table.c.medium == Medium.VOICE)
            .order_by(table.c.updated.desc())
            .limit(1)
        ).scalar()
        return found or ""

    def case_status(self, reference: str) -> CaseStatus | None:
        table = schema.cases
        row = self._one(select(table.c.status).where(table.c.reference == reference))
        return CaseStatus(row.status) if row else None

    def opens(self, reference: str, now: datetime) -> bool:
        return pin_store.opens(self._connection, reference, now)

    def pin(self, reference: str) -> str:
        return pin_store.sealed(self._connection, reference)

    def pin_closed(self, reference: str, source: str, now: datetime) -> bool:
        return pin_store.closed(self._connection, reference, source, now)

    def helper(self, reference: str, number: str, now: datetime) -> HelperKeys | None:
        return pin_store.helper(self._connection, reference, number, now)

    def details(self, reference: str, now: datetime, mandate: str = "") -> CaseDetails | None:
        return pin_store.details(self._connection, reference, now, mandate)

    def code(self, code: str, now: datetime) -> CodeFound | None:
        table = schema.codes
        row = self._one(
            select(table.c.service, table.c.starting, table.c.language, table.c.reference)
            .where(table.c.code == code)
            .where(table.c.spent.is_(None), table.c.expires > now)
        )
        if row is None:
            return None
        case = self.case_status(row.reference) if row.reference else None
        return CodeFound(service=row.service, starting=row.starting, language=row.language, case=case)

    def tries_left(self, source: str, now: datetime) -> int:
        table = schema.tries
        in_all = select(func.count()).select_from(table).where(table.c.at > now - TRIES_WITHIN)
        all_tries = self._connection.scalar(in_all) or 0
        of_source = self._connection.scalar(in_all.where(table.c.source == source)) or 0
        return max(0, min(TRIES_PER_SOURCE - of_source, TRIES_IN_ALL - all_tries))

    def number_free(self, reference: str) -> bool:
        """A code that was spent or ran out is not free either until it is swept away."""
        case = select(schema.cases.c.reference).where(schema.cases.c.reference == reference)
        code = select(schema.codes.c.code).where(schema.codes.c.code == reference)
        return not self._connection.scalar(select(or_(case.exists(), code.exists())))

    def allowed(self, address: Address) -> bool:
        return texts_allowed(self._connection, address)

    def asked(self, conversation: str, address: Address | None, now: datetime) -> bool:
        return rating_store.asked(self._connection, conversation, address, now)

    def playable(self, recording: str) -> bool:
        table = schema.recordings
        row = self._one(select(table.c.status).where(table.c.id == recording))
        return row is not None and row.status in PLAYABLE

    def promised(self, department: str) -> Mapping[datetime, int]:
        return call_back_store.promised(self._connection, department)

    def call_backs_took(self, department: str, since: datetime) -> tuple[float, ...]:
        return call_back_store.took(self._connection, department, since)

    def gets_texts(self, address: Address) -> bool:
        return no_texts_to(self._connection, address) is None

    def lock(self, conversation: str) -> None:
        """On SQLite every writer holds the one lock already. On PostgreSQL the row keeps those out who just
        save; while there is none, its name keeps those out who lock too."""
        if self._connection.dialect.name == "postgresql":
            alone(self._connection, conversation)
            self._connection.execute(_STATE.with_for_update(), {"of": conversation})

    # --- what is written ----------------------------------------------------------------------------------

    def save(self, was: Conversation, turn: Turn, answered: Answered, source: str) -> None:
        now = replace(turn.conversation, version=was.version + 1)
        self._save_conversation(was, now, answered.at)
        self._save_turn(was, turn, answered)
        self._save_contact(was, turn, answered)
        for effect in turn.effects:
            self._apply(effect, now, answered, source)

    def enqueue(self, text: Text, at: datetime) -> None:
        new = self._add(
            schema.outbox,
            nonce=text.nonce,
            channel=text.channel,
            to_address=text.to,
            body=text.body,
            conversation=text.conversation,
            forced=text.forced,
            options=state.write_options(text.turn, text.options),
            status="failed" if text.refused else "pending",
            attempts=0,
            looks=0,
            due=text.due or at,
            last_code=text.refused,
            times=text.times or "",
            created=at,
        )
        if new and text.refused:
            self.audit(AuditEntry(conversation=text.conversation, event="text_failed", detail=_why(text), at=at))

    def audit(self, entry: AuditEntry) -> None:
        append_audit(self._connection, entry)

    def commit(self) -> None:
        commit(self._connection)

    def _save_conversation(self, was: Conversation, now: Conversation, at: datetime) -> None:
        values = _conversation_row(now, at)
        known = was.version > 0
        if not (self._replace(was, values) if known else self._add(schema.conversations, id=now.id, **values)):
            raise Raced(now.id)

    def _replace(self, was: Conversation, values: dict[str, Any]) -> bool:
        """Write over the state that was read, unless another turn did; whether that worked."""
        found = self._connection.execute(_REPLACE, {**values, "of": was.id, "read": was.version})
        return found.rowcount == 1

    def _save_turn(self, was: Conversation, turn: Turn, answered: Answered) -> None:
        new = self._add(
            schema.turns,
            conversation=was.id,
            key=answered.key,
            content=answered.content,
            messages=state.write_messages(answered.messages),
            at=answered.at,
            version=was.version + 1,
            kind=answered.kind,
            said=answered.said,
            believed=state.write_understanding(answered.meant) if answered.meant else "",
            danger=bool(answered.meant and answered.meant.danger),
            unclear=wish_not_understood(was, answered.kind, answered.said, answered.meant, turn),
            staff=answered.staff,
        )
        if not new:
            raise Raced(was.id)

    def _save_contact(self, was: Conversation, turn: Turn, answered: Answered) -> None:
        """A call's first turn, or one that tells something new; each turn of a thread, since the day may be new. What
        staff write belongs to the contact that it answers."""
        now, at = turn.conversation, answered.at
        if answered.staff is not None:
            if answered.kind is Kind.REPLY:
                person_reached(self._connection, now.id, at)
            return
        came, unclear = came_of(turn), not_understood(was, answered.kind, answered.said, turn)
        told = unclear or came != came_of(Turn(conversation=was))
        if answered.day or was.version == 0 or told:
            keep_contact(self._connection, now.id, answered.day, channel_of(now), came, at, unclear=unclear)

    def _apply(self, effect: Effect, now: Conversation, answered: Answered, source: str) -> None:
        """Write what an effect leaves behind. A transfer, a hang-up and a text to send leave nothing here:
        the answer carries the first two, and the text is put into words first and queued by `enqueue`."""
        at = answered.at
        match effect:
            case OpenCase():
                self._open_case(effect, now, answered)
            case RequestHandoff():
                self._request_handoff(effect, now, at, answered.label)
            case SettleHandoff():
                self._settle_handoff(effect, now, at)
            case PromiseCall():
                self._promise_call(effect, now, at)
            case RelayToDesk():
                self._relay(effect, now.id, answered.label)
            case RecordConsent():
                record_consent(self._connection, effect, at)
            case KeepCode():
                self._keep_code(effect, at)
            case SpendCode():
                self._spend_code(effect, at)
            case CountTry():
                self._write(schema.tries, source=source, at=at)
            case WantNews():
                news_store.want(self._connection, effect, now.language, at)
            case NoteAsked():
                rating_store.note_asked(self._connection, now.id, at)
            case KeepRating():
                rating_store.keep(self._connection, effect, now.language, channel_of(now))
            case CountPinTry():
                pin_store.count_try(self._connection, effect.reference, source, at)
            case Admit():
                pin_store.hold(self._connection, effect.reference, source, at)
            case KeepPin():
                self._keep_pin(effect, now.id, at)
            case EndMandates():
                for entry in pin_store.end(self._connection, effect.reference, effect.mandate, now.id, at):
                    self.audit(entry)
            case Forget():
                self._forget(effect.conversation)
                form_sent(self._connection, effect.conversation, "", at)
            case TakeRecording():
                self._add(schema.recordings, **recording_row(effect.recording, now.id, at))
            case KeepRecording():
                self._keep_recording(effect.id)
            case DropRecording():
                self._drop_recording(effect.id, now.id, at)

    def _open_case(self, effect: OpenCase, now: Conversation, answered: Answered) -> None:
        new = self._add(
            schema.cases,
            reference=effect.reference,
            service=effect.service,
            language=now.language,
            answers=state.write_answers(effect.answers),
            status=CaseStatus.RECEIVED,
            opened=answered.at,
            conversation=now.id,
            **_address(now),
            **_labelled(answered.label),
        )
        if not new:
            raise GuardFailed("the reference was taken meanwhile")
        form_sent(self._connection, now.id, effect.service, answered.at)
        for answer in effect.answers.values():
            if isinstance(answer, Recording):
                self._keep_recording(answer.id, effect.reference)

    def _keep_recording(self, id: str, reference: str = "") -> None:
        """Staff are to have it, with the case that it belongs to or with the request of its conversation."""
        table = schema.recordings
        kept = {"kept": True, "reference": reference}
        self._connection.execute(update(table).where(table.c.id == id, table.c.status != "gone").values(kept))

    def _drop_recording(self, id: str, conversation: str, at: datetime) -> None:
        """Nobody is to hear it, whether we knew of it before or not."""
        table = schema.recordings
        unwanted = {"status": "unwanted", "kept": False, "due": at, "attempts": 0}
        row = recording_row(Recording(id=id, seconds=0), conversation, at)
        if not self._add(table, **{**row, **unwanted}):
            self._connection.execute(update(table).where(table.c.id == id, table.c.status != "gone").values(unwanted))

    def _relay(self, effect: RelayToDesk, conversation: str, label: Label | None) -> None:
        """Danger told of later puts the request before the others too; the words stand in the turn. They label a
        request that came without words."""
        danger = {"why": WhyPerson.DANGER} if effect.danger else {}
        before = self._open_handoff(conversation) if danger or label else None
        values = {**danger, **(_relabelled(before, label) if before else {})}
        if before and values:
            table = schema.handoffs
            self._connection.execute(update(table).where(table.c.id == before.id).values(values))

    def _request_handoff(
        self, effect: RequestHandoff, now: Conversation, at: datetime, label: Label | None = None
    ) -> None:
        """Ask for a person, or add to what was asked before: that keeps its place in the queue."""
        table = schema.handoffs
        before = self._open_handoff(now.id)
        if before is not None:
            more = {**_added(before, effect), **_relabelled(before, label)}
            self._connection.execute(update(table).where(table.c.id == before.id).values(more))
            return
        self._write(
            table,
            conversation=now.id,
            medium=now.medium,
            **_address(now),
            why=effect.why,
            language=effect.language,
            service=effect.service,
            department=effect.department,
            callback=effect.callback,
            live=effect.live,
            words=effect.words,
            status="waiting",
            created=at,
            **_labelled(label),
        )

    def _settle_handoff(self, effect: SettleHandoff, now: Conversation, at: datetime) -> None:
        """A missed call whose request is gone is written down all the same: somebody has to ring back."""
        table = schema.handoffs
        before = self._open_handoff(now.id)
        if before is None and not effect.reached:
            missed = RequestHandoff(
                why=WhyPerson.NO_ANSWER, language=now.language, service=now.form, callback=effect.callback
            )
            self._request_handoff(missed, now, at)
        if before is not None:
            status, settled = ("reached", at) if effect.reached else ("waiting", None)
            if before.claimed_by is not None:  # whoever took it says themselves what became of it
                status, settled = before.status, None
            values = {"live": False, "status": status, "settled": settled}
            values["callback"] = effect.callback or before.callback
            self._connection.execute(update(table).where(table.c.id == before.id).values(values))
            if settled:
                call_back_store.close(self._connection, before.id, at, helped=True)

    def _promise_call(self, effect: PromiseCall, now: Conversation, at: datetime) -> None:
        """A request that staff closed meanwhile is made anew: a call is promised to nobody's list otherwise."""
        if self._open_handoff(now.id) is None:
            anew = RequestHandoff(why=WhyPerson.ASKED, language=now.language, department=effect.department)
            self._request_handoff(replace(anew, callback=effect.callback), now, at)
        before = self._open_handoff(now.id)
        assert before is not None
        if before.claimed_by is None:  # whoever promises has it on their list
            mine = update(schema.handoffs).where(schema.handoffs.c.id == before.id)
            self._connection.execute(mine.values(department=effect.department))
        call_back_store.promise(self._connection, before.id, effect.department, effect.window, at)

    def _open_handoff(self, conversation: str) -> Row[Any] | None:
        table = schema.handoffs
        mine = select(table).where(table.c.conversation == conversation, table.c.settled.is_(None))
        return self._one(mine)

    def _keep_code(self, effect: KeepCode, at: datetime) -> None:
        new = self._add(
            schema.codes,
            code=effect.code,
            service=effect.service,
            starting=effect.starting,
            language=effect.language,
            expires=at + CODE_LIVES,
        )
        if not new:
            raise GuardFailed("the code was taken meanwhile")

    def _keep_pin(self, effect: KeepPin, conversation: str, at: datetime) -> None:
        if effect.mandate:
            self.audit(pin_store.keep_helpers(self._connection, effect.mandate, effect.sealed, conversation, at))
        else:
            pin_store.keep(self._connection, effect.reference, effect.sealed, conversation, at)

    def _spend_code(self, effect: SpendCode, at: datetime) -> None:
        table = schema.codes
        live = update(table).where(table.c.code == effect.code, table.c.spent.is_(None), table.c.expires > at)
        if self._connection.execute(live.values(spent=at)).rowcount != 1:
            raise GuardFailed("the code was spent meanwhile")

    def _forget(self, id: str) -> None:
        """Drop another conversation's form, and let a turn of it that is under way read again."""
        table = schema.conversations
        found = self._one(select(table.c.state, table.c.updated).where(table.c.id == id).with_for_update())
        if found is None:
            return
        was = state.read_conversation(found.state)
        now = _without_form(was)
        if not self._replace(was, _conversation_row(now, found.updated)):
            raise Raced(id)

    # --- how ----------------------------------------------------------------------------------------------

    def _one(self, query: Any) -> Row[Any] | None:
        return self._connection.execute(query).first()

    def _write(self, table: Table, **values: Any) -> None:
        self._connection.execute(table.insert(), values)

    def _add(self, table: Table, **values: Any) -> bool:
        """Insert the row unless its key is taken; whether it was new. The transaction stays usable."""
        return add_new(self._connection, table, values)


def recording_row(recording: Recording, conversation: str, at: datetime) -> dict[str, Any]:
    """A recording that we have just heard of: it is to be fetched."""
    return {
        "id": recording.id,
        "conversation": conversation,
        "seconds": recording.seconds,
        "made": at,
        "kept": False,
        "reference": "",
        "status": "wanted",
        "due": at,
        "attempts": 0,
        "last_code": "",
        "transcript": "",
    }


def add_new(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Insert the row unless its key is taken; whether it was new. The transaction stays usable."""
    statement = _insert_new(table, connection.dialect.name)
    counted = {"preserve_rowcount": True}  # an INSERT's is thrown away otherwise
    return connection.execute(statement, values, execution_options=counted).rowcount == 1


@cache
def _insert_new(table: Table, dialect: str) -> Any:
    return inserting(dialect, table).on_conflict_do_nothing()


def no_texts_to(connection: Connection, to: Address) -> Lost | None:
    """Why this address gets no texts, as far as is known."""
    table = schema.no_texts
    why = connection.scalar(select(table.c.why).where(table.c.channel == to.channel, table.c.address == to.value))
    return Lost(why) if why else None


def texts_allowed(connection: Connection, address: Address) -> bool:
    """Whether texts may go to this address: nobody said STOP there, or they said START since."""
    table = schema.consents
    query = select(table.c.allowed).where(table.c.channel == address.channel)
    return connection.scalar(query.where(table.c.address == address.value)) is not False


def record_consent(connection: Connection, effect: RecordConsent, at: datetime, staff: int | None = None) -> None:
    """Note that texts were stopped or allowed, where from, and by whom of the staff; what was noted before stays."""
    where = {"channel": effect.address.channel, "address": effect.address.value}
    what = {"allowed": effect.allowed, "at": at}
    if not add_new(connection, schema.consents, {**where, **what}):
        connection.execute(update(schema.consents).filter_by(**where).values(what))
    connection.execute(schema.consent_history.insert(), {**where, **what, "source": effect.source, "staff": staff})


def append_audit(connection: Connection, entry: AuditEntry) -> None:
    """Add an audit row to the transaction."""
    detail = json.dumps(dict(entry.detail), ensure_ascii=False)
    row = {"conversation": entry.conversation, "event": entry.event, "detail": detail, "at": entry.at}
    connection.execute(schema.audit.insert(), row)


def _why(text: Text) -> dict[str, str | int | float]:
    return {"attempts": 0, "code": text.refused}


def _conversation_row(now: Conversation, at: datetime) -> dict[str, Any]:
    form = _form(now)
    return {
        "medium": now.medium,
        **_address(now),
        "language": now.language,
        "state": state.write_conversation(now),
        "version": now.version,
        "form_service": form.about if form else None,
        "updated": at,
    }


def _address(now: Conversation) -> dict[str, str | None]:
    address = now.address
    return {"channel": address.channel, "address": address.value} if address else {"channel": None, "address": None}


def _labelled(label: Label | None) -> dict[str, Any]:
    """The columns of a label that the engine made."""
    return {"about": label.service, "about_sure": label.confidence, "urgency": label.urgency} if label else {}


def _relabelled(before: Row[Any], label: Label | None) -> dict[str, Any]:
    """What later words change in a request's label: the first that tell a service name it, and danger stays."""
    if label is None:
        return {}
    named = {} if before.about else _labelled(label)
    danger = Urgency.DANGER in (before.urgency, label.urgency)
    return {**named, "urgency": Urgency.DANGER if danger else label.urgency}


def _form(now: Conversation) -> Place | None:
    """Where the form that the answers belong to is under way; None without answers."""
    if not now.answers:
        return None
    mine = (place for place in reversed(now.place) if place.scene in FORM_SCENES and place.about == now.form)
    return next(mine, None)


def _added(before: Row[Any], effect: RequestHandoff) -> dict[str, Any]:
    """What a second request changes. Danger stays danger, and what was told is never overwritten."""
    words = [words for words in (before.words, effect.words) if words]
    return {
        "why": before.why if before.why == WhyPerson.DANGER else effect.why,
        "language": effect.language or before.language,
        "service": effect.service or before.service,
        "callback": effect.callback or before.callback,
        "live": effect.live,
        "words": "\n".join(dict.fromkeys(words)),
    }


def _goes_on(found: Conversation, updated: datetime, now: datetime) -> bool:
    return found.medium is Medium.VOICE and not found.ended and updated > now - CALL_IS_LIVE_FOR


def _unfinished(found: Conversation, at: datetime) -> Unfinished | None:
    form = _form(found)
    if form is None:
        return None
    return Unfinished(conversation=found.id, service=form.about, step=form.step, answers=found.answers, at=at)


def _in_form(place: Place) -> bool:
    return place.scene in FORM_SCENES or (place.scene in OF_A_RECORDING and bool(place.about))


def _without_form(was: Conversation) -> Conversation:
    """The conversation on the level below its form; if it stood in the form, it offers nothing until it is
    asked something new."""
    below = tuple(place for place in was.place if not _in_form(place)) or (HOME,)
    now = replace(was, place=below, form="", answers={}, candidates=(), held="", version=was.version + 1)
    return now if below[-1] == was.place[-1] else replace(now, expect=Expect.CHOICE, offered=())
