"""From an element that the table has passed to its typed verb, with the rules that join several
attributes."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from simulator.exchange import rules, voices
from simulator.exchange.refusal import BROKEN_RULE, Refused
from simulator.exchange.verbs import (
    Dial,
    Enqueue,
    Gather,
    Message,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Screen,
)

RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "fast": 1.25, "x-fast": 1.5}
AUTO_SECONDS = 1.0  # (u): "auto" stops at the first pause
STRENGTHS = {"none": 0.0, "x-weak": 0.0, "weak": 0.2, "medium": 0.4, "strong": 0.7, "x-strong": 1.0}


def words(node: ET.Element) -> str:
    """All text inside, one blank for any run of blanks; a sub says its alias."""
    return re.sub(r"\s+", " ", "".join(pieces(node))).strip()


def pieces(node: ET.Element) -> list[str]:
    """The text of `node` in order, as it will be spoken."""
    inside = [node.get("alias", "")] if node.tag == "sub" else [node.text or ""]
    for child in node:
        inside += [*pieces(child), child.tail or ""]
        if child.tag in {"break", "p", "s"}:
            inside.append(" ")
    return inside


def say(node: ET.Element) -> Say:
    """A Say whose voice speaks its language, at a length that the voice takes."""
    voice = node.get("voice", "man")
    if not voices.languages_of(voice):
        raise Refused(BROKEN_RULE, "<Say voice>", f"a voice of the table, not {voice!r}", "text-speech")
    found = Say(
        text=words(node),
        voice=voice,
        language=language_of(node, voice),
        loop=int(node.get("loop", "1")),
        rate=min([RATES.get(rate) or int(rate[:-1]) / 100 for rate in rates(node)], default=1.0),
        breaks=sum(break_seconds(child) for child in node.iter("break")),
    )
    check_length(node, found)
    check_tags(node, voice)
    check_script(node, found)
    return found


def language_of(node: ET.Element, voice: str) -> str:
    """The language attribute if this voice speaks it; without one, what the voice speaks."""
    spoken = voices.languages_of(voice)
    language = node.get("language", "en-US" if "en-US" in spoken else min(spoken))
    if language not in spoken:
        raise Refused(
            BROKEN_RULE,
            "<Say language>",
            f"{voice} speaks {', '.join(sorted(spoken))}, not {language}",
            "text-speech",
        )
    return language


def check_length(node: ET.Element, found: Say) -> None:
    """Something to say, and no more than the provider takes at once (Google counts the tags as well)."""
    provider = voices.provider(found.voice)
    inner = ET.tostring(node, encoding="unicode") if provider == "Google" else found.text
    if not found.text:
        raise Refused(BROKEN_RULE, "<Say>", "something to say", "say")
    if len(inner) > voices.SAY_LIMITS[provider]:
        limit = voices.SAY_LIMITS[provider]
        raise Refused(BROKEN_RULE, "<Say>", f"at most {limit} characters for {provider}, not {len(inner)}", "say")


def check_tags(node: ET.Element, voice: str) -> None:
    """Only tags that this voice reads; one that it does not read can fail the whole Say."""
    missing = voices.unsupported_tags(voice)
    for child in node.iter():
        if child.tag in missing:
            raise Refused(BROKEN_RULE, f"<{child.tag}>", f"not read by {voice}", "text-speech")
        if child.tag == "prosody" and "pitch" in child.attrib and voice.endswith(("-Neural", "-Generative")):
            raise Refused(BROKEN_RULE, "<prosody pitch>", f"not read by {voice}", "text-speech")


def check_script(node: ET.Element, found: Say) -> None:
    """A voice passes over letters that it does not know; inside <lang> the provider decides."""
    if node.find(".//lang") is None and (script := voices.unreadable_script(found.text, found.language)):
        raise Refused(BROKEN_RULE, "<Say>", f"{found.voice} does not read {script}", "text-speech")


def rates(node: ET.Element) -> list[str]:
    """Every speed that the prosody inside asks for."""
    return [child.attrib["rate"] for child in node.iter("prosody") if "rate" in child.attrib]


def break_seconds(node: ET.Element) -> float:
    """The length of one break."""
    time = node.get("time")
    if time is None:
        return STRENGTHS[node.get("strength", "medium")]
    return int(time[:-2]) / 1000 if time.endswith("ms") else float(time[:-1])


def play(node: ET.Element) -> Play:
    """A recording's URL, or tones; one of the two."""
    url = words(node)
    if bool(url) == ("digits" in node.attrib) or (url and not rules.is_url(url)):
        raise Refused(BROKEN_RULE, "<Play>", "a URL or digits, one of the two", "play")
    return Play(url=url, digits=node.get("digits", ""), loop=int(node.get("loop", "1")))


def record(node: ET.Element) -> Record:
    """A recording with an action of its own: without one it asks the document that it stands in, for ever."""
    if "action" not in node.attrib:
        raise Refused(BROKEN_RULE, "<Record>", "an action: the default is this document again, a loop", "record")
    return Record(
        action=node.attrib["action"],
        method=node.get("method", "POST"),
        timeout=int(node.get("timeout", "5")),
        finish_on_key=node.get("finishOnKey", "1234567890*#"),
        max_length=int(node.get("maxLength", "3600")),
        play_beep=node.get("playBeep", "true") == "true",
        status_url=node.get("recordingStatusCallback", ""),
        events=frozenset(node.get("recordingStatusCallbackEvent", "completed").split()),
    )


def pause(node: ET.Element) -> Pause:
    """A silence."""
    return Pause(length=int(node.get("length", "1")))


def gather(node: ET.Element) -> Gather:
    """A Gather with an action of its own: without one it asks the document that it stands in, for ever."""
    if "action" not in node.attrib:
        raise Refused(BROKEN_RULE, "<Gather>", "an action: the default is this document again, a loop", "gather")
    inputs = frozenset(node.get("input", "dtmf").split())
    check_recognition(node, inputs)
    return Gather(
        action=node.attrib["action"],
        method=node.get("method", "POST"),
        input=inputs,
        timeout=int(node.get("timeout", "5")),
        speech_timeout=speech_timeout(node),
        num_digits=whole_or_none(node.get("numDigits")),
        finish_on_key=node.get("finishOnKey", "#"),
        language=node.get("language", "en-US"),
        hints=tuple(hint.strip() for hint in node.get("hints", "").split(",") if hint.strip()),
        action_on_empty_result=node.get("actionOnEmptyResult") == "true",
        prompts=tuple(prompt(child) for child in node),
    )


def check_recognition(node: ET.Element, inputs: frozenset[str]) -> None:
    """Rules on speech: a recognised language, a model's time-out, and no filter that Spanish lacks."""
    if "speech" not in inputs:
        return
    language = node.get("language", "en-US")
    if language not in voices.RECOGNISED:
        raise Refused(BROKEN_RULE, "<Gather language>", f"a recognised language, not {language}", "gather")
    if "speechModel" in node.attrib and not node.get("speechTimeout", "auto").isdigit():
        raise Refused(BROKEN_RULE, "<Gather speechTimeout>", "a whole number when speechModel is set", "gather")
    if language.startswith("es-") and language != "es-ES" and node.get("profanityFilter") == "true":
        raise Refused(BROKEN_RULE, "<Gather profanityFilter>", f"there is none for {language}", "gather")


def prompt(node: ET.Element) -> Say | Play | Pause:
    """What may be heard while a Gather listens."""
    if node.tag == "Say":
        return say(node)
    return play(node) if node.tag == "Play" else pause(node)


def whole_or_none(text: str | None) -> int | None:
    """A number, or None if nothing was set."""
    return None if text is None else int(text)


def speech_timeout(node: ET.Element) -> float:
    """Seconds of silence that end what is said; by default the time-out, and with auto the recogniser decides."""
    text = node.get("speechTimeout", node.get("timeout", "5"))
    return AUTO_SECONDS if text == "auto" else float(text)


def dial(node: ET.Element) -> Dial:
    """Whom to connect: the first of a queue, or numbers."""
    queue = node.find("Queue")
    return Dial(
        numbers=numbers(node) if queue is None else (),
        queue="" if queue is None else only_queue(node, queue),
        screens=tuple(screen(child) for child in node.findall("Number") if child.attrib),
        action=node.get("action"),
        method=node.get("method", "POST"),
        timeout=int(node.get("timeout", "30")),
        time_limit=int(node.get("timeLimit", "14400")),
        caller_id=node.get("callerId"),
        answer_on_bridge=node.get("answerOnBridge") == "true",
    )


def numbers(node: ET.Element) -> tuple[str, ...]:
    """Whom to ring; each number in E.164, either as the Dial's own text or as Number elements."""
    inside = [words(child) for child in node]
    own = "".join([node.text or "", *(child.tail or "" for child in node)]).strip()
    found = [own] if own else inside
    if (own and inside) or not found or not all(rules.E164.holds(number) for number in found):
        raise Refused(BROKEN_RULE, "<Dial>", f"numbers in E.164, not {found}", "dial")
    return tuple(found)


def only_queue(node: ET.Element, queue: ET.Element) -> str:
    """A queue's name; a Dial with a queue rings nobody else."""
    if len(node) > 1 or (node.text or "").strip() or (queue.tail or "").strip():
        raise Refused(BROKEN_RULE, "<Dial>", "a queue or numbers, one of the two", "dial")
    return queue_name(queue)


def queue_name(node: ET.Element) -> str:
    """The name of a queue, of at most 64 characters."""
    name = words(node)
    if not 0 < len(name) <= rules.QUEUE_NAME_CHARACTERS:
        most = rules.QUEUE_NAME_CHARACTERS
        raise Refused(BROKEN_RULE, f"<{node.tag}>", f"a queue's name of at most {most} characters", "enqueue")
    return name


def screen(node: ET.Element) -> Screen:
    """What happens at a Number before it is connected. sendDigits keeps machines from being looked for."""
    looked_for = "machineDetection" in node.attrib and "sendDigits" not in node.attrib
    return Screen(
        number=words(node),
        url=node.get("url", ""),
        method=node.get("method", "POST"),
        answered_by_url=node.get("amdStatusCallback", "") if looked_for else "",
    )


def enqueue(node: ET.Element) -> Enqueue:
    """A queue to wait in."""
    return Enqueue(
        name=queue_name(node),
        action=node.get("action"),
        method=node.get("method", "POST"),
        wait_url=node.get("waitUrl"),
        wait_method=node.get("waitUrlMethod", "POST"),
    )


def redirect(node: ET.Element) -> Redirect:
    """Where to go on."""
    url = words(node)
    if not rules.is_url(url):
        raise Refused(BROKEN_RULE, "<Redirect>", f"expected {rules.URL.expected}, not {url!r}", "redirect")
    return Redirect(url=url, method=node.get("method", "POST"))


def reject(node: ET.Element) -> Reject:
    """A call not taken."""
    return Reject(reason=node.get("reason", "rejected"))


def message(node: ET.Element) -> Message:
    """A text in reply: its own words or a Body, with pictures."""
    body = node.find("Body")
    text = (body.text or "") if body is not None else (node.text or "")
    media = tuple(words(child) for child in node.findall("Media"))
    if not text.strip() and not media:
        raise Refused(BROKEN_RULE, "<Message>", "words or a picture", "messaging/twiml/message")
    if len(text) > rules.MESSAGE_CHARACTERS:
        raise Refused(
            BROKEN_RULE,
            "<Message>",
            f"at most {rules.MESSAGE_CHARACTERS} characters, not {len(text)}",
            "errors/21617",
        )
    return Message(body=text, to=node.get("to"), media=media)
