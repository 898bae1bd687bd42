"""What the core's shell needs from the outside, named for the job. Each has one real implementation and a fake."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.labels import Label
from core.render import Message, Option
from core.types import (
    Address,
    CaseDetails,
    CaseStatus,
    CodeFound,
    Conversation,
    Kind,
    Phrase,
    Read,
    Reading,
    Times,
    Turn,
    Understanding,
    Unfinished,
)


class Recognizer(Protocol):
    """Understands free words."""

    def parse(self, text: str, language: str) -> Understanding:
        """What the words mean; never raises for any text."""
        ...


class Reader(Protocol):
    """Reads a typed value out of words."""

    def read(self, read: Read) -> Reading:
        """One value, candidates, or neither; never raises for any text."""
        ...


class Sealer(Protocol):
    """Keeps secret numbers so that they can be compared and not be read. Slow: no lock may be held meanwhile."""

    def seal(self, digits: str) -> str:
        """The digits, sealed; without blanks."""
        ...

    def fits(self, sealed: str, digits: str) -> bool:
        """Whether these are the digits that were sealed. With `sealed` "" they are none's, which takes as long."""
        ...


class Words(Protocol):
    """Puts phrases into a language."""

    def say(self, phrase: Phrase, language: str, context: str = "") -> str:
        """The phrase in words. `context` is "voice", "sms" or "chat": that wording where there is one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A message that was answered before: a hash of what it said, and the answer that was given."""

    content: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What one turn writes beside the new state. `key` is the message's, unique in its conversation.

    `kind`, `said` and `meant` are what staff read: what was done, in the resident's own words or keys, and what was
    believed of it. `staff` is who did it, None for the resident. `label` is for the case or the request for a person
    that words are left with. `day` tells contacts in one thread apart: the town's day, "" for a call.
    """

    key: str
    content: str
    messages: tuple[Message, ...]
    at: datetime
    kind: Kind = Kind.TEXT
    said: str = ""
    meant: Understanding | None = None
    staff: int | None = None
    label: Label | None = None
    day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text to send: one outbox row. `nonce` makes it unique, so that a retry of the turn adds no second one.

    `options` are the choices in it, of the prompt of `turn`, for a channel that has buttons.
    """

    nonce: str
    channel: str
    to: str
    body: str
    conversation: str
    forced: bool = False
    """Sent although the resident said STOP: only the answer to danger and the one STOP reply."""
    options: tuple[Option, ...] = ()
    turn: int = 0
    times: Times | None = None
    """When it may arrive, where the resident said so; None: at any time."""
    due: datetime | None = None
    """When it is to be sent, of one that is not to be sent at once."""
    refused: str = ""
    """Why it is not sent (`core.limits.Refusal`), though staff are to see it; "" if it is to be sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """An outbox row as taken for delivery. `attempts` counts this one; `resends` how often it was sent in vain before.
    `provider_id` is the provider's of what was sent last, "" for none. `invited`: they were asked to write, since it
    may not go before they do."""

    id: int
    text: Text
    attempts: int
    created: datetime
    resends: int = 0
    provider_id: str = ""
    invited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One update of a provider, as it came. `id` is the provider's, and unique; `conversation` is "" where it belongs
    to none; `payload` is the provider's JSON; `came` is when it was stored."""

    id: int
    conversation: str
    payload: str
    came: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperKeys:
    """What opens a case to who acts for its resident by a mandate (its id): their own number, sealed, "" until they
    have chosen one, and until then their first code, sealed."""

    mandate: str
    sealed: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Why something was decided: ids, reasons and confidences, never words, names or numbers."""

    conversation: str
    event: str
    detail: Mapping[str, str | int | float]
    at: datetime


class UnitOfWork(Protocol):
    """One transaction. Leaving without `commit` rolls back. Reads see what the transaction wrote."""

    def conversation(self, id: str) -> Conversation | None:
        """The conversation, or None for a new one."""
        ...

    def before(self, conversation: str, key: str) -> tuple[Conversation | None, Stored | None]:
        """The conversation, or None for a new one, and the answer already given to this message of it."""
        ...

    def unfinished(self, address: Address, besides: str, now: datetime) -> Unfinished | None:
        """The newest form begun from this address in another conversation and not finished or forgotten."""
        ...

    def spoken(self, address: Address, besides: str) -> str:
        """The language in which the newest other call from this number was held, "" if none is kept."""
        ...

    def case_status(self, reference: str) -> CaseStatus | None:
        """How far a case is; None if there is none with this reference."""
        ...

    def opens(self, reference: str, now: datetime) -> bool:
        """Whether anybody has a secret number with which this case can be heard."""
        ...

    def pin(self, reference: str) -> str:
        """The secret number of a case, sealed; "" if it has none."""
        ...

    def pin_closed(self, reference: str, source: str, now: datetime) -> bool:
        """Whether no secret number is looked at now: too many were wrong for this case, from this source, or in all."""
        ...

    def helper(self, reference: str, number: str, now: datetime) -> HelperKeys | None:
        """What opens this case to a helper who calls from this number (E.164); None if none may act there."""
        ...

    def details(self, reference: str, now: datetime, mandate: str = "") -> CaseDetails | None:
        """What a case says; with a mandate None as soon as that does not stand any more."""
        ...

    def code(self, code: str, now: datetime) -> CodeFound | None:
        """What an unspent, unexpired continuation code carries."""
        ...

    def tries_left(self, source: str, now: datetime) -> int:
        """How many wrong codes and references this source may still try (0 or more); `source` may be ""."""
        ...

    def number_free(self, reference: str) -> bool:
        """Whether neither a case nor a live code has these digits."""
        ...

    def allowed(self, address: Address) -> bool:
        """Whether texts may go to this address: it did not say STOP."""
        ...

    def asked(self, conversation: str, address: Address | None, now: datetime) -> bool:
        """Whether they are not to be asked if they got what they needed: they were lately, in this conversation or at
        this address; or in this one, or another of the same channel and address, they told of danger, or asked for a
        person."""
        ...

    def playable(self, recording: str) -> bool:
        """Whether this recording has come from the provider, and is still kept."""
        ...

    def promised(self, department: str) -> Mapping[datetime, int]:
        """How many calls the department still owes in each window, by the moment at which it begins."""
        ...

    def call_backs_took(self, department: str, since: datetime) -> tuple[float, ...]:
        """Seconds from taking a request to being done with it, of the newest ones since then that led to a talk by
        telephone."""
        ...

    def gets_texts(self, address: Address) -> bool:
        """Whether texts can arrive there, as far as is known: none was lost because the number gets none."""
        ...

    def lock(self, conversation: str) -> None:
        """Hold the conversation until the end of the transaction, against other writers."""
        ...

    def save(self, was: Conversation, turn: Turn, answered: Answered, source: str) -> None:
        """Save the new state, the answer and what the effects say. Raises `core.errors.Raced` if another turn of the
        conversation was saved since `was` was read, `core.errors.GuardFailed` if a code was spent, the last
        place in a window taken, or a case closed to secret numbers meanwhile."""
        ...

    def enqueue(self, text: Text, at: datetime) -> None:
        """Add an outbox row."""
        ...

    def audit(self, entry: AuditEntry) -> None:
        """Append an audit row."""
        ...

    def commit(self) -> None:
        """Make it last."""
        ...


class Storage(Protocol):
    """The database."""

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction that only reads."""
        ...

    def writing(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction that writes: on SQLite the one writer."""
        ...


class Sender(Protocol):
    """Sends texts through one provider."""

    def send(self, text: Text) -> str:
        """Send it and return the provider's id. Raises `core.errors.SendLater`, `SendNever` or `SendUnknown`."""
        ...

    def find(self, text: Text, since: datetime) -> str:
        """The provider's id of a text like this one sent since then, "" if it has none."""
        ...


class Inviter(Protocol):
    """Asks a resident to write to us, in words that the provider has approved: they may go where ours may not."""

    def invite(self, text: Text) -> str:
        """Ask the one whom this text is for, and return the provider's id. Raises as `Sender.send` does."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How the installation is, in counts and ages (seconds, 0 where there is none): texts to send, and requests."""

    unsent: int
    oldest_unsent: float
    failed: int
    unknown: int
    waiting: int
    oldest_waiting: float
    claimed: int
    danger: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A call that we owe, for a missed one, or with `news` of the case of this reference at these `times`. `tries`
    counts this one."""

    id: int
    number: str
    tries: int
    news: str = ""
    times: Times | None = None


class Caller(Protocol):
    """Places telephone calls through one provider."""

    def place(self, to: str, call: int) -> str:
        """Ring a member of staff at `to` (E.164) for the call with this id of ours, and return the provider's id.
        Raises `core.errors.SendLater`, `SendNever` or `SendUnknown`."""
        ...

    def call_back(self, to: str, ring: int) -> str:
        """Ring who rang us at `to` (E.164), for the ring with this id of ours; whoever takes it hears the line's
        greeting. Returns and raises as `place`."""
        ...

    def tell(self, to: str, ring: int) -> str:
        """The same, with news: whoever takes it, or whatever records it, hears those."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A recording with which something is to be done: it is wanted (to be fetched), fetched (to be deleted at the
    provider) or unwanted (to be deleted everywhere). `attempts` counts this one."""

    id: str
    conversation: str
    status: str
    attempts: int


class Recorder(Protocol):
    """What the provider recorded."""

    def fetch(self, id: str) -> bytes:
        """The sound of a recording: a WAV file of a call, an Ogg file of a chat. Raises `core.errors.SendLater` where
        it may come yet, `SendNever` where it will not, or is none of what we take."""
        ...

    def delete(self, id: str) -> None:
        """Delete it at the provider; one that is gone already is deleted. Raises `core.errors.SendError`."""
        ...


class Files(Protocol):
    """Where files are kept. A name is 1 to 64 letters, digits, `.`, `-` and `_`, and begins with a letter."""

    def put(self, name: str, content: bytes) -> None:
        """Keep a file, wholly or not at all; in place of one of that name. Raises OSError."""
        ...

    def get(self, name: str) -> bytes | None:
        """What is in the file, None if there is none. Raises OSError."""
        ...

    def delete(self, name: str) -> None:
        """Delete the file, if there is one. Raises OSError."""
        ...


class Sequencer(Protocol):
    """Draws numbers that cannot be guessed."""

    def reference(self) -> str:
        """Nine digits with a check digit."""
        ...

    def code(self) -> str:
        """Eight digits with a check digit."""
        ...
