"""When the database, or the whole machine, is gone: a sentence, the emergency number, and the office's telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import phrases as say
from core.render import Part
from core.types import Digits
from ivr import twiml

if TYPE_CHECKING:
    from app.bootstrap import Plainline


def without_database(plainline: Plainline, language: str, action: str) -> str:
    """TwiML in this language, or in each of the town's where it is not known, that dials the main office."""
    town = plainline.catalog.town
    languages = (language,) if language in town.languages else town.languages
    emergency = say.phrase(say.EMERGENCY.id, number=Digits(text=town.emergency))
    sentences = (say.FAULT, emergency, say.PUTTING_THROUGH)
    words = plainline.words
    parts = [Part(text=words.say(s, lang, "voice"), language=lang) for lang in languages for s in sentences]
    office = plainline.catalog.offices[town.main_office].phone
    twilio = plainline.settings.twilio
    return twiml.speak_and_dial(parts, office, twilio.number if twilio else "", action)


def static_answer(plainline: Plainline) -> str:
    """The same, to be kept as a file on another host: it needs nothing of ours."""
    return without_database(plainline, "", "")
