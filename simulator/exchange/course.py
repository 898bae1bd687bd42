"""The course of a call on the exchange's side: fetch a document, play its verbs, stop where the caller is needed.

After each movement the call is at rest in one of six places: the line listens (`gather`), it records (`record`), it
rings somewhere (`dialled`), it waits in a queue (`waiting`), it is connected (`bridge`, standing), or it is over
(`ended_by`).
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from urllib.parse import urljoin

from simulator.exchange import listening, ringing
from simulator.exchange.bridging import Bridge, Party
from simulator.exchange.journal import Journal
from simulator.exchange.leg import Leg, Line, event_parameters
from simulator.exchange.listening import Heard
from simulator.exchange.queues import Waiting
from simulator.exchange.refusal import Refused
from simulator.exchange.rules import BEFORE_THE_BRIDGE, IN_A_CALL, IN_A_QUEUE, Place
from simulator.exchange.signing import Form
from simulator.exchange.twiml import read_voice
from simulator.exchange.verbs import (
    Dial,
    Enqueue,
    Gather,
    Hangup,
    Leave,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)

APPLICATION_ERROR = Say(text="We are sorry. An application error has occurred. Goodbye.", voice="woman")
MOST_DOCUMENTS = 50  # one after the other, without anything from the caller
CALLER_ID_NOT_OURS = 13214
EVENT_STATUS = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress"}


class RunawayCall(Exception):
    """Documents lead to documents without ever listening: a real caller would hear this for ever."""


class Course:
    """Where a call stands, and how it goes on."""

    def __init__(self, party: Party, line: Line, leg: Leg, given: Sequence[Verb]) -> None:
        self.leg = leg
        self.journal = Journal()
        self.status = "queued"
        self.ended_by = ""
        self.gather: Gather | None = None
        self.record: Record | None = None
        self.dialled: Dial | None = None
        self.waiting: Waiting | None = None
        self.bridge: Bridge | None = None
        self.documents: list[str] = []
        self.started = line.now()
        self.listening_since = 0.0
        self._party = party
        self._line = line
        self._given = tuple(given)
        self._ahead: deque[Verb] = deque()
        self._at = leg.url
        self._asked_since_input = 0
        self._events = 0
        self._until = math.inf
        self._ask_again = False
        self._connected_at = 0.0

    @property
    def talking(self) -> bool:
        """True while the call is connected with another."""
        return self.bridge is not None and self.bridge.standing

    @property
    def at_rest(self) -> bool:
        """True where only the caller, another call or the application moves this one."""
        busy = self.gather is not None or self.record is not None or self.dialled is not None
        return bool(self.ended_by) or self.talking or busy

    def begin(self, parameters: Form = ()) -> None:
        """The call stands: play what was given with it, or ask the application if there is something to ask."""
        if self._given:
            self._ahead = deque(self._given)
        elif self.leg.url or self.bridge is None:
            self._open(self.leg.url, parameters, self.leg.method)
        self._go_on()

    def elsewhere(self, url: str, method: str, verbs: Sequence[Verb]) -> None:
        """Leave everything and go on with the document at `url`, or with `verbs`."""
        talked = self.talking
        self._let_go()
        self._tell_queue("redirected-from-bridged" if talked else "redirected")
        self.gather = self.record = self.dialled = None
        if verbs:
            self._ahead = deque(verbs)
        else:
            self._open(url, (), method)
        self._go_on()

    def collected(self, gather: Gather, heard: Heard) -> None:
        """A Gather has ended: ask its action, or go on with the next verb if there was nothing."""
        self.journal.pass_time(heard.seconds)
        self.gather = None
        self._ask_again = self.waiting is not None
        self._asked_since_input = 0
        if not heard.empty or gather.action_on_empty_result:
            self._open(gather.action, heard.parameters or listening.nothing(gather), gather.method)
        self._go_on()

    def recorded(self, record: Record, seconds: float, digits: str, *, silent: bool) -> None:
        """A Record has ended: ask its action, or go on with the next verb if there was nothing at all. `digits` are the
        key that ended it, or "hangup": then the action is still asked, and the answer ignored."""
        self.journal.pass_time(seconds if digits else seconds + record.timeout)
        self.record = None
        self._asked_since_input = 0
        gone = digits == "hangup"
        if gone:
            self.end("completed", "caller")
        if seconds:
            kept = self._line.recordings.make(self.leg.sid, seconds, silent=silent)
            url = self._line.recordings.url(kept)
            said = (("RecordingUrl", url), ("RecordingSid", kept.sid), ("RecordingDuration", str(kept.seconds)))
            form = (*said, ("Digits", digits)) if digits else said
            if gone:
                where = urljoin(self._at, record.action)
                self._line.deliver(where, self.leg.form(self.status, form), record.method)
            else:
                self._open(record.action, form, record.method)
        if record.status_url and (seconds or "absent" in record.events):
            self._report(record, kept.form("completed", url) if seconds else self._absent())
        if not gone:
            self._go_on()

    def _report(self, record: Record, said: Form) -> None:
        """Tell of the file, in its turn."""
        self._line.callback(urljoin(self._at, record.status_url), said)

    def _absent(self) -> Form:
        account = ("AccountSid", self.leg.account)
        return (account, ("CallSid", self.leg.sid), ("RecordingStatus", "absent"), ("RecordingSource", "RecordVerb"))

    def dial_ended(self, dial: Dial, result: ringing.Result, sid: str = "") -> None:
        """A Dial has ended and the caller is still there: ask its action, or go on with the next verb.

        `sid` is the call that was reached, if one was.
        """
        self.dialled = None
        self._asked_since_input = 0
        if dial.action is not None:
            self._open(dial.action, result.parameters(sid or self._line.new_sid("CA")), dial.method)
        self._go_on()

    def caller_left_dial(self, dial: Dial, result: ringing.Result, sid: str = "") -> None:
        """The caller has gone during a Dial: its action is still asked, and the answer ignored."""
        if dial.action is not None:
            form = self.leg.form(self.status, result.parameters(sid or self._line.new_sid("CA")))
            self._line.deliver(urljoin(self._at, dial.action), form, dial.method)

    def end(self, status: str, by: str) -> None:
        """The call is over; what it was connected with and what it waited in hears of it."""
        talked = self.talking
        self._let_go()
        self.status, self.ended_by = status, by
        self._tell_queue("bridged" if talked else "hangup")
        self.gather = self.record = self.dialled = None
        self._ahead.clear()
        self.journal.write("line", f"(over: {status}, by {by})")
        self.event("completed")

    def event(self, event: str) -> None:
        """Report one status event, if somebody wants it."""
        if self.leg.status_url and event in self.leg.events:
            seconds = self.journal.seconds
            when = self.started + timedelta(seconds=seconds)
            said = event_parameters(event, self._events, when, seconds)
            self._line.callback(self.leg.status_url, self.leg.form(EVENT_STATUS.get(event, self.status), said))
        self._events += 1

    def _go_on(self) -> None:
        """Play the verbs ahead until the caller is needed or the call is over."""
        while self._ahead and not self.at_rest and self.journal.seconds < self._until:
            verb = self._ahead.popleft()
            if isinstance(verb, Reject):
                self.end("busy" if verb.reason == "busy" else "no-answer", "application")
                return
            self.status = "in-progress"
            self._play(verb)
        if not self._ahead and not self.at_rest:
            self._ran_out()

    def _ran_out(self) -> None:
        """No verb is left: in a queue the wait goes on, whoever was dialled is connected, any other call ends."""
        if self.waiting is not None:
            if self._ask_again:
                self._ask_what_to_hear(self.waiting)
                self._go_on()
        elif self.bridge is not None:
            self._connect(self.bridge)
            self._line.later(partial(self.bridge.dialler.connected, self.bridge))
        else:
            self.end("completed", "end of the answer")

    def _play(self, verb: Verb) -> None:
        match verb:
            case Say() | Play() | Pause():
                self.journal.hear(verb)
            case Gather():
                self._listen(verb)
            case Record():
                self.record = verb
                self.journal.write("line", "(tone; it records)" if verb.play_beep else "(it records)")
            case Dial(queue=queue):
                self.dialled = verb
                self.journal.write("line", f"(rings {verb.whom})")
                (self._dial_queue if queue else self._ring)(verb)
            case Enqueue():
                self._enqueue(verb)
            case Leave():
                self._out_of_queue("leave")
            case Redirect():
                self._open(verb.url, (), verb.method)
            case Hangup():
                self.end("completed", "application")

    def _listen(self, gather: Gather) -> None:
        self.gather, self.listening_since = gather, self.journal.seconds
        self.journal.mark()
        for prompt in gather.prompts:
            self.journal.hear(prompt)

    def _ring(self, dial: Dial) -> None:
        """Ring, unless the number to show is one that Twilio does not let the application show."""
        shown = self.shown(dial)
        if shown not in self._line.own_numbers and (shown != self.leg.from_ or self.leg.withheld):
            what = f"Dial: {shown} may not be shown as callerId"
            self._line.note(CALLER_ID_NOT_OURS, self._at, what, self.leg.sid)
            self.dial_ended(dial, ringing.result(dial, "failed", 0))

    def address(self, url: str) -> str:
        """`url` as the document that is played now means it."""
        return urljoin(self._at, url)

    def shown(self, dial: Dial) -> str:
        """The number that a Dial shows to whom it rings."""
        return dial.caller_id or self.leg.from_

    # --- a queue -----------------------------------------------------------------------------------------

    def _enqueue(self, verb: Enqueue) -> None:
        """Wait in a queue, or go on at once if it takes no more."""
        waiting = Waiting(
            party=self._party,
            enqueue=verb,
            document=self._at,
            after=tuple(self._ahead),
            since=self.journal.seconds,
        )
        self.waiting = waiting
        refused = self._line.queues.join(waiting)
        if refused:
            self._out_of_queue(refused)
            return
        self.journal.write("line", f"(waits in the queue {verb.name})")
        self._ask_what_to_hear(waiting)

    def _ask_what_to_hear(self, waiting: Waiting) -> None:
        """Ask the waitUrl; without one there is Twilio's music, with an empty one silence, and nobody is asked."""
        self._ask_again = False
        self._ahead.clear()
        self._at = waiting.document
        if waiting.enqueue.wait_url:
            said = self._line.queues.parameters(waiting)
            self._open(waiting.enqueue.wait_url, said, waiting.enqueue.wait_method)

    def _out_of_queue(self, result: str) -> None:
        """The wait is over and the caller still there: ask the Enqueue's action, or go on after the Enqueue."""
        waiting = self._leave_queue()
        self.gather = None
        self._ahead = deque(waiting.after)
        if waiting.enqueue.action is not None:
            self._open(waiting.enqueue.action, waiting.parameters(result), waiting.enqueue.method)

    def _leave_queue(self) -> Waiting:
        waiting = self.waiting
        assert waiting is not None, "the caller of this has looked"
        self._line.queues.leave(waiting)
        self.waiting, self._at = None, waiting.document
        return waiting

    def _tell_queue(self, result: str) -> None:
        """The caller has gone, or is sent elsewhere: the Enqueue's action is still asked, and the answer ignored."""
        if self.waiting is None:
            return
        waiting = self._leave_queue()
        if waiting.enqueue.action is not None:
            form = self.leg.form(self.status, waiting.parameters(result))
            self._line.deliver(urljoin(self._at, waiting.enqueue.action), form, waiting.enqueue.method)

    def wait(self, seconds: float) -> None:
        """Let time pass, in a queue or in a talk; in a queue up to the end of what is being said by then."""
        if self.talking:
            self._talk(seconds)
            return
        waiting, self._until = self.waiting, self.journal.seconds + seconds
        try:
            while self.waiting is waiting is not None and self.journal.seconds < self._until:
                self._wait_on(waiting)
        finally:
            self._until = math.inf

    def listen(self) -> None:
        """Play the wait document on to where it listens, if it does."""
        self._go_on()

    def _wait_on(self, waiting: Waiting) -> None:
        """One step of a wait: the time-out of a Gather, the rest of a document, or the waitUrl again."""
        before = self.journal.seconds
        if self.gather is not None:
            self.collected(self.gather, listening.silence(self.gather))
        elif not waiting.enqueue.wait_url:
            self.journal.pass_time(self._until - before)
        else:
            if not self._ahead:
                self._ask_what_to_hear(waiting)
            self._go_on()
        if self.journal.seconds > before:
            self._asked_since_input = 0

    def _dial_queue(self, dial: Dial) -> None:
        """Connect with the first of a queue. One that never was ends the Dial with an error: failed (u)."""
        if self._line.queues.exists(dial.queue):
            self.look_again()
        else:
            self.dial_ended(dial, ringing.result(dial, "failed", 0))

    def look_again(self) -> None:
        """Connect with the first of the queue that is dialled, if somebody waits there."""
        dial = self.dialled
        if dial is None or not dial.queue or self.bridge is not None:
            return
        first = self._line.queues.take(dial.queue, self._party)
        if first is not None:
            self.bridge = Bridge(dialler=self._party, other=first.party, limit=dial.time_limit)
            self._connect(self.bridge)
            self._line.later(partial(first.party.connected, self.bridge))

    # --- a bridge ----------------------------------------------------------------------------------------

    def connected(self, bridge: Bridge) -> None:
        """The other end stands: talk, unless this call has ended or gone elsewhere meanwhile."""
        if self.ended_by or (self.waiting is None and self.bridge is not bridge):
            self._line.later(partial(bridge.across(self._party).parted, bridge))
            return
        if self.waiting is not None:
            self.waiting.left = self.journal.seconds
        else:
            self.journal.pass_time(ringing.SECONDS_TO_ANSWER + bridge.other.seconds)
        self._connect(bridge)

    def _connect(self, bridge: Bridge) -> None:
        self.bridge, self.gather = bridge, None
        self._ahead = self._ahead if self.dialled else deque()
        bridge.standing = True
        self._connected_at = self.journal.seconds
        self.journal.write("line", "(connected)")

    def _talk(self, seconds: float) -> None:
        """Talk for so long; at the time limit of the Dial both are parted."""
        bridge = self.bridge
        assert bridge is not None, "the caller of this has looked"
        bridge.talk(seconds)
        self.journal.seconds = round(self._connected_at + bridge.seconds, 2)
        if bridge.worn_out:
            self._line.later(partial(bridge.across(self._party).parted, bridge))
            self.parted(bridge)

    def parted(self, bridge: Bridge) -> None:
        """The other end has gone, or was never connected: go on after the Dial or the Enqueue, or end."""
        if self.bridge is not bridge or self.ended_by:
            return
        self.bridge = None
        self._clock_after(bridge)
        self.journal.write("line", "(the other end has gone)")
        if self.dialled is not None:
            self.dial_ended(self.dialled, dial_result(self.dialled, bridge), bridge.other.sid)
        elif self.waiting is not None:
            self._asked_since_input = 0
            self._out_of_queue("bridged")
            self._go_on()
        else:
            self.end("completed", "the other end")

    def _clock_after(self, bridge: Bridge) -> None:
        """Let pass what the talk took, or the screening before it."""
        if bridge.standing:
            self.journal.seconds = round(self._connected_at + bridge.seconds, 2)
        elif self._party is bridge.dialler:
            self.journal.pass_time(ringing.SECONDS_TO_ANSWER + bridge.other.seconds)

    def _let_go(self) -> None:
        """Leave the bridge; the other end hears of it."""
        if self.bridge is not None:
            bridge, self.bridge = self.bridge, None
            if bridge.standing:
                self._clock_after(bridge)
            self._line.later(partial(bridge.across(self._party).parted, bridge))

    # --- documents ---------------------------------------------------------------------------------------

    def _open(self, url: str, parameters: Form, method: str) -> None:
        """Put the verbs of the document at `url` ahead; if there is none, the fallback's, or the call drops."""
        self._asked_since_input += 1
        if self._asked_since_input > MOST_DOCUMENTS:
            transcript = self.journal.transcript()
            raise RunawayCall(f"{MOST_DOCUMENTS} documents in a row without listening\n{transcript}")
        where = urljoin(self._at, url)
        error = self._fetch(where, parameters, method)
        if error and self.waiting is not None:
            self._out_of_queue("error")
            return
        if error and self.leg.fallback_url:
            said = (("ErrorCode", str(error)), ("ErrorUrl", where.partition("#")[0]))
            error = self._fetch(self.leg.fallback_url, said, "POST")
        if error:
            self.journal.hear(APPLICATION_ERROR)
            self.end("completed", f"error {error}")

    @property
    def _place(self) -> Place:
        """What may be played at this moment."""
        if self.waiting is not None:
            return IN_A_QUEUE
        return BEFORE_THE_BRIDGE if self.bridge is not None and self.dialled is None else IN_A_CALL

    def _fetch(self, url: str, parameters: Form, method: str) -> int:
        """Fetch and read one document; 0, or the code of the error that was noted."""
        delivered = self._line.deliver(url, self.leg.form(self.status, parameters), method)
        self.journal.pass_time(delivered.late)
        if delivered.error:
            what = delivered.last.failure or f"status {delivered.last.status}"
            self._line.note(delivered.error, url, what, self.leg.sid)
            return delivered.error
        self.documents.append(delivered.last.body.decode("utf-8", "replace"))
        try:
            verbs = read_voice(delivered.last.body, delivered.last.content_type, self._place)
        except Refused as reason:
            self._line.note(reason.code, url, str(reason), self.leg.sid)
            if self._line.strict:
                raise
            return reason.code
        self._ahead, self._at = deque(verbs), url
        return 0


def dial_result(dial: Dial, bridge: Bridge) -> ringing.Result:
    """How a Dial ended that somebody answered."""
    if bridge.standing:
        return ringing.result(dial, "completed", round(bridge.seconds))
    return ringing.declined(bridge.declined_as)
