"""What would be decided: the assistant that really runs, asked from any state, while nothing is kept.

The engine, the reading of values and the words are the real ones. Only the database is imagined: it holds one
conversation as it stands, a case, a code and a form that was left unfinished, and throws away what it is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, cached_property

from app import bootstrap
from app.assistant import Assistant
from app.bootstrap import Plainline
from app.channels import Channel
from core import codes
from core.ports import Answered, AuditEntry, HelperKeys, Recognizer, Stored, Text, UnitOfWork
from core.render import Message
from core.types import (
    WHATSAPP,
    Address,
    CaseDetails,
    CaseStatus,
    CodeFound,
    Conversation,
    Inbound,
    Medium,
    Turn,
    Unfinished,
)

CASE = codes.reference(12345678)
CODE = codes.code(7654321)


class SameNumbers:
    """Draws the same numbers always, so that two ways to one state lead to the same one."""

    def reference(self) -> str:
        return codes.reference(11111111)

    def code(self) -> str:
        return codes.code(1111111)


class Remembering:
    """The engine, asked once for the same words. `core.ports.Recognizer`."""

    def __init__(self, engine: Recognizer) -> None:
        self.parse = cache(engine.parse)


@dataclass(kw_only=True)
class ImaginedUnit:
    """A transaction in which everything is as imagined."""

    was: Conversation | None
    service: str
    saved: Turn | None = None
    answer: tuple[Message, ...] = ()

    def conversation(self, id: str) -> Conversation | None:
        return self.was

    def before(self, conversation: str, key: str) -> tuple[Conversation | None, Stored | None]:
        return self.was, None

    def unfinished(self, address: Address, besides: str, now: datetime) -> Unfinished | None:
        left = now - timedelta(minutes=5)
        return Unfinished(conversation="before", service=self.service, step=0, answers={}, at=left)

    def spoken(self, address: Address, besides: str) -> str:
        return ""

    def case_status(self, reference: str) -> CaseStatus | None:
        return CaseStatus.IN_WORK if reference == CASE else None

    def opens(self, reference: str, now: datetime) -> bool:
        return False

    def asked(self, conversation: str, address: Address | None, now: datetime) -> bool:
        return False

    def pin(self, reference: str) -> str:
        return ""

    def pin_closed(self, reference: str, source: str, now: datetime) -> bool:
        return False

    def helper(self, reference: str, number: str, now: datetime) -> HelperKeys | None:
        return None

    def details(self, reference: str, now: datetime, mandate: str = "") -> CaseDetails | None:
        return None

    def code(self, code: str, now: datetime) -> CodeFound | None:
        return CodeFound(service=self.service, starting=False, language="") if code == CODE else None

    def tries_left(self, source: str, now: datetime) -> int:
        return 5

    def number_free(self, reference: str) -> bool:
        return True

    def allowed(self, address: Address) -> bool:
        return True

    def playable(self, recording: str) -> bool:
        return True

    def promised(self, department: str) -> Mapping[datetime, int]:
        return {}

    def call_backs_took(self, department: str, since: datetime) -> tuple[float, ...]:
        return ()

    def gets_texts(self, address: Address) -> bool:
        return True

    def lock(self, conversation: str) -> None:
        return None

    def save(self, was: Conversation, turn: Turn, answered: Answered, source: str) -> None:
        self.saved, self.answer = turn, answered.messages

    def enqueue(self, text: Text, at: datetime) -> None:
        return None

    def audit(self, entry: AuditEntry) -> None:
        return None

    def commit(self) -> None:
        return None


@dataclass(kw_only=True)
class ImaginedStorage:
    """Gives the one transaction."""

    unit: ImaginedUnit

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        yield self.unit

    writing = reading


@dataclass(frozen=True, kw_only=True)
class Imagined:
    """Asks what would be decided. `service` is the one that codes and unfinished forms are about."""

    plainline: Plainline
    service: str

    @cached_property
    def _unit(self) -> ImaginedUnit:
        return ImaginedUnit(was=None, service=self.service)

    @cached_property
    def _assistant(self) -> Assistant:
        storage = ImaginedStorage(unit=self._unit)
        of = self.plainline
        language = replace(of.language, recognizer=Remembering(of.language.recognizer))
        return bootstrap.assistant(of.catalog, of.words, language, storage, SameNumbers())

    def channel(self, medium: Medium) -> Channel:
        """The channel of a medium; of a chat the one with buttons."""
        ours = (c for c in self.plainline.channels if c.name != WHATSAPP)
        return next(c for c in ours if c.capabilities.medium is medium)

    def would(self, was: Conversation | None, said: Inbound) -> tuple[Turn | None, tuple[Message, ...]]:
        """What would be decided in this state, and said. None if nothing would be saved."""
        self._unit.was, self._unit.saved, self._unit.answer = was, None, ()
        said = replace(said, turn=None if said.turn is None or was is None else was.turn)
        heard = self._assistant.handle(said, self.channel(said.medium).capabilities)
        return self._unit.saved, heard
