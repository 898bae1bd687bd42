"""Corrections, as in "no, I meant ...": what is said now takes the place of what was said before, in every state.

Where people say what they want, the words are understood like any others. In a form they give the answer before once
more, or name another service: that one is offered, and the form waits beneath. When all was read back, it is asked
which answer is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core import forms
from core.answers import read_as
from core.asking import asks_first, offer, show
from core.places import FOR_CALL, Moment, calm, pop, swap
from core.types import Conversation, Need, Place, Read, ReadKind, Scene, Turn

EXACTLY = 1.0
"""The confidence in a service whose very name was said. Less may be a street or a name that only sounds like one."""

_IN_FORM = frozenset({Scene.STEP, Scene.CHECK, Scene.ZERO, Scene.CONFIRM, Scene.REDO})


def corrects(moment: Moment) -> bool:
    """Whether the words correct an answer, or lead away from one."""
    if not moment.meant.corrected:
        return False
    read_back = moment.top.scene is Scene.CONFIRM and not moment.top.value
    return read_back or _names_another(moment) or _asked_again(moment) is not None


def needs(moment: Moment) -> Iterator[Need]:
    """What must be looked up for `correct`."""
    here = None if _names_another(moment) else _answering(moment)
    if here and (kind := _reads(here)):
        yield Read(kind=kind, text=here.said.text, language=here.was.language, on=here.said.at)


def correct(moment: Moment) -> Turn:
    """Offer the service that was named, or take the answer before once more."""
    if _names_another(moment):
        kept = replace(moment.was, held=moment.meant.corrected)
        return offer(replace(moment, was=kept), (moment.meant.service,))
    if moment.top.scene is Scene.CONFIRM:
        return forms.answer_confirm(moment, "no")
    here = _answering(moment)
    assert here is not None  # it corrects something
    if here.top.scene is Scene.CALLBACK_NUMBER:
        return forms.answer_callback_number(here)
    return forms.answer_step(here, "") if forms.waits_for_value(here) else show(here, here.was)


def _names_another(moment: Moment) -> bool:
    named = moment.meant.service
    if not named or moment.top.scene not in _IN_FORM | FOR_CALL or named == moment.top.about:
        return False
    here = _answering(moment)
    words = here is not None and _reads(here) in (ReadKind.WORDS, ReadKind.PLACE)
    return not words or moment.meant.confidence >= EXACTLY


def _answering(moment: Moment) -> Moment | None:
    """The same words, said where the question was asked that they answer."""
    now = _asked_again(moment)
    if now is None:
        return None
    said = replace(moment.said, text=moment.meant.corrected)
    return replace(moment, was=calm(now), said=said)


def _asked_again(moment: Moment) -> Conversation | None:
    """Where the question stands that was answered before this one; None if none was."""
    was, top = moment.was, moment.top
    if top.scene in FOR_CALL:
        return swap(was, Place(scene=Scene.CALLBACK_NUMBER))
    if top.scene in (Scene.CHECK, Scene.ZERO):
        return pop(replace(was, candidates=()))
    return _step(moment) if top.scene is Scene.STEP else None


def _step(moment: Moment) -> Conversation:
    """Where the answer before was asked; the question that stands if it is half answered, asked again, or changed."""
    was, top = moment.was, moment.top
    steps = moment.catalog.services[top.about].steps
    begun = was.misses > 0 or top.given or any(step.name in was.answers for step in steps[top.step :])
    at = top.step if begun else max(top.step - 1, 0)
    return swap(was, Place(scene=Scene.STEP, about=top.about, step=at, given=asks_first(steps[at], was)))


def _reads(here: Moment) -> ReadKind | None:
    if here.top.scene is Scene.CALLBACK_NUMBER:
        return ReadKind.PHONE
    return read_as(forms.step_of(here.was, here).kind) if forms.waits_for_value(here) else None
