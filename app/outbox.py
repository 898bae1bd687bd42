"""Delivers the texts that are owed: take, send, mark; try again, or give up where staff can see it.

A text is marked as being sent, and that is committed, before the provider is called. So a worker that dies in
between leaves a text whose fate is unknown, never one that is sent twice: it is looked for in the
provider's own list, and if it is not there staff decide.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Protocol

from app.log import event
from app.metering import country, template_used, text_used
from core.delivery import Lost, Report
from core.errors import SendError, SendLater, SendNever, SendUnknown
from core.limits import COUNTRY_CLOSED
from core.ports import Inviter, Queued, Sender
from core.types import Address, Times
from core.usage import Used

BACK_OFF = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
)
"""How long to wait after the first, second ... refusal. After the last one the text is given up."""

LOOKS = (timedelta(seconds=20), timedelta(minutes=2), timedelta(minutes=15))
"""How long to wait before looking again for a text that may have been sent: a provider's list lags behind.
After the last look it stays unknown."""

RESEND = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4))
"""How long to wait before a text that did not arrive is sent again, the first time, the second ...: a telephone is off
for a meal, a visit or a night's rest. After the last one it is given up."""

INVITED_FOR = timedelta(days=3)
"""How long a text waits for a resident who was asked to write: over a weekend. After that it is given up."""

OUTSIDE = "63016"
"""The code of a text that may not go, since the resident wrote last too long ago: Twilio's own for it (api/errors)."""

LEASE = timedelta(minutes=2)
"""How long a text may be under way before it is taken for lost; several times a sender's own time limit."""

CLOCKS_DIFFER = timedelta(minutes=2)
"""How far a provider's clock may be behind ours."""

POLL = 1.0
"""Seconds between two looks for something to send."""

RANKS = {
    "accepted": 1,
    "scheduled": 1,
    "queued": 1,
    "sending": 2,
    "sent": 3,
    "delivered": 4,
    "undelivered": 4,
    "failed": 4,
    "canceled": 4,
    "read": 5,
}
"""A provider's reports in the order in which a text goes through them; nothing follows the last ones. They
arrive in any order, and more than once. Source: Twilio, "Message resource", status values."""


class OutboxStore(Protocol):
    """The rows of the outbox. Each method is one transaction of its own, committed when it returns."""

    def take(self, channels: Collection[str], now: datetime, lease: timedelta) -> Queued | None:
        """Mark the next text that is due as being sent, until `lease` has passed. A text waits for the
        earlier ones to its address, unless it is forced: a warning does not stand in a queue."""
        ...

    def allowed(self, address: Address) -> bool:
        """Whether texts may go to this address: it did not say STOP."""
        ...

    def sent(self, queued: Queued, provider_id: str, used: Used | None = None) -> None:
        """The provider took it; `used` is what it is paid for, if it is."""
        ...

    def later(self, queued: Queued, code: str, due: datetime) -> None:
        """The provider refused it; it is due again then."""
        ...

    def not_yet(self, queued: Queued, due: datetime) -> None:
        """It may not arrive before then; that was no try."""
        ...

    def failed(self, queued: Queued, code: str, why: Lost, now: datetime) -> None:
        """It is given up; an audit row says so. A number that gets no texts is remembered, and a STOP that the
        provider knew before us is noted."""
        ...

    def refused(self, queued: Queued, now: datetime) -> None:
        """It is not sent, because the resident said STOP."""
        ...

    def unknown(self, queued: Queued, code: str, look: datetime) -> None:
        """It may or may not have been sent; it is to be looked for then."""
        ...

    def expire(self, channels: Collection[str], now: datetime) -> None:
        """Texts under way longer than their lease become unknown, to be looked for now."""
        ...

    def doubtful(self, channels: Collection[str], now: datetime, again: datetime) -> tuple[Queued, int] | None:
        """An unknown text that is to be looked for by now, and how often it was before. Unless one of the
        next two is called, it is looked for again at `again`."""
        ...

    def found(self, queued: Queued, provider_id: str, used: Used | None = None) -> bool:
        """The provider has it: sent. False if that is another row's text with the same words."""
        ...

    def missed(self, queued: Queued, now: datetime, look: datetime | None) -> None:
        """The provider does not have it. Look again then; None: staff are to decide, and an audit row says
        so."""
        ...

    def reported(self, report: Report, rank: int, now: datetime) -> bool:
        """Note what the provider reports, if it ranks above what was noted before; whether it did. If the
        text was lost, an audit row says so, and a number that gets no texts is remembered until one arrives."""
        ...

    def lost(self, channels: Collection[str]) -> tuple[Queued, str, Lost] | None:
        """A text that a report says was lost for now, and that nobody has seen to yet, with the code and why."""
        ...

    def overtaken(self, queued: Queued) -> bool:
        """Whether it asks something in a conversation that has gone on since; then it is given up."""
        ...

    def resend(self, queued: Queued, code: str, why: Lost, due: datetime | None) -> None:
        """It is sent again then; None: it was lost for good."""
        ...

    def reached(self, address: Address) -> None:
        """A text came from there: it gets texts."""
        ...

    def heard(self, conversation: str) -> datetime | None:
        """When the resident last wrote there; None if they never did, or it is forgotten."""
        ...

    def invited(self, queued: Queued, provider_id: str, until: datetime, used: Used | None) -> None:
        """They were asked to write; it waits for that until then. `used` is what was paid for asking."""
        ...

    def answered(self, address: Address, now: datetime) -> None:
        """They wrote: what waited for that is due now."""
        ...


MayArrive = Callable[[str, Times, datetime], datetime]
"""The first moment from then on at which something may arrive at a number (or a chat) at these times."""


def _now() -> datetime:
    return datetime.now(UTC)


def _at_any_time(_to: str, _times: Times, now: datetime) -> datetime:
    return now


class Outbox:
    """Sends what `store` holds for the channels that `senders` names. On those of `within` a resident may be written to
    so long after they wrote; after that the channel's inviter, if there is one, asks them to write."""

    def __init__(
        self,
        store: OutboxStore,
        senders: Mapping[str, Sender],
        clock: Callable[[], datetime] = _now,
        lease: timedelta = LEASE,
        may_arrive: MayArrive = _at_any_time,
        within: Mapping[str, timedelta] | None = None,
        inviters: Mapping[str, Inviter] | None = None,
    ) -> None:
        self._may_arrive = may_arrive
        self._store = store
        self._senders = senders
        self._clock = clock
        self._lease = lease
        self._within = within or {}
        self._inviters = inviters or {}

    def deliver_once(self, now: datetime) -> int:
        """Deal with everything that is due; how many texts that were, sent or not."""
        began = time.monotonic()
        done = 0
        while self._deal_with_one(now + timedelta(seconds=time.monotonic() - began)):
            done += 1
        return done

    def run(self, stop: Event, bell: Event | None = None) -> None:
        """Deliver until `stop` is set. Whatever goes wrong is logged by its name, and tried again.

        Who knows that there is something to send rings the `bell`, and it is not waited for; ring it to stop, too.
        """
        while not stop.is_set():
            if self._try_one():
                continue
            (bell or stop).wait(POLL)
            if bell:
                bell.clear()

    def _try_one(self) -> bool:
        try:
            return self._deal_with_one(self._clock())
        except Exception as fault:  # the outermost of the worker: the next text may well be fine
            event("outbox_fault", level=logging.ERROR, fault=type(fault).__name__)
            return False

    def _deal_with_one(self, now: datetime) -> bool:
        """Look for one text that may have been sent, or send one; whether there was any."""
        self._store.expire(self._senders, now)
        doubtful = self._store.doubtful(self._senders, now, now + LOOKS[-1])
        if doubtful is not None:
            self._look_for(*doubtful, now)
            return True
        lost = self._store.lost(self._senders)
        if lost is not None:
            self._resend(*lost, now)
            return True
        queued = self._store.take(self._senders, now, self._lease)
        if queued is not None:
            self._send(queued, now)
        return queued is not None

    def _send(self, queued: Queued, now: datetime) -> None:
        text = queued.text
        if not text.forced and not self._store.allowed(Address(channel=text.channel, value=text.to)):
            return self._store.refused(queued, now)
        if queued.resends and self._store.overtaken(queued):
            return None
        due = self._may_arrive(text.to, text.times, now) if text.times else now
        if due > now:
            return self._store.not_yet(queued, due)
        if self._outside(queued, now):
            return self._invite(queued, now)
        try:
            provider_id = self._senders[text.channel].send(text)
        except SendUnknown as fault:
            self._store.unknown(queued, fault.code, now + LOOKS[0])
        except (SendLater, SendNever) as fault:
            self._refused(queued, fault, now)
        else:
            self._store.sent(queued, provider_id, text_used(queued, provider_id))

    def _refused(self, queued: Queued, fault: SendLater | SendNever, now: datetime) -> None:
        if isinstance(fault, SendLater):
            return self._try_later(queued, fault, now)
        self._store.failed(queued, fault.code, fault.why, now)
        if fault.code in COUNTRY_CLOSED:
            event("country_closed", level=logging.ERROR, country=country(queued.text.to), code=fault.code)

    def _outside(self, queued: Queued, now: datetime) -> bool:
        """Whether the resident wrote last too long ago for this text to go."""
        within = self._within.get(queued.text.channel)
        if within is None:
            return False
        heard = self._store.heard(queued.text.conversation)
        return heard is None or now - heard >= within

    def _invite(self, queued: Queued, now: datetime) -> None:
        """Ask them to write, once for one text. Whether they were asked is not known where the provider's answer did
        not come: they are waited for all the same, since to be asked twice tells nothing more."""
        inviter = self._inviters.get(queued.text.channel)
        if inviter is None or queued.invited:
            return self._store.failed(queued, OUTSIDE, Lost.WINDOW, now)
        provider_id = ""
        try:
            provider_id = inviter.invite(queued.text)
        except SendUnknown as fault:
            event("invitation_unknown", level=logging.WARNING, outbox=queued.id, code=fault.code)
        except (SendLater, SendNever) as fault:
            return self._refused(queued, fault, now)
        used = template_used(queued, provider_id) if provider_id else None
        self._store.invited(queued, provider_id, now + INVITED_FOR, used)

    def _try_later(self, queued: Queued, fault: SendLater, now: datetime) -> None:
        if queued.attempts > len(BACK_OFF):
            return self._store.failed(queued, fault.code, Lost.BUSY, now)
        wait = max(BACK_OFF[queued.attempts - 1], timedelta(seconds=fault.wait))
        self._store.later(queued, fault.code, now + wait)

    def _resend(self, queued: Queued, code: str, why: Lost, now: datetime) -> None:
        """Send it again later, unless that was tried often enough."""
        waits = RESEND[queued.resends :]
        self._store.resend(queued, code, why, now + waits[0] if waits else None)

    def _look_for(self, queued: Queued, looks: int, now: datetime) -> None:
        try:
            provider_id = self._senders[queued.text.channel].find(queued.text, queued.created - CLOCKS_DIFFER)
        except SendError:
            return  # a provider that does not answer proves nothing; it is asked until it does
        if not provider_id or not self._store.found(queued, provider_id, text_used(queued, provider_id)):
            waits = LOOKS[looks + 1 :]
            self._store.missed(queued, now, now + waits[0] if waits else None)

    def reached(self, address: Address) -> None:
        """A text came from there: whatever was known of it, it gets texts."""
        self._store.reached(address)

    def answered(self, address: Address) -> None:
        """They wrote, and that is kept: what waited for it may go."""
        if address.channel in self._within:
            self._store.answered(address, self._clock())

    def receipt(self, report: Report) -> bool:
        """Note a provider's report about a text; whether it told anything new.

        A report may come before the text is marked as sent, twice, or in the wrong order. Unknown words are
        passed over.
        """
        rank = RANKS.get(report.status, 0)
        return rank > 0 and self._store.reported(report, rank, self._clock())
