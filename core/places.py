"""Moving about in the dialogue: the stack of places, and the moment that a decision is made in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.catalog import Catalog
from core.types import (
    Answer,
    Conversation,
    Effect,
    Expect,
    Inbound,
    Known,
    Medium,
    OfficeState,
    Phrase,
    Place,
    Prompt,
    Scene,
    Turn,
    Understanding,
)

FOR_CALL = frozenset({Scene.CALLBACK, Scene.CALLBACK_NUMBER, Scene.CALLBACK_TIME, Scene.REMIND})
"""Where a call back is arranged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Everything a decision may look at."""

    was: Conversation
    said: Inbound
    meant: Understanding
    known: Known
    catalog: Catalog

    @property
    def top(self) -> Place:
        """Where the resident is."""
        return self.was.place[-1]

    @property
    def voice(self) -> bool:
        """Whether this is a telephone call."""
        return self.was.medium is Medium.VOICE


def tongue(moment: Moment) -> str:
    """The resident's language, for the person who takes over: one that we do not have, if words were in it."""
    return moment.meant.foreign or moment.was.foreign or moment.was.language


def subject(now: Conversation) -> str:
    """The service that is talked about, "" if none is."""
    found = (p.about for p in reversed(now.place) if p.scene in _ABOUT_SERVICE)
    return next(found, "")


def office(now: Conversation, known: Known, catalog: Catalog) -> OfficeState:
    """The office in charge of what is talked about, and whether it answers now."""
    return known.offices[catalog.office_for(subject(now)).id]


def offered(was: Conversation, key: str) -> str | None:
    """The id of the choice with this key, None if it is not offered."""
    pairs = (offer.partition("=") for offer in was.offered)
    return next((id for own, _, id in pairs if own == key), None)


def push(now: Conversation, place: Place) -> Conversation:
    """Interrupt: `place` comes on top, and what is beneath will return. No scene is there twice."""
    beneath = tuple(p for p in now.place if p.scene is not place.scene)
    return replace(now, place=(*beneath, place))


def pop(now: Conversation) -> Conversation:
    """Return to what was interrupted; the first menu if nothing was."""
    return replace(now, place=now.place[:-1] or (Place(scene=Scene.HOME),))


def swap(now: Conversation, place: Place) -> Conversation:
    """Go on: `place` takes the place of the top."""
    return replace(now, place=(*now.place[:-1], place))


def go(now: Conversation, *places: Place) -> Conversation:
    """Go somewhere else altogether, above the first menu."""
    return replace(now, place=(Place(scene=Scene.HOME), *places))


def at_service(now: Conversation, slug: str, catalog: Catalog, told: str = "") -> Conversation:
    """Go to a service, above its category's menu, so that one step back leads to its neighbours."""
    category = Place(scene=Scene.CATEGORY, about=catalog.services[slug].category)
    now = replace(now, wishes=tuple(wish for wish in now.wishes if wish != slug))
    return go(now, category, Place(scene=Scene.SERVICE, about=slug, value=told))


def with_answer(now: Conversation, name: str, value: Answer) -> Conversation:
    """Remember the answer to a step."""
    return replace(now, answers={**now.answers, name: value})


def without_answer(now: Conversation, name: str) -> Conversation:
    """Forget the answer to a step, so that it is asked again."""
    kept: Mapping[str, Answer] = {k: v for k, v in now.answers.items() if k != name}
    return replace(now, answers=kept)


def telling(*phrases: Phrase) -> tuple[Prompt, ...]:
    """Sentences that wait for no answer."""
    return tuple(Prompt(phrase=phrase) for phrase in phrases)


def calm(now: Conversation) -> Conversation:
    """Something was understood: the counts of trouble begin again."""
    return replace(now, misses=0, silences=0, agains=0) if now.misses or now.silences or now.agains else now


def settled(
    now: Conversation,
    prompts: tuple[Prompt, ...],
    effects: tuple[Effect, ...] = (),
    *,
    catalog: Catalog,
    reason: str,
    forced: bool = False,
) -> Turn:
    """The turn, with what is offered written into the state. Without a language, all of them are spoken."""
    last = prompts[-1] if prompts else Prompt(phrase=Phrase(id=""))
    offered = tuple(f"{choice.key}={choice.id}" for choice in last.choices)
    now = replace(now, expect=last.expect, offered=offered)
    spoken = prompts if now.language else _in_all(prompts, catalog)
    return Turn(conversation=now, prompts=spoken, effects=effects, reason=reason, forced=forced)


def _in_all(prompts: tuple[Prompt, ...], catalog: Catalog) -> tuple[Prompt, ...]:
    if any(prompt.language for prompt in prompts):
        return prompts
    return tuple(
        replace(prompt, language=language, expect=prompt.expect if _is_last(language, catalog) else Expect.NOTHING)
        for language in catalog.town.languages
        for prompt in prompts
    )


def _is_last(language: str, catalog: Catalog) -> bool:
    return language == catalog.town.languages[-1]


_ABOUT_SERVICE = frozenset({Scene.SERVICE, Scene.DONE})  # a form stands above its service
