"""How long a voice takes to say something: an estimate, the same on every run, in seconds.

People follow English at about 150 words a minute; a synthetic voice at its normal rate is near that. A
written number takes a word for each digit, and Chinese is counted in characters.
"""

from __future__ import annotations

import re

from simulator.exchange.verbs import Pause, Play, Say

WORDS_A_SECOND = {"en": 2.6, "es": 2.6, "ar": 2.0, "arb": 2.0}
OTHER_LANGUAGES = 2.5
CHARACTERS_A_SECOND = 4.2
PLAY_SECONDS = 5.0
TONE_SECONDS = 0.5
KEY_SECONDS = 0.5

HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
WORD = re.compile(r"\d|[^\W\d]+(?:['’][^\W\d]+)*")


def spoken_seconds(text: str, language: str) -> float:
    """Seconds to say `text` at the normal rate in `language` (a Twilio language code)."""
    han = len(HAN.findall(text))
    words = len(WORD.findall(HAN.sub(" ", text)))
    pace = WORDS_A_SECOND.get(language.partition("-")[0], OTHER_LANGUAGES)
    return han / CHARACTERS_A_SECOND + words / pace


def seconds_of(verb: Say | Play | Pause) -> float:
    """Seconds that a verb takes, its repetitions included; `loop` 0 (for ever) counts once."""
    if isinstance(verb, Pause):
        return float(verb.length)
    once = once_seconds(verb)
    return round(once * max(verb.loop, 1), 2)


def once_seconds(verb: Say | Play) -> float:
    """Seconds of one repetition."""
    if isinstance(verb, Say):
        return spoken_seconds(verb.text, verb.language) / verb.rate + verb.breaks
    return len(verb.digits) * TONE_SECONDS if verb.digits else PLAY_SECONDS
