"""Something said in one's own voice, where words fail: consent first, then the recording, then what becomes of it. In a
chat they record it themselves, and send it.

No recording is ever forgotten: each one is held by the conversation, left for staff, or deleted everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core import forms, handoffs
from core import phrases as say
from core.asking import known_phone, prompts, show
from core.obeying import current
from core.places import Moment, calm, pop, settled, subject, swap, tongue
from core.trouble import missed
from core.types import (
    Conversation,
    DropRecording,
    Effect,
    FindRecording,
    KeepRecording,
    Mode,
    OpenCase,
    Place,
    Prompt,
    Recording,
    RequestHandoff,
    Scene,
    TakeRecording,
    Turn,
    WhyPerson,
)

LONGEST = 60
"""Seconds of a recording; `core.phrases.CONSENT` says so."""


def answer_record(moment: Moment, choice: str) -> Turn:
    """Whether they may be recorded."""
    now = calm(moment.was)
    return show(moment, swap(now, replace(moment.top, scene=Scene.RECORDING)) if choice == "yes" else pop(now))


def recorded(moment: Moment) -> Turn:
    """They spoke, or nothing was on it. Of a call that ended meanwhile it is kept as if they had hung up later."""
    made, top = moment.said.recording, moment.top
    elsewhere = moment.was.mode is not Mode.BOT and not moment.was.ended
    if made is None or elsewhere or top.scene is not Scene.RECORDING:
        return current(moment.was, moment.said, moment.known, moment.catalog)
    take = TakeRecording(recording=made)
    if not made.seconds:
        return _with(missed(moment, say.NOTHING_RECORDED), take)
    place = Place(scene=Scene.RECORDED, about=top.about, step=made.seconds, value=made.id)
    now = swap(calm(moment.was), place)
    more = left(replace(moment, was=now)) if now.ended else ()
    return _with(show(moment, now), take, *more)


def sent(moment: Moment, made: Recording) -> Turn:
    """They sent what they had recorded themselves. Where words are asked for it is the answer; anywhere else a person
    is to hear it, who is asked for."""
    take, keep = TakeRecording(recording=made), KeepRecording(id=made.id)
    if moment.was.mode is not Mode.BOT:
        return _with(handoffs.leave_to_person(moment), take, keep)
    if forms.waits_for_words(moment):
        return _with(forms.accept(moment, forms.step_of(moment.was, moment), made), take)
    return _with(handoffs.ask_for_person(moment, WhyPerson.ASKED), take, keep)


def needs(moment: Moment) -> Iterator[FindRecording]:
    """Whether what they said can be played."""
    if moment.top.scene is Scene.RECORDED:
        yield FindRecording(id=moment.top.value)


def answer_recorded(moment: Moment, choice: str) -> Turn:
    """Leave it, hear it, say it again, or delete it. What is held no longer is dropped by `tidied`."""
    now = calm(moment.was)
    if choice == "listen":
        return _played(moment, now)
    if choice == "again":
        return show(moment, swap(now, Place(scene=Scene.RECORDING, about=moment.top.about)))
    now = pop(now)
    if choice == "delete":
        return show(moment, now, say.DELETED)
    beneath = now.place[-1].scene
    if moment.top.about and beneath is Scene.STEP:
        made = Recording(id=moment.top.value, seconds=moment.top.step)
        return forms.accept(replace(moment, was=now), forms.step_of(now, moment), made)
    kept = _for_staff(moment, (moment.top,))
    if beneath is Scene.CALLBACK:  # whoever leaves a message may still say when they want to be called
        return handoffs.ask_time(moment, now, now.place[-1].value, kept, say.MESSAGE_LEFT, noted=())
    return _with(show(moment, now, say.MESSAGE_LEFT), *kept)


def _played(moment: Moment, now: Conversation) -> Turn:
    if not moment.known.playable:
        return show(moment, now, say.NOT_READY)
    played = Prompt(phrase=say.HERE_IT_IS, sound=moment.top.value)
    asked = (played, *prompts(now, moment.known, moment.catalog))
    return settled(now, asked, catalog=moment.catalog, reason=Scene.RECORDED.value)


def left(moment: Moment) -> tuple[Effect, ...]:
    """What becomes of the recordings with which they leave: they are for staff."""
    return _for_staff(moment, tuple(place for place in moment.was.place if place.scene is Scene.RECORDED))


def _for_staff(moment: Moment, places: tuple[Place, ...]) -> tuple[Effect, ...]:
    """The recordings that stand there are kept. An answer to a form that nobody has sent is not lost with the call
    either: a person is asked for, who has it."""
    keep = tuple(KeepRecording(id=place.value) for place in places)
    if not any(place.about for place in places):
        return keep
    wish = RequestHandoff(
        why=WhyPerson.STUCK,
        language=tongue(moment),
        service=subject(moment.was),
        callback=known_phone(moment.was),
        department=moment.catalog.department_of(subject(moment.was)),
    )
    return (wish, *keep)


def held(now: Conversation) -> frozenset[str]:
    """The recordings that a conversation still has in hand."""
    waiting = {place.value for place in now.place if place.scene is Scene.RECORDED}
    answered = {answer.id for answer in now.answers.values() if isinstance(answer, Recording)}
    return frozenset(waiting | answered)


def kept(turn: Turn) -> frozenset[str]:
    """The recordings that a turn leaves for staff."""
    ids = {effect.id for effect in turn.effects if isinstance(effect, KeepRecording)}
    cases = [effect for effect in turn.effects if isinstance(effect, OpenCase)]
    answers = {a.id for case in cases for a in case.answers.values() if isinstance(a, Recording)}
    return frozenset(ids | answers)


def tidied(moment: Moment, turn: Turn) -> Turn:
    """The turn, with every recording dropped that it neither holds nor leaves for staff. Whoever hangs up, or is not
    heard any more, leaves what they said to staff."""
    if turn.conversation.ended and not moment.was.ended:
        turn = _with(turn, *left(moment))
    came = {moment.said.recording.id} if moment.said.recording else set[str]()
    gone = (held(moment.was) | came) - held(turn.conversation) - kept(turn)
    return _with(turn, *(DropRecording(id=id) for id in sorted(gone)))


def _with(turn: Turn, *effects: Effect) -> Turn:
    return replace(turn, effects=(*turn.effects, *effects)) if effects else turn
