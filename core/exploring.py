"""Explore every state that the dialogue can reach, and check what is promised of each.

The machine explored is the one that runs (`needs` and `advance`); its endless state is looked at through a finite
projection: mode, where one is and above what, what was offered and expected, the counts of trouble, the medium.
For each state every kind of input is tried, with every outcome of what `needs` asked for, offices open and closed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

from core import codes
from core.answers import takes_zero
from core.catalog import Catalog, Service, Step, StepKind, When
from core.dialogue import advance, fresh, needs
from core.places import subject
from core.types import (
    BY_STAFF,
    Act,
    Address,
    Alternative,
    Answer,
    CaseStatus,
    CodeFound,
    Command,
    Conversation,
    FindCase,
    FindChoice,
    FindCode,
    FindConsent,
    FindUnfinished,
    FreshNumbers,
    Inbound,
    Kind,
    Known,
    Medium,
    Mode,
    Need,
    Needs,
    OfficeState,
    Phone,
    Pick,
    Read,
    Reading,
    ReadKind,
    Scene,
    Transfer,
    Turn,
    Understanding,
    Unfinished,
)

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TODAY = AT.date()
CALLER = "+14155550123"
REFERENCE = codes.reference(12345678)
CODE = codes.code(7654321)
DANGER_WORDS = "there is a fire"
_IN_TROUBLE = frozenset({DANGER_WORDS, "words nobody knows", "the word stop", "the word start"})


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
    meant: Understanding = field(default_factory=Understanding)


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

_VALUE_IS_A_NUMBER = frozenset({Scene.CALLBACK, Scene.DONE})


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
        return (now.medium, "ended")
    return (
        now.medium,
        now.address is not None,
        bool(now.language),
        now.mode,
        top if top.scene not in _VALUE_IS_A_NUMBER else top.scene,
        now.place[-2].scene if len(now.place) > 1 else None,
        now.misses,
        now.silences,
        now.stopped,
    )


def explore(catalog: Catalog, machine: Machine | None = None, most: int = 200_000) -> Exploration:
    """Every reachable state, from a call with a number, a call without one, a text and a chat. `most` bounds the
    states."""
    machine = machine or Machine()
    seen = Exploration(edges={}, came={})
    queue: deque[Conversation] = deque()
    examples = {"", *{_shape(s): s.slug for s in catalog.services.values()}.values()}
    for medium, number in ((Medium.VOICE, CALLER), (Medium.VOICE, ""), (Medium.SMS, CALLER), (Medium.CHAT, "7")):
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
        for edge in _edges(was, catalog, machine):
            seen.edges[state].append(edge)
            then = _plain(edge.turn.conversation)
            if project(then) not in seen.came:
                seen.came[project(then)] = (state, edge)
                queue.append(then)
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
    return replace(now, turn=0, version=0, pace=0, agains=0)


def _edges(was: Conversation, catalog: Catalog, machine: Machine) -> Iterator[Edge]:
    if was.ended:
        return
    yield from _edges_of(was, catalog, machine)
    if was.silences and not was.transferred:
        # Whether a transfer failed before matters for silence alone: both are looked at, without two states.
        yield from _edges_of(replace(was, transferred=True), catalog, machine)


def _edges_of(was: Conversation, catalog: Catalog, machine: Machine) -> Iterator[Edge]:
    for one in _inputs(was, catalog):
        said = Inbound(
            conversation=was.id,
            medium=was.medium,
            address=was.address,
            message_id="m",
            kind=one.kind,
            keys=one.keys,
            text=one.text,
            pick=one.pick,
            at=AT,
        )
        for known in _outcomes(was, machine.needs(was, said, one.meant, catalog), catalog):
            turn = machine.advance(was, said, one.meant, known, catalog)
            yield Edge(was=was, input=one, known=known, turn=turn)
            if any(isinstance(effect, Transfer) for effect in turn.effects):
                staffed = replace(known, on_duty=frozenset({""}))
                turn = machine.advance(was, said, one.meant, staffed, catalog)
                yield Edge(was=was, input=one, known=staffed, turn=turn)
            offices = known.offices
            if isinstance(offices, _Watched) and offices.looked_at:
                closed = replace(known, offices=_offices(catalog, open_now=False))
                turn = machine.advance(was, said, one.meant, closed, catalog)
                yield Edge(was=was, input=one, known=closed, turn=turn)


# --- inputs --------------------------------------------------------------------------------------------------


def _inputs(was: Conversation, catalog: Catalog) -> Iterator[Input]:
    if was.medium is Medium.VOICE:
        yield from _voice(was)
    else:
        yield from _texts(was)
    if was.medium is Medium.CHAT:
        yield from _buttons(was)
    if was.misses or was.silences:
        # What words mean does not depend on trouble before; keys, silence, danger and what is not understood do.
        yield from (one for one in _words(was, catalog) if one.text in _IN_TROUBLE)
        return
    yield Input(name="start", kind=Kind.START)
    yield from _words(was, catalog)


def _voice(was: Conversation) -> Iterator[Input]:
    for key in "0123456789*":
        yield Input(name=f"press {key}", kind=Kind.KEYS, keys=key)
    for keys in ("**", "241", CODE, REFERENCE, "911", "4155550124", "99"):
        yield Input(name=f"type {keys}", kind=Kind.KEYS, keys=keys)
    yield Input(name="silence", kind=Kind.SILENCE)
    yield Input(name="hang up", kind=Kind.HANG_UP)
    yield Input(name="our fault", kind=Kind.FAULT)
    if was.mode is Mode.WAITING:
        for status in ("completed", "busy", "no-answer", "failed", "canceled"):
            yield Input(name=f"transfer {status}", kind=Kind.DIAL, text=status)


def _buttons(was: Conversation) -> Iterator[Input]:
    for offer in was.offered:
        yield Input(name=f"press {offer}", kind=Kind.PICK, pick=Pick(choice=offer.partition("=")[2], turn=was.turn))
    yield Input(name="press an old button", kind=Kind.PICK, pick=Pick(choice="yes", turn=was.turn - 1))
    yield Input(name="press what is not offered", kind=Kind.PICK, pick=Pick(choice="nothing", turn=was.turn))


def _texts(was: Conversation) -> Iterator[Input]:
    for typed in ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "241", CODE, REFERENCE):
        yield Input(name=f"write {typed}", kind=Kind.TEXT, text=typed)
    yield Input(name="a picture", kind=Kind.PICTURE)
    yield Input(name="provider's STOP", kind=Kind.STOP)
    if was.mode is not Mode.BOT:
        for kind in sorted(BY_STAFF):
            yield Input(name=f"staff {kind}", kind=kind, text="Hello." if kind is Kind.REPLY else "")


def _words(was: Conversation, catalog: Catalog) -> Iterator[Input]:
    language = was.language or catalog.town.languages[0]
    startable = next((s.slug for s in catalog.services.values() if s.steps), "")
    first, second = list(catalog.services)[:2]

    def spoken(name: str, meant: Understanding) -> Input:
        return Input(name=name, kind=Kind.TEXT, text=name, meant=replace(meant, language=language))

    for command in Command:
        yield spoken(f"the word {command}", Understanding(command=command))
    yield spoken(DANGER_WORDS, Understanding(danger="fire"))
    yield spoken("words nobody knows", Understanding())
    yield spoken("words of another language", replace(Understanding(), language=""))
    for act in _ACTS:
        yield spoken(f"{act} in words", Understanding(act=act, act_confidence=1.0))
    yield spoken("a service in words", Understanding(service=first, confidence=1.0))
    yield spoken("starting in words", Understanding(service=startable, act=Act.START, confidence=1.0))
    pair = tuple(Alternative(service=slug, confidence=0.4) for slug in (first, second))
    yield spoken("words for two services", Understanding(alternatives=pair))


# --- outcomes of look-ups ------------------------------------------------------------------------------------


def _outcomes(was: Conversation, wanted: Needs, catalog: Catalog) -> Iterator[Known]:
    choices = [list(_found(need, was, catalog)) for need in wanted]
    for found in product(*choices):
        offices = _Watched(_offices(catalog, open_now=True))
        known = Known(emergency=catalog.town.emergency, offices=offices, today=TODAY)
        for change in found:
            known = change(known)
        yield known


def _offices(catalog: Catalog, *, open_now: bool) -> dict[str, OfficeState]:
    opens = None if open_now else AT + timedelta(hours=20)
    return {o.id: OfficeState(id=o.id, phone=o.phone, open=open_now, opens=opens) for o in catalog.offices.values()}


class _Watched(Mapping[str, OfficeState]):
    """Offices that note whether a decision looked at them: if it did not, their hours change nothing."""

    def __init__(self, offices: dict[str, OfficeState]) -> None:
        self._offices = offices
        self.looked_at = False

    def __getitem__(self, id: str) -> OfficeState:
        self.looked_at = True
        return self._offices[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._offices)

    def __len__(self) -> int:
        return len(self._offices)


Change = Callable[[Known], Known]


def _found(need: Need, was: Conversation, catalog: Catalog) -> Iterator[Change]:
    if isinstance(need, Read):
        yield from (_with(reading=reading) for reading in _readings(need, was, catalog))
    elif isinstance(need, FindCase):
        yield from (_with(case=case) for case in (*CaseStatus, None))
        yield _with(attempts_left=0)
    elif isinstance(need, FindCode):
        yield from (_with(code=code) for code in (*_codes(catalog), None))
        yield _with(attempts_left=0)
    elif isinstance(need, FindUnfinished):
        yield from (_with(unfinished=left) for left in (*_begun(catalog), None))
    elif isinstance(need, FindChoice):
        yield _with(choice="")
        if was.offered:
            yield _with(choice=was.offered[-1].partition("=")[2])
    elif isinstance(need, FindConsent):
        yield from (_with(texts_allowed=allowed) for allowed in (True, False))
    elif isinstance(need, FreshNumbers):
        yield _with(reference=REFERENCE, fresh_code=CODE)


def _with(**values: object) -> Change:
    return lambda known: replace(known, **values)  # type: ignore[arg-type]  # each caller names fields of Known


def _codes(catalog: Catalog) -> Iterator[CodeFound]:
    for service in list(catalog.services.values())[:2]:
        yield CodeFound(service=service.slug, starting=False, language=catalog.town.languages[-1])
    startable = next((s for s in catalog.services.values() if s.steps), None)
    if startable:
        yield CodeFound(service=startable.slug, starting=True, language="")


def _begun(catalog: Catalog) -> Iterator[Unfinished]:
    startable = next((s for s in catalog.services.values() if s.steps), None)
    for age in (timedelta(minutes=5), timedelta(hours=5)):
        if startable:
            yield Unfinished(conversation="before", service=startable.slug, step=0, answers={}, at=AT - age)


def _readings(need: Read, was: Conversation, catalog: Catalog) -> Iterator[Reading]:
    yield Reading()
    if need.kind is ReadKind.PHONE:
        yield Reading(value=Phone(e164="+14155550124"))
    if need.kind in (ReadKind.WORDS, ReadKind.PLACE):
        yield Reading(value="12 Mill Street")
    place = was.place[-1]
    if place.scene is not Scene.STEP:
        return
    step = catalog.services[place.about].steps[place.step]
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
