"""What residents can wish for beside an answer and a case, and which way leads to which wish on purpose only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from core import phrases as say
from core.types import (
    Effect,
    Forget,
    HangUp,
    KeepCode,
    Kind,
    Later,
    Mode,
    OpenCase,
    RecordConsent,
    RelayToDesk,
    RequestHandoff,
    Scene,
    SendText,
    SettleHandoff,
    SpendCode,
    Transfer,
    WhyPerson,
)
from tests.proof.reaching import Edge
from tests.proof.ways import Way

Wish = Callable[[Edge], bool]


def _has(*kinds: type[Effect]) -> Wish:
    return lambda edge: any(isinstance(effect, kinds) for effect in edge.turn.effects)


def _asks(why: WhyPerson) -> Wish:
    return lambda edge: any(isinstance(e, RequestHandoff) and e.why is why for e in edge.turn.effects)


def _says(*ids: str) -> Wish:
    return lambda edge: any(prompt.phrase.id in ids for prompt in edge.turn.prompts)


def _comes_to(scene: Scene, value: str = "") -> Wish:
    def one(edge: Edge) -> bool:
        top = edge.turn.conversation.place[-1]
        return top.scene is scene and value in ("", top.value) and top != edge.was.place[-1]

    return one


def _consents(allowed: bool) -> Wish:
    return lambda edge: any(isinstance(e, RecordConsent) and e.allowed is allowed for e in edge.turn.effects)


def _answers(value: object) -> Wish:
    return lambda edge: value in edge.turn.conversation.answers.values() and value not in edge.was.answers.values()


def _goes(before: Scene, after: Scene) -> Wish:
    return lambda edge: (edge.was.place[-1].scene, edge.turn.conversation.place[-1].scene) == (before, after)


def _settles(edge: Edge) -> bool:
    return edge.said.kind is not Kind.DIAL and _has(SettleHandoff)(edge)


def _again(edge: Edge) -> bool:
    """What was asked is asked again, though it was understood that this is wished for."""
    return edge.turn.reason == "repeat" and edge.turn.conversation.agains > edge.was.agains


WISHES: Mapping[str, Wish] = {
    "a person": _asks(WhyPerson.ASKED),
    "a person and an interpreter": _asks(WhyPerson.INTERPRETER),
    "a person after danger": lambda edge: _asks(WhyPerson.DANGER)(edge) and edge.turn.conversation.mode is Mode.WAITING,
    "the emergency number": _comes_to(Scene.DANGER),
    "a call back": _settles,
    "a call back on another telephone": _goes(Scene.CALLBACK_NUMBER, Scene.CALLBACK),
    "words to the person who is waited for": _has(RelayToDesk),
    "the language": lambda edge: edge.was.language == "" and edge.turn.conversation.language != "",
    "another language": lambda edge: (
        "" not in (edge.was.language, edge.turn.conversation.language)
        and edge.was.language != edge.turn.conversation.language
    ),
    "the first menu": _comes_to(Scene.HOME),
    "one step back": _goes(Scene.CATEGORY, Scene.HOME),
    "the question again": _again,
    "slower": lambda edge: edge.turn.conversation.pace > edge.was.pace,
    "help": lambda edge: edge.turn.reason == "help",
    "the reason why": lambda edge: edge.turn.reason == "why",
    "a category": _comes_to(Scene.CATEGORY),
    "a service": _comes_to(Scene.SERVICE),
    "who and which papers": _comes_to(Scene.SERVICE, "papers"),
    "cost and time": _comes_to(Scene.SERVICE, "cost"),
    "where": _comes_to(Scene.SERVICE, "where"),
    "a choice of services, when words may mean two": _comes_to(Scene.OFFER),
    "a place for numbers": _comes_to(Scene.NUMBER),
    "the status of a case": _says(say.CASE_IN_WORK.id),
    "to go on with a code": _has(SpendCode),
    "a code to go on elsewhere": _has(KeepCode),
    "the answer as a text": _has(SendText),
    "to go on with what was begun": _has(Forget),
    "to begin a form": _goes(Scene.SERVICE, Scene.STEP),
    "to leave a question out": _answers(""),
    "to leave words for later": _answers(Later()),
    "the reading back": _comes_to(Scene.CONFIRM),
    "to change an answer": _comes_to(Scene.REDO),
    "a case": _has(OpenCase),
    "no more texts": _consents(False),
    "texts again": _consents(True),
    "to be put through": _has(Transfer),
    "an end of the call, by silence": _has(HangUp),
}

VOICE = (Way.KEYS, Way.SPEECH)
WRITTEN = (Way.NUMBERS, Way.WORDS, Way.BUTTONS, Way.CHAT_WORDS, Way.WHATSAPP)
TEXTS, CHAT = (Way.NUMBERS, Way.WORDS), (Way.BUTTONS, Way.CHAT_WORDS)


def _not_by(ways: Iterable[Way], why: str, *wishes: str) -> dict[tuple[str, Way], str]:
    return {(wish, way): why for wish in wishes for way in ways}


ELSEWHERE = {
    **_not_by(
        WRITTEN,
        "a telephone call alone is put through, called back and ended; in writing a person answers where one writes",
        "a call back",
        "a call back on another telephone",
        "to be put through",
        "an end of the call, by silence",
    ),
    **_not_by(WRITTEN, "what was written stands there, and the thread is where it was", "the answer as a text"),
    **_not_by(WRITTEN, "only a call that shows no number needs a code", "a code to go on elsewhere"),
    **_not_by(WRITTEN, "a thread goes on where it was; a call is new each time", "to go on with what was begun"),
    **_not_by(WRITTEN, "who writes can write all words", "to leave words for later"),
    **_not_by(VOICE, "a caller hears the person, and says it to them", "words to the person who is waited for"),
    **_not_by(
        (Way.KEYS, Way.NUMBERS, Way.BUTTONS, Way.WHATSAPP),
        "a key means one thing; only words may mean two",
        "a choice of services, when words may mean two",
    ),
    **_not_by(
        (Way.KEYS, Way.NUMBERS, Way.BUTTONS, Way.WHATSAPP),
        "who chooses by key knows what they chose; why is a word, and in writing it can always be written",
        "the reason why",
    ),
    **_not_by((Way.BUTTONS,), "in a chat a number is typed wherever one is", "a place for numbers"),
    **_not_by(
        (Way.NUMBERS, Way.WHATSAPP), "STOP and START are words, with every sender", "no more texts", "texts again"
    ),
    **_not_by(VOICE, "a call is no text: STOP and START are words of texts", "no more texts", "texts again"),
}
"""What is not there by a way, on purpose, and why. An entry that is no longer needed fails the test."""


def came_true(edges: Iterable[Edge]) -> set[str]:
    """The wishes that came true."""
    left, came = dict(WISHES), set[str]()
    for edge in edges:
        here = {name for name, holds in left.items() if holds(edge)}
        came |= here
        for name in here:
            del left[name]
    return came


def missing(way: Way, came: set[str]) -> tuple[list[str], list[str]]:
    """What does not come true by this way and should, and what does though it is said not to."""
    without = {wish for wish, of in ELSEWHERE if of is way}
    return sorted(set(WISHES) - came - without), sorted(came & without)
