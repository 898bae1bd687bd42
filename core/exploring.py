"""Explore every state that the dialogue can reach, and check what is promised of each.

The machine explored is the one that runs (`needs` and `advance`); its endless state is looked at through a finite
projection: mode, where one is and above what, what was offered and expected, the counts of trouble, the medium.
For each state every kind of input is tried: each key, silence, noise, words, danger, stop, hang-up, resume, what staff
do; each with every outcome of what `needs` asked for, offices open and closed, people at the desk and none. An engine
that is gone understands nothing, as for words that nobody knows; a database that is gone is a fault.

Of a language the decisions look only at whether it is chosen, so a state stands for all of them; the words of each
language are held by `core.promises.badly_said`. What comes twice or too late never reaches `advance`: the assistant
answers it with `current`, which is tried here as a resume.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import assert_never

from core import codes
from core.answers import CHOSEN, read_as, takes_zero
from core.asking import own_number
from core.catalog import Catalog, Service, Step, StepKind, When
from core.dialogue import advance, fresh, needs
from core.places import subject
from core.types import (
    BY_STAFF,
    SECRET,
    Act,
    Address,
    Alternative,
    Answer,
    CaseDetails,
    CaseStatus,
    CheckHelper,
    CheckPin,
    CodeFound,
    Command,
    ComparePin,
    Conversation,
    Counted,
    Evidence,
    FindAsked,
    FindCase,
    FindChoice,
    FindCode,
    FindConsent,
    FindDetails,
    FindRecording,
    FindSpoken,
    FindUnfinished,
    FindWindows,
    FreshNumbers,
    Heard,
    Inbound,
    Kind,
    Known,
    Later,
    Medium,
    Mode,
    Need,
    Needs,
    OfficeState,
    Phone,
    Pick,
    PinCheck,
    Place,
    Read,
    Reading,
    ReadKind,
    Recording,
    Scene,
    SealPin,
    Turn,
    Understanding,
    Unfinished,
    Window,
)

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TODAY = AT.date()
CALLER = "+14155550123"
REFERENCE = codes.reference(12345678)
CODE = codes.code(7654321)
PIN = "4719"
FIRST_CODE = "47190362"
MANDATE = "7"
SPOKEN = Recording(id="RE" + "1" * 32, seconds=7)
DANGER_WORDS = "there is a fire"
NOISE = "words nobody knows"
_TEXTS = ((True, False), (False, False), (True, True))
"""Whether texts may go to a number, and whether they are held back."""

FOREIGN_WORDS = "words of a language that the town does not have"
_IN_TROUBLE = frozenset({DANGER_WORDS, NOISE, FOREIGN_WORDS, "the word stop", "the word start"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The two functions under test; broken ones are explored to test the checks."""

    needs: Callable[[Conversation, Inbound, Understanding, Catalog], Needs] = needs
    advance: Callable[[Conversation, Inbound, Understanding, Known, Catalog], Turn] = advance


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One kind of thing a resident may do, with what would be understood."""

    name: str
    kind: Kind
    keys: str = ""
    text: str = ""
    pick: Pick | None = None
    confidence: float | None = None
    meant: Understanding = field(default_factory=Understanding)
    recording: Recording | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One input in one state, one outcome of the look-ups, and the turn decided."""

    was: Conversation
    input: Input
    known: Known
    turn: Turn


State = tuple[object, ...]

_ACTS = (
    Act.PAPERS,
    Act.START,
    Act.STATUS,
    Act.PERSON,
    Act.THANKS,
    Act.YES,
    Act.NO,
    Act.OTHER_LANGUAGE,
    Act.OUT_OF_SCOPE,
)
"""One act of each kind that the dialogue treats alike."""

_VALUE_IS_A_NUMBER = frozenset({Scene.CALLBACK, Scene.DONE, Scene.NEWS, Scene.CASE, Scene.RATE})
_BACK_INTO_A_STEP = frozenset({Scene.DANGER, Scene.CHECK, Scene.ZERO, Scene.OFFER})
"""Questions within a step whose answer depends on which step it is. What follows a recording is what follows any other
answer in words."""

_WITH_WISHES = frozenset({Scene.SERVICE, Scene.STEP, Scene.CHECK, Scene.CONFIRM, Scene.DONE})
"""Where a second wish is offered, or comes nearer: elsewhere it changes nothing."""

_WINDOWS = tuple(Window(start=AT + timedelta(hours=n), end=AT + timedelta(hours=n + 1), most=2) for n in (1, 25, 49))
"""Times for a call back: today, tomorrow and on another day."""

_ENDS = ("completed", "answered", "busy", "no-answer", "failed", "canceled")
"""Ways in which a try to put a call through ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """Everything seen. `edges` holds each state's edges; `came` how a state was first reached."""

    edges: dict[State, list[Edge]]
    came: dict[State, tuple[State, Edge] | None]
    alike: set[State] = field(default_factory=set)
    """States of trouble in a service shaped like another one: reached, but not gone on from."""

    @property
    def count(self) -> int:
        """How many edges there are."""
        return sum(len(edges) for edges in self.edges.values())

    def call(self, state: State, last: Edge | None = None) -> str:
        """How one gets to the state, as a call: what was done, and what was said."""
        steps: list[Edge] = [last] if last else []
        at = self.came[state]
        while at is not None:
            before, edge = at
            steps.append(edge)
            at = self.came[before]
        return "\n".join(_told(edge) for edge in reversed(steps)) or "  resident: (has done nothing yet)"


def project(now: Conversation) -> State:
    """The finite look at a state."""
    top = now.place[-1]
    if now.ended:
        return (now.medium, "ended", now.address is not None, now.mode, top.scene is Scene.RECORDING)
    return (
        now.medium,
        now.address is not None,
        own_number(now) != "",
        bool(now.language),
        now.mode,
        _place(top),
        _beneath(now),
        bool(now.wishes) and top.scene in _WITH_WISHES,
        now.misses,
        now.silences,
        now.stopped,
    )


def _place(top: Place) -> object:
    """Where one is, without the number that stands there; of a call back the times that are offered count."""
    if top.scene in (Scene.CALLBACK_TIME, Scene.REMIND):
        return top.scene, top.value.partition(" ")[2]
    return (top.scene, top.step, top.given) if top.scene in _VALUE_IS_A_NUMBER else top


def _beneath(now: Conversation) -> object:
    if len(now.place) < 2:
        return None
    beneath = now.place[-2]
    whole = beneath.scene is Scene.STEP and now.place[-1].scene in _BACK_INTO_A_STEP
    return beneath if whole else beneath.scene


WAYS = ((Medium.VOICE, CALLER), (Medium.VOICE, ""), (Medium.SMS, CALLER), (Medium.CHAT, "7"), (Medium.CHAT, CALLER))
"""How somebody comes: by a call with a number, a call without one, a text, a chat, and a chat with a telephone number
(WhatsApp)."""


def explore(
    catalog: Catalog,
    machine: Machine | None = None,
    most: int = 200_000,
    ways: Sequence[tuple[Medium, str]] = WAYS,
) -> Exploration:
    """Every state that is reached by these ways. `most` bounds the states."""
    world = _World(catalog=catalog, machine=machine or Machine(), always=_always(catalog))
    seen = Exploration(edges={}, came={})
    queue: deque[Conversation] = deque()
    examples = {"", *{_shape(s): s.slug for s in catalog.services.values()}.values()}
    for medium, number in ways:
        first = _first(medium, number)
        seen.came.setdefault(project(first), None)
        queue.append(first)
    while queue and len(seen.came) <= most:
        was = queue.popleft()
        state = project(was)
        if state in seen.edges:
            continue
        seen.edges[state] = []
        if (was.misses or was.silences) and subject(was) not in examples:
            seen.alike.add(state)
            continue
        for edge in _edges(was, world):
            seen.edges[state].append(edge)
            then = project(edge.turn.conversation)
            if then not in seen.came:
                seen.came[then] = (state, edge)
                queue.append(_plain(edge.turn.conversation))
    return seen


def _shape(service: Service) -> object:
    """What the dialogue looks at in a service: two of one shape lead through the same states."""
    steps = tuple((s.kind, s.optional, len(s.options), takes_zero(s)) for s in service.steps)
    return (steps, service.report, bool(service.key), bool(service.papers), bool(service.where))


def _first(medium: Medium, number: str) -> Conversation:
    return fresh(
        Inbound(
            conversation="explored",
            medium=medium,
            address=Address(channel=medium.value, value=number) if number else None,
            message_id="first",
            kind=Kind.START,
            at=AT,
        )
    )


def _plain(now: Conversation) -> Conversation:
    """A state without what the projection leaves out and what only counts up."""
    return replace(now, turn=0, version=0, pace=0, agains=0, foreign="", heard=None, wait_told=0)


def _edges(was: Conversation, world: _World) -> Iterator[Edge]:
    for one in _inputs(was, world.catalog):
        yield from _edges_of(was, one, world)
        if was.silences and one.kind is Kind.SILENCE:
            # Whether a transfer failed before matters for silence alone: both are looked at, without two states.
            yield from _edges_of(replace(was, transferred=True), one, world)
        if one.meant.command is Command.WHY:
            # Which words led here matters for this word alone.
            yield from (edge for heard in _led_here(was) for edge in _edges_of(replace(was, heard=heard), one, world))


def _led_here(was: Conversation) -> Iterator[Heard]:
    """What may have been heard that led here: words that counted, none that are told, a service's name."""
    top = was.place[-1]
    service = top.value.split(",")[0] if top.scene is Scene.OFFER else subject(was)
    if service:
        yield Heard(service=service, words=("stairs", "mother"))
        yield Heard(service=service)
        yield Heard(service=service, named=True)


def _edges_of(was: Conversation, one: Input, world: _World) -> Iterator[Edge]:
    return (Edge(was=was, input=one, known=known, turn=turn) for known, turn in _outcomes(was, one, world))


def said_by(was: Conversation, one: Input) -> Inbound:
    """The message that this input is in this state."""
    return Inbound(
        conversation=was.id,
        medium=was.medium,
        address=was.address,
        message_id="m",
        kind=one.kind,
        keys=one.keys,
        text=one.text,
        pick=one.pick,
        confidence=one.confidence,
        recording=one.recording,
        at=AT,
    )


# --- inputs --------------------------------------------------------------------------------------------------


def _inputs(was: Conversation, catalog: Catalog) -> Iterator[Input]:
    if was.ended:
        yield from _after_the_end()
        yield from _recordings(was)
        return
    yield from _voice(was) if was.medium is Medium.VOICE else _texts(was)
    if was.medium is Medium.CHAT:
        yield from _buttons(was)
    if was.misses or was.silences:
        # What words mean does not depend on trouble before; keys, silence, danger and what is not understood do.
        yield from (one for one in _words(was, catalog) if one.text in _IN_TROUBLE)
        return
    yield Input(name="start", kind=Kind.START)
    yield from _by_staff()
    yield from _words(was, catalog)


def _voice(was: Conversation) -> Iterator[Input]:
    for key in "0123456789*":
        yield Input(name=f"press {key}", kind=Kind.KEYS, keys=key)
    for keys in ("**", "241", CODE, REFERENCE, "911", "4155550124", "99"):
        yield Input(name=f"type {keys}", kind=Kind.KEYS, keys=keys)
    if was.place[-1].scene in SECRET:
        yield from (Input(name=f"type {keys}", kind=Kind.KEYS, keys=keys) for keys in (PIN, "1111", FIRST_CODE))
    yield Input(name="silence", kind=Kind.SILENCE)
    yield Input(name="hang up", kind=Kind.HANG_UP)
    yield Input(name="our fault", kind=Kind.FAULT)
    yield Input(name="once more", kind=Kind.RESUME)
    for status in _ENDS if was.mode is Mode.WAITING else _ENDS[:1]:
        yield Input(name=f"transfer {status}", kind=Kind.DIAL, text=status)
    yield from _recordings(was)


def _recordings(was: Conversation) -> Iterator[Input]:
    """Speaking while it is recorded, or pressing a key that means something else meanwhile."""
    if was.place[-1].scene is Scene.RECORDING:
        yield Input(name="a recording", kind=Kind.RECORDING, recording=SPOKEN)
        yield Input(name="an empty recording", kind=Kind.RECORDING, recording=replace(SPOKEN, seconds=0))
        yield Input(name="press 0", kind=Kind.KEYS, keys="0", recording=SPOKEN)
        yield Input(name="press *", kind=Kind.KEYS, keys="*", recording=SPOKEN)


def _by_staff() -> Iterator[Input]:
    for kind in sorted(BY_STAFF):
        yield Input(name=f"staff {kind}", kind=kind, text="Hello." if kind is Kind.REPLY else "")


def _after_the_end() -> Iterator[Input]:
    """A call is over, and the news of its transfer, or staff, come later."""
    yield from (Input(name=f"transfer {status}", kind=Kind.DIAL, text=status) for status in _ENDS)
    yield from _by_staff()


def _buttons(was: Conversation) -> Iterator[Input]:
    for offer in was.offered:
        yield Input(name=f"press {offer}", kind=Kind.PICK, pick=Pick(choice=offer.partition("=")[2], turn=was.turn))
    yield Input(name="press an old button", kind=Kind.PICK, pick=Pick(choice="yes", turn=was.turn - 1))
    yield Input(name="press what is not offered", kind=Kind.PICK, pick=Pick(choice="nothing", turn=was.turn))


def _texts(was: Conversation) -> Iterator[Input]:
    for typed in ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "241", CODE, REFERENCE):
        yield Input(name=f"write {typed}", kind=Kind.TEXT, text=typed)
    yield Input(name="a picture", kind=Kind.PICTURE)
    if was.medium is Medium.CHAT and not (was.misses or was.silences):
        yield Input(name="a recording", kind=Kind.RECORDING)
        yield Input(name="a recording that can be fetched", kind=Kind.RECORDING, recording=replace(SPOKEN, seconds=0))
        yield Input(name="a place on the map", kind=Kind.PLACE)
    yield Input(name="provider's STOP", kind=Kind.STOP)


def _words(was: Conversation, catalog: Catalog) -> Iterator[Input]:
    language = was.language or catalog.town.languages[0]
    startable = next((s.slug for s in catalog.services.values() if s.steps), "")
    first, second = list(catalog.services)[:2]

    def spoken(name: str, meant: Understanding) -> Input:
        return Input(name=name, kind=Kind.TEXT, text=name, meant=replace(meant, language=language))

    for command in Command:
        yield spoken(f"the word {command}", Understanding(command=command))
    yield spoken(DANGER_WORDS, Understanding(danger="fire"))
    yield spoken(NOISE, Understanding())
    for act in _ACTS:
        yield spoken(f"{act} in words", Understanding(act=act, act_confidence=1.0))
    why = Evidence(words=(Counted(words="stairs", share=1.0),))
    yield spoken("a service in words", Understanding(service=first, confidence=1.0, because=why))
    yield spoken("starting in words", Understanding(service=startable, act=Act.START, confidence=1.0))
    pair = tuple(Alternative(service=slug, confidence=0.4) for slug in (first, second))
    yield spoken("words for two services", Understanding(alternatives=pair))
    yield spoken("words near a service", Understanding(act=Act.OUT_OF_SCOPE, act_confidence=1.0, considered=pair[:1]))
    yield spoken("two wishes", Understanding(service=startable, act=Act.START, confidence=1.0, also=(second,)))
    yield spoken("a service that is not meant", Understanding(denied=first))
    yield spoken("no, another service", Understanding(service=second, confidence=1.0, corrected="another service"))
    yield spoken("no, 12 Mill Street", Understanding(corrected="12 Mill Street"))
    yield Input(name=FOREIGN_WORDS, kind=Kind.TEXT, text=FOREIGN_WORDS, meant=Understanding(foreign="pt"))
    if was.medium is Medium.VOICE:
        yield replace(spoken("a service heard badly", Understanding(service=first, confidence=1.0)), confidence=0.3)


# --- outcomes of look-ups ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lookup:
    """One thing that is looked up, and everything that may be found: for each, what is known then. `read_as` are the
    names under which a decision looks at it."""

    read_as: frozenset[str]
    found: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """What stays the same for a whole exploration."""

    catalog: Catalog
    machine: Machine
    always: tuple[_Lookup, ...]


class _Watched(Known):
    """What is known, noting what a decision looks at: what it did not look at cannot have changed it."""

    __slots__ = ("looked",)
    looked: set[str]

    def __getattribute__(self, name: str) -> object:
        if name in _KNOWN:
            object.__getattribute__(self, "looked").add(name)
        return object.__getattribute__(self, name)


class _WatchedOffice(OfficeState):
    """An office that notes when a decision looks at its hours: often only its telephone is wanted."""

    __slots__ = ("looked",)
    looked: set[str]

    def __getattribute__(self, name: str) -> object:
        if name in _HOURS:
            object.__getattribute__(self, "looked").add(name)
        return object.__getattribute__(self, name)


_KNOWN = frozenset(one.name for one in fields(Known))
_HOURS = frozenset({"open", "opens"})


def _outcomes(was: Conversation, one: Input, world: _World) -> Iterator[tuple[Known, Turn]]:
    """Every outcome of the look-ups that makes a difference: the others of one are tried where it was looked at."""
    said, catalog, machine = said_by(was, one), world.catalog, world.machine
    lookups = (*world.always, *_looked_up(was, machine.needs(was, said, one.meant, catalog), catalog))
    untried: list[tuple[int | None, ...]] = [(None,) * len(lookups)]
    while untried:
        chosen = untried.pop()
        known = _known([lookup.found[n or 0] for lookup, n in zip(lookups, chosen, strict=True)], catalog)
        turn = machine.advance(was, said, one.meant, known, catalog)
        looked = _looked_at(known)
        yield known, turn
        for at, lookup in enumerate(lookups):
            if chosen[at] is None and not looked.isdisjoint(lookup.read_as):
                untried += [(*chosen[:at], n, *chosen[at + 1 :]) for n in range(1, len(lookup.found))]
                chosen = (*chosen[:at], 0, *chosen[at + 1 :])


def _known(found: list[Mapping[str, object]], catalog: Catalog) -> _Watched:
    values: dict[str, object] = {"emergency": catalog.town.emergency, "today": TODAY}
    for one in found:
        values |= one
    known = _Watched(**values)  # type: ignore[arg-type]  # each look-up names fields of Known
    object.__setattr__(known, "looked", set())
    return known


def _looked_at(known: _Watched) -> set[str]:
    """What was looked at since it was made; the offices are shared, and begin anew."""
    looked = set(known.looked)
    for office in known.offices.values():
        assert isinstance(office, _WatchedOffice)
        looked |= office.looked
        office.looked.clear()
    return looked


def _always(catalog: Catalog) -> tuple[_Lookup, ...]:
    """What is always known: whether offices are open, closed until a time or for good, who is at the desk, and
    how long one waits for them, or that this is not known."""
    later = AT + timedelta(hours=20)
    hours = (_offices(catalog, open_now=True), _offices(catalog, opens=later), _offices(catalog))
    there = (frozenset[str](), frozenset({""}))
    waits: tuple[Mapping[str, float], ...] = ({}, dict.fromkeys(("", *catalog.departments), 300.0))
    return (
        _Lookup(read_as=_HOURS, found=tuple({"offices": offices} for offices in hours)),
        _Lookup(read_as=frozenset({"on_duty"}), found=tuple({"on_duty": some} for some in there)),
        _Lookup(read_as=frozenset({"waits"}), found=tuple({"waits": some} for some in waits)),
    )


def _offices(catalog: Catalog, *, open_now: bool = False, opens: datetime | None = None) -> dict[str, OfficeState]:
    made: dict[str, OfficeState] = {}
    for one in catalog.offices.values():
        made[one.id] = _WatchedOffice(id=one.id, phone=one.phone, open=open_now, opens=opens)
        object.__setattr__(made[one.id], "looked", set())
    return made


def _looked_up(was: Conversation, wanted: Needs, catalog: Catalog) -> Iterator[_Lookup]:
    for need in wanted:
        found = tuple(_found(need, was, catalog))
        yield _Lookup(read_as=frozenset(found[0]), found=found)


def _found(need: Need, was: Conversation, catalog: Catalog) -> Iterator[Mapping[str, object]]:
    if isinstance(need, Read):
        yield from ({"reading": reading} for reading in _readings(need, was, catalog))
    elif isinstance(need, FindCase):
        yield {"attempts_left": 5, "case": None, "openable": False}
        yield from (
            {"attempts_left": 5, "case": case, "openable": able} for case in CaseStatus for able in (False, True)
        )
        yield {"attempts_left": 0, "case": None, "openable": False}
    elif isinstance(need, FindCode):
        yield from ({"attempts_left": 5, "code": code} for code in (None, *_codes(catalog)))
        yield {"attempts_left": 0, "code": None}
    elif isinstance(need, FindUnfinished):
        yield from ({"unfinished": left} for left in (None, *_begun(catalog)))
    elif isinstance(need, FindSpoken):
        yield from ({"spoken": language} for language in ("", catalog.town.languages[-1]))
    elif isinstance(need, FindChoice):
        yield from ({"choice": id} for id in ("", *(offer.partition("=")[2] for offer in was.offered[-1:])))
    elif isinstance(need, FindConsent):
        yield from ({"texts_allowed": allowed, "texts_held": held} for allowed, held in _TEXTS)
        yield {"texts_arrive": False}
    elif isinstance(need, FindAsked):
        yield from ({"asked": asked} for asked in (False, True))
    elif isinstance(need, FindRecording):
        yield from ({"playable": playable} for playable in (True, False))
    elif isinstance(need, FindWindows):
        yield from ({"windows": some} for some in (_WINDOWS, _WINDOWS[1:], ()))
    elif isinstance(need, FreshNumbers):
        yield {"reference": REFERENCE, "fresh_code": CODE}
    elif isinstance(need, FindDetails):
        yield from ({"details": details} for details in (None, *_cases(catalog)))
    elif isinstance(need, SealPin):
        yield {"sealed": "sealed"}
    elif isinstance(need, ComparePin):
        yield from ({"pin": pin} for pin in (PinCheck.RIGHT, PinCheck.WRONG))
    elif isinstance(need, CheckPin | CheckHelper):
        yield from _tried(need, catalog)
    else:
        assert_never(need)


def _tried(need: CheckPin | CheckHelper, catalog: Catalog) -> Iterator[Mapping[str, object]]:
    """What comes of a secret number, or of a helper's first code."""
    yield {"pin": PinCheck.WRONG, "details": None, "mandate": ""}
    yield {"pin": PinCheck.CLOSED, "details": None, "mandate": ""}
    mandate = MANDATE if isinstance(need, CheckHelper) else ""
    if need.digits == FIRST_CODE:
        yield {"pin": PinCheck.FIRST, "details": None, "mandate": mandate}
    else:
        yield from ({"pin": PinCheck.RIGHT, "details": one, "mandate": mandate} for one in _cases(catalog))


def _cases(catalog: Catalog) -> Iterator[CaseDetails]:
    """What a case may say: somebody helps, or nobody does; of a service that there is no more."""
    startable = next((s for s in catalog.services.values() if s.steps), None)
    if startable:
        answers = {startable.steps[0].name: Later()}
        yield from (CaseDetails(service=startable.slug, opened=AT, answers=answers, helped=h) for h in (False, True))
    yield CaseDetails(service="gone", opened=AT, answers={})


def _codes(catalog: Catalog) -> Iterator[CodeFound]:
    yield CodeFound(service="", starting=False, language="", case=CaseStatus.DONE)
    for service in list(catalog.services.values())[:2]:
        yield CodeFound(service=service.slug, starting=False, language=catalog.town.languages[-1])
    startable = next((s for s in catalog.services.values() if s.steps), None)
    if startable:
        yield CodeFound(service=startable.slug, starting=True, language="")


def _begun(catalog: Catalog) -> Iterator[Unfinished]:
    startable = next((s for s in catalog.services.values() if s.steps), None)
    for age in (timedelta(minutes=5), timedelta(hours=5)):
        if startable:
            answers = {startable.steps[0].name: Later()}
            yield Unfinished(conversation="before", service=startable.slug, step=1, answers=answers, at=AT - age)


def _readings(need: Read, was: Conversation, catalog: Catalog) -> Iterator[Reading]:
    yield Reading()
    if need.kind is ReadKind.PHONE:
        yield Reading(value=Phone(e164="+14155550124"))
        yield Reading(barred=True)
    if need.kind in (ReadKind.WORDS, ReadKind.PLACE):
        yield Reading(value="12 Mill Street")
    if need.kind is ReadKind.NUMBER and need.text == NOISE:
        yield from (Reading(value=int(offer.partition("=")[0])) for offer in was.offered[:1])
    place = was.place[-1]
    if place.scene is not Scene.STEP:
        return
    step = catalog.services[place.about].steps[place.step]
    if step.kind in CHOSEN or read_as(step.kind) is not need.kind:
        return
    yield from (Reading(value=value) for value in _values(step))
    if step.kind is StepKind.DATE:
        days = tuple(v for v in _values(step) if isinstance(v, date))
        yield Reading(candidates=(days[0], days[0] - timedelta(days=60)))
        yield Reading(candidates=(days[0] + timedelta(days=1), days[0]))


def _values(step: Step) -> Iterator[Answer]:
    if step.kind is StepKind.NUMBER:
        least = 0 if step.least is None else step.least
        yield from (least, least - 1, 10**9)
    if step.kind is StepKind.DATE:
        ahead = -400 if step.when is When.PAST else 400
        yield from (TODAY + timedelta(days=ahead), TODAY - timedelta(days=ahead))


def _told(edge: Edge) -> str:
    said = " / ".join(prompt.phrase.id for prompt in edge.turn.prompts) or "(nothing)"
    offices = "open" if any(o.open for o in edge.known.offices.values()) else "closed"
    return f"  resident: {edge.input.name}  [office {offices}]\n  line:     {said}"
