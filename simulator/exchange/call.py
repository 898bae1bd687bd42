"""One call, as the person on the telephone lives it: a test presses, speaks, waits, hangs up, and looks at
what was heard.

The call is always at rest in one of three places: the line listens (a Gather), it rings somewhere (a
Dial), or it is over. Each thing a test does moves it to the next place of rest, over real HTTP but on a
clock of its own.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import urljoin

from simulator.exchange import listening, ringing
from simulator.exchange.delivery import Delivered
from simulator.exchange.journal import Journal, Utterance
from simulator.exchange.listening import Heard
from simulator.exchange.refusal import Refused
from simulator.exchange.signing import Form
from simulator.exchange.twiml import read_voice
from simulator.exchange.verbs import Dial, Gather, Hangup, Pause, Play, Redirect, Reject, Say, Verb

API_VERSION = "2010-04-01"
APPLICATION_ERROR = Say(text="We are sorry. An application error has occurred. Goodbye.", voice="woman")
MOST_DOCUMENTS = 50  # one after the other, without anything from the caller


class NotNow(Exception):
    """A test did what a caller cannot do at this moment; the message holds the transcript."""


class RunawayCall(Exception):
    """Documents lead to documents without ever listening: a real caller would hear this for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """Who calls whom, and what the number (or the request that placed the call) says about it.

    `events` are the status events that are wanted; a number called from outside only reports completed.
    """

    sid: str
    account: str
    from_: str
    to: str
    url: str
    method: str = "POST"
    fallback_url: str = ""
    status_url: str = ""
    direction: str = "inbound"
    events: frozenset[str] = frozenset({"completed"})
    extra: Form = ()

    @property
    def withheld(self) -> bool:
        """True without a number that could be shown or called back."""
        return not self.from_.startswith("+")


class Line(Protocol):
    """What a call needs of the exchange."""

    strict: bool
    own_numbers: frozenset[str]

    def deliver(self, url: str, form: Form, method: str) -> Delivered: ...
    def callback(self, url: str, form: Form) -> None: ...
    def note(self, code: int, url: str, what: str, sid: str) -> None: ...
    def now(self) -> datetime: ...
    def settle(self) -> None: ...
    def dial_sid(self) -> str: ...


class Call:
    """A call. Read `heard`, `last_heard`, `status`, `seconds`, `gather`, `dialled`, `lost_keys`,
    `ended_by`."""

    def __init__(self, line: Line, leg: Leg, documents: Sequence[Verb] = ()) -> None:
        self.leg = leg
        self.sid = leg.sid
        self.status = "queued"
        self.ended_by = ""
        self.answered_by = ""
        self.lost_keys = ""
        self.gather: Gather | None = None
        self.dialled: Dial | None = None
        self.documents: list[str] = []
        self.started = line.now()
        self._line = line
        self._journal = Journal()
        self._given = tuple(documents)
        self._ahead: deque[Verb] = deque()
        self._at = leg.url
        self._asked_since_input = 0
        self._listening_since = 0.0
        self._events = 0
        self._lock = threading.RLock()

    # --- what a test may look at -------------------------------------------------------------------------

    @property
    def heard(self) -> list[Utterance]:
        """Everything heard so far, first to last."""
        return list(self._journal.heard)

    @property
    def last_heard(self) -> str:
        """The words that were heard last; empty before any."""
        return self._journal.heard[-1].text if self._journal.heard else ""

    @property
    def seconds(self) -> float:
        """Seconds since the answer, up to the end of what is being said."""
        return self._journal.seconds

    @property
    def over(self) -> bool:
        """True once the call has ended, whoever ended it."""
        return bool(self.ended_by)

    def transcript(self) -> str:
        """The call in readable lines."""
        return self._journal.transcript()

    # --- what a caller can do ----------------------------------------------------------------------------

    def press(self, keys: str, *, after: float | None = None) -> Call:
        """Press `keys` (0 to 9, * and #): after hearing all of it, or `after` seconds into what is being said.

        Keys beyond the end of the Gather are in `lost_keys`. Without a finishing key the time-out follows.
        """
        if not keys or set(keys) - listening.KEYS:
            raise ValueError(f"a telephone has the keys 0 to 9, * and #, not {keys!r}")
        with self._moving():
            gather = self._wait_until(after, f"presses {keys}")
            self._heard(gather, listening.keys(gather, keys))
        return self

    def say(self, text: str, *, confidence: float | None = 0.9, after: float | None = None) -> Call:
        """Say `text`; the line understands exactly that, if it listens for speech at all."""
        with self._moving():
            gather = self._wait_until(after, f'says "{text}"')
            self._heard(gather, listening.words(gather, text, confidence))
        return self

    def silence(self) -> Call:
        """Neither press nor say anything until the time-out."""
        with self._moving():
            gather = self._wait_until(None, "is silent")
            self._heard(gather, listening.silence(gather))
        return self

    def hang_up(self, *, after: float | None = None) -> Call:
        """Put the telephone down, after hearing all of it or `after` seconds into what is being said."""
        with self._moving():
            self._still_on("hang up")
            if self.gather is not None:
                self._wait_until(after, "hangs up")
            dial = self.dialled
            self._end("completed", "caller")
            if dial is not None and dial.action is not None:
                self._tell_action(dial, ringing.result(dial, "no-answer", 0))
        return self

    def dial_result(self, status: str, *, seconds: int = 60, hangs_up: bool = False) -> Call:
        """The line that rings is answered (completed, answered) for `seconds`, or is not (no-answer, busy, failed,
        canceled). With `hangs_up` the caller puts the telephone down when the conversation is over.
        """
        with self._moving():
            dial = self.dialled
            if dial is None:
                raise NotNow(f"nothing is ringing\n{self.transcript()}")
            result = ringing.result(dial, status, seconds)
            self._journal.pass_time(result.seconds)
            self._journal.write("line", f"(the call to {', '.join(dial.numbers)}: {status})")
            if hangs_up:
                self._end("completed", "caller")
                self._tell_action(dial, result)
            else:
                self._after_dial(dial, result)
        return self

    # --- a call that the application placed --------------------------------------------------------------

    def answer(self, *, by: str = "") -> Call:
        """Pick up a call that was placed; `by` is AnsweredBy (human, machine_start ...) when detection is
        on."""
        with self._moving():
            if self.over or self.status == "in-progress":
                raise NotNow(f"the call is {self.status}: nobody can pick it up\n{self.transcript()}")
            self._event("ringing")
            self.answered_by = by
            self.status = "in-progress"
            self._event("answered")
            self._journal.write("caller", "answers")
            self._begin((("AnsweredBy", by),) if by else ())
        return self

    def not_answered(self, status: str = "no-answer") -> Call:
        """Leave a call that was placed unanswered: no-answer, busy, failed or canceled."""
        with self._moving():
            self._end(status, "nobody answered")
        return self

    # --- the exchange's side -----------------------------------------------------------------------------

    def ring(self) -> Call:
        """A caller dials: ask the application, and go on until the line listens, rings or ends."""
        with self._moving():
            self.status = "ringing"
            self._journal.write("caller", f"{self.leg.from_} calls {self.leg.to}")
            self._begin(())
        return self

    def queued(self) -> None:
        """A call that the application placed is on its way."""
        self._event("initiated")

    def redirect(self, url: str, method: str, verbs: Sequence[Verb]) -> None:
        """The application sends a live call elsewhere: to `url`, or to `verbs` given outright."""
        with self._moving():
            self.gather = self.dialled = None
            if verbs:
                self._ahead = deque(verbs)
            else:
                self._open(url, (), method)
            self._go_on()

    def end_by_request(self, status: str) -> None:
        """The application ends the call by REST."""
        with self._moving():
            if not self.over:
                self._end(status, "request")

    def _begin(self, parameters: Form) -> None:
        if self._given:
            self._ahead = deque(self._given)
        else:
            self._open(self.leg.url, parameters, self.leg.method)
        self._go_on()

    def _go_on(self) -> None:
        """Play the verbs ahead until the caller is needed or the call is over."""
        while self._ahead and not self.over:
            verb = self._ahead.popleft()
            if isinstance(verb, Reject):
                self._end("busy" if verb.reason == "busy" else "no-answer", "application")
                return
            self.status = "in-progress"
            self._play(verb)
            if self.gather is not None or self.dialled is not None:
                return
        if not self.over:
            self._end("completed", "end of the answer")

    def _play(self, verb: Verb) -> None:
        match verb:
            case Say() | Play() | Pause():
                self._journal.hear(verb)
            case Gather():
                self.gather, self._listening_since = verb, self.seconds
                self._journal.mark()
                for prompt in verb.prompts:
                    self._journal.hear(prompt)
            case Dial():
                self._ring_out(verb)
            case Redirect():
                self._open(verb.url, (), verb.method)
            case Hangup():
                self._end("completed", "application")

    def _ring_out(self, dial: Dial) -> None:
        """Ring, unless the number to show is one that Twilio does not let the application show."""
        shown = dial.caller_id or self.leg.from_
        self.dialled = dial
        self._journal.write("line", f"(rings {', '.join(dial.numbers)})")
        if shown not in self._line.own_numbers and (shown != self.leg.from_ or self.leg.withheld):
            self._line.note(13214, self._at, f"Dial: {shown} may not be shown as callerId", self.sid)
            self._after_dial(dial, ringing.result(dial, "failed", 0))

    def _after_dial(self, dial: Dial, result: ringing.Result) -> None:
        self.dialled = None
        self._asked_since_input = 0
        if dial.action is not None:
            self._open(dial.action, result.parameters(self._line.dial_sid()), dial.method)
        self._go_on()

    def _tell_action(self, dial: Dial, result: ringing.Result) -> None:
        """After the caller has gone the action is still asked, and its answer ignored."""
        if dial.action is not None:
            form = self._form(result.parameters(self._line.dial_sid()))
            self._line.deliver(urljoin(self._at, dial.action), form, dial.method)

    def _heard(self, gather: Gather, heard: Heard) -> None:
        self._journal.pass_time(heard.seconds)
        self.lost_keys += heard.lost
        self.gather = None
        self._asked_since_input = 0
        if not heard.empty or gather.action_on_empty_result:
            self._open(gather.action, heard.parameters or listening.nothing(gather), gather.method)
        self._go_on()

    def _wait_until(self, after: float | None, doing: str) -> Gather:
        """The Gather that listens now, with the clock at the moment when the caller acts."""
        self._still_on(doing)
        gather = self.gather
        if gather is None:
            raise NotNow(f"the line is not listening: nobody hears that the caller {doing}\n{self.transcript()}")
        if after is not None:
            if after > self.seconds - self._listening_since + gather.timeout:
                raise NotNow(f"after {after} s the time-out has passed: use silence()\n{self.transcript()}")
            self._journal.cut_short(round(self._listening_since + after, 2))
        self._journal.write("caller", doing)
        return gather

    def _still_on(self, doing: str) -> None:
        if self.over:
            raise NotNow(
                f"the call is over ({self.ended_by}): nobody hears that the caller {doing}\n{self.transcript()}"
            )

    def _open(self, url: str, parameters: Form, method: str) -> None:
        """Put the verbs of the document at `url` ahead; if there is none, the fallback's, or the call
        drops."""
        self._asked_since_input += 1
        if self._asked_since_input > MOST_DOCUMENTS:
            raise RunawayCall(f"{MOST_DOCUMENTS} documents in a row without listening\n{self.transcript()}")
        where = urljoin(self._at, url)
        error = self._fetch(where, parameters, method)
        if error and self.leg.fallback_url:
            said = (("ErrorCode", str(error)), ("ErrorUrl", where.partition("#")[0]))
            error = self._fetch(self.leg.fallback_url, said, "POST")
        if error:
            self._journal.hear(APPLICATION_ERROR)
            self._end("completed", f"error {error}")

    def _fetch(self, url: str, parameters: Form, method: str) -> int:
        """Fetch and read one document; 0, or the code of the error that was noted."""
        delivered = self._line.deliver(url, self._form(parameters), method)
        self._journal.pass_time(delivered.late)
        if delivered.error:
            what = delivered.last.failure or f"status {delivered.last.status}"
            self._line.note(delivered.error, url, what, self.sid)
            return delivered.error
        self.documents.append(delivered.last.body.decode("utf-8", "replace"))
        try:
            verbs = read_voice(delivered.last.body, delivered.last.content_type)
        except Refused as reason:
            self._line.note(reason.code, url, str(reason), self.sid)
            if self._line.strict:
                raise
            return reason.code
        self._ahead, self._at = deque(verbs), url
        return 0

    def _end(self, status: str, by: str) -> None:
        self.status, self.ended_by = status, by
        self.gather = self.dialled = None
        self._ahead.clear()
        self._journal.write("line", f"(over: {status}, by {by})")
        self._event("completed")

    def _event(self, event: str) -> None:
        """Report one status event, if somebody wants it; they are numbered from 0."""
        if self.leg.status_url and event in self.leg.events:
            when = self.started + timedelta(seconds=self.seconds)
            said = {
                "Timestamp": format_datetime(when),
                "SequenceNumber": str(self._events),
                "CallbackSource": "call-progress-events",
            }
            if event == "completed":
                said |= {"CallDuration": str(round(self.seconds)), "Duration": str(-(-round(self.seconds) // 60))}
            status = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress"}.get(event, self.status)
            self._line.callback(self.leg.status_url, self._form(tuple(said.items()), status))
        self._events += 1

    def _form(self, parameters: Form, status: str = "") -> Form:
        leg = self.leg
        common = {
            "CallSid": leg.sid,
            "AccountSid": leg.account,
            "From": leg.from_,
            "To": leg.to,
            "Caller": leg.from_,
            "Called": leg.to,
            "CallStatus": status or self.status,
            "ApiVersion": API_VERSION,
            "Direction": leg.direction,
        }
        return (*common.items(), *leg.extra, *parameters)

    @contextmanager
    def _moving(self) -> Iterator[None]:
        """One movement of the call at a time; what it reports is delivered before the test goes on."""
        with self._lock:
            yield
        self._line.settle()
