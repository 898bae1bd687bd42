"""A `Message` into TwiML (Twilio docs: say, gather, dial)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from flask import Response

from core.recording import LONGEST
from core.render import Message, Part, Then
from core.speech import PAUSES, PEN, RATES
from core.types import Entry, Expect
from ivr.links import RETRY, link
from ivr.voices import readable, voice

FIRST_KEY = 10
"""Seconds to wait for a first key after the words end: twice the usual, for older callers and relay operators."""

BETWEEN_KEYS = 8
"""Seconds between two digits of a number: time to look at the next one."""

BEFORE_DIGITS = 7
"""Seconds more until the first of them: time to find the paper, or for a relay operator to type the question and read
the answer (AS/NZS 4263:2003 wants a pause for them). Whoever leaves out the hash key does not wait for these."""

PAUSE = 8
"""Seconds of silence that end a recording: time to think of the next word."""

ANY_KEY = "1234567890*#"

RING = 30
"""Seconds an office's telephone rings."""

AGAIN_AFTER = 2
"""Seconds before a sentence is said a second time to someone who may not have listened yet."""

WORD_LASTS = 11
"""Seconds that a word to someone who waits lasts, about (its sentences take 10 to 11.5, reckoned as
`app.bench_listen` does)."""

WORD_EVERY = 20
"""Seconds between two words to someone who waits."""

OWN = "/voice/own"
"""Where what the office has spoken itself is fetched, by language and file."""

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

LONGEST_SAY = 2500
"""Characters in one Say: below the limit of every voice (3000 for Polly)."""

_UNSPOKEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML may hold, however it is escaped (XML 1.0, section 2.2)."""


def xml(body: str) -> Response:
    """TwiML as Twilio wants it sent."""
    return Response(body, content_type="text/xml; charset=utf-8")


def answer(messages: Iterable[Message], call: str, secret: str, our_number: str) -> str:
    """TwiML that speaks the messages and then waits, dials or hangs up. No message: the call is over."""
    said = tuple(_with_sounds(message, call, secret) for message in messages)
    if not said:
        return hang_up()
    return _response(*map(_spoken, said[:-1]), *_end(said[-1], call, secret, our_number))


def speak_and_dial(
    sentences: Iterable[Part], office: str, our_number: str, action: str, afterwards: Iterable[Part] = ()
) -> str:
    """TwiML that says the sentences, then puts the call through. With an `action` of "" it ends after `afterwards`."""
    return _response(_say(sentences, 0), _dial(office, action, our_number), _say(afterwards, 0))


def speak_and_hang_up(sentences: Iterable[Part]) -> str:
    """TwiML that says the sentences and ends the call."""
    return _response(_say(sentences, 0), _verb("Hangup"))


def ask_one_key(sentences: Iterable[Part], action: str) -> str:
    """TwiML that says the sentences twice and waits for one key; without any it hangs up."""
    spoken, pause = _say(tuple(sentences), 0), _verb("Pause", length=str(AGAIN_AFTER))
    options = {"action": action, "method": "POST", "input": "dtmf", "numDigits": "1", "timeout": str(FIRST_KEY)}
    return _response(_verb("Gather", spoken, pause, spoken, **options), _verb("Hangup"))


def ask_person(sentences: Iterable[Part], action: str, resume: str) -> str:
    """TwiML that says the sentences and waits for one key; without any the action is asked too."""
    options = {"action": action, "method": "POST", "input": "dtmf", "numDigits": "1", "finishOnKey": ""}
    gather = _verb("Gather", _say(sentences, 0), timeout=str(FIRST_KEY), actionOnEmptyResult="true", **options)
    return _response(gather, _redirect(resume))


def waiting(words: Iterable[Iterable[Part]], action: str) -> str:
    """What is heard in a queue: words of some sentences, one every `WORD_EVERY` seconds. A key pressed meanwhile goes
    to the `action` (a Gather may stand there: Twilio docs, Enqueue)."""
    options = {"action": action, "method": "POST", "input": "dtmf", "numDigits": "1", "finishOnKey": ""}
    options["timeout"] = str(WORD_EVERY - WORD_LASTS)
    return _response(*(_verb("Gather", _say(sentences, 0), **options) for sentences in words))


def leave_queue() -> str:
    """TwiML that ends the wait in a queue."""
    return _response(_verb("Leave"))


def dial_queue(queue: str, action: str) -> str:
    """TwiML that joins this call with the one that waits in the queue."""
    return _response(_verb("Dial", _verb("Queue", _text(queue)), action=action, method="POST"))


def dial_screened(number: str, action: str, our_number: str, screen: str, answered_by: str) -> str:
    """TwiML that rings the number and asks at `screen` whether to join the two. Meanwhile the provider listens whether
    a person or a machine is there, and tells `answered_by` (Twilio docs: voice/answering-machine-detection)."""
    listening = {"machineDetection": "Enable", "amdStatusCallback": answered_by, "amdStatusCallbackMethod": "POST"}
    called = _verb("Number", _text(number), url=screen, method="POST", **listening)
    options = {"action": action, "callerId": our_number}
    given = {name: value for name, value in options.items() if value}
    return _response(_verb("Dial", called, method="POST", timeout=str(RING), answerOnBridge="true", **given))


def reply(text: str) -> str:
    """TwiML that answers a text message."""
    return _response(_verb("Message", _text(text)))


def hang_up() -> str:
    """TwiML that ends the call."""
    return _response(_verb("Hangup"))


def reject() -> str:
    """TwiML that does not take the call: nobody pays for it (Twilio docs: Reject)."""
    return _response(_verb("Reject", reason="busy"))


def redirect(target: str) -> str:
    """TwiML that goes on elsewhere."""
    return _response(_redirect(target))


def _end(message: Message, call: str, secret: str, our_number: str) -> tuple[str, ...]:
    language = _chosen(message)
    if message.then is Then.DIAL:
        action = link("/voice/dial", secret, call, lang=language)
        return _spoken(message), _dial(message.dial, action, our_number)
    if message.then is Then.QUEUE:
        action = link("/voice/queue", secret, call, lang=language, to=message.dial)
        told = {"department": message.department, "told": str(message.wait_told or "")}
        wait = link("/voice/wait", secret, call, lang=language, **told)
        return _spoken(message), _enqueue(call, action, wait)
    if message.then is Then.HANG_UP or message.expect is Expect.NOTHING:
        return _spoken(message), _verb("Hangup")
    if message.expect is Expect.RECORDING:
        return _spoken(message), *_record(message, call, secret)
    # Redirected only if the action was not called at all.
    resume = link("/voice/resume", secret, call, lang=language)
    return _gather(message, call, secret), _redirect(resume)


def _chosen(message: Message) -> str:
    """The caller's language; "" as long as they are spoken to in several, since they have chosen none."""
    return message.language if len({part.language for part in message.parts}) <= 1 else ""


def _gather(message: Message, call: str, secret: str) -> str:
    hears = voice(message.language).hears
    one_key = message.expect in (Expect.CHOICE, Expect.TEXT)
    # Digits too can be said by who cannot press keys; they are read back before they count. A secret number never is.
    speech = bool(hears) and message.entry is not Entry.PIN
    options = {
        "action": link("/voice/turn", secret, call, turn=str(message.turn), lang=_chosen(message)),
        "method": "POST",
        "actionOnEmptyResult": "true",
        "timeout": str(FIRST_KEY if one_key else BETWEEN_KEYS),
        "input": "dtmf speech" if speech else "dtmf",
        # With one key asked for, * and # are keys like any other; else # ends the digits.
        "finishOnKey": "" if one_key else "#",
    }
    if one_key:
        options["numDigits"] = "1"
    if speech:
        options |= {"language": hears, "speechTimeout": "auto"}
        if message.options:
            options["hints"] = _hints(message)
    # The time-out begins after what is nested, and a key pressed meanwhile counts (Twilio docs: Gather).
    time = "" if one_key else _verb("Pause", length=str(BEFORE_DIGITS))
    return _verb("Gather", _spoken(message), time, **options)


def _record(message: Message, call: str, secret: str) -> tuple[str, str]:
    """Record; where nothing was said the action is not called (Twilio docs, Record), and we go on there as after a
    silence. Never transcribed by the provider: in American English only, and staff type it."""
    turn = link("/voice/turn", secret, call, turn=str(message.turn), lang=_chosen(message))
    ready = link("/voice/recording", secret, call)
    options = {"action": turn, "method": "POST", "maxLength": str(LONGEST), "timeout": str(PAUSE)}
    told = {"recordingStatusCallback": ready, "recordingStatusCallbackMethod": "POST"}
    return _verb("Record", finishOnKey=ANY_KEY, playBeep="true", trim="trim-silence", **options, **told), _redirect(
        turn
    )


def _with_sounds(message: Message, call: str, secret: str) -> Message:
    """The message with addresses for the recordings that are played in it, each for this call alone."""
    parts = (
        replace(p, sound=link("/voice/sound", secret, "", of=call, id=p.sound)) if p.sound else p for p in message.parts
    )
    return replace(message, parts=tuple(parts))


def _hints(message: Message) -> str:
    """What is likely to be said: the choices themselves (at most 500 phrases of 100 characters)."""
    return ", ".join(option.label.replace(",", " ")[:100] for option in message.options)


def _dial(number: str, action: str, our_number: str) -> str:
    options = {"action": action, "callerId": our_number}
    given = {name: value for name, value in options.items() if value}
    called = _verb("Number", _text(number))
    return _verb("Dial", called, method="POST", timeout=str(RING), answerOnBridge="true", **given)


def _enqueue(queue: str, action: str, wait: str) -> str:
    return _verb("Enqueue", _text(queue), action=action, method="POST", waitUrl=wait, waitUrlMethod="POST")


def _redirect(target: str) -> str:
    return _verb("Redirect", _text(target), method="POST")


def _spoken(message: Message) -> str:
    return _say(message.parts or (Part(text=message.text, language=message.language),), message.pace)


def _say(parts: Iterable[Part], pace: int) -> str:
    return "".join(_said(chunk, pace) for chunk in _chunks(_readable(parts)))


def _readable(parts: Iterable[Part]) -> Iterator[Part]:
    """Parts cut where another voice must read on, without what no voice reads."""
    for part in parts:
        if part.own:
            yield part
            continue
        text = _UNSPOKEN.sub("", part.text)[:LONGEST_SAY]
        *before, last = [piece for piece in readable(text, part.language) if piece[0].strip()] or [
            (text, part.language)
        ]
        yield from (Part(text=words, language=language) for words, language in before)
        yield replace(part, text=last[0], language=last[1])


def _chunks(parts: Iterable[Part]) -> Iterator[tuple[Part, ...]]:
    """Parts in stretches of one language, none longer than one Say may be, ending where a pen is fetched or a
    recording played. What the office has spoken itself stands alone."""
    for _, group in groupby(parts, key=lambda part: part.language):
        chunk: list[Part] = []
        for part in group:
            if chunk and (part.own or sum(len(p.text) for p in chunk) + len(part.text) > LONGEST_SAY):
                yield tuple(chunk)
                chunk = []
            chunk.append(part)
            if part.pen or part.sound or part.own:
                yield tuple(chunk)
                chunk = []
        if chunk:
            yield tuple(chunk)


def _said(chunk: tuple[Part, ...], pace: int) -> str:
    said = _verb("Play", _text(f"{OWN}/{chunk[0].own}{RETRY}")) if chunk[0].own else _by_machine(chunk, pace)
    if chunk[-1].sound:
        return said + _verb("Play", _text(chunk[-1].sound))
    return said + _verb("Pause", length=str(PEN)) if chunk[-1].pen else said


def _by_machine(chunk: tuple[Part, ...], pace: int) -> str:
    row = voice(chunk[0].language)
    pause = _verb("break", time=f"{PAUSES[pace] * 1000:.0f}ms")
    sentences = (_verb("prosody", _text(p.text), rate=f"{RATES[pace]:.0%}") for p in chunk)
    return _verb("Say", pause.join(sentences), voice=row.says, language=row.language)


# --- as XML --------------------------------------------------------------------------------------------------


def _response(*verbs: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>{_verb("Response", *verbs)}'


def _verb(name: str, *inside: str, **attributes: str) -> str:
    """An element; what is inside is XML already, the attributes are not."""
    told = "".join(f' {key}="{_text(value)}"' for key, value in attributes.items())
    return f"<{name}{told}>{''.join(inside)}</{name}>"


def _text(words: str) -> str:
    return html.escape(_NO_XML.sub("", words))
