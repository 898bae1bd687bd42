"""What a Gather makes of a caller's keys, words or silence.

Source: Twilio docs, voice/twiml/gather. The time-out begins when the nested verbs have ended and again
after each key; a caller who presses or speaks while they play interrupts them; whichever of keys and
words comes first decides the kind; `finishOnKey` does nothing before a first digit, so a lone # is
silence.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.exchange.speaking import KEY_SECONDS, spoken_seconds
from simulator.exchange.verbs import Gather

KEYS = frozenset("0123456789*#")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was collected: the parameters for the action, the seconds it took after the first key or word.

    `lost` are the keys that came after the Gather had ended: nobody hears them.
    """

    parameters: tuple[tuple[str, str], ...] = ()
    seconds: float
    lost: str = ""

    @property
    def empty(self) -> bool:
        """True if nothing was collected: the call goes on with the next verb."""
        return not self.parameters


def keys(gather: Gather, pressed: str) -> Heard:
    """`pressed`, one key after the other."""
    if "dtmf" not in gather.input:
        return Heard(seconds=float(gather.timeout), lost=pressed)
    digits = ""
    for place, key in enumerate(pressed):
        spent, after = KEY_SECONDS * (place + 1), pressed[place + 1 :]
        if key == gather.finish_on_key:
            if digits:
                return collected(digits, key, spent, after)
            continue
        digits += key
        if len(digits) == gather.num_digits:
            return collected(digits, "", spent, after)
    spent = KEY_SECONDS * len(pressed) + gather.timeout
    return collected(digits, "", spent, "") if digits else Heard(seconds=spent, lost=pressed)


def collected(digits: str, finished_on: str, seconds: float, lost: str) -> Heard:
    """Digits for the action."""
    parameters = (("Digits", digits), ("FinishedOnKey", finished_on), ("msg", "Gather End"))
    return Heard(parameters=parameters, seconds=seconds, lost=lost)


def words(gather: Gather, text: str, confidence: float | None) -> Heard:
    """`text` as the recogniser understood it; nothing if the Gather does not listen to speech."""
    if "speech" not in gather.input or not text.strip():
        return silence(gather)
    confidences = () if confidence is None else (("Confidence", f"{confidence:.8g}"),)
    return Heard(
        parameters=(("SpeechResult", text), *confidences, ("Language", gather.language)),
        seconds=spoken_seconds(text, gather.language) + gather.speech_timeout,
    )


def silence(gather: Gather) -> Heard:
    """Nothing until the time-out; with actionOnEmptyResult the action hears of it."""
    return Heard(seconds=float(gather.timeout))


def nothing(gather: Gather) -> tuple[tuple[str, str], ...]:
    """The parameters of an empty result, for actionOnEmptyResult."""
    kinds = (("Digits", "dtmf"), ("SpeechResult", "speech"))
    return (*((name, "") for name, kind in kinds if kind in gather.input), ("msg", "Gather End"))
