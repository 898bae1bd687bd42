"""The course of a call on the exchange's side: fetch a document, play its verbs, stop where the caller is needed.

After each movement the call is at rest in one of three places: the line listens (`gather`), it rings somewhere
(`dialled`), or it is over (`ended_by`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urljoin

from simulator.exchange import listening, ringing
from simulator.exchange.journal import Journal
from simulator.exchange.leg import Leg, Line, event_parameters
from simulator.exchange.listening import Heard
from simulator.exchange.refusal import Refused
from simulator.exchange.signing import Form
from simulator.exchange.twiml import read_voice
from simulator.exchange.verbs import Dial, Gather, Hangup, Pause, Play, Redirect, Reject, Say, Verb

APPLICATION_ERROR = Say(text="We are sorry. An application error has occurred. Goodbye.", voice="woman")
MOST_DOCUMENTS = 50  # one after the other, without anything from the caller
CALLER_ID_NOT_OURS = 13214
EVENT_STATUS = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress"}


class RunawayCall(Exception):
    """Documents lead to documents without ever listening: a real caller would hear this for ever."""


class Course:
    """Where a call stands, and how it goes on."""

    def __init__(self, line: Line, leg: Leg, given: Sequence[Verb]) -> None:
        self.leg = leg
        self.journal = Journal()
        self.status = "queued"
        self.ended_by = ""
        self.gather: Gather | None = None
        self.dialled: Dial | None = None
        self.documents: list[str] = []
        self.started = line.now()
        self.listening_since = 0.0
        self._line = line
        self._given = tuple(given)
        self._ahead: deque[Verb] = deque()
        self._at = leg.url
        self._asked_since_input = 0
        self._events = 0

    def begin(self, parameters: Form = ()) -> None:
        """The call stands: play what was given with it, or ask the application."""
        if self._given:
            self._ahead = deque(self._given)
        else:
            self._open(self.leg.url, parameters, self.leg.method)
        self._go_on()

    def elsewhere(self, url: str, method: str, verbs: Sequence[Verb]) -> None:
        """Leave everything and go on with the document at `url`, or with `verbs`."""
        self.gather = self.dialled = None
        if verbs:
            self._ahead = deque(verbs)
        else:
            self._open(url, (), method)
        self._go_on()

    def collected(self, gather: Gather, heard: Heard) -> None:
        """A Gather has ended: ask its action, or go on with the next verb if there was nothing."""
        self.journal.pass_time(heard.seconds)
        self.gather = None
        self._asked_since_input = 0
        if not heard.empty or gather.action_on_empty_result:
            self._open(gather.action, heard.parameters or listening.nothing(gather), gather.method)
        self._go_on()

    def dial_ended(self, dial: Dial, result: ringing.Result) -> None:
        """A Dial has ended and the caller is still there: ask its action, or go on with the next verb."""
        self.dialled = None
        self._asked_since_input = 0
        if dial.action is not None:
            self._open(dial.action, result.parameters(self._line.new_sid("CA")), dial.method)
        self._go_on()

    def caller_left_dial(self, dial: Dial, result: ringing.Result) -> None:
        """The caller has gone during a Dial: its action is still asked, and the answer ignored."""
        if dial.action is not None:
            form = self.leg.form(self.status, result.parameters(self._line.new_sid("CA")))
            self._line.deliver(urljoin(self._at, dial.action), form, dial.method)

    def end(self, status: str, by: str) -> None:
        """The call is over."""
        self.status, self.ended_by = status, by
        self.gather = self.dialled = None
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
        while self._ahead and not self.ended_by:
            verb = self._ahead.popleft()
            if isinstance(verb, Reject):
                self.end("busy" if verb.reason == "busy" else "no-answer", "application")
                return
            self.status = "in-progress"
            self._play(verb)
            if self.gather is not None or self.dialled is not None:
                return
        if not self.ended_by:
            self.end("completed", "end of the answer")

    def _play(self, verb: Verb) -> None:
        match verb:
            case Say() | Play() | Pause():
                self.journal.hear(verb)
            case Gather():
                self._listen(verb)
            case Dial():
                self._ring(verb)
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
        shown = dial.caller_id or self.leg.from_
        self.dialled = dial
        self.journal.write("line", f"(rings {', '.join(dial.numbers)})")
        if shown not in self._line.own_numbers and (shown != self.leg.from_ or self.leg.withheld):
            what = f"Dial: {shown} may not be shown as callerId"
            self._line.note(CALLER_ID_NOT_OURS, self._at, what, self.leg.sid)
            self.dial_ended(dial, ringing.result(dial, "failed", 0))

    def _open(self, url: str, parameters: Form, method: str) -> None:
        """Put the verbs of the document at `url` ahead; if there is none, the fallback's, or the call drops."""
        self._asked_since_input += 1
        if self._asked_since_input > MOST_DOCUMENTS:
            transcript = self.journal.transcript()
            raise RunawayCall(f"{MOST_DOCUMENTS} documents in a row without listening\n{transcript}")
        where = urljoin(self._at, url)
        error = self._fetch(where, parameters, method)
        if error and self.leg.fallback_url:
            said = (("ErrorCode", str(error)), ("ErrorUrl", where.partition("#")[0]))
            error = self._fetch(self.leg.fallback_url, said, "POST")
        if error:
            self.journal.hear(APPLICATION_ERROR)
            self.end("completed", f"error {error}")

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
            verbs = read_voice(delivered.last.body, delivered.last.content_type)
        except Refused as reason:
            self._line.note(reason.code, url, str(reason), self.leg.sid)
            if self._line.strict:
                raise
            return reason.code
        self._ahead, self._at = deque(verbs), url
        return 0
