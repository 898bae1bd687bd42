"""A form: one question at a time, every answer read back, nothing opened before it was confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core import phrases as say
from core.answers import CHOSEN, expect, objection, takes_zero
from core.asking import asks_first, in_vain, known_phone, prompts, show
from core.catalog import Step, StepKind
from core.commands import fold
from core.places import (
    Moment,
    at_service,
    calm,
    go,
    offered,
    pop,
    push,
    settled,
    swap,
    with_answer,
    without_answer,
)
from core.trouble import missed
from core.types import (
    Answer,
    Conversation,
    Expect,
    Forget,
    Inbound,
    Kind,
    Later,
    OpenCase,
    Phone,
    Phrase,
    Place,
    Scene,
    Turn,
    Unfinished,
)

UNSURE_SPEECH = 0.6
"""Below this confidence of the recogniser, words are asked back at once. A proposal, to be measured."""

FRESH = timedelta(minutes=30)
"""How long after it broke off answers may still be spoken to whoever calls from the same phone."""


def begin(moment: Moment, slug: str) -> Turn:
    """Start a service's form, or go on with it where it was left in this conversation."""
    now = calm(moment.was)
    if now.form != slug:
        now = replace(now, form=slug, answers={})
    steps = moment.catalog.services[slug].steps
    first = () if now.answers else (say.form_begins(len(steps)),)
    now = at_service(now, slug, moment.catalog)
    return _next(moment, push(now, Place(scene=Scene.STEP, about=slug)), *first)


def tells(left: Unfinished, age: timedelta) -> bool:
    """Whether answers of what was begun may be spoken when it is taken up."""
    return bool(left.answers) and age <= FRESH


def take_up(moment: Moment, left: Unfinished, age: timedelta) -> Turn:
    """Go on with a form begun in another conversation; after half an hour its answers are asked again."""
    answers = left.answers if tells(left, age) else {}
    now = replace(calm(moment.was), form=left.service, answers=answers)
    turn = begin(replace(moment, was=now), left.service)
    return replace(turn, effects=(*turn.effects, Forget(conversation=left.conversation)))


def step_of(now: Conversation, moment: Moment) -> Step:
    """The step that the top of the stack asks."""
    place = next(p for p in reversed(now.place) if p.scene is Scene.STEP)
    return moment.catalog.services[place.about].steps[place.step]


def waits_for_value(moment: Moment) -> bool:
    """Whether the step now takes a typed value, rather than one of its choices."""
    if moment.top.scene is not Scene.STEP:
        return False
    step = step_of(moment.was, moment)
    asked = moment.top.given or not asks_first(step, moment.was) or _typed_at_once(moment)
    return step.kind not in CHOSEN and asked


def waits_for_words(moment: Moment) -> bool:
    """Whether the step now takes words of any kind, or a recording in place of them."""
    return waits_for_value(moment) and expect(step_of(moment.was, moment).kind) is Expect.TEXT


def _typed_at_once(moment: Moment) -> bool:
    """In writing people answer before they are asked how: what is none of the choices is then the answer."""
    said = moment.said
    if said.recording and not moment.voice:
        return True
    return not moment.voice and said.kind is Kind.TEXT and offered(moment.was, fold(said.text)) is None


def answer_step(moment: Moment, choice: str) -> Turn:
    """An answer to the step: a choice, or a value that was read."""
    step = step_of(moment.was, moment)
    if choice:
        return _chose(moment, step, choice)
    if not waits_for_value(moment):
        return missed(moment, say.NOT_A_CHOICE)
    return _gave(moment, step)


def _chose(moment: Moment, step: Step, choice: str) -> Turn:
    if choice == "give":
        return show(moment, swap(calm(moment.was), replace(moment.top, given=True)))
    if choice == "skip":
        return accept(moment, step, "")
    if choice == "mine":
        return accept(moment, step, Phone(e164=known_phone(moment.was)))
    if choice == "later":
        return accept(moment, step, Later())
    if choice == "record":
        return show(moment, push(calm(moment.was), Place(scene=Scene.RECORD, about=moment.top.about)))
    value: Answer = choice == "yes" if step.kind is StepKind.YES_NO else choice
    return accept(moment, step, value)


def _gave(moment: Moment, step: Step) -> Turn:
    said = moment.said
    typed = said.keys or fold(said.text)
    if typed == "0" and takes_zero(step) and said.kind is Kind.KEYS:
        return show(moment, push(calm(moment.was), Place(scene=Scene.ZERO)))
    reading = moment.known.reading
    candidates = reading.candidates if reading else ()
    fits = tuple(c for c in candidates if objection(step, c, moment.known.today) is None)
    value = reading.value if reading and not candidates else fits[0] if len(fits) == 1 else None
    if len(fits) > 1:
        return _check(moment, fits)
    barred = say.NOT_RUNG if reading and reading.barred else None
    problem = barred or objection(step, value, moment.known.today)
    if value is None or problem:
        return missed(moment, problem or say.NOT_UNDERSTOOD)
    if _unsure(said) and isinstance(value, str):
        return _check(moment, (value,))
    return accept(moment, step, value)


def _unsure(said: Inbound) -> bool:
    return said.confidence is not None and said.confidence < UNSURE_SPEECH


def _check(moment: Moment, candidates: tuple[Answer, ...]) -> Turn:
    now = replace(calm(moment.was), candidates=candidates[:3])
    return show(moment, push(now, Place(scene=Scene.CHECK, about=moment.top.about)))


def answer_check(moment: Moment, choice: str) -> Turn:
    """Which of the readings is right; none: the step is asked again."""
    now = pop(calm(moment.was))
    found = moment.was.candidates
    if choice == "no":
        asked = show(moment, replace(now, candidates=()))
        misheard = in_vain(asked.conversation)
        return asked if misheard == asked.conversation else show(moment, misheard)
    at = 0 if choice == "yes" else int(choice.removeprefix("candidate_"))
    kept = replace(now, candidates=())
    return accept(replace(moment, was=kept), step_of(now, moment), found[at])


def answer_zero(moment: Moment) -> Turn:
    """The resident meant the answer 0."""
    now = pop(calm(moment.was))
    return accept(replace(moment, was=now), step_of(now, moment), 0)


def accept(moment: Moment, step: Step, value: Answer) -> Turn:
    """Keep the answer and go on to the next open question, or to the reading back."""
    return _next(moment, with_answer(calm(moment.was), step.name, value))


def _next(moment: Moment, now: Conversation, *first: Phrase) -> Turn:
    slug = now.place[-1].about
    steps = moment.catalog.services[slug].steps
    still = [n for n, step in enumerate(steps) if step.name not in now.answers]
    scene = Scene.STEP if still else Scene.CONFIRM
    now = swap(now, Place(scene=scene, about=slug, step=still[0] if still else 0))
    return show(moment, now, *first)


def answer_confirm(moment: Moment, choice: str) -> Turn:
    """Yes opens the case; no asks what to change."""
    slug = moment.top.about
    if choice == "no":
        return show(moment, push(calm(moment.was), Place(scene=Scene.REDO, about=slug)))
    reference = moment.known.reference
    case = OpenCase(reference=reference, service=slug, answers=moment.was.answers)
    now = replace(calm(moment.was), form="", answers={})
    now = go(now, Place(scene=Scene.DONE, about=slug, value=reference))
    asked = prompts(now, moment.known, moment.catalog)
    return settled(now, asked, (case,), catalog=moment.catalog, reason="case_opened")


def answer_redo(moment: Moment, choice: str) -> Turn:
    """Ask one question again; the other answers stay."""
    return _next(moment, without_answer(pop(calm(moment.was)), choice))


def step_back(moment: Moment) -> Turn:
    """One question back; before the first, back to the service. Answers given before it stay."""
    place = moment.top
    steps = moment.catalog.services[place.about].steps
    now = calm(moment.was)
    if place.scene is Scene.STEP and place.given:
        return show(moment, swap(now, replace(place, given=False)))
    before = len(steps) - 1 if place.scene is Scene.CONFIRM else place.step - 1
    if before < 0:
        return show(moment, pop(now))
    now = without_answer(now, steps[before].name)
    return show(moment, swap(now, Place(scene=Scene.STEP, about=place.about, step=before)))


def answer_callback_number(moment: Moment) -> Turn:
    """The number to call back on, if it is one, is asked back."""
    reading = moment.known.reading
    value = reading.value if reading else None
    if not isinstance(value, Phone):
        return missed(moment, say.NOT_RUNG if reading and reading.barred else say.NOT_A_PHONE)
    return show(moment, swap(calm(moment.was), Place(scene=Scene.CALLBACK, value=value.e164)))


def put_back(moment: Moment) -> Conversation:
    """The state after a question about danger: words that may have been an answer are asked back, not lost."""
    words, now = moment.was.held, replace(moment.was, held="")
    if not words or not _takes_words(moment):
        return now
    now = replace(now, candidates=(words,))
    return push(now, Place(scene=Scene.CHECK, about=now.place[-1].about))


def _takes_words(moment: Moment) -> bool:
    if not waits_for_value(moment):
        return False
    return step_of(moment.was, moment).kind in (StepKind.WORDS, StepKind.PLACE)
