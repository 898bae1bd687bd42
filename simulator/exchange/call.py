"""One call, as the person on the telephone lives it: a test presses, speaks, waits, hangs up, and looks at what
was heard.

Each thing a test does moves the call to its next place of rest (the line listens, it rings somewhere, or the call
is over), over real HTTP but on a clock of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from simulator.exchange import listening, ringing
from simulator.exchange.bridging import Bridge
from simulator.exchange.course import Course, dial_result
from simulator.exchange.journal import Utterance
from simulator.exchange.leg import Leg, Line
from simulator.exchange.speaking import spoken_seconds
from simulator.exchange.verbs import Dial, Gather, Record, Verb

SOME_SECONDS = 5.0
"""What is said into a Record before a key ends it."""

RECOGNISING = 3_000
"""Milliseconds in which the line finds out whether a person or a machine answered."""


class NotNow(Exception):
    """A test did what a caller cannot do at this moment; the message holds the transcript."""


class Call:
    """A call, inbound or placed by the application. What can be seen of it are its properties."""

    def __init__(self, line: Line, leg: Leg, verbs: Sequence[Verb] = ()) -> None:
        self.leg = leg
        self.sid = leg.sid
        self.lost_keys = ""
        self.answered_by = ""
        self._line = line
        self._course = Course(self, line, leg, verbs)
        self._lock = threading.RLock()

    # --- what a test may look at -------------------------------------------------------------------------

    @property
    def heard(self) -> list[Utterance]:
        """Everything heard so far, first to last."""
        return list(self._course.journal.heard)

    @property
    def last_heard(self) -> str:
        """The words that were heard last; empty before any."""
        return self.heard[-1].text if self.heard else ""

    @property
    def seconds(self) -> float:
        """Seconds since the answer, up to the end of what is being said."""
        return self._course.journal.seconds

    @property
    def status(self) -> str:
        """Twilio's CallStatus: queued, ringing, in-progress, completed, busy, no-answer, failed, canceled."""
        return self._course.status

    @property
    def ended_by(self) -> str:
        """caller, application, request, "end of the answer", "error 11200" ...; empty while it goes on."""
        return self._course.ended_by

    @property
    def over(self) -> bool:
        """True once the call has ended, whoever ended it."""
        return bool(self.ended_by)

    @property
    def gather(self) -> Gather | None:
        """The Gather that is listening now."""
        return self._course.gather

    @property
    def recording(self) -> Record | None:
        """The Record that records now."""
        return self._course.record

    @property
    def dialled(self) -> Dial | None:
        """The Dial that is ringing now."""
        return self._course.dialled

    @property
    def queued(self) -> str:
        """The queue that the call waits in; empty outside one and once it is connected."""
        waiting = self._course.waiting
        return waiting.enqueue.name if waiting and not self.talking else ""

    @property
    def queued_at(self) -> float:
        """The second at which it began to wait in a queue; 0 outside one."""
        return self._course.waiting.since if self._course.waiting else 0.0

    @property
    def talking(self) -> bool:
        """True while the call is connected with another person."""
        return self._course.talking

    @property
    def documents(self) -> list[str]:
        """Every TwiML document that was fetched, as it came."""
        return list(self._course.documents)

    @property
    def started(self) -> datetime:
        """When the call came in or was placed."""
        return self._course.started

    def transcript(self) -> str:
        """The call in readable lines."""
        return self._course.journal.transcript()

    # --- what a caller can do ----------------------------------------------------------------------------

    def press(self, keys: str, *, after: float | None = None) -> Call:
        """Press `keys` (0 to 9, * and #): after hearing all of it, or `after` seconds into what is being said.

        Keys beyond the end of the Gather are in `lost_keys`. Without a finishing key the time-out follows. A Record is
        ended by its key after a few seconds of speech.
        """
        if not keys or set(keys) - listening.KEYS:
            raise ValueError(f"a telephone has the keys 0 to 9, * and #, not {keys!r}")
        if self.recording is not None:
            return self.record(SOME_SECONDS, ends=keys)
        with self._moving():
            gather = self._wait_until(after, f"presses {keys}")
            heard = listening.keys(gather, keys)
            self.lost_keys += heard.lost
            self._course.collected(gather, heard)
        return self

    def say(self, text: str, *, confidence: float | None = 0.9, after: float | None = None) -> Call:
        """Say `text`; the line understands exactly that, if it listens for speech at all. A Record records it."""
        if self.recording is not None:
            return self.record(max(1.0, spoken_seconds(text, "en")))
        with self._moving():
            gather = self._wait_until(after, f'says "{text}"')
            self._course.collected(gather, listening.words(gather, text, confidence))
        return self

    def silence(self) -> Call:
        """Neither press nor say anything until the time-out."""
        if self.recording is not None:
            return self.record(0)
        with self._moving():
            gather = self._wait_until(None, "is silent")
            self._course.collected(gather, listening.silence(gather))
        return self

    def record(self, seconds: float, *, ends: str = "", silent: bool = False) -> Call:
        """Speak into a Record for so long, at most as long as it lets one; then be quiet until its time-out, press the
        key `ends`, or put the telephone down ("hangup"). `silent`: the line is open, and nobody speaks; 0 seconds are
        an empty recording, which is none.
        """
        with self._moving():
            self._still_on("speaks")
            record = self.recording
            if record is None:
                raise NotNow(f"nothing is recorded\n{self.transcript()}")
            if ends not in ("", "hangup") and ends not in record.finish_on_key:
                raise NotNow(f"{ends} does not end the recording\n{self.transcript()}")
            length = min(seconds, float(record.max_length))
            after = f", then {ends}" if ends else ""
            self._course.journal.write("caller", f"speaks for {length:g} s{after}")
            self._course.recorded(record, length, ends, silent=silent)
        return self

    def hang_up(self, *, after: float | None = None) -> Call:
        """Put the telephone down, after hearing all of it or `after` seconds into what is being said."""
        with self._moving():
            self._still_on("hangs up")
            if self.talking or (self.queued and self.gather is None):
                self._course.wait(after or 0)
            if self.gather is None and (self.dialled or self.recording or self.queued or self.talking):
                self._course.journal.write("caller", "hangs up")
            elif not self.over:
                self._wait_until(after, "hangs up")
            self._gone()
        return self

    def _gone(self) -> None:
        """The caller has put the telephone down; a Dial that was going on is told."""
        dial, bridge = self.dialled, self._course.bridge
        if self.over:
            return
        self._course.end("completed", "caller")
        if dial is not None:
            talked = bridge is not None and bridge.standing
            result = dial_result(dial, bridge) if bridge and talked else ringing.result(dial, "no-answer", 0)
            self._course.caller_left_dial(dial, result, bridge.other.sid if bridge else "")

    def wait(self, seconds: float) -> Call:
        """Let `seconds` pass, in a queue or talking. A queued caller waits up to the end of what is being said by
        then, and hears the wait document again each time it has been played to its end.
        """
        with self._moving():
            self._still_on("waits")
            if not (self.queued or self.talking):
                raise NotNow(f"the caller is neither in a queue nor talking\n{self.transcript()}")
            self._course.journal.write("caller", f"waits {seconds:g} s")
            self._course.wait(seconds)
        return self

    def dial_result(self, status: str, *, seconds: int = 60, hangs_up: bool = False) -> Call:
        """The line that rings is answered (completed, answered) for `seconds`, or is not (no-answer, busy,
        failed, canceled). With `hangs_up` the caller puts the telephone down when the conversation is over.
        """
        with self._moving():
            dial = self._ringing()
            result = ringing.result(dial, status, seconds)
            self._course.journal.pass_time(result.seconds)
            self._course.journal.write("line", f"(the call to {dial.whom}: {status})")
            if hangs_up:
                self._course.end("completed", "caller")
                self._course.caller_left_dial(dial, result)
            else:
                self._course.dial_ended(dial, result)
        return self

    def dial_answered(self, number: str = "", *, declined_as: str = "no-answer") -> Call:
        """The line that rings is picked up (`number`, or the first): the call of whoever did, to press, speak, be
        silent or hang up. What the Number's url says is played to them first; then the two are connected.

        `declined_as` is the DialCallStatus if they are not connected (u).
        """
        with self._moving():
            dial = self._ringing()
            if not dial.numbers:
                raise NotNow(f"nobody picks up a queue\n{self.transcript()}")
            answered = Call(self._line, self._dialled_leg(dial, number or dial.numbers[0]))
            bridge = Bridge(dialler=self, other=answered, limit=dial.time_limit, declined_as=declined_as)
            self._course.bridge = answered._course.bridge = bridge
        return answered.answer()

    def _dialled_leg(self, dial: Dial, number: str) -> Leg:
        """The call from the exchange to `number`."""
        if number not in dial.numbers:
            raise NotNow(f"{number} does not ring\n{self.transcript()}")
        screen = dial.screen(number)
        return Leg(
            sid=self._line.new_sid("CA"),
            account=self.leg.account,
            from_=self._course.shown(dial),
            to=number,
            url=self._course.address(screen.url) if screen and screen.url else "",
            method=screen.method if screen else "POST",
            answered_by_url=self._course.address(screen.answered_by_url) if screen and screen.answered_by_url else "",
            direction="outbound-dial",
            extra=(("ParentCallSid", self.sid),),
        )

    def _ringing(self) -> Dial:
        """The Dial that rings and is not answered yet."""
        if self.dialled is None or self._course.bridge is not None:
            raise NotNow(f"nothing is ringing\n{self.transcript()}")
        return self.dialled

    # --- a call that the application placed --------------------------------------------------------------

    def answer(self, *, by: str = "") -> Call:
        """Pick up a call that was placed; `by` is AnsweredBy (human, machine_start ...) if it is looked for."""
        with self._moving():
            if self.over or self.status == "in-progress":
                raise NotNow(f"the call is {self.status}: nobody can pick it up\n{self.transcript()}")
            self._course.event("ringing")
            self._course.status, self.answered_by = "in-progress", by
            self._course.event("answered")
            self._course.journal.write("caller", "answers")
            self._course.begin((("AnsweredBy", by),) if by else ())
        return self

    def recognised(self, by: str) -> Call:
        """The line has found out who answered this call that was dialled: human, machine_start, fax or unknown. It
        goes on meanwhile (Twilio docs: voice/answering-machine-detection)."""
        with self._moving():
            if not self.leg.answered_by_url:
                raise NotNow(f"nobody wants to know who answers\n{self.transcript()}")
            self.answered_by = by
            told = (("AnsweredBy", by), ("MachineDetectionDuration", str(RECOGNISING)))
            self._line.callback(self.leg.answered_by_url, self.leg.form(self.status, told))
        return self

    def not_answered(self, status: str = "no-answer") -> Call:
        """Leave a call that was placed unanswered: no-answer, busy, failed or canceled."""
        with self._moving():
            self._course.end(status, "nobody answered")
        return self

    # --- the exchange's side -----------------------------------------------------------------------------

    def ring(self) -> Call:
        """A caller dials: ask the application, and go on until the line listens, rings or ends."""
        with self._moving():
            self._course.status = "ringing"
            self._course.journal.write("caller", f"{self.leg.from_} calls {self.leg.to}")
            self._course.begin()
        return self

    def placed(self) -> None:
        """A call that the application placed is on its way."""
        self._course.event("initiated")

    def connected(self, bridge: Bridge) -> None:
        """Another call is at the other end."""
        with self._moving():
            self._course.connected(bridge)

    def parted(self, bridge: Bridge) -> None:
        """The other end of a bridge has gone."""
        with self._moving():
            self._course.parted(bridge)

    def look_again(self) -> None:
        """Somebody has come into the queue that this call dials."""
        with self._moving():
            self._course.look_again()

    def redirect(self, url: str, method: str, verbs: Sequence[Verb]) -> None:
        """The application sends a live call elsewhere: to `url`, or to `verbs` given outright."""
        with self._moving():
            self._course.elsewhere(url, method, verbs)

    def end_by_request(self, status: str) -> None:
        """The application ends the call by REST."""
        with self._moving():
            if not self.over:
                self._course.end(status, "request")

    def _wait_until(self, after: float | None, doing: str) -> Gather:
        """The Gather that listens now, with the clock at the moment when the caller acts."""
        self._still_on(doing)
        course = self._course
        if self.queued and self.gather is None:
            course.listen()
        gather = self.gather
        if gather is None:
            raise NotNow(f"the line is not listening: nobody hears that the caller {doing}\n{self.transcript()}")
        if after is not None:
            if after > self.seconds - course.listening_since + gather.timeout:
                raise NotNow(f"after {after} s the time-out has passed: use silence()\n{self.transcript()}")
            course.journal.cut_short(round(course.listening_since + after, 2))
        course.journal.write("caller", doing)
        return gather

    def _still_on(self, doing: str) -> None:
        if self.over:
            why = f"the call is over ({self.ended_by})"
            raise NotNow(f"{why}: nobody hears that the caller {doing}\n{self.transcript()}")

    @contextmanager
    def _moving(self) -> Iterator[None]:
        """One movement of the call at a time; what it reports is delivered before the test goes on."""
        with self._lock:
            yield
        self._line.settle()
