"""A call's two ends, what the application is told about it, and what it needs of the exchange."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Protocol

from simulator.exchange.delivery import Delivered
from simulator.exchange.queues import Queues
from simulator.exchange.signing import Form

if TYPE_CHECKING:
    from simulator.exchange.recordings import Recordings

API_VERSION = "2010-04-01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """Who calls whom, and what the number (or the request that placed the call) says about it.

    `events` are the status events that are wanted; a number called from outside only reports completed.
    `answered_by_url` is told whether a person or a machine answered, where that is looked for.
    """

    sid: str
    account: str
    from_: str
    to: str
    url: str
    method: str = "POST"
    fallback_url: str = ""
    status_url: str = ""
    answered_by_url: str = ""
    direction: str = "inbound"
    events: frozenset[str] = frozenset({"completed"})
    extra: Form = ()

    @property
    def withheld(self) -> bool:
        """True without a number that could be shown or called back."""
        return not self.from_.startswith("+")

    def form(self, status: str, parameters: Form = ()) -> Form:
        """A voice request's form. Source: Twilio docs, voice/twiml, "Twilio's request to your application"."""
        return (
            ("CallSid", self.sid),
            ("AccountSid", self.account),
            ("From", self.from_),
            ("To", self.to),
            ("Caller", self.from_),
            ("Called", self.to),
            ("CallStatus", status),
            ("ApiVersion", API_VERSION),
            ("Direction", self.direction),
            *self.extra,
            *parameters,
        )


def event_parameters(event: str, number: int, when: datetime, seconds: float) -> Form:
    """What a status callback says beside the call's own form. Source: Twilio docs, voice/api/call-resource.

    `number` counts the events from 0; `seconds` is the length of a call that is over (Duration: minutes begun).
    """
    length = round(seconds)
    over = (("CallDuration", str(length)), ("Duration", str(-(-length // 60)))) if event == "completed" else ()
    return (
        ("Timestamp", format_datetime(when)),
        ("SequenceNumber", str(number)),
        ("CallbackSource", "call-progress-events"),
        *over,
    )


class Line(Protocol):
    """What a call needs of the exchange."""

    strict: bool
    own_numbers: frozenset[str]
    queues: Queues
    recordings: Recordings

    def deliver(self, url: str, form: Form, method: str) -> Delivered: ...
    def callback(self, url: str, form: Form) -> None: ...
    def note(self, code: int, url: str, what: str, sid: str) -> None: ...
    def now(self) -> datetime: ...
    def later(self, job: Callable[[], None]) -> None: ...
    def settle(self) -> None: ...
    def new_sid(self, kind: str) -> str: ...
