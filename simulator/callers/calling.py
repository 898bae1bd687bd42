"""One call from beginning to end: somebody with a task, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from core.staff import Case
from simulator.callers.chance import Luck
from simulator.callers.line import CLOSED, OPEN, Line
from simulator.callers.mind import HANG_UP, PRESS, SAY, Act, Mind, Sound
from simulator.callers.personas import Persona, personas
from simulator.callers.sense import sense_of
from simulator.callers.sentences import sentences, units
from simulator.callers.tasks import DANGER, FOLLOW, PERSON, REPORT, Facts, Task
from simulator.callers.truth import Truth
from simulator.exchange import Call
from simulator.exchange.journal import Utterance
from simulator.exchange.speaking import seconds_of
from simulator.exchange.verbs import Gather

ALONE, WITH_PERSON, CALL_BACK, GAVE_UP, LOST = "alone", "person", "call back", "gave up", "lost"
OUTCOMES = (ALONE, WITH_PERSON, CALL_BACK, GAVE_UP, LOST)
"""Finished alone; with a person who answered; with a call back that was booked; hung up without any; ended without any,
by the line, or by somebody who took something else for what they wanted."""

CLOSED_SHARE = 0.25
"""Calls that come while the offices are closed (PROPOSAL)."""

ANSWERED = 0.85
"""Calls that were put through and are answered (PROPOSAL); the others go on with the line."""

MOST_ACTS = 60
"""Things that somebody does in one call at most; nobody has come near."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A call that is to be made. The number and the seed make it the same on every design."""

    number: int
    seed: int
    language: str
    persona: str
    task: Task
    channel: str = "voice"

    @property
    def luck(self) -> Luck:
        """Its chances."""
        return Luck(seed=f"{self.seed}:{self.number}")

    @property
    def key(self) -> str:
        """What is the same for this call on two designs, and in two runs."""
        return f"{self.channel}:{self.seed}:{self.number}:{self.language}:{self.persona}:{self.task}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a call. `seconds` are those of the call, `to_answer` until the answer was heard, or a person
    reached (0: it was not finished alone). `misunderstood`: keys that came out wrong, words that the line took for
    something else or for nothing, wrong things opened; `undone` of them, where the call was finished after all.
    `sent` is how many forms were sent, `sent_wrong` how many of them with an answer that was not meant. `transcript`
    only where it was not finished."""

    key: str
    language: str
    channel: str
    persona: str
    task: str
    outcome: str
    presses: int
    seconds: float
    to_answer: float
    misunderstood: int
    undone: int
    wrong: int
    sent: int = 0
    sent_wrong: int = 0
    transcript: str = ""

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


@dataclass(slots=True, kw_only=True)
class _Made:
    """A call while it is made."""

    call: Call
    mind: Mind
    notes: list[tuple[float, str]]
    meant: list[tuple[str, str]] = field(default_factory=list)
    presses: int = 0
    misheard: int = 0
    reached: bool = False
    before: int = 0


def make_call(line: Line, truth: Truth, plan: Plan) -> Outcome:
    """Call, and count what came of it."""
    luck = plan.luck
    line.begin(CLOSED if luck.happens(CLOSED_SHARE, "calls while it is closed") else OPEN)
    number = f"+1415555{plan.number % 10_000:04}"
    service = line.catalog.services.get(plan.task.service)
    reference = _asked_before(line, plan, number) if plan.task.kind == FOLLOW else ""
    leaflet = str(service.number) if service and line.design.numbers else ""
    made = _lived(line, plan, personas()[plan.persona], Facts(number=number, leaflet=leaflet, reference=reference))
    cases = [one for one in line.design.sent() if one.reference != reference]
    return _outcome(made, plan, truth, cases)


def _lived(line: Line, plan: Plan, persona: Persona, facts: Facts) -> _Made:
    """The call, until it is over or the caller is with a person."""
    sense = sense_of(plan.language)
    mind = Mind(persona=persona, sense=sense, luck=plan.luck, task=plan.task, facts=facts)
    made = _Made(call=line.exchange.call(facts.number), mind=mind, notes=[])
    for _ in range(MOST_ACTS):
        line.clock.seconds = made.call.seconds
        if made.call.over:
            break
        if made.call.dialled or made.call.queued:
            made.reached = bool(made.call.queued) or plan.luck.happens(ANSWERED, "answers", len(made.notes))
            if made.reached:
                break
            made.call.dial_result("no-answer")
        elif made.call.recording:
            made.call.record(5.0, ends="#")
        else:
            _does(made)
    if not made.call.over:
        made.call.hang_up()
    return made


def _does(made: _Made) -> None:
    """One thing that the caller does, after what they have just heard."""
    call, gather = made.call, made.call.gather
    assert gather is not None, call.transcript()
    heard = call.heard[made.before :]
    act = made.mind.act(list(sounds(heard)), call.seconds)
    made.mind.late = False
    made.notes.append((min(act.at, call.seconds), act.why))
    if act.meant:
        made.meant.append((" ".join(one.text for one in heard), act.meant))
    begins = call.seconds - sum(seconds_of(prompt) for prompt in gather.prompts)
    after = max(0.0, act.at - begins)
    late = after > call.seconds - begins + gather.timeout
    speaks_or_presses = act.kind in (PRESS, SAY) and not late
    made.before = sum(one.at < round(begins + after, 2) or not speaks_or_presses for one in call.heard)
    if act.kind == HANG_UP:
        call.hang_up(after=None)
    elif act.kind == PRESS and not late:
        made.presses += len(act.keys)
        made.misheard += act.keys != act.meant
        call.press(_in_time(act, made.mind.persona, gather), after=after)
    elif act.kind == SAY and not late:
        made.misheard += act.words != act.meant
        call.say(act.words, confidence=0.9, after=after)
    else:
        made.mind.late = late
        call.silence()


def _in_time(act: Act, persona: Persona, gather: Gather) -> str:
    """The keys that are pressed before the time-out; between two of them it begins anew."""
    return act.keys if persona.gap <= gather.timeout else act.keys[:1]


def sounds(heard: Sequence[Utterance]) -> list[Sound]:
    """What was heard, sentence by sentence; the seconds of an utterance are shared out by its words."""
    found = []
    for one in heard:
        parts = sentences(one.text)
        weights = [max(1, len(units(part, _language_of(one.language)))) for part in parts]
        at = one.at
        for part, weight in zip(parts, weights, strict=True):
            ends = at + one.seconds * weight / sum(weights)
            found.append(Sound(text=part, voice=one.language, begins=at, ends=ends))
            at = ends
    return found


def _language_of(voice: str) -> str:
    return "zh_Hans" if voice.startswith(("cmn", "zh")) else voice.partition("-")[0]


_AT_THEIR_BEST = Persona(
    name="at their best",
    capacity=50,
    hearing_loss=0,
    reaction=0.5,
    gap=0.5,
    tremor=0,
    proficiency=1,
    familiarity=1,
    word_errors=0,
    speaks=0,
    speaks_unasked=0,
    waits=0,
    knows=1,
    patience=10_000,
    panic=0,
    fetches=0,
)
"""Who asked for something before: whether that succeeds is no question here."""


def _asked_before(line: Line, plan: Plan, number: str) -> str:
    """The reference of what they asked for before, which somebody practised did for them; "" if it did not come to
    it."""
    task = Task(kind=REPORT, service=plan.task.service)
    service = line.catalog.services[plan.task.service]
    before = Plan(number=plan.number, seed=plan.seed, language=plan.language, persona="practised", task=task)
    made = _lived(line, before, _AT_THEIR_BEST, Facts(number=number, leaflet=str(service.number)))
    told = [one.text for one in made.call.heard if made.mind.sense.means(one.text, "reference")]
    for sentence in reversed([part for text in told for part in sentences(text)]):
        digits = "".join(filter(str.isdigit, sentence))
        if made.mind.sense.means(sentence, "reference") and len(digits) == 9:
            return digits
    return ""


def _outcome(made: _Made, plan: Plan, truth: Truth, cases: Sequence[Case]) -> Outcome:
    call, task, language = made.call, plan.task, plan.language
    heard = [one.text for one in call.heard if not one.cut]
    opened = [slug for slug in truth.opened(language, heard) if slug != task.service]
    outcome = _came_to(made, plan, truth, heard)
    finished = outcome in (ALONE, WITH_PERSON, CALL_BACK)
    misunderstood = made.misheard + len(opened)
    return Outcome(
        key=plan.key,
        language=language,
        channel=plan.channel,
        persona=plan.persona,
        task=str(task),
        outcome=outcome,
        presses=made.presses,
        seconds=round(call.seconds, 1),
        to_answer=round(made.mind.answered or call.seconds, 1) if outcome == ALONE else 0.0,
        misunderstood=misunderstood,
        undone=misunderstood if finished else 0,
        wrong=len(opened),
        sent=len(cases),
        sent_wrong=sum(not truth.meant(language, one, made.meant) for one in cases),
        transcript="" if outcome == ALONE else _told(made),
    )


def _came_to(made: _Made, plan: Plan, truth: Truth, heard: Sequence[str]) -> str:
    """What a call came to. Whoever asked for a person and reached one has done it alone; and so has whoever booked a
    call back for that."""
    called_back = truth.called_back(plan.language, [one.text for one in made.call.heard])  # booked, heard or not
    wanted_person = plan.task.kind in (PERSON, DANGER)
    if made.reached or (called_back and wanted_person):
        return ALONE if wanted_person else WITH_PERSON
    if made.mind.content and truth.done(plan.language, plan.task, heard):
        return ALONE
    if called_back:
        return CALL_BACK
    if made.call.ended_by == "caller" and not made.mind.content:
        return GAVE_UP
    return LOST


def _told(made: _Made) -> str:
    """The call in lines that a person can read, with why the caller did what they did."""
    whys = [f"{int(at) // 60:02}:{int(at) % 60:02}  ({why})" for at, why in made.notes]
    lines = made.call.transcript().splitlines()
    return "\n".join(sorted([*lines, *whys], key=lambda line: line[:5]))
