"""Residents who call, write and chat all at once: what each of them does, what they are asked, what they hear."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, pairwise
from random import Random
from urllib.parse import parse_qs, urlsplit

from bot.inbound import Mapper
from core.types import Medium
from ivr.inbound import thread
from simulator.exchange import Call, Chat, Exchange
from tests.calls.line import LANGUAGES, OURS, SECRET
from tests.calls.test_languages import SPEECH

AGAIN = 40
"""How often a caller answers the same question before they give up: far more than any kill can take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """What a resident does, one thing after the other: keys, or words. `opens` a case at its end, or does not."""

    name: str
    medium: Medium
    acts: tuple[str, ...]
    opens: bool = False


JOURNEYS = (
    Journey(
        name="a case by keys, and two texts",
        medium=Medium.VOICE,
        acts=("1", "2", "3", "1", "5", "1", "4", "72#", "2", "1", "1", "2", "1"),
        opens=True,
    ),
    Journey(
        name="a case by words, in Spanish",
        medium=Medium.VOICE,
        acts=(
            "2",
            *SPEECH["es"],
        ),
        opens=True,
    ),
    Journey(name="a service's number, and back", medium=Medium.VOICE, acts=("1", "8", "415#", "1", "*", "*", "9", "2")),
    Journey(
        name="a case by text, then a person",
        medium=Medium.SMS,
        acts=("free bus pass for old people", "4", "72", "no", "(415) 555-0123", "1", "0", "thank you"),
        opens=True,
    ),
    Journey(name="papers by text, in Arabic", medium=Medium.SMS, acts=("بطاقة الباص المجانية لكبار السن", "1", "2")),
    Journey(
        name="a case by chat",
        medium=Medium.CHAT,
        acts=("/start", "1", "241", "4", "72", "2", "(415) 555-0123", "1"),
        opens=True,
    ),
    Journey(name="a person by chat", medium=Medium.CHAT, acts=("/start", "2", "hola", "0", "gracias")),
)


@dataclass(slots=True, kw_only=True)
class Act:
    """One thing that was done: its key in our database, and when (seconds of the clock) it began and was answered."""

    key: str
    began: float
    answered: float


@dataclass(slots=True, kw_only=True)
class Lived:
    """One resident's journey: where it stands in our database, and what they did. `amiss` is what they suffered."""

    journey: Journey
    address: str
    conversation: str
    acts: list[Act] = field(default_factory=list)
    amiss: list[str] = field(default_factory=list)
    call: Call | None = None
    chat: Chat | None = None


class Crowd:
    """Makes residents, each with a number of their own. Several threads may ask it."""

    def __init__(self, exchange: Exchange, random: Random, hurry: float) -> None:
        self.lived: list[Lived] = []
        self.plans: dict[str, dict[int, str]] = {}
        self._exchange = exchange
        self._random = random
        self._hurry = hurry
        self._numbers = count(1)
        self._mapper = Mapper(languages=LANGUAGES, secret=SECRET)

    def live(self, journey: Journey) -> Lived:
        """Somebody new lives this journey to its end."""
        number = next(self._numbers)
        lived = {Medium.VOICE: self._call, Medium.SMS: self._write, Medium.CHAT: self._chat}[journey.medium](
            journey, number
        )
        self.lived.append(lived)
        return lived

    def _call(self, journey: Journey, number: int) -> Lived:
        """A caller goes by what they are asked: the turn that an answer belongs to stands in its address."""
        address = f"+1628{number:07d}"
        began = time.time()
        call = self._exchange.call(address)
        lived = Lived(journey=journey, address=address, conversation=call.sid, call=call)
        lived.acts.append(Act(key=f"start:{call.sid}", began=began, answered=time.time()))
        plan = self.plans.get(journey.name)
        for act in self._asked(lived, call, journey, plan):
            self._think()
            turn, began = turn_asked(call), time.time()
            (call.press if set(act) <= set("0123456789*#") else call.say)(act)
            lived.acts.append(Act(key=f"turn:{turn}", began=began, answered=time.time()))
        if not call.over:
            call.hang_up()
        return lived

    def _asked(self, lived: Lived, call: Call, journey: Journey, plan: Mapping[int, str] | None) -> Iterator[str]:
        """What to do now, until there is nothing left. The first to live a journey finds out which turn takes what."""
        if plan is None:
            found = self.plans.setdefault(journey.name, {})
            for act in journey.acts:
                found[turn_asked(call)] = act
                yield act
            return
        last = max(plan)
        for _ in range(AGAIN + len(plan)):
            if call.over or call.gather is None:
                lived.amiss.append(f"the line ended or left the call: {call.ended_by or call.dialled}")
                return
            if (turn := turn_asked(call)) > last:
                return
            yield plan[turn]
        lived.amiss.append("asked the same again and again")

    def _write(self, journey: Journey, number: int) -> Lived:
        address = f"+1659{number:07d}"
        lived = Lived(journey=journey, address=address, conversation=thread(address, OURS, SECRET))
        for act in journey.acts:
            self._think()
            began = time.time()
            text = self._exchange.sms(address, "", act)
            lived.acts.append(Act(key=text.sid, began=began, answered=time.time()))
        return lived

    def _chat(self, journey: Journey, number: int) -> Lived:
        id = 7_000_000_000 + number
        chat = self._exchange.chat(id, f"R{number}")
        lived = Lived(journey=journey, address=str(id), conversation=self._mapper.conversation(id), chat=chat)
        for act in journey.acts:
            self._think()
            now = time.time()
            lived.acts.append(Act(key=f"message:{chat.send(act)}", began=now, answered=now))
        return lived

    def _think(self) -> None:
        time.sleep(self._hurry * self._random.random())


def turn_asked(call: Call) -> int:
    """The turn that the question now asked belongs to."""
    assert call.gather is not None, call.transcript()
    return int(parse_qs(urlsplit(call.gather.action).query)["turn"][0])


def went_back(lived: Lived) -> int:
    """How often this caller was asked something again, since an answer of theirs had not counted."""
    return sum(one.key == other.key for one, other in pairwise(lived.acts))
