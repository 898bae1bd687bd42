"""Whether residents got what they needed: one question at the end, by a key, a text, a button or a word.

Nobody is asked before they say that they are done, nor twice within a month, nor after danger or a wish for a person.
The question stands in nobody's way: whatever is no answer to it is taken for what it is, and it is not asked again. Who
says nothing to it is done all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core import phrases as say
from core.asking import THAT_WAS_ALL, show
from core.places import Moment, calm, go, offered, pop, push, swap, telling
from core.types import (
    SAID_ALL,
    Act,
    Conversation,
    Expect,
    FindAsked,
    KeepRating,
    Kind,
    Mode,
    Need,
    NoteAsked,
    Phrase,
    Place,
    Scene,
    Turn,
)

HELPED = frozenset({Scene.SERVICE, Scene.DONE})
"""Where somebody got an answer, or sent a form."""


def needs(moment: Moment) -> Iterator[Need]:
    """What must be looked up of somebody who may be done."""
    if moment.top.scene in HELPED and _may_be_done(moment):
        yield FindAsked(address=moment.was.address)


def _may_be_done(moment: Moment) -> bool:
    said, was = moment.said, moment.was
    if said.kind is Kind.KEYS:
        return offered(was, said.keys) == THAT_WAS_ALL
    if said.kind is Kind.PICK:
        return said.pick is not None and said.pick.choice == THAT_WAS_ALL
    return moment.meant.act in (Act.THANKS, Act.NO) or any(offer.endswith(f"={THAT_WAS_ALL}") for offer in was.offered)


def ended(moment: Moment) -> Turn:
    """They chose that this was all, or said no to what else there is."""
    return goodbye(moment) if moment.known.asked else _ask(moment)


def thanked(moment: Moment) -> Turn:
    """They thanked, or said goodbye: after an answer they are done, elsewhere what was asked stands."""
    if moment.top.scene not in HELPED or moment.known.asked:
        return show(moment, calm(moment.was), say.THANKS)
    return _ask(moment, say.THANKS)


def answer(moment: Moment, choice: str) -> Turn:
    """They got what they needed; or they did not, and are told of a person."""
    got = choice == "yes"
    turn = goodbye(moment) if got else show(moment, go(calm(moment.was)), say.SORRY)
    kept = KeepRating(service=moment.top.about, got=got, month=moment.known.today.replace(day=1))
    return replace(turn, effects=(kept,))


def goodbye(moment: Moment) -> Turn:
    """A caller may hang up. In writing nothing more is asked, and nothing is chosen that was not read."""
    now = go(replace(calm(moment.was), wishes=()))
    if moment.voice:
        return show(moment, swap(now, Place(scene=Scene.HOME, value=SAID_ALL)), say.CALL_DONE)
    now = replace(now, offered=(), expect=Expect.CHOICE)
    return Turn(conversation=now, prompts=telling(say.THREAD_DONE), reason="goodbye")


def put_aside(moment: Moment) -> Moment:
    """The same without the question: what came is no answer to it, and no key of what lies beneath was said."""
    return replace(moment, was=replace(pop(calm(moment.was)), offered=(), expect=Expect.CHOICE))


def dropped(now: Conversation) -> Conversation:
    """Without the question, where something else came in front of it, a person has the conversation, or it is over."""
    asked = now.place[-1].scene is Scene.RATE and now.mode is Mode.BOT and not now.ended
    if asked or all(place.scene is not Scene.RATE for place in now.place):
        return now
    return replace(now, place=tuple(place for place in now.place if place.scene is not Scene.RATE))


def _ask(moment: Moment, *first: Phrase) -> Turn:
    now = push(calm(moment.was), Place(scene=Scene.RATE, about=moment.top.about))
    return replace(show(moment, now, *first), effects=(NoteAsked(),))
