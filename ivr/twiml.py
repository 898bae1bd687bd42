"""A `Message` into TwiML (Twilio docs: say, gather, dial)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from twilio.twiml.voice_response import Dial, Gather, Pause, Say, VoiceResponse

from core.render import Message, Part, Then
from core.types import Entry, Expect
from ivr.links import link
from ivr.voices import PAUSES, RATES, voice

FIRST_KEY = 10
"""Seconds to wait for a first key after the words end: twice the usual, for older callers and relay operators."""

BETWEEN_KEYS = 8
"""Seconds between two digits of a number: time to look at the next one."""

RING = 30
"""Seconds an office's telephone rings."""

PEN = 6
"""Seconds to fetch a pen."""

LONGEST_SAY = 2500
"""Characters in one Say: below the limit of every voice (3000 for Polly)."""

_UNSPOKEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def answer(messages: Iterable[Message], call: str, secret: str, our_number: str) -> str:
    """TwiML that speaks the messages and then waits, dials or hangs up. No message: the call is over."""
    said = tuple(messages)
    response = VoiceResponse()
    if not said:
        response.hangup()
        return str(response)
    for message in said[:-1]:
        _speak(response, message)
    _end(response, said[-1], call, secret, our_number)
    return str(response)


def speak_and_dial(
    sentences: Iterable[Part], office: str, our_number: str, action: str, afterwards: Iterable[Part] = ()
) -> str:
    """TwiML that says the sentences, then puts the call through. With an `action` of "" it ends after `afterwards`."""
    response = VoiceResponse()
    _append_parts(response, tuple(sentences), 0)
    _dial(response, office, action, our_number)
    _append_parts(response, tuple(afterwards), 0)
    return str(response)


def speak_and_hang_up(sentences: Iterable[Part]) -> str:
    """TwiML that says the sentences and ends the call."""
    response = VoiceResponse()
    _append_parts(response, tuple(sentences), 0)
    response.hangup()
    return str(response)


def hang_up() -> str:
    """TwiML that ends the call."""
    return speak_and_hang_up(())


def redirect(target: str) -> str:
    """TwiML that goes on elsewhere."""
    response = VoiceResponse()
    response.redirect(target, method="POST")
    return str(response)


def _end(response: VoiceResponse, message: Message, call: str, secret: str, our_number: str) -> None:
    if message.then is Then.DIAL:
        _speak(response, message)
        _dial(response, message.dial, link("/voice/dial", secret, call, lang=message.language), our_number)
        return
    if message.then is Then.HANG_UP or message.expect is Expect.NOTHING:
        _speak(response, message)
        response.hangup()
        return
    gather = _gather(message, call, secret)
    _speak(gather, message)
    response.append(gather)
    # Reached only if the action was not called at all.
    response.redirect(link("/voice/resume", secret, call, lang=message.language), method="POST")


def _gather(message: Message, call: str, secret: str) -> Gather:
    action = link("/voice/turn", secret, call, turn=str(message.turn), lang=message.language)
    hears = voice(message.language).hears
    one_key = message.expect in (Expect.CHOICE, Expect.TEXT)
    speech = bool(hears) and message.entry not in (Entry.CODE, Entry.PHONE)
    options: dict[str, object] = {
        "action": action,
        "method": "POST",
        "action_on_empty_result": True,
        "timeout": FIRST_KEY if one_key else BETWEEN_KEYS,
        "input": "dtmf speech" if speech else "dtmf",
        # With one key asked for, * and # are keys like any other; else # ends the digits.
        "finish_on_key": "" if one_key else "#",
    }
    if one_key:
        options["num_digits"] = 1
    if speech:
        options |= {"language": hears, "speech_timeout": "auto"}
        if message.options:
            options["hints"] = _hints(message)
    return Gather(**options)


def _hints(message: Message) -> str:
    """What is likely to be said: the choices themselves (at most 500 phrases of 100 characters)."""
    return ", ".join(option.label.replace(",", " ")[:100] for option in message.options)


def _dial(response: VoiceResponse, number: str, action: str, our_number: str) -> None:
    dial = Dial(action=action or None, method="POST", timeout=RING, caller_id=our_number or None, answer_on_bridge=True)
    dial.number(number)
    response.append(dial)


def _speak(into: VoiceResponse | Gather, message: Message) -> None:
    _append_parts(into, message.parts or (Part(text=message.text, language=message.language),), message.pace)


def _append_parts(into: VoiceResponse | Gather, parts: tuple[Part, ...], pace: int) -> None:
    for chunk in _chunks(parts):
        into.append(_say(chunk, pace))
        if chunk[-1].pen:
            into.append(Pause(length=PEN))


def _chunks(parts: tuple[Part, ...]) -> Iterator[tuple[Part, ...]]:
    """Parts in stretches of one language, none longer than one Say may be, ending where a pen is fetched."""
    for _, group in groupby(parts, key=lambda part: part.language):
        chunk: list[Part] = []
        for part in group:
            if chunk and sum(len(p.text) for p in chunk) + len(part.text) > LONGEST_SAY:
                yield tuple(chunk)
                chunk = []
            chunk.append(part)
            if part.pen:
                yield tuple(chunk)
                chunk = []
        if chunk:
            yield tuple(chunk)


def _say(chunk: tuple[Part, ...], pace: int) -> Say:
    row = voice(chunk[0].language)
    say = Say(voice=row.says, language=row.language)
    for n, part in enumerate(chunk):
        if n:
            say.break_(time=PAUSES[pace])
        text = _UNSPOKEN.sub("", part.text)[:LONGEST_SAY]
        say.prosody(text, rate=RATES[pace])
    return say
