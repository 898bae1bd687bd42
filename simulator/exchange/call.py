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
from simulator.exchange.course import Course
from simulator.exchange.journal import Utterance
from simulator.exchange.leg import Leg, Line
from simulator.exchange.verbs import Dial, Gather, Verb


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
        self._course = Course(line, leg, verbs)
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
    def dialled(self) -> Dial | None:
        """The Dial that is ringing now."""
        return self._course.dialled

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

        Keys beyond the end of the Gather are in `lost_keys`. Without a finishing key the time-out follows.
        """
        if not keys or set(keys) - listening.KEYS:
            raise ValueError(f"a telephone has the keys 0 to 9, * and #, not {keys!r}")
        with self._moving():
            gather = self._wait_until(after, f"presses {keys}")
            heard = listening.keys(gather, keys)
            self.lost_keys += heard.lost
            self._course.collected(gather, heard)
        return self

    def say(self, text: str, *, confidence: float | None = 0.9, after: float | None = None) -> Call:
        """Say `text`; the line understands exactly that, if it listens for speech at all."""
        with self._moving():
            gather = self._wait_until(after, f'says "{text}"')
            self._course.collected(gather, listening.words(gather, text, confidence))
        return self

    def silence(self) -> Call:
        """Neither press nor say anything until the time-out."""
        with self._moving():
            gather = self._wait_until(None, "is silent")
            self._course.collected(gather, listening.silence(gather))
        return self

    def hang_up(self, *, after: float | None = None) -> Call:
        """Put the telephone down, after hearing all of it or `after` seconds into what is being said."""
        with self._moving():
            self._still_on("hangs up")
            dial = self.dialled
            if dial is None:
                self._wait_until(after, "hangs up")
            self._course.end("completed", "caller")
            if dial is not None:
                self._course.caller_left_dial(dial, ringing.result(dial, "no-answer", 0))
        return self

    def dial_result(self, status: str, *, seconds: int = 60, hangs_up: bool = False) -> Call:
        """The line that rings is answered (completed, answered) for `seconds`, or is not (no-answer, busy,
        failed, canceled). With `hangs_up` the caller puts the telephone down when the conversation is over.
        """
        with self._moving():
            dial = self.dialled
            if dial is None:
                raise NotNow(f"nothing is ringing\n{self.transcript()}")
            result = ringing.result(dial, status, seconds)
            self._course.journal.pass_time(result.seconds)
            self._course.journal.write("line", f"(the call to {', '.join(dial.numbers)}: {status})")
            if hangs_up:
                self._course.end("completed", "caller")
                self._course.caller_left_dial(dial, result)
            else:
                self._course.dial_ended(dial, result)
        return self

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

    def queued(self) -> None:
        """A call that the application placed is on its way."""
        self._course.event("initiated")

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
        gather, course = self.gather, self._course
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
