"""When the database, or the whole machine, is gone: a sentence, the emergency number, and the office's telephone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from core import phrases as say
from core.render import Part
from core.types import Digits, Phrase
from ivr import twiml

if TYPE_CHECKING:
    from app.bootstrap import Plainline


def without_database(plainline: Plainline, language: str, action: str, afterwards: Iterable[Part] = ()) -> str:
    """TwiML in this language, or in each of the town's where it is not known, that dials the main office.

    What follows is decided at `action`; where that is "", `afterwards` is said.
    """
    parts = _spoken(plainline, language, say.TROUBLE, _emergency(plainline), say.PUTTING_THROUGH)
    office = plainline.catalog.offices[plainline.catalog.town.main_office].phone
    twilio = plainline.settings.twilio
    return twiml.speak_and_dial(parts, office, twilio.number if twilio else "", action, afterwards)


def still_here(plainline: Plainline, language: str, why: Phrase, action: str, resume: str) -> str:
    """TwiML for whoever is still on the line: why, the emergency number, and a key for the office's telephone."""
    parts = _spoken(plainline, language, why, _emergency(plainline), say.FOR_PERSON)
    return twiml.ask_person(parts, action, resume)


def heard_nobody(plainline: Plainline, language: str) -> str:
    """TwiML for the end of such a call, after three silences."""
    parts = _spoken(plainline, language, say.NO_KEY_THREE_TIMES, _emergency(plainline), say.GOODBYE_HOURS)
    return twiml.speak_and_hang_up(parts)


def many_calls(plainline: Plainline, action: str) -> str:
    """TwiML for a caller in a flood of calls, in each language: the emergency number, and a key to go on."""
    return twiml.ask_one_key(_spoken(plainline, "", _emergency(plainline), say.MANY_CALLS), action)


def by_text(plainline: Plainline) -> str:
    """What somebody is told whose text could not be kept, in each language, since theirs is not known."""
    town, words = plainline.catalog.town, plainline.words
    office = say.phrase(say.CALL_US.id, number=Digits(text=plainline.catalog.offices[town.main_office].phone))
    sentences = (say.TROUBLE, say.WRITE_AGAIN, office, _emergency(plainline))
    told = (" ".join(words.say(s, language, "sms") for s in sentences) for language in town.languages)
    return twiml.reply("\n".join(told))


def static_answer(plainline: Plainline) -> str:
    """The same, to be kept as a file on another host: it needs nothing of ours, and says what to do afterwards."""
    afterwards = _spoken(plainline, "", _emergency(plainline), say.GOODBYE_HOURS)
    return without_database(plainline, "", "", afterwards)


def _emergency(plainline: Plainline) -> Phrase:
    return say.phrase(say.EMERGENCY.id, number=Digits(text=plainline.catalog.town.emergency))


def _spoken(plainline: Plainline, language: str, *sentences: Phrase) -> list[Part]:
    known, words = plainline.catalog.town.languages, plainline.words
    languages = (language,) if language in known else known
    return [Part(text=words.say(s, lang, "voice"), language=lang) for lang in languages for s in sentences]
