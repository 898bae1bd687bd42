"""What Twilio tells of a call that staff placed, in disorder: late, twice, in any order, never, or from somebody else.

What stands there of the call never goes back, and its first end stays. Nothing else is changed by it.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.desk_calls import (
    ACCEPTED,
    COURSE,
    FAX_THERE,
    JOINING,
    MACHINE_THERE,
    NOT_JOINED,
    PICKED_UP,
    PLACING,
    RESULTS,
    RINGING,
)
from core.handoffs import REACHED
from core.staff import Staff
from ivr.inbound import ENDED
from ivr.links import STAFF, link
from simulator.exchange.exchange import ACCOUNT
from store import schema
from tests.calls.line import OPEN, OURS, SECRET, Line, Posted, twilio_signs
from tests.proof.at_desk import at_the_desk
from tests.proof.disorder import WHICH, Rows, another_token, needs, next_serial, rows_about

PHONE = "+14155550190"
STATUSES = st.sampled_from(("completed", "answered", "busy", "no-answer", "failed", "canceled", "nonsense"))


class StaffCalls(RuleBasedStateMachine):
    """A clerk calls somebody who waits on the line, or who is to be called back."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.line = line
        line.clock.now = OPEN
        self.number = f"+1415{next_serial() + 3_000_000:07}"
        self.sent: list[tuple[str, dict[str, str]]] = []
        self.stands = ""
        self.ended = False
        self.call = 0
        self.before: Rows = {}

    @initialize(live=st.booleans())
    def staff_call_somebody(self, live: bool) -> None:
        """Who waits on the line, or was promised a call."""
        clerk = at_the_desk(self.line, PHONE)
        caller = self.line.at_home(from_=self.number).press("0")
        if not live:
            self.line.plainline.accounts.sign_out_everywhere(clerk)
            caller.call.hang_up()
        self.line.exchange.settle()
        self.conversation = caller.call.sid
        self.places(clerk)
        self.before = self.everything_else()

    def places(self, clerk: Staff) -> None:
        """The provider takes the call, and nothing of it is told yet."""
        (request,) = self.line.rows(schema.handoffs, schema.handoffs.c.conversation == self.conversation)
        self.line.plainline.desk.claim(clerk, request.id, f"claim {self.number}")
        self.line.plainline.desk_calls.call(clerk, request.id, f"call {self.number}")
        self.call = self.row().id
        self.stands = RINGING

    # --- what is told ------------------------------------------------------------------------------------------

    @rule()
    def the_clerks_telephone_is_taken_up(self) -> None:
        assert "<Gather" in self.told("/voice/staff", {}).body

    @rule(key=st.sampled_from("1290"))
    def the_clerk_presses_a_key(self, key: str) -> None:
        self.goes_on(JOINING if key == "1" else "")
        assert ("<Dial" in self.told("/voice/staff/join", {"Digits": key}).body) == (key == "1")

    @rule()
    def the_residents_telephone_is_taken_up(self) -> None:
        self.goes_on(PICKED_UP)
        assert "<Gather" in self.told("/voice/staff/resident", {}).body

    @rule(who=st.sampled_from(("human", "machine_start", "machine_end_beep", "fax", "unknown", "")))
    def the_line_hears_who_took_it(self, who: str) -> None:
        self.goes_on({"": "", "human": "", "unknown": "", "fax": FAX_THERE}.get(who, MACHINE_THERE))
        assert self.told("/voice/staff/answered-by", {"AnsweredBy": who}, expected=204).body == ""

    @rule(key=st.sampled_from("12"))
    def the_resident_presses_a_key(self, key: str) -> None:
        self.goes_on(ACCEPTED if key == "1" else "")
        assert ("<Hangup" in self.told("/voice/staff/accept", {"Digits": key}).body) == (key != "1")

    @rule(status=STATUSES, bridged=st.sampled_from(("true", "false", "")))
    def the_residents_side_is_over(self, status: str, bridged: str) -> None:
        talked = bridged == "true" or (not bridged and status in REACHED)
        unaccepted = NOT_JOINED.get(self.stands) or ("not_accepted" if status in REACHED else "")
        self.ends("completed" if talked else unaccepted or status)
        said = {"DialCallStatus": status, **({"DialBridged": bridged} if bridged else {})}
        assert "<Hangup" in self.told("/voice/staff/over", said).body

    @rule(status=st.sampled_from(("ringing", "in-progress", "completed", "busy", "no-answer", "failed")))
    def the_clerks_side_changes(self, status: str) -> None:
        if status in ENDED and self.stands in (PLACING, RINGING):
            self.ends("staff_not_reached")
        assert self.told("/voice/staff/status", {"CallStatus": status}, expected=204).body == ""

    # --- what only seems to ------------------------------------------------------------------------------------

    @rule(which=WHICH)
    @needs("ended")
    def something_comes_again_after_the_end(self, which: int) -> None:
        path, form = self.sent[which % len(self.sent)]
        assert self.line.post(path, form, sign=twilio_signs).status in (200, 204)

    @rule(which=WHICH)
    @needs("sent")
    def somebody_else_sends_it(self, which: int) -> None:
        path, form = self.sent[which % len(self.sent)]
        for sign in (None, another_token):
            assert self.line.post(path, form, sign=sign).status == 403

    @rule(which=WHICH)
    @needs("sent")
    def it_comes_for_another_call(self, which: int) -> None:
        """Signed by the provider, but the address was made for another call of ours."""
        path, form = self.sent[which % len(self.sent)]
        other = path.replace(f"id={self.call}&", f"id={self.call + 1}&")
        assert other != path
        assert self.line.post(other, form, sign=twilio_signs).status == 403

    # --- how ---------------------------------------------------------------------------------------------------

    def told(self, path: str, said: dict[str, str], expected: int = 200) -> Posted:
        """Post it as Twilio would."""
        address = link(path, SECRET, STAFF, id=str(self.call)).partition("#")[0]
        form = {"AccountSid": ACCOUNT, "CallSid": f"CA{self.call:032x}", "From": OURS, "To": PHONE, **said}
        self.sent.append((address, form))
        answer = self.line.post(address, form, sign=twilio_signs)
        assert answer.status == expected
        return answer

    def goes_on(self, result: str) -> None:
        """So much more is known of it, unless more is known already."""
        if result and not self.ended and COURSE.index(result) > COURSE.index(self.stands):
            self.stands = result

    def ends(self, result: str) -> None:
        """It is over; only the first end counts."""
        if not self.ended:
            self.ended, self.stands = True, result if result in set(RESULTS) - set(COURSE) else "failed"

    def row(self) -> Any:
        """What stands there of the call."""
        (row,) = self.line.rows(schema.phone_calls, schema.phone_calls.c.nonce == f"call {self.number}")
        return row

    def everything_else(self) -> Rows:
        """All that is stored about the resident."""
        return rows_about(self.line.rows, (self.conversation,), self.number)

    @invariant()
    def what_is_known_holds(self) -> None:
        """The call stands where it should, and nothing else was touched."""
        if self.call:
            row = self.row()
            assert (row.result, row.ended is not None) == (self.stands, self.ended)
            assert row.provider_id
            assert self.everything_else() == self.before
