"""How long a caller listens before the answer, and what an answer costs as a text message.

The dialogue itself is run, without a database and without the engine that understands words: a first call by keys.
A caller presses as soon as the sentence with the wanted choice is over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from statistics import median
from typing import TypeVar

from app.assistant import SMS
from app.caller import NUMBER, Caller, answered, choice, looked_up
from core import phrases as say
from core import sms
from core.asking import prompts, summary_text
from core.catalog import Catalog, Service
from core.ports import Words
from core.render import Capabilities, Message, Part, render
from core.speech import PAUSE, listening_seconds
from core.types import (
    Address,
    Choice,
    Conversation,
    Medium,
    Place,
    Prompt,
    Scene,
    Turn,
)

MEDIAN_SECONDS, WORST_SECONDS = 30.0, 60.0
"""The aims for listening, from pick-up to the end of the answer."""

MOST_PRESSES = 4
"""The aim for keys on a first call, the choice of language included."""

MOST_SEGMENTS = 3
"""The aim for every text message."""

WORST = 10
"""How many of the worst are named."""

TOLD = {"short answer": "", "who and papers": "papers", "cost and time": "cost", "where": "where"}
"""The parts of an answer, as a service's place in the dialogue names them."""

STAGES = ("language", "topic", "service", "answer")
"""What is listened to one after the other: three menus up to the wanted choice, then the answer."""

Row = TypeVar("Row")

_MARKS = ".?!。？！؟"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A first call up to the answer about one service, in seconds from pick-up.

    `begins` is when the answer begins and `seconds` when it is over, with keys pressed as soon as the wanted choice
    was said; `patient` is when it is over if every menu is heard to its end. `stages` are the seconds of each of
    `STAGES`.
    """

    language: str
    service: str
    begins: float
    seconds: float
    patient: float
    presses: int
    stages: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Texted:
    """One answer as a text message."""

    language: str
    service: str
    part: str
    segments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What was aimed at, and what was measured."""

    name: str
    most: float
    measured: float

    @property
    def holds(self) -> bool:
        """Whether the figure is within the aim."""
        return self.measured <= self.most

    def __str__(self) -> str:
        kept = "holds" if self.holds else "does not hold"
        return f"{self.name} at most {self.most:g}: {self.measured:.4g}, {kept}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Every call and every text, in the catalogue's order."""

    heard: tuple[Heard, ...]
    texted: tuple[Texted, ...]

    def aims(self) -> tuple[Aim, ...]:
        """The aims, over all languages; the median is that of the language with the longest."""
        seconds = {h.language: [c.seconds for c in self.heard if c.language == h.language] for h in self.heard}
        return (
            Aim(name="median seconds", most=MEDIAN_SECONDS, measured=max(map(median, seconds.values()))),
            Aim(name="worst seconds", most=WORST_SECONDS, measured=max(h.seconds for h in self.heard)),
            Aim(name="presses", most=MOST_PRESSES, measured=max(h.presses for h in self.heard)),
            Aim(name="segments of a text", most=MOST_SEGMENTS, measured=max(t.segments for t in self.texted)),
        )

    def worst_heard(self) -> list[Heard]:
        """The calls with the most to hear."""
        return sorted(self.heard, key=lambda h: -h.seconds)[:WORST]

    def worst_texted(self) -> list[Texted]:
        """The texts with the most segments."""
        return sorted(self.texted, key=lambda t: -t.segments)[:WORST]


def measure(catalog: Catalog, words: Words, voice: Capabilities) -> Listening:
    """All services in all of the town's languages. `voice` is what the telephone channel can do."""
    caller = Caller(catalog=catalog, words=words, voice=voice)
    pairs = [(language, s) for language in catalog.town.languages for s in catalog.services.values()]
    heard = tuple(_call(caller, language, service) for language, service in pairs)
    texted = tuple(text for language, service in pairs for text in _texts(catalog, words, language, service))
    return Listening(heard=heard, texted=texted)


# --- by ear --------------------------------------------------------------------------------------------------


def _call(caller: Caller, language: str, service: Service) -> Heard:
    """One call: language, category and service, then the answer."""
    *menus, (_, turn) = caller.reach(language, service)
    stages: dict[str, list[tuple[float, float]]] = {}
    for wanted, menu in menus:
        stages.setdefault(wanted, []).append(_menu(caller, menu, wanted))
    seconds = [sum(until for until, _ in stage) for stage in stages.values()]
    patient = sum(whole for stage in stages.values() for _, whole in stage)
    answer = heard_seconds(caller.parts(answered(turn)))
    return Heard(
        language=language,
        service=service.slug,
        begins=sum(seconds),
        seconds=sum(seconds) + answer,
        patient=patient + answer,
        presses=len(menus),
        stages=(*seconds, answer),
    )


def _menu(caller: Caller, turn: Turn, wanted: str) -> tuple[float, float]:
    """Seconds of a menu up to the wanted choice, and to its end."""
    parts = caller.parts(turn)
    return heard_seconds(_until(caller, turn, choice(turn, wanted))), heard_seconds(parts)


def _until(caller: Caller, turn: Turn, wanted: Choice) -> tuple[Part, ...]:
    """The parts up to the one that says this choice."""
    parts = caller.parts(turn)
    language = wanted.language or turn.prompts[-1].language or turn.conversation.language
    label = caller.words.say(wanted.label, language, Medium.VOICE.value)
    keyed = (say.phrase(how.id, label=label, key=wanted.key) for how in (say.FOR_PRESS, say.AND_PRESS))
    sentences = {caller.words.say(phrase, language, Medium.VOICE.value) for phrase in keyed}
    place = next(n for n, part in enumerate(parts) if part.text in sentences)
    return parts[: place + 1]


def heard_seconds(parts: tuple[Part, ...]) -> float:
    """Seconds to hear the parts, with one pause after each sentence, the last one's included."""
    return sum(listening_seconds(part.text, part.language) + _pause(part.text) for part in parts)


def _pause(text: str) -> float:
    """The pause after a part whose last sentence has no mark that counts as one already."""
    return 0.0 if text.rstrip().endswith(tuple(_MARKS)) else PAUSE


# --- by text message -----------------------------------------------------------------------------------------


def _texts(catalog: Catalog, words: Words, language: str, service: Service) -> Iterator[Texted]:
    def cost(part: str, asked: tuple[Prompt, ...], now: Conversation) -> Texted:
        messages = render(Turn(conversation=now, prompts=asked), words, language, SMS)
        return Texted(language=language, service=service.slug, part=part, segments=_segments(messages))

    known = looked_up(catalog)
    for part, value in TOLD.items():
        now = _texter(language, Place(scene=Scene.SERVICE, about=service.slug, value=value))
        yield cost(part, prompts(now, known, catalog), now)
    yield cost("summary", summary_text(service, catalog), now)


def _texter(language: str, place: Place) -> Conversation:
    address = Address(channel="sms", value=NUMBER)
    return Conversation(id="bench", medium=Medium.SMS, address=address, language=language, place=(place,))


def _segments(messages: tuple[Message, ...]) -> int:
    return sum(sms.segments(message.text) for message in messages)


# --- as a table ----------------------------------------------------------------------------------------------


def table(found: Listening) -> Iterator[str]:
    """The figures as lines of text."""
    yield "A first call by keys: seconds from pick-up until the answer begins, until it was heard, and until it was"
    yield "heard if every menu is listened to till its end; the most keys pressed"
    heads = ("begins", "worst", "heard", "worst", "patient", "worst", "presses")
    yield f"{'language':10}" + "".join(f"{head:>9}" for head in heads)
    for language, calls in _by(found.heard, lambda h: h.language):
        columns = ([c.begins for c in calls], [c.seconds for c in calls], [c.patient for c in calls])
        shown = "".join(f"{median(column):9.1f}{max(column):9.1f}" for column in columns)
        yield f"{language:10}{shown}{max(c.presses for c in calls):9}"
    yield ""
    yield "Where the seconds go, in the median"
    yield f"{'language':10}" + "".join(f"{stage:>9}" for stage in STAGES)
    for language, calls in _by(found.heard, lambda h: h.language):
        yield f"{language:10}" + "".join(
            f"{median(stage):9.1f}" for stage in zip(*(c.stages for c in calls), strict=True)
        )
    yield ""
    yield "Most to hear, in seconds until the answer was heard"
    yield from (f"{h.seconds:9.1f}  {h.language:8} {h.service}" for h in found.worst_heard())
    yield ""
    yield "Answers as text messages, in segments"
    yield f"{'language':10}{'texts':>8}{'median':>8}{'worst':>8}{f'over {MOST_SEGMENTS}':>10}"
    for language, texts in _by(found.texted, lambda t: t.language):
        counts = [t.segments for t in texts]
        over = sum(n > MOST_SEGMENTS for n in counts) / len(counts)
        yield f"{language:10}{len(counts):8}{median(counts):8.1f}{max(counts):8}{over:10.0%}"
    yield ""
    yield "Longest texts"
    yield from (f"{t.segments:9}  {t.language:8} {t.service}: {t.part}" for t in found.worst_texted())
    yield ""
    for aim in found.aims():
        yield f"Aim: {aim}"


def as_json(found: Listening) -> dict[str, object]:
    """The figures as plain values."""
    aims = [{**asdict(aim), "holds": aim.holds} for aim in found.aims()]
    return {"aims": aims, **asdict(found)}


def _by(rows: tuple[Row, ...], language: Callable[[Row], str]) -> Iterator[tuple[str, list[Row]]]:
    """The rows of each language, in the town's order."""
    for code in dict.fromkeys(map(language, rows)):
        yield code, [row for row in rows if language(row) == code]
