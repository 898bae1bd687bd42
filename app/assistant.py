"""One message, end to end: read the conversation, understand, look up, decide, write, speak."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from app.call_times import free_windows, office_of
from app.hours import office_state
from app.labelling import label
from app.limiting import Guard
from app.log import event
from app.secret_numbers import Proof, SecretNumbers, secrets_of
from app.understanding import understand
from core import phrases as say
from core.asking import prompts, unoffered
from core.callbacks import offered, reminder
from core.catalog import Catalog
from core.commands import Spotter, fold, is_answer
from core.dialogue import advance, fresh, needs
from core.errors import GuardFailed, Raced
from core.labels import Label
from core.limits import Refusal, tells_of_danger
from core.obeying import current
from core.pins import hides
from core.ports import Answered, AuditEntry, Reader, Recognizer, Sequencer, Storage, Text, UnitOfWork, Words
from core.render import Capabilities, Message, render
from core.sms import LONGEST, plain
from core.types import (
    BY_STAFF,
    RULE_ENGINE,
    SECRET,
    Conversation,
    Digits,
    FindAsked,
    FindCase,
    FindChoice,
    FindCode,
    FindConsent,
    FindDetails,
    FindRecording,
    FindSpoken,
    FindUnfinished,
    FindWindows,
    FreshNumbers,
    Inbound,
    Kind,
    Known,
    Medium,
    Needs,
    Read,
    Secret,
    SendText,
    Turn,
    Understanding,
    Window,
)

ATTEMPTS = 5
"""How often a turn is tried when another of the same conversation is saved first; the last holds the lock."""

SMS = Capabilities(medium=Medium.SMS, limit=LONGEST, can_push=True)
"""What a text message can do."""

InStore = (
    FindCase
    | FindCode
    | FindUnfinished
    | FindSpoken
    | FindConsent
    | FindRecording
    | FindWindows
    | FreshNumbers
    | FindDetails
    | FindAsked
)
"""Needs that only the database can answer."""

UNTOLD = "untold"
"""What is kept of a turn in which a secret number may have been keyed, in place of a hash of it: of so few digits a
hash is the digits themselves."""

_DANGER = "danger"
"""Told of words that are not repeated."""

_SILENT = frozenset({Kind.HANG_UP, Kind.STOP})
_AFTER_THE_END = frozenset({Kind.DIAL, Kind.RECORDING})
"""How a transfer ended, and what was recorded, may be told after the end of the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistant:
    """Answers residents on every channel. Safe to share between threads."""

    storage: Storage
    recognizer: Recognizer
    reader: Reader
    words: Words
    spotter: Spotter
    sequencer: Sequencer
    catalog: Catalog
    on_duty: Callable[[datetime], frozenset[str]]
    """The departments whose staff are at the desk at a moment."""
    waits: Callable[[datetime, Medium], Mapping[str, float]]
    """How long one waits for a person of each department at a moment, as far as it is known (`Known.waits`)."""
    guard: Guard
    """What is not sent, because there is too much of it, or it goes where it may not."""
    secret_numbers: SecretNumbers

    def handle(self, said: Inbound, capabilities: Capabilities) -> tuple[Message, ...]:
        """The answer to one message, saved before it is returned. The same message again gives the same answer.

        On a channel that can push, the answer is queued for sending too. Raises `core.errors.StoreUnavailable`
        when the database does not answer, `CommitUnknown` when a commit's outcome is not known.
        """
        for _ in range(ATTEMPTS - 1):
            try:
                return self._attempt(said, capabilities)
            except (Raced, GuardFailed) as lost:
                event("turn_raced", reason=type(lost).__name__)
        return self._locked(said, capabilities)

    def _attempt(self, said: Inbound, capabilities: Capabilities) -> tuple[Message, ...]:
        with self.storage.reading() as unit:
            was, repeat = self._read(unit, said, capabilities)
        if repeat is not None:
            return repeat
        said, meant = self._heard(said, was)
        known = self._known_before_writing(said, was, meant)
        turn = advance(was, said, meant, known, self.catalog)
        turn, messages = self._put_in_words(turn, capabilities)  # before the one writer's lock is held
        labelled = self._label(said, turn, meant)
        with self.storage.writing() as unit:
            self._write(unit, said, was, turn, meant, messages, capabilities, labelled=labelled)
            unit.commit()
        return messages

    def _locked(self, said: Inbound, capabilities: Capabilities) -> tuple[Message, ...]:
        """The last try: nobody else writes this conversation meanwhile. The engine is asked before the lock is held."""
        with self.storage.reading() as unit:
            was, _ = self._read(unit, said, capabilities)
        said, meant = self._heard(said, was)
        proof = self._prove(said, needs(was, said, meant, self.catalog))
        with self.storage.writing() as unit:
            unit.lock(said.conversation)
            was, repeat = self._read(unit, said, capabilities)
            if repeat is not None:
                return repeat
            wanted = needs(was, said, meant, self.catalog)
            if secrets_of(wanted) != proof.of:  # what was proved is not what is asked any more
                raise Raced(said.conversation)
            known = self._look_up(unit, wanted, said, was, proof)
            turn = advance(was, said, meant, known, self.catalog)
            turn, messages = self._put_in_words(turn, capabilities)
            self._write(unit, said, was, turn, meant, messages, capabilities)
            unit.commit()
        return messages

    # --- read ------------------------------------------------------------------------------------------------

    def _read(
        self, unit: UnitOfWork, said: Inbound, capabilities: Capabilities
    ) -> tuple[Conversation, tuple[Message, ...] | None]:
        """The conversation, and the answer if nothing is to be decided any more."""
        found, before = unit.before(said.conversation, key(said))
        was = found or self._new(said)
        if before and before.content in (UNTOLD, content(said)):
            return was, before.messages
        if was.ended and said.kind not in _AFTER_THE_END:
            return was, ()
        late = said.turn is not None and said.turn != was.turn
        if before or late or said.kind in (Kind.RESUME, Kind.FAULT):
            return was, self.repeat(said, was, capabilities)
        return was, None

    def _new(self, said: Inbound) -> Conversation:
        """A conversation before its first message. A call may answer what it heard though that was never stored."""
        now = fresh(said)
        return now if said.turn is None else current(now, said, self.known(said), self.catalog).conversation

    def repeat(self, said: Inbound, was: Conversation, capabilities: Capabilities) -> tuple[Message, ...]:
        """What is asked now, changing nothing."""
        turn = current(was, said, self.known(said), self.catalog)
        return self._render(turn, capabilities)

    # --- understand and look up ------------------------------------------------------------------------------

    def _heard(self, said: Inbound, was: Conversation) -> tuple[Inbound, Understanding]:
        """What was said, and what it means. Words that may be a secret number go no further than this."""
        meant = self.understand(said, was)
        return (replace(said, text="") if was.place[-1].scene in SECRET else said), meant

    def understand(self, said: Inbound, was: Conversation) -> Understanding:
        """What the words mean. Danger and commands are found first, by exact rules, with no engine asked."""
        if said.kind is not Kind.TEXT:
            return Understanding()
        if was.place[-1].scene in SECRET:
            return self._by_rule(said.text, was)
        return understand(said.text, was.language, self.spotter, self.recognizer, answer=is_answer(was))

    def _by_rule(self, words: str, was: Conversation) -> Understanding:
        """Danger and commands alone, without the words: no engine hears a secret number."""
        danger, command = self.spotter.danger(words), self.spotter.command(words)
        engine = RULE_ENGINE if danger or command else ""
        return Understanding(danger=_DANGER if danger else "", command=command, engine=engine, language=was.language)

    def _label(self, said: Inbound, turn: Turn, meant: Understanding) -> Label | None:
        """The label of what this turn leaves with staff. The last try of a turn, which holds the lock, makes none."""
        language = turn.conversation.language

        def understood(words: str) -> Understanding:
            return understand(words, language, self.spotter, self.recognizer)

        return label(turn, said.text, meant, self.catalog, understood)

    def _known_before_writing(self, said: Inbound, was: Conversation, meant: Understanding) -> Known:
        wanted = needs(was, said, meant, self.catalog)
        proof = self._prove(said, wanted)
        if not any(isinstance(need, InStore) for need in wanted):
            return self._look_up(None, wanted, said, was, proof)
        with self.storage.reading() as unit:
            return self._look_up(unit, wanted, said, was, proof)

    def _prove(self, said: Inbound, wanted: Needs) -> Proof:
        """What comes of a secret number. No transaction is open meanwhile."""
        return self.secret_numbers.prove(wanted, source(said), said.at)

    def known(self, said: Inbound) -> Known:
        """What is always known: the emergency number, the offices now, the date, the desk."""
        offices = {o.id: office_state(o, said.at, self.catalog) for o in self.catalog.offices.values()}
        there = self.on_duty(said.at) if said.medium is Medium.VOICE else frozenset()
        return Known(
            emergency=self.catalog.town.emergency,
            offices=offices,
            today=self._today(said),
            on_duty=there,
            waits=self.waits(said.at, said.medium),
        )

    def _today(self, said: Inbound) -> date:
        """The town's day."""
        return said.at.astimezone(ZoneInfo(self.catalog.town.timezone)).date()

    def _choice(self, text: str, was: Conversation, known: Known) -> str:
        """The id of the choice whose words these are, "" if they are none's."""
        choices = prompts(was, known, self.catalog)[-1].choices + unoffered(was)
        context, language = was.medium.value, was.language or self.catalog.town.languages[0]
        words = ((self.words.say(c.label, c.language or language, context), c.id) for c in choices)
        return next((id for label, id in words if fold(label) == fold(text)), "")

    def _look_up(self, unit: UnitOfWork | None, wanted: Needs, said: Inbound, was: Conversation, proof: Proof) -> Known:
        known = proof.told_in(self.known(said))
        for need in wanted:
            if isinstance(need, Secret):
                continue  # proved
            if isinstance(need, Read):
                known = replace(known, reading=self.reader.read(need))
            elif isinstance(need, FindChoice):
                known = replace(known, choice=self._choice(need.text, was, known))
            else:
                assert unit is not None
                known = self._found(unit, need, said, known)
        return known

    def _found(self, unit: UnitOfWork, need: InStore, said: Inbound, known: Known) -> Known:
        """What the database says to one need."""
        match need:
            case FindCase():
                left = unit.tries_left(source(said), said.at)
                case = unit.case_status(need.reference) if left else None
                openable = case is not None and said.medium is Medium.VOICE and unit.opens(need.reference, said.at)
                return replace(known, attempts_left=left, case=case, openable=openable)
            case FindDetails():
                details = unit.details(need.reference, said.at, need.mandate)
                return replace(known, details=self.secret_numbers.local(details))
            case FindCode():
                left = unit.tries_left(source(said), said.at)
                return replace(known, attempts_left=left, code=unit.code(need.code, said.at) if left else None)
            case FindUnfinished():
                return replace(known, unfinished=unit.unfinished(need.address, said.conversation, said.at))
            case FindSpoken():
                return replace(known, spoken=unit.spoken(need.address, said.conversation))
            case FindConsent():
                held = self.guard.holds(need.address.value, said.at)
                allowed, arrive = unit.allowed(need.address), unit.gets_texts(need.address)
                return replace(known, texts_allowed=allowed, texts_arrive=arrive, texts_held=held)
            case FindRecording():
                return replace(known, playable=unit.playable(need.id))
            case FindAsked():
                return replace(known, asked=unit.asked(said.conversation, need.address, said.at))
            case FindWindows():
                return replace(known, windows=self._windows(unit, need.service, said.at))
            case FreshNumbers():
                reference, code = unused(unit, self.sequencer.reference), unused(unit, self.sequencer.code)
                return replace(known, reference=reference, fresh_code=code)
            case _:
                assert_never(need)

    def _windows(self, unit: UnitOfWork, service: str, at: datetime) -> tuple[Window, ...]:
        """The few times that are offered for a call back."""
        department = self.catalog.department_of(service)
        return offered(free_windows(unit, department, office_of(department, self.catalog), at, self.catalog))

    # --- write and speak -------------------------------------------------------------------------------------

    def _write(
        self,
        unit: UnitOfWork,
        said: Inbound,
        was: Conversation,
        turn: Turn,
        meant: Understanding,
        messages: tuple[Message, ...],
        capabilities: Capabilities,
        staff: int | None = None,
        labelled: Label | None = None,
    ) -> None:
        hidden = hides(said, was)
        answered = Answered(
            key=key(said),
            content=UNTOLD if hidden else content(said),
            messages=messages,
            at=said.at,
            kind=said.kind,
            said="" if hidden else _as_said(said, was),
            meant=Understanding(danger=meant.danger, command=meant.command) if hidden else meant,
            staff=staff,
            label=labelled,
            day="" if said.medium is Medium.VOICE else self._today(said).isoformat(),
        )
        unit.save(was, turn, answered, source(said))
        for text in self._texts(said, turn, messages, capabilities):
            for kept in self._guarded(text, said, turn):
                unit.enqueue(kept, said.at)
        unit.audit(audit_entry(said, turn, meant))

    def act(self, unit: UnitOfWork, done: Inbound, capabilities: Capabilities, staff: int) -> tuple[Message, ...]:
        """Apply what a member of staff did, in their transaction, which holds the conversation. The same again
        changes nothing. Raises `core.errors.Raced` if the conversation was not held."""
        was, before = unit.before(done.conversation, key(done))
        if before or was is None:
            return before.messages if before else ()
        turn = advance(was, done, Understanding(), self.known(done), self.catalog)
        turn, messages = self._put_in_words(turn, capabilities)
        self._write(unit, done, was, turn, Understanding(), messages, capabilities, staff)
        return messages

    def _put_in_words(self, turn: Turn, capabilities: Capabilities) -> tuple[Turn, tuple[Message, ...]]:
        """The turn in words; what did not fit into a text is kept in place of what was before."""
        messages = self._render(turn, capabilities)
        rest = messages[-1].rest if messages else ""
        return (replace(turn, conversation=replace(turn.conversation, rest=rest)) if rest else turn), messages

    def _render(self, turn: Turn, capabilities: Capabilities) -> tuple[Message, ...]:
        return render(turn, self.words, self.catalog.town.languages[0], capabilities)

    def _texts(
        self, said: Inbound, turn: Turn, messages: tuple[Message, ...], capabilities: Capabilities
    ) -> Iterator[Text]:
        nonce = f"{said.conversation}:{key(said)}"
        if capabilities.can_push and said.address and said.kind not in _SILENT:
            for n, message in enumerate(messages):
                yield self._text(f"{nonce}:{n}", said.address.channel, said.address.value, message, turn)
        for effect in turn.effects:
            if isinstance(effect, SendText):
                quiet = Turn(conversation=replace(turn.conversation, language=effect.language), prompts=effect.prompts)
                unique = reminder(said.conversation, effect.due.isoformat()) if effect.due else f"{nonce}:text"
                for n, message in enumerate(self._render(quiet, SMS)):
                    text = self._text(f"{unique}:{n}", "sms", effect.address.value, message, turn)
                    yield replace(text, due=effect.due)

    def _guarded(self, text: Text, said: Inbound, turn: Turn) -> Iterator[Text]:
        """The text, with the reason if it is not sent. Whoever wrote too much is told so once an hour."""
        extra = said.medium is Medium.VOICE and said.kind not in BY_STAFF
        danger = tells_of_danger(turn)
        refused = self.guard.text(text.channel, text.to, text.nonce, said.at, danger=danger, extra=extra)
        yield replace(text, refused=refused or "")
        if refused is Refusal.NUMBER and not extra and self.guard.tells(text.to, text.nonce, said.at):
            yield replace(text, nonce=f"{text.nonce}:limit", body=self._too_many(turn), options=())

    def _too_many(self, turn: Turn) -> str:
        """What somebody reads whose number had its limit: wait, or call; and the emergency number."""
        town, language = self.catalog.town, turn.conversation.language or self.catalog.town.languages[0]
        office = Digits(text=self.catalog.offices[town.main_office].phone)
        told = (
            say.phrase(say.TOO_MANY_TEXTS.id, number=office),
            say.phrase(say.EMERGENCY.id, number=Digits(text=town.emergency)),
        )
        return plain(" ".join(self.words.say(one, language, "sms") for one in told))

    def _text(self, nonce: str, channel: str, to: str, message: Message, turn: Turn) -> Text:
        return Text(
            nonce=nonce,
            channel=channel,
            to=to,
            body=message.text,
            conversation=turn.conversation.id,
            forced=turn.forced,
            options=message.options,
            turn=message.turn,
        )


def unused(unit: UnitOfWork, draw: Callable[[], str]) -> str:
    """Digits as this draws them that neither a case nor a code has."""
    while not unit.number_free(drawn := draw()):
        pass
    return drawn


def key(said: Inbound) -> str:
    """What makes a message the same message: on the phone the turn it answers, elsewhere the provider's id."""
    return f"turn:{said.turn}" if said.turn is not None else said.message_id


def content(said: Inbound) -> str:
    """A hash of what was said, to tell a repeated delivery from another answer to the same turn."""
    pick = f"{said.pick.choice}@{said.pick.turn}" if said.pick else ""
    recorded = said.recording.id if said.recording else ""
    whole = "\x1f".join((said.kind.value, said.text, said.keys, pick, *([recorded] if recorded else [])))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def _as_said(said: Inbound, was: Conversation) -> str:
    """The resident's words or keys; for a button the number that it stood for. Staff's own words are the answer."""
    if said.kind in BY_STAFF:
        return ""
    if said.pick:
        offers = (offer.partition("=") for offer in was.offered)
        return next((number for number, _, id in offers if id == said.pick.choice), "")
    return said.keys or said.text


def source(said: Inbound) -> str:
    """Whom tries at codes are counted for, as a hash: the address, else the conversation."""
    whole = said.address.value if said.address else said.conversation
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def audit_entry(said: Inbound, turn: Turn, meant: Understanding) -> AuditEntry:
    """Why the turn went as it did: ids, reasons, confidences; no words."""
    detail: dict[str, str | int | float] = {
        "kind": said.kind.value,
        "reason": turn.reason,
        "effects": ",".join(type(effect).__name__ for effect in turn.effects),
        "danger": int(bool(meant.danger)),
    }
    if meant.engine:
        detail |= {
            "engine": meant.engine,
            "service": meant.service,
            "act": meant.act.value if meant.act else "",
            "confidence": round(meant.confidence, 3),
            "version": meant.because.version,
        }
    return AuditEntry(conversation=said.conversation, event="turn", detail=detail, at=said.at)


def now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)
