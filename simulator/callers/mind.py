"""A caller: what they make of what they hear, and what they do about it.

Nothing reaches a `Mind` but sentences with the seconds at which they were heard, in the voice in which they were
said. It does not see what the line waits for, nor where it stands in the dialogue.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from simulator.callers.chance import Luck
from simulator.callers.hearing import LOST, Ears
from simulator.callers.personas import Persona
from simulator.callers.sense import Sense, says_one
from simulator.callers.sentences import Offer, asks, bare, digits_of, roots, units, without_for
from simulator.callers.speech import recognised
from simulator.callers.tasks import COST, DANGER, FIND, FOLLOW, PAPERS, PERSON, REPORT, START, Facts, Task

SURE, GUESS = 0.7, 0.2
"""How strongly a thing must point to what is wanted, to be taken at once; to be taken if nothing better comes."""

ACTS = {FIND: ("",), PAPERS: ("papers", "who"), COST: ("cost", "time"), START: ("start", ""), REPORT: ("start", "")}
"""With which acts, as the sentences name them, a task is put."""

ENOUGH = 0.5
"""How much of an answer must get through before somebody is content with it (PROPOSAL)."""

NEARLY = 0.8
"""What is told may point to something else a little more than to what is wanted, and still be taken for it."""

LEAST_TOLD = 3
"""Words that a sentence has at least, to tell something: "Please choose" does not."""

LONGER_IN_A_FORM = 2
"""Who is getting on with what they applied for bears with it so many times as long (PROPOSAL)."""

MISSED_MUCH = 0.15
"""Share of the words that were missed, from which somebody would rather hear it again than think that it is not
there."""

NOTICES = 0.7
"""How likely somebody notices that an answer is read back as another than they gave (PROPOSAL)."""

CORRECTS = 2
"""How often somebody corrects the same answer; then they let it be (PROPOSAL)."""

DATE = 8
"""Digits of a day as it is typed: month, day, year."""

LEAST_OF_A_NUMBER = 6
"""Digits from which something is a telephone's number."""

SPEAKS_AT_MOST = 3
"""How often somebody tells a machine what they need."""

BESIDE = {"1": "24", "2": "135", "3": "26", "4": "157", "5": "2468", "6": "359", "7": "48", "8": "5790", "9": "68",
          "0": "8*#", "*": "70", "#": "90"}  # fmt: skip
"""The keys beside each on a telephone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """One sentence on the line: in whose voice (its language) and from when to when."""

    text: str
    voice: str
    begins: float
    ends: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a caller does: presses `keys`, says `words`, is silent, or hangs up. `at` is the second; `why` is for
    people."""

    kind: str
    at: float
    why: str
    keys: str = ""
    words: str = ""
    meant: str = ""


PRESS, SAY, SILENCE, HANG_UP = "press", "say", "silence", "hang up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """A sentence in their language: as said, as it got to them, and what it offers as far as it did."""

    said: str
    heard: str
    offers: tuple[Offer, ...]
    ends: float

    @property
    def tells(self) -> bool:
        """Whether it tells something: it asks nothing and offers nothing."""
        return not self.offers and not asks(self.said)


@dataclass(slots=True, kw_only=True)
class Mind:
    """Somebody on the telephone."""

    persona: Persona
    sense: Sense
    luck: Luck
    task: Task
    facts: Facts
    content: bool = False
    answered: float = 0.0
    turn: int = 0
    stuck: int = 0
    spoke: int = 0
    addressed: bool = False
    arrived: bool = False
    asked_part: bool = False
    in_form: bool = False
    fetching: bool = False
    promised: bool = False
    late: bool = False
    knows_back: bool = False
    knows_again: bool = False
    leaflet_tried: bool = False
    sure: float = 0.0
    last_thing: str = ""
    tried: set[str] = field(default_factory=set)
    typed: list[str] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    corrected: Counter[str] = field(default_factory=Counter)
    amiss: str = ""
    judged: int = 0
    agreed: bool = True
    _told_before: set[str] = field(default_factory=set)
    _before: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.knows_back = self.knows_again = self.luck.happens(self.persona.knows, "knows keys")
        if not self.luck.happens(self.persona.knows, "has the leaflet"):
            self.leaflet_tried = True

    @property
    def ears(self) -> Ears:
        """What they hear with."""
        return Ears(persona=self.persona, sense=self.sense, luck=self.luck)

    def act(self, sounds: Sequence[Sound], now: float) -> Act:
        """What they do after this, or before it is over. `now` is when the line has finished speaking."""
        self.turn += 1
        got = [self._notice(sound) for sound in sounds if sound.voice.startswith(self.sense.voices)]
        if len(got) > 2 or any(not one.offers for one in got[1:]):
            self.addressed = self.addressed or not any(self._names_language(one) for one in got)
        if self._satisfied(got):
            self.content = True
            self.answered = max((one.ends for one in got if one.tells), default=now)
            return Act(kind=HANG_UP, at=now + 1, why="has what they called for")
        if now > self.persona.patience * (LONGER_IN_A_FORM if self.in_form else 1):
            return Act(kind=HANG_UP, at=now, why="has no patience left")
        done = self._urgent(now) or self._by_leaflet(got, now) or self._answers(got, now)
        done = done or self._speaks(got, now) or self._chooses(got, now) or self._is_stuck(got, now)
        return done

    def _gives(self, got: Sequence[Noticed], answer: str) -> None:
        """Remember what they answer to a question of a form."""
        asked = [one.said for one in got if asks(one.said) and not one.offers]
        if self.in_form and len(asked) == 1:
            self.given[asked[0]] = answer

    # --- hearing ---------------------------------------------------------------------------------------------

    def _notice(self, sound: Sound) -> Noticed:
        before = self._before[sound.text]
        self._before[sound.text] += 1
        offers, last = list[Offer](), ""
        for offer in self.sense.talk.offers(sound.text):
            thing = self.ears.take_in(offer.thing, self.turn, before)
            key = offer.key if LOST not in self.ears.take_in(offer.key, self.turn, before) else ""
            if (
                not key
                and last.isdigit()
                and self.luck.happens(self.persona.capacity / 6, "counts on", self.turn, thing)
            ):
                key = str(int(last) + 1)[-1]
            last = offer.key
            offers.append(Offer(thing=thing, key=key, key_first=offer.key_first))
            self._learn(thing, key)
        heard = self.ears.take_in(sound.text, self.turn, before)
        return Noticed(said=sound.text, heard=heard, offers=tuple(offers), ends=sound.ends)

    def _learn(self, thing: str, key: str) -> None:
        self.knows_back = self.knows_back or (key == "*" and self.sense.means(thing, "back"))
        self.knows_again = self.knows_again or (key == "9" and self.sense.means(thing, "again"))

    def _names_language(self, one: Noticed) -> bool:
        return any(self.sense.means(offer.thing, "language") for offer in one.offers)

    def _told(self, got: Sequence[Noticed], *, new: bool = False) -> str:
        """What the line tells, as it got to them, without what it says about keys and mistakes; `new`: without what
        it said before they chose or spoke."""
        return " ".join(
            one.heard
            for one in self._telling(got)
            if not (new and one.said in self._told_before) and len(roots(one.said, self.sense.language)) >= LEAST_TOLD
        )

    def _telling(self, got: Sequence[Noticed]) -> list[Noticed]:
        """The sentences that tell something of a matter, however short."""
        verbs = (*self.sense.typed, *self.sense.say)
        return [
            one
            for one in got
            if one.tells
            and not says_one(one.said, verbs, self.sense.language)
            and not self.sense.means(one.said, "error")
        ]

    def _whole(self, told: str) -> bool:
        """Whether enough of it got through."""
        words = units(told, self.sense.language)
        return bool(words) and sum(LOST not in word for word in words) >= ENOUGH * len(words)

    # --- content, or not yet ---------------------------------------------------------------------------------

    def _satisfied(self, got: Sequence[Noticed]) -> bool:
        """Whether they have what they called for, as far as they can tell."""
        told = self._told(got)
        if self.promised and told and not self._is_asked_to_agree(got):
            return True
        if self.sense.means(told, "call_back") and not self.in_form:
            if self._is_asked_to_agree(got):
                self.fetching = self.promised = True
            elif self.fetching:
                return True
        if self.in_form and any(self.sense.means(one.heard, "reference") for one in got if one.tells):
            return True
        if self.fetching or any(self.sense.means(one.said, "error") for one in got):
            return False
        if self.task.kind == DANGER:
            return any(self.sense.means(one.heard, "emergency") for one in got if one.tells)
        if self.task.kind == FOLLOW:
            return self.facts.reference in self.typed and self._whole(told) and not self.sense.means(told, "call_back")
        if self.task.kind in (START, REPORT):
            self._see_whether_arrived(got)
            return False
        if self.task.kind == FIND:
            if self.asked_part:
                return self._whole(told)
            self._see_whether_arrived(got)
            return self.arrived and not self.task.part and self._whole(told)
        return False

    def _is_asked_to_agree(self, got: Sequence[Noticed]) -> bool:
        offers = [offer for one in got for offer in self.sense.talk.offers(one.said)]
        return self._yes(offers)

    def _see_whether_arrived(self, got: Sequence[Noticed]) -> None:
        """They are where they wanted to be, if what is told sounds more like it than like anything else, or if they
        were sure of what they chose and something is told, unless that is clearly something else: then they hit another
        key, and may choose the same again."""
        told = self._told(got, new=True)
        titles = " ".join(one.heard for one in self._telling(got))
        if told and not self.arrived and not self.in_form:
            mine, others = self._points(titles), self._others(titles)
            sure, elsewhere = self.sure >= SURE, mine < GUESS and others >= SURE
            self.arrived = (mine >= GUESS and mine >= NEARLY * others) or (sure and not elsewhere and self._whole(told))
            if not self.arrived and not (sure and elsewhere):
                self.tried.add(self.last_thing)

    def _points(self, heard: str) -> float:
        """How strongly words point to what they need, with what they know of such words."""
        missing = 1.0
        for root in roots(heard, self.sense.language):
            if self.luck.happens(self.persona.familiarity, "is familiar with", root):
                missing *= 1 - self.sense.points.get(root, {}).get(self.task.service, 0.0)
        return 1 - missing

    def _others(self, heard: str) -> float:
        """How strongly words point to whatever else they point to most."""
        services = {service for points in self.sense.points.values() for service in points}
        return max(self.sense.about_service(heard, service) for service in services - {self.task.service})

    # --- what they do ----------------------------------------------------------------------------------------

    def _urgent(self, now: float) -> Act | None:
        """Panic presses blindly; danger is told to whoever answers, where they speak at all."""
        if self.luck.happens(self.persona.panic / 2, "presses blindly", self.turn):
            key = self.luck.one_of("1234567890", "blindly", self.turn)
            return Act(kind=PRESS, at=now, why="presses blindly", keys=key, meant=key)
        speaks = max(self.persona.speaks, self.persona.speaks_unasked)
        if self.task.kind == DANGER and self.spoke < 2 and self.luck.happens(speaks, "cries out", self.turn):
            return self._say(self.luck.one_of(self.sense.wishes["danger"], "danger"), now, "cries for help")
        return None

    def _by_leaflet(self, got: Sequence[Noticed], now: float) -> Act | None:
        """Whoever has the leaflet types the number on it."""
        has = self.facts.leaflet or self.facts.reference
        if self.leaflet_tried or not self.addressed or not has or not any(one.offers for one in got):
            return None
        self.leaflet_tried = True
        return self._press("8", now, "has a number")

    def _answers(self, got: Sequence[Noticed], now: float) -> Act | None:
        """Type or say what the line asks for outright."""
        asked = " ".join(one.said for one in got)
        heard = " ".join(one.heard for one in got)
        if any(says_one(one.heard, self.sense.typed, self.sense.language) for one in got):
            if not (keys := self._to_type(asked)):
                return None
            keys += "#" if self.sense.means(asked, "hash") else ""
            self.typed.append(keys.rstrip("#"))
            self._gives(got, self.typed[-1])
            self.sure = 1.0
            ready = self.late and got[0].ends <= now
            return self._press(keys, got[0].ends if ready else now, "types what is asked for")
        now_asked = self.in_form and says_one(heard, self.sense.say, self.sense.language)
        if now_asked and self.persona.speaks and self.luck.happens(0.5 + self.persona.speaks / 2, "says it", self.turn):
            kind = (
                "place"
                if self.sense.means(asked, "place")
                else "name"
                if self.sense.means(asked, "called")
                else "anything"
            )
            words = self.luck.one_of(self.sense.wishes[kind], kind)
            self._gives(got, words)
            return self._say(words, now, "says what is asked for")
        return None

    def _to_type(self, asked: str) -> str:
        """The digits that a question wants; none if they have none."""
        if self.fetching:
            return self.facts.number.removeprefix("+1")
        if not self.in_form:
            return self.facts.reference or self.facts.leaflet
        if self.sense.means(asked, "month"):
            return self.facts.born if self.sense.means(asked, "born") else self.facts.day
        return self.facts.age if self.sense.means(asked, "age") else self.facts.some

    def _speaks(self, got: Sequence[Noticed], now: float) -> Act | None:
        """Say what is needed, where the line asks for it, or where they talk to machines."""
        if self.arrived or self.in_form or self.fetching or self.spoke >= SPEAKS_AT_MOST or not got:
            return None
        invited = self.addressed and any(
            not one.offers and says_one(one.heard, self.sense.say, self.sense.language) for one in got
        )
        likely = self.persona.speaks if invited else self.persona.speaks_unasked
        if not self.luck.happens(likely, "speaks", self.turn):
            return None
        return self._say(self._wish(), now, "says what they need")

    def _wish(self) -> str:
        if self.task.kind in (PERSON, DANGER, FOLLOW):
            return self.luck.one_of(self.sense.wishes[self.task.kind], "wish", self.spoke)
        return self.luck.one_of(
            self.sense.put(self.task.service, ACTS[self.task.part or self.task.kind]), "wish", self.spoke
        )

    def _chooses(self, got: Sequence[Noticed], now: float) -> Act | None:
        """Take the offer that is most like what is wanted, if they have its key and still hold it."""
        offered = [(one, offer) for one in got for offer in one.offers]
        wanted = [(self._wants(offer, got), place) for place, (_, offer) in enumerate(offered)]
        if not wanted:
            return None
        best, place = max(wanted, key=lambda pair: (pair[0], -pair[1]))
        waits = self.luck.happens(self.persona.waits, "waits", self.turn)
        early = [(score, at) for score, at in wanted if score >= SURE]
        if early and not waits:
            best, place = early[0]
        if best < GUESS:
            return None
        noticed, offer = offered[place]
        heard_after = len(offered) - place - 1 if waits or best < SURE else 0
        if not offer.key or not self._holds(offer, heard_after):
            self.stuck += 1
            return self._again(now, f"wants '{offer.thing}', but has not got the key")
        self._gives(got, without_for(offer.thing))
        self._took(offer, best)
        at = now if heard_after else noticed.ends
        return self._press(offer.key, max(at, noticed.ends), f"takes '{offer.thing}'")

    def _holds(self, offer: Offer, heard_after: int) -> bool:
        """Whether the key is still in mind: it fades with each thing heard after it; and a key that is said first
        must be held while the thing is heard and weighed."""
        hold = math.exp(-heard_after / (4 * self.persona.capacity))
        if offer.key_first:
            hold *= math.exp(-(1 + len(units(offer.thing, self.sense.language)) / 2) / (3 * self.persona.capacity))
        return self.luck.happens(hold, "holds", self.turn, offer.thing)

    def _took(self, offer: Offer, score: float) -> None:
        self.sure = 0.0 if self._names_language_of(offer) else score
        self.last_thing, self.stuck = offer.thing, 0
        if without_for(offer.thing) == self.amiss:
            self.amiss = ""
        self._told_before |= set(self._before)
        if self._is_person(offer.thing):
            self.fetching = True
        elif self.arrived and self.sense.means(offer.thing, "start"):
            self.in_form = True
        elif self.arrived and self._is_part(offer.thing):
            self.asked_part = True

    def _is_part(self, thing: str) -> bool:
        return self.task.part in (PAPERS, COST) and self.sense.means(thing, self.task.part)

    def _wants(self, offer: Offer, got: Sequence[Noticed]) -> float:
        """How much an offer is what they want now."""
        person = self._is_person(offer.thing)
        if not self.addressed and self._names_language_of(offer):
            return 1.0
        if self.task.kind in (PERSON, DANGER) and not self.fetching:
            return float(person)
        if self.in_form or self.fetching:
            return 0.0 if person else self._answers_best(offer, got)
        if person or offer.thing in self.tried:
            return 0.0
        if self.task.kind == FOLLOW:
            return float(self.sense.means(offer.thing, "follow"))
        if self.arrived:
            goes_on = self.task.kind in (START, REPORT) and self.sense.means(offer.thing, "start")
            return float(goes_on or self._is_part(offer.thing))
        return self._points(offer.thing)

    def _names_language_of(self, offer: Offer) -> bool:
        return self.sense.means(offer.thing, "language")

    def _answers_best(self, offer: Offer, got: Sequence[Noticed]) -> float:
        """In a form: their own number, yes where it is right, what may be left out, else what they happen to be."""
        if self._own_number(offer.thing) or self.sense.means(offer.thing, "start"):
            return 1.0
        offers = [one for noticed in got for one in noticed.offers]
        if self._yes(offers):
            agrees = self._agrees(got)
            return float(self.sense.means(offer.thing, "yes" if agrees else "no"))
        if self.amiss:
            return float(without_for(offer.thing) == self.amiss)
        if self.sense.means(offer.thing, "skip"):
            return 1.0
        return 0.5 + 0.4 * self.luck.draw("is", offer.thing)

    def _is_person(self, thing: str) -> bool:
        """Whether it is a person that is offered now; not to tell somebody later."""
        return self.sense.means(thing, "person") and not self.sense.means(thing, "later")

    @staticmethod
    def _own_number(thing: str) -> bool:
        """Whether a telephone's number is offered, by how many digits of it were heard: the line knows none but
        theirs."""
        digits = "".join(filter(str.isdigit, thing))
        return len(digits) >= LEAST_OF_A_NUMBER

    def _yes(self, offers: Sequence[Offer]) -> bool:
        return any(self.sense.means(offer.thing, "yes") for offer in offers)

    def _agrees(self, got: Sequence[Noticed]) -> bool:
        """Whether what was read back is what they gave; a question about themselves is answered as it happens to be.
        Judged once a turn, for each offer asks."""
        if self.judged != self.turn:
            self.judged, self.agreed = self.turn, self._judges(got)
        return self.agreed

    def _judges(self, got: Sequence[Noticed]) -> bool:
        told = " ".join(one.said for one in got if not one.offers)
        digits = "".join(filter(str.isdigit, told))
        if not digits and not self._told(got):
            return self.luck.happens(0.5, "is so", told)
        self.amiss = self._notices(got)
        return not self.amiss

    def _notices(self, got: Sequence[Noticed]) -> str:
        """The first question whose answer is read back as another than they gave, as far as they hear and notice it;
        without its mark, as it is offered to be changed."""
        for one, after in pairwise(got):
            answer, times = self.given.get(one.said, ""), self.corrected[one.said]
            may = answer != "" and times < CORRECTS and LOST not in after.heard + answer
            if may and not self._same(answer, after.said) and self.luck.happens(NOTICES, "notices", one.said, times):
                self.corrected[one.said] += 1
                return bare(one.said)
        return ""

    def _same(self, given: str, told: str) -> bool:
        """Whether what is read back may be what they gave."""
        if self.sense.means(given, "skip") or self.sense.means(given, "later"):
            return True  # that is told in other words
        digits, said = ("".join(filter(str.isdigit, text)) for text in (given, told))
        if given.isdigit() and len(given) == DATE:
            return given[4:] in digits_of(told) and str(int(given[2:4])) in digits_of(told)
        if given.isdigit() or len(digits) >= LEAST_OF_A_NUMBER:
            return digits in said
        heard = {bare(word) for word in units(told.lower(), self.sense.language)}
        return all(bare(word) in heard for word in units(given.lower(), self.sense.language))

    def _is_stuck(self, got: Sequence[Noticed], now: float) -> Act:
        """Nothing that they heard is what they want."""
        self.stuck += 1
        offers = [offer for one in got for offer in one.offers if offer.key]
        person = next((one for one in offers if self._is_person(one.thing)), None)
        if person and not self.fetching and self.luck.happens(self.persona.fetches, "fetches", self.turn):
            return self._fetch(person, now)
        missed = not got or self._missed_much(got)
        if self.stuck == 1 and missed:
            return self._again(now, "did not get it")
        if self.persona.speaks and self.spoke < 2 and self.addressed and not self.in_form and not self.arrived:
            return self._say(self._wish(), now, "does not find it, and says it")
        more = next((one for one in offers if self.sense.means(one.thing, "more")), None)
        if more and more.thing not in self.tried:
            return self._press(more.key, now, "hears what else there is")
        if self.knows_back and self.last_thing and self.last_thing not in self.tried:
            self.tried.add(self.last_thing)
            return self._press("*", now, "goes back")
        if person and not self.fetching:
            return self._fetch(person, now)
        if self.stuck < 3 and not self.luck.happens(0.5, "tries", self.turn):
            return Act(kind=SILENCE, at=now, why="does not know what to do")
        keys = [offer.key for offer in offers] or list("1234567890")
        return self._press(self.luck.one_of(keys, "tries", self.turn), now, "tries a key")

    @staticmethod
    def _missed_much(got: Sequence[Noticed]) -> bool:
        """Whether so much was missed that what they want may have been among it."""
        words = [word for one in got for word in one.heard.split()]
        return sum(LOST in word for word in words) > MISSED_MUCH * len(words)

    def _fetch(self, person: Offer, now: float) -> Act:
        self.fetching = True
        return self._press(person.key, now, "wants a person")

    def _again(self, now: float, why: str) -> Act:
        if self.knows_again:
            return self._press("9", now, why)
        return Act(kind=SILENCE, at=now, why=why)

    def _say(self, words: str, now: float, why: str) -> Act:
        self.spoke += 1
        self._told_before |= set(self._before)
        understood = recognised(words, self.sense.language, self.persona.word_errors, self.luck, self.turn)
        return Act(kind=SAY, at=now + self.persona.reaction, why=why, words=understood, meant=words)

    def _press(self, keys: str, now: float, why: str) -> Act:
        return Act(kind=PRESS, at=now + self.persona.reaction, why=why, keys=self._hit(keys), meant=keys)

    def _hit(self, keys: str) -> str:
        """The keys that are really pressed."""
        hit = ""
        for place, key in enumerate(keys):
            drawn = self.luck.draw("hits", self.turn, place)
            if drawn < self.persona.tremor / 2:
                hit += key * 2
            elif drawn < self.persona.tremor:
                hit += self.luck.one_of(BESIDE[key], "beside", self.turn, place)
            else:
                hit += key
        return hit
