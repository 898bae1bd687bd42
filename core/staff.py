"""What the desk knows: its people, the requests for a person, and what was said in the conversation behind one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.callbacks import Promise
from core.delivery import Lost
from core.labels import Label
from core.render import Message
from core.types import (
    RULE_ENGINE,
    Address,
    Answer,
    CaseStatus,
    ConsentSource,
    Kind,
    Medium,
    Understanding,
    WhyPerson,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A member of staff. `department` "" sees all requests; `phone` (E.164) rings for "call now"."""

    id: int
    login: str
    name: str
    department: str = ""
    phone: str = ""
    language: str = "en"
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Someone signed in: since when, when their console last asked for anything, and when they last did something."""

    person: Staff
    began: datetime
    seen: datetime
    used: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request for a person, as the desk sees it, with the call that is owed to it."""

    id: int
    conversation: str
    medium: Medium
    address: Address | None
    why: WhyPerson
    language: str
    service: str
    department: str
    callback: str
    live: bool
    words: str
    status: str
    created: datetime
    claimed_by: int | None
    claimed_name: str
    settled: datetime | None
    outcome: str
    label: Label | None = None
    promise: Promise | None = None

    @property
    def danger(self) -> bool:
        """Whether danger was told of."""
        return self.why is WhyPerson.DANGER

    @property
    def texts(self) -> Address | None:
        """Where a text to them goes: their channel, after a call their telephone; None where that is not known."""
        if self.medium is Medium.VOICE:
            return Address(channel="sms", value=self.number) if self.number else None
        return self.address

    @property
    def number(self) -> str:
        """The telephone number to ring (E.164), "" if none is known."""
        by_phone = self.address is not None and self.address.value.startswith("+")
        return self.callback or (self.address.value if self.address and by_phone else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Something that was applied for or reported, as the desk sees it."""

    reference: str
    conversation: str
    service: str
    language: str
    answers: Mapping[str, Answer]
    status: CaseStatus
    opened: datetime
    label: Label | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a member of staff says was meant by words of a resident (`core.meanings`)."""

    meant: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """Words of a resident, in one of the languages, what was believed of them, and what staff say they meant."""

    words: str
    language: str
    believed: str
    meant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One turn of a conversation: what was said and what was answered. `by` names the member of staff who wrote.
    `key` is the turn's in its conversation."""

    key: str
    version: int
    at: datetime
    kind: Kind
    said: str
    meant: Understanding
    danger: bool
    messages: tuple[Message, ...]
    by: str = ""
    correction: Correction | None = None

    @property
    def free(self) -> bool:
        """Whether a resident said it in words that had to be understood: no key, no number, no exact command."""
        in_words = self.kind is Kind.TEXT and any(letter.isalpha() for letter in self.said)
        return in_words and self.meant.engine != RULE_ENGINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What staff wrote for each other."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneCall:
    """A call that staff placed, and what became of it."""

    at: datetime
    by: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedCall:
    """Who a call of staff joins: the resident who waits in the queue of the conversation (`live`), else a `number`.
    `result` is what became of the call so far."""

    conversation: str
    live: bool
    number: str
    language: str
    staff_language: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a resident said in their own voice. `status` is wanted, fetched, here, unwanted, lost or gone
    (`store.schema`), `code` why the last try failed; `silent` is None where that can not be told. `words` are what
    staff typed of it, and `by` names who did."""

    id: str
    seconds: int
    made: datetime
    status: str
    code: str
    silent: bool | None
    words: str = ""
    by: str = ""

    @property
    def playable(self) -> bool:
        """Whether the sound is kept here."""
        return self.status in ("fetched", "here")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A text to the resident, and what became of it: the provider's last report ("delivered", "undelivered" or
    "failed"), else the outbox's status; the provider's code, and why it did not arrive, None where it may have.
    `again` is when it is sent once more, None if it is not."""

    at: datetime
    body: str
    status: str
    code: str
    why: Lost | None = None
    again: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """That texts were stopped or allowed at an address, and where we have it from (None: noted before that was kept).
    `by` names the member of staff who was told."""

    at: datetime
    allowed: bool
    source: ConsentSource | None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Everything there is to know about a request. `version` is that of the newest thing the resident did;
    `form` is the service whose questions the `answers` are to. `consents` are what was noted of texts to their address,
    oldest first; `no_texts` is why it gets none, as far as is known."""

    request: Request
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]
    calls: tuple[PhoneCall, ...]
    texts: tuple[Sent, ...]
    recordings: tuple[Recorded, ...]
    answers: Mapping[str, Answer]
    form: str
    references: tuple[str, ...]
    version: int
    stopped: bool
    ended: bool
    consents: tuple[Consent, ...] = ()
    no_texts: Lost | None = None
