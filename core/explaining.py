"""Why the line answered as it did, for a resident who asks: one sentence about where they are.

Only what is known is said: which words counted where words led here, that it was chosen where it was, whom the answers
of a form go to. Where nothing was decided, it is said what this line is and what can be done here.
"""

from __future__ import annotations

from dataclasses import replace

from core import phrases as say
from core.places import Moment, subject
from core.types import NEAREST, Conversation, Heard, Listing, Phrase, Quote, Rule, Scene, Understanding

MOST_WORDS = 3
"""So many words are told back: more would have to be kept in mind."""

LONGEST_WORD = 30
"""Characters of a word that is told back; what is longer is no word that anybody would want to hear."""

_IN_FORM = frozenset({Scene.STEP, Scene.CHECK, Scene.ZERO, Scene.CONFIRM, Scene.REDO})
_TOLD = frozenset({Scene.SERVICE, Scene.DONE})


def heard_as(meant: Understanding, service: str) -> Heard:
    """What is kept of words that are taken for this service."""
    words = tuple(one.words for one in meant.because.words if _may_be_told(one.words))
    return Heard(service=service, words=words[:MOST_WORDS], named=Rule.NAME in meant.because.rules)


def _may_be_told(word: str) -> bool:
    """A short word that is no number and no address: those are personal, and no reason."""
    return len(word) <= LONGEST_WORD and "@" not in word and not any(letter.isdigit() for letter in word)


def forgetting(now: Conversation) -> Conversation:
    """The same without the words that led elsewhere than to where the resident is now."""
    if now.heard is None or _is_offered(now) or subject(now) == now.heard.service:
        return now
    return replace(now, heard=None)


def _is_offered(now: Conversation) -> bool:
    return any(place.scene is Scene.OFFER for place in now.place)


def explained(moment: Moment) -> Phrase:
    """Why the resident is asked what they are asked, or was told what they were told."""
    scene, heard = moment.top.scene, moment.was.heard
    if scene is Scene.DANGER:
        return say.WHY_DANGER
    if scene is Scene.RATE:
        return say.WHY_RATED
    if scene in _IN_FORM and moment.top.value != "text":
        return _asked_for(moment, subject(moment.was))
    if scene is Scene.OFFER and heard:
        return _offered(moment, heard)
    if scene in _TOLD:
        chosen = say.phrase(say.WHY_CHOSEN.id, title=_title(moment, moment.top.about))
        return _by_words(moment, heard) if heard else chosen
    return say.phrase(say.WHY_HERE.id, town=moment.catalog.town.name)


def _asked_for(moment: Moment, slug: str) -> Phrase:
    department = moment.catalog.departments[moment.catalog.department_of(slug)]
    return say.phrase(say.WHY_ASKED.id, title=_title(moment, slug), department=say.text(department.title))


def _offered(moment: Moment, heard: Heard) -> Phrase:
    if moment.top.about == NEAREST:
        return say.phrase(say.WHY_NOT_OURS.id, words=_quoted(heard)) if heard.words else say.NOT_OURS
    return _by_words(moment, heard)


def _by_words(moment: Moment, heard: Heard) -> Phrase:
    title = _title(moment, heard.service)
    if heard.named:
        return say.phrase(say.WHY_NAMED.id, title=title)
    if not heard.words:
        return say.phrase(say.WHY_SOUNDS.id, title=title)
    return say.phrase(say.WHY_WORDS.id, words=_quoted(heard), title=title)


def _quoted(heard: Heard) -> Listing:
    return Listing(items=tuple(say.phrase(say.QUOTED.id, words=Quote(text=word)) for word in heard.words))


def _title(moment: Moment, slug: str) -> Phrase:
    return say.text(moment.catalog.services[slug].title)
