"""A telephone of a made-up resident: what it shows, and what can be done with it.

The exchange's calls have a clock of their own. Here nothing runs out by itself: the line waits until a key is pressed,
something is said, or "say nothing" lets the time-out pass. Only a wait in a queue takes its real time (`waiting.py`).
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from app.pages import Page
from core.phrases import phrase, text
from core.types import Digits, Param, Phrase
from simulator.exchange import Call, Exchange, NotNow
from simulator.exchange.journal import Utterance
from simulator.exchange.verbs import Gather
from simulator.pages.people import Person, owner

LONGEST_SPEECH = 300
"""Characters said at once."""

MOST_PICKED_UP = 20
"""Calls that were picked up and are remembered."""

MOST_KEYS = 40
"""Keys pressed at once."""

QUIET = phrase("The telephone is quiet.")
RINGS = phrase("Your telephone rings.")
ONE_KEY = phrase("Press one key.")
ONE_KEY_OR_WORDS = phrase("Press one key, or say what you need.")
KEYS = phrase("Type it, then press #.")
KEYS_OR_WORDS = phrase("Type it and press #, or say it.")
SPEAK = phrase("Say it.")
RECORDS = phrase("Say it: you are recorded. A key ends it.")
RINGS_AT = phrase("It rings: {place}.")
IN_QUEUE = phrase("You wait for a person at the office.")
CONNECTED = phrase("You are connected. Talk, then hang up.")
WORKING = phrase("One moment.")
OVER = phrase("The call is over.")
NOTHING = phrase("(says nothing)")
PLAYED = phrase("(plays something that was recorded)")

CONFIDENCES = {"high": 0.9, "middle": 0.5, "low": 0.2}
"""How sure the recogniser says it is."""

_SENTENCE_ENDS = re.compile(r"(?<=[.!?؟:])\s+(?=\S)|(?<=[。！？])(?=\S)")

RECOGNISED_AS = {"cmn": "zh", "arb": "ar"}
"""Twilio's names of languages that a browser knows by another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Did:
    """Keys or words of the caller, after `heard` utterances; "" for nothing."""

    heard: int
    what: str


class Telephones:
    """All telephones of the town, on one exchange. `places` names the offices by number. Several threads may use it."""

    def __init__(self, exchange: Exchange, places: Mapping[str, str]) -> None:
        self.exchange = exchange
        self._places = places
        self._did: WeakKeyDictionary[Call, list[Did]] = WeakKeyDictionary()  # gone with the call
        self._picked_up: list[Call] = []
        self._since: WeakKeyDictionary[Call, float] = WeakKeyDictionary()
        self._dialling: set[str] = set()
        self._lock = threading.Lock()

    # --- which call it is --------------------------------------------------------------------------------

    def calls(self) -> list[Call]:
        """Every call that somebody is on, at either end, oldest first."""
        with self._lock:
            picked_up = list(self._picked_up)
        return [*self.exchange.calls, *picked_up]

    def call_of(self, who: Person) -> Call | None:
        """The call that they are on, or the last one that they were on."""
        theirs = [call for call in self.calls() if is_on(call, who)]
        live = [call for call in theirs if not call.over]
        return next(iter((live or theirs)[-1:]), None)

    def ringing_at(self, who: Person) -> Call | None:
        """The call that rings at their telephone: one that was placed to it, or one that dials it."""
        for call in self.calls():
            if not call.over and (is_placed_to(call, who) or self._dials(call, who.number)):
                return call
        return None

    def _dials(self, call: Call, number: str) -> bool:
        dial = call.dialled
        return dial is not None and number in dial.numbers and not call.talking and self.other_side(call) is None

    def other_side(self, call: Call) -> Call | None:
        """Who picked up what `call` dialled, while they have not hung up."""
        with self._lock:
            found = [one for one in self._picked_up if ("ParentCallSid", call.sid) in one.leg.extra and not one.over]
        return found[-1] if found else None

    # --- what it shows -----------------------------------------------------------------------------------

    def shows(self, who: Person, page: Page) -> dict[str, object]:
        """The telephone's state, in the page's language."""
        call, ringing = self.call_of(who), self.ringing_at(who)
        wants = RINGS if ringing else self._wants(call) if call else QUIET
        return {
            "call": self._shown(call, page) if call else None,
            "wants": page.say(wants),
            "rings": ringing is not None,
        }

    def _shown(self, call: Call, page: Page) -> dict[str, object]:
        gather, where = call.gather, at(call)
        office = where == "rings" and not any(owner(number) for number in call.dialled.numbers) if call.dialled else 0
        return {
            "id": call.sid,
            "at": where,
            "lines": self._lines(call, page),
            "most_keys": (gather.num_digits or MOST_KEYS) if gather else int(call.recording is not None),
            "listens": call.recording is not None or (gather is not None and "speech" in gather.input),
            "office_rings": bool(office),
            "office_talks": call.talking and self.other_side(call) is not None,
        }

    def _lines(self, call: Call, page: Page) -> list[dict[str, str]]:
        """What was heard and done, first to last."""
        heard, done = call.heard, list(self._did.get(call, ()))
        lines: list[dict[str, str]] = []
        for n in range(len(heard) + 1):
            while done and done[0].heard <= n:
                what = done.pop(0).what or page.say(NOTHING)
                lines.append({"who": "you", "text": what, "lang": "", "dir": "auto"})
            if n < len(heard):
                lines.append(spoken(heard[n]) if heard[n].voice else played(page))
        return lines

    def _wants(self, call: Call) -> Phrase:
        match at(call):
            case "listens":
                return RECORDS if call.recording else asked(call.gather)
            case "rings":
                return text(RINGS_AT.id, place=self._place(call))
            case "queue":
                return IN_QUEUE
            case "talks":
                return CONNECTED
            case "over":
                return OVER
        return WORKING

    def _place(self, call: Call) -> Param:
        """Who or what rings."""
        number = call.dialled.numbers[0] if call.dialled and call.dialled.numbers else ""
        if who := owner(number):
            return who.role or who.name
        return text(self._places[number]) if number in self._places else Digits(text=number)

    # --- what can be done with it ------------------------------------------------------------------------

    def dial(self, who: Person) -> None:
        """Call the office. Raises `NotNow` during another call, also one that another tab begins at this moment."""
        with self._dials_alone(who.number):
            before = self.call_of(who)
            if before is not None and not before.over:
                raise NotNow("this telephone is on a call")
            self.exchange.call(who.number)

    @contextmanager
    def _dials_alone(self, number: str) -> Iterator[None]:
        with self._lock:
            if number in self._dialling:
                raise NotNow("this telephone is dialling")
            self._dialling.add(number)
        try:
            yield
        finally:
            self._dialling.discard(number)

    def press(self, who: Person, keys: str) -> None:
        """Press keys, after hearing all that is said. Raises `NotNow`, and ValueError for what is no key."""
        call = self._live(who)
        with self._noted(call, keys):
            call.press(keys)

    def say(self, who: Person, words: str, confidence: float) -> None:
        """Say something. Raises `NotNow`."""
        call = self._live(who)
        with self._noted(call, f"“{words}”"):
            call.say(words, confidence=confidence)

    def say_nothing(self, who: Person) -> None:
        """Let the time-out pass. Raises `NotNow`."""
        call = self._live(who)
        with self._noted(call, ""):
            call.silence()

    def hang_up(self, who: Person) -> None:
        """Put the telephone down, after as long a talk as it really was. Raises `NotNow`."""
        self._end(self._live(who))

    def answer(self, who: Person) -> None:
        """Pick up what rings. Raises `NotNow`."""
        self._pick_up(self._ringing(who), who.number)

    def decline(self, who: Person, status: str) -> None:
        """Let it ring (no-answer), or be busy. Raises `NotNow`."""
        call = self._ringing(who)
        if is_placed_to(call, who):
            call.not_answered(status)
        else:
            call.dial_result(status)

    def voicemail(self, who: Person) -> None:
        """Let the voicemail take it: it hears what is said and presses nothing. Raises `NotNow`."""
        taken = self._pick_up(self._ringing(who), who.number, by="machine_start")
        while taken.gather is not None:
            taken.silence()
        if not taken.over:
            taken.hang_up()

    def play_office(self, who: Person, status: str) -> None:
        """What the office's telephone does that rings: "answer", no-answer or busy. Raises `NotNow`."""
        call = self._live(who)
        if call.dialled is None:
            raise NotNow("nothing rings")
        if status == "answer":
            self._pick_up(call, call.dialled.numbers[0])
        else:
            call.dial_result(status)

    def office_hangs_up(self, who: Person) -> None:
        """The office ends the talk. Raises `NotNow`."""
        other = self.other_side(self._live(who))
        if other is None:
            raise NotNow("nobody is at the other end")
        self._end(other)

    def _pick_up(self, call: Call, number: str, by: str = "") -> Call:
        if call.dialled is None:
            return call.answer(by=by)
        taken = call.dial_answered(number)
        if by and taken.leg.answered_by_url:
            taken.recognised(by)
        with self._lock:
            self._picked_up = [*self._picked_up[-MOST_PICKED_UP:], taken]
        return taken

    def talks(self, call: Call) -> None:
        """Remember since when somebody talks."""
        self._since.setdefault(call, time.monotonic())

    def _end(self, call: Call) -> None:
        talked = time.monotonic() - self._since.get(call, time.monotonic())
        call.hang_up(after=round(talked, 1) if call.talking else None)

    def _live(self, who: Person) -> Call:
        call = self.call_of(who)
        if call is None or call.over:
            raise NotNow("this telephone is on no call")
        return call

    def _ringing(self, who: Person) -> Call:
        call = self.ringing_at(who)
        if call is None:
            raise NotNow("nothing rings here")
        return call

    @contextmanager
    def _noted(self, call: Call, what: str) -> Iterator[None]:
        """Show what is done, if the line listens: elsewhere nobody hears it, nor if it turns out to be impossible."""
        did, shown = Did(heard=len(call.heard), what=what), self._did.setdefault(call, [])
        if at(call) == "listens":
            shown.append(did)
        try:
            yield
        except (NotNow, ValueError):
            shown[:] = [one for one in shown if one is not did]
            raise


def is_on(call: Call, who: Person) -> bool:
    """Whether they called, or picked up."""
    if call.leg.direction == "inbound":
        return call.leg.from_ == who.number
    return call.leg.to == who.number and not is_placed_to(call, who) and call.status not in ("no-answer", "busy")


def is_placed_to(call: Call, who: Person) -> bool:
    """Whether the application has placed it to them, and nobody has picked up yet."""
    return call.leg.direction == "outbound-api" and call.leg.to == who.number and call.status in ("queued", "ringing")


def at(call: Call) -> str:
    """Where a call is: over, talks, queue, rings, listens, or works (the application is being asked)."""
    if call.over:
        return "over"
    if call.talking:
        return "talks"
    if call.queued:
        return "queue"
    if call.dialled is not None:
        return "rings"
    return "listens" if call.gather is not None or call.recording is not None else "works"


def asked(gather: Gather | None) -> Phrase:
    """What the line waits for."""
    if gather is None:
        return WORKING
    if "dtmf" not in gather.input:
        return SPEAK
    one, speech = gather.num_digits == 1, "speech" in gather.input
    if one:
        return ONE_KEY_OR_WORDS if speech else ONE_KEY
    return KEYS_OR_WORDS if speech else KEYS


def played(page: Page) -> dict[str, str]:
    """A file that the line plays: what is in it, only ears can tell."""
    return {"who": "line", "text": page.say(PLAYED), "lang": page.tag, "dir": page.direction}


def spoken(heard: Utterance) -> dict[str, str]:
    """One utterance, a line for each sentence, with the language as browsers name it."""
    first, _, rest = heard.language.partition("-")
    first = RECOGNISED_AS.get(first, first)
    return {
        "who": "line",
        "text": _SENTENCE_ENDS.sub("\n", heard.text),
        "lang": f"{first}-{rest}" if rest else first,
        "dir": "rtl" if first == "ar" else "ltr",
    }
