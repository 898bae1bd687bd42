"""Calls that staff place: their own telephone rings first, then they are joined with the resident.

Before anything is said of the resident, whoever answers presses a key: a voicemail hears no private word. What became
of the call is kept; the intent is written before the provider is asked, so that no call is placed twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.desk import Desk, DeskStore
from app.log import event
from app.promised_calls import PromisedCalls
from core import desk_words as words
from core.errors import Conflict, SendError
from core.handoffs import REACHED
from core.limits import COUNTRY_CLOSED
from core.ports import Caller
from core.staff import JoinedCall, Staff
from core.types import Phrase

PLACING, RINGING, JOINING, PICKED_UP = "placing", "ringing", "joining", "picked_up"
MACHINE_THERE, FAX_THERE, ACCEPTED = "machine_there", "fax_there", "accepted"
COURSE = (PLACING, RINGING, JOINING, PICKED_UP, MACHINE_THERE, FAX_THERE, ACCEPTED)
"""A call that is not over, from its beginning on. What is told of it late or twice brings it back to none of these."""

RESULTS: Mapping[str, Phrase] = {
    PLACING: words.CALL_PLACING,
    RINGING: words.CALL_RINGING,
    JOINING: words.CALL_PLACING,
    PICKED_UP: words.CALL_PICKED_UP,
    MACHINE_THERE: words.CALL_PERHAPS_MACHINE,
    FAX_THERE: words.CALL_PERHAPS_FAX,
    ACCEPTED: words.CALL_ACCEPTED,
    "not_placed": words.CALL_NOT_PLACED,
    "staff_not_reached": words.CALL_STAFF_NOT_REACHED,
    "not_accepted": words.CALL_NOT_ACCEPTED,
    "completed": words.CALL_COMPLETED,
    "busy": words.CALL_BUSY,
    "no-answer": words.CALL_NO_ANSWER,
    "machine": words.CALL_MACHINE,
    "fax": words.CALL_FAX,
    "failed": words.CALL_FAILED,
}
"""What became of a call, in words for staff."""

NOT_JOINED: Mapping[str, str] = {
    PICKED_UP: "not_accepted",
    MACHINE_THERE: "machine",
    FAX_THERE: "fax",
    ACCEPTED: "failed",
}
"""What a call came to that was taken up and then not joined, by what was known of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCalls:
    """Places the calls. `caller` is None where no provider is set up."""

    desk: Desk
    store: DeskStore
    promises: PromisedCalls
    caller: Caller | None
    clock: Callable[[], datetime]

    def call(self, staff: Staff, id: int, nonce: str) -> None:
        """Ring the member of staff, then join them with the resident. Raises `Conflict` where that can not be."""
        if self.caller is None:
            raise Conflict(words.NO_CALLS_HERE)
        if not staff.phone:
            raise Conflict(words.NO_PHONE_OF_YOURS)
        call = self.desk.about_to_call(staff, id, nonce)
        if call is None:
            return
        try:
            sid = self.caller.place(staff.phone, call)
        except SendError as refused:
            event("call_not_placed", call=call, code=refused.code)
            self.result(call, "not_placed")
            closed = refused.code in COUNTRY_CLOSED
            raise Conflict(words.CALL_COUNTRY_CLOSED if closed else words.CALL_NOT_PLACED) from refused
        self.store.call_placed(call, sid)
        self._goes_on(call, RINGING)

    def joined(self, call: int) -> JoinedCall | None:
        """Who is to be joined in a call."""
        return self.store.joined(call)

    def joining(self, call: int) -> None:
        """The member of staff is there, and the resident is being joined."""
        self._goes_on(call, JOINING)

    def staff_gone(self, call: int) -> None:
        """Their own side is over. Once they were being joined, what became of the resident's side is told apart, and
        may come later."""
        self.store.call_result(call, "staff_not_reached", (PLACING, RINGING), self.clock())

    def picked_up(self, call: int) -> None:
        """Somebody, or a voicemail, took the call at the resident's telephone."""
        self._goes_on(call, PICKED_UP)

    def answered_by(self, call: int, who: str) -> None:
        """The provider takes whoever took the call at the resident's telephone for this (its AnsweredBy). It may be
        wrong: nobody is cut off, and who presses the key is joined all the same."""
        if who == "fax":
            self._goes_on(call, FAX_THERE)
        elif who.startswith("machine"):
            self._goes_on(call, MACHINE_THERE)

    def accepted(self, call: int) -> None:
        """Whoever is at the resident's telephone pressed the key: it was no machine."""
        self._goes_on(call, ACCEPTED)

    def over(self, call: int, was: str, status: str, *, talked: bool) -> None:
        """The resident's side is over, of which `was` was known: the provider's word for it, and whether they were
        joined."""
        not_joined = NOT_JOINED.get(was, "not_accepted" if status in REACHED else status)
        self.result(call, "completed" if talked else not_joined)

    def result(self, call: int, result: str) -> None:
        """Keep what became of the call; the first end stays."""
        known = result if result in RESULTS and result not in COURSE else "failed"
        self.promises.over(call, known, COURSE)

    def _goes_on(self, call: int, result: str) -> None:
        self.store.call_result(call, result, COURSE[: COURSE.index(result)])
