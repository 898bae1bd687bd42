"""Everything that callers hear, in the order in which they come to it: the dialogue itself is run by a first caller.

Answers, days and numbers are made up; everything else is what the line says, word for word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.bench_listen import heard_seconds
from app.caller import AT, MORE, Caller, answered, looked_up
from core import codes
from core import phrases as say
from core.asking import THAT_WAS_ALL
from core.catalog import Category, Service, Step, StepKind, When
from core.places import telling
from core.render import Part
from core.speech import PAUSE, PAUSES, PEN, RATES
from core.types import (
    Answer,
    CaseDetails,
    CaseStatus,
    Kind,
    Known,
    Phone,
    Phrase,
    PinCheck,
    Place,
    Reading,
    Recording,
    Scene,
    Turn,
    Understanding,
    Unfinished,
    Window,
)

EVERY_CALL = "every-call"
"""Where that stands which belongs to no service. No service's name has a hyphen."""

REFERENCE, CODE = codes.reference(12345678), codes.code(1234567)
PIN = "4719"
STREET = "12 Mill Street"
OTHER_NUMBER = Phone(e164="+14155550124")
DAYS_AWAY = 30
RECORDING = Recording(id="RE" + 32 * "0", seconds=7)
WINDOWS = tuple(
    Window(start=start, end=start + timedelta(hours=1), most=1)
    for start in (AT.replace(day=21, hour=9), AT.replace(day=21, hour=14), AT.replace(day=22, hour=9))
)
"""Times that are offered for a call back, on the days after `AT`."""

Said = tuple[str, Turn]
"""The name of something that is said, and the turn that says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What callers hear in one go, a sentence a part: `name` is its name within a service, or within `EVERY_CALL`."""

    language: str
    service: str
    name: str
    parts: tuple[Part, ...]

    def seconds(self, pace: int) -> float:
        """How long it takes, as reckoned; `pace` counts how often "slower" was asked for."""
        pauses = len(self.parts)
        words = heard_seconds(self.parts) - pauses * PAUSE
        return words / RATES[pace] + pauses * PAUSES[pace] + PEN * sum(part.pen for part in self.parts)


def spoken(caller: Caller, language: str, service: str) -> Iterator[Spoken]:
    """All that is said about a service, or with `EVERY_CALL` around them all, in one of the town's languages."""
    if service == EVERY_CALL:
        said = _every_call(caller, language)
    else:
        said = _about(caller, language, caller.catalog.services[service])
    for name, turn in said:
        yield Spoken(language=language, service=service, name=name, parts=caller.parts(turn))


# --- a service -----------------------------------------------------------------------------------------------


def _about(caller: Caller, language: str, service: Service) -> Iterator[Said]:
    *_, (_, answer) = caller.reach(language, service)
    summary = answered(answer)
    yield "summary", summary
    yield "choices", replace(answer, prompts=answer.prompts[len(summary.prompts) :])
    for part in ("papers", "cost", "where"):
        yield part, _told(caller.choose(answer, part))
    if service.steps:
        yield from _form(caller, answer, service)


def _told(turn: Turn) -> Turn:
    """The same without the question at its end."""
    return replace(turn, prompts=turn.prompts[:-1])


def _form(caller: Caller, answer: Turn, service: Service) -> Iterator[Said]:
    turn = caller.choose(answer, "start")
    for step in service.steps:
        yield f"question-{step.name}", turn
        if "give" in _choices(turn):
            turn = caller.choose(turn, "give")
            yield f"question-{step.name}-given", turn
        turn = _answer(caller, turn, step)
    yield "read-back", turn
    yield "change", caller.choose(turn, "no")
    done = caller.choose(turn, "yes", replace(looked_up(caller.catalog), reference=REFERENCE))
    yield "done", done
    if "news" in _choices(done):
        yield "news-when", caller.choose(done, "news")


def _choices(turn: Turn) -> list[str]:
    return [choice.id for choice in turn.prompts[-1].choices]


def _answer(caller: Caller, turn: Turn, step: Step) -> Turn:
    """The first of the choices, or a made-up answer."""
    known = looked_up(caller.catalog)
    value = _example(step, known.today)
    if value is None:
        return caller.choose(turn, _choices(turn)[0])
    return caller.do(turn, Kind.TEXT, str(value), replace(known, reading=Reading(value=value)))


def _example(step: Step, today: date) -> Answer | None:
    """None for a step that is answered by choosing."""
    if step.kind is StepKind.NUMBER:
        few = 2 if step.least is None else max(2, step.least)
        return few if step.most is None else min(few, step.most)
    if step.kind is StepKind.DATE:
        return today + timedelta(days=-DAYS_AWAY if step.when is When.PAST else DAYS_AWAY)
    if step.kind is StepKind.PHONE:
        return OTHER_NUMBER
    return STREET if step.kind in (StepKind.WORDS, StepKind.PLACE) else None


# --- around the services -------------------------------------------------------------------------------------


def _every_call(caller: Caller, language: str) -> Iterator[Said]:
    greeting = caller.begin()
    yield "greeting", greeting
    home = caller.choose(greeting, language)
    yield "main-menu", home
    for category in caller.catalog.categories:
        yield from _menus(caller, home, category)
    yield "number", caller.do(home, Kind.KEYS, "8")
    yield from _trouble(caller, greeting, home, language)
    yield from _person(caller, home)
    yield from _elsewhere(caller, language)
    yield from _a_case(caller, home)
    yield from _secret_number(caller, home)
    yield from _the_end(caller, language)
    for name, phrases in _SENTENCES.items():
        told = (say.phrase(p.id, town=caller.catalog.town.name) for p in phrases)
        yield name, replace(home, prompts=telling(*told), effects=())


OUT_OF_ORDER = "out-of-order"
"""What is said when nothing works: by the machine, whatever the office has spoken."""

_SENTENCES: dict[str, tuple[Phrase, ...]] = {
    "stay-on-the-line": (say.STAY_ON, say.CALL_ME),
    "nobody-free": (say.NOBODY_FREE,),
    OUT_OF_ORDER: (say.TROUBLE,),
    "we-call-back": (say.CALLED_BACK, say.CALLED_BACK_PRESS),
    "news-of-a-case": (say.NEWS_PRESS, say.THAT_WAS_US, say.NEWS_BY_TEXT, say.NEWS_BY_CALL),
    "to-staff": (say.STAFF_PRESS, say.STAFF_OVER, say.STAFF_NOT_REACHED),
    "how-far-a-case-is": (say.CASE_RECEIVED, say.CASE_IN_WORK, say.CASE_DONE, say.NO_SUCH_NUMBER, say.TOO_MANY_TRIES),
    "a-secret-number": (
        say.PIN_LENGTH,
        say.PIN_REPEATS,
        say.PIN_RUNS,
        say.PIN_YEAR,
        say.PIN_OF_PHONE,
        say.PIN_OF_CASE,
        say.PIN_DIFFERS,
        say.PIN_WRONG,
        say.PIN_CLOSED,
        say.NOT_ALOUD,
    ),
    "a-wrong-answer": (
        say.NOT_UNDERSTOOD,
        say.NOT_WORDS,
        say.NOT_A_NUMBER,
        say.NOT_A_DATE,
        say.WHICH_DATE,
        say.NOT_PAST,
        say.NOT_FUTURE,
        say.NOT_A_PHONE,
        say.NOT_RUNG,
        say.ZERO_OR_PERSON,
        say.DIGITS_HELP,
    ),
    "what-was-meant": (say.UNSURE, say.NOT_OURS, say.NEAREST, say.GREETING, say.THANKS, say.WHY_DANGER, say.WHY_RATED),
    "a-wait": (
        say.WAIT_HALF_HOUR,
        say.WAIT_LONGER,
        say.THEN_OFFICE,
        say.INTERPRETER,
        say.DANGER_PERSON,
        say.TIME_TAKEN,
    ),
    "no-text-message": (say.TEXT_NOT_ALLOWED, say.TEXT_HELD, say.NO_TEXTS_THERE),
    "open-now": (say.OPEN_NOW,),
}
"""What is said while there is no conversation to go on with (`ivr.fallback`, `ivr.staff_calls`, the queue), and what
few callers come to."""


def _menus(caller: Caller, home: Turn, category: Category) -> Iterator[Said]:
    menu = caller.choose(home, category.id)
    yield f"menu-{category.id}", menu
    page = 2
    while "more" in _choices(menu):
        menu = caller.do(menu, Kind.KEYS, MORE)
        yield f"menu-{category.id}-{page}", menu
        page += 1


def _trouble(caller: Caller, greeting: Turn, home: Turn, language: str) -> Iterator[Said]:
    yield "help-wrong-key", caller.do(home, Kind.KEYS, "00")
    silent = caller.do(home, Kind.SILENCE)
    yield "help-silence", silent
    twice = caller.do(silent, Kind.SILENCE)
    yield "help-silence-again", twice
    yield "goodbye-call-back", caller.do(twice, Kind.SILENCE)
    withheld = replace(caller, number="")
    turn = withheld.choose(withheld.begin(), language)
    for _ in range(3):
        turn = withheld.do(turn, Kind.SILENCE)
    yield "goodbye", turn
    yield "fault", caller.do(home, Kind.FAULT)
    yield "danger", caller.do(home, Kind.TEXT, "fire", meant=Understanding(danger="fire"))
    slug = next(iter(caller.catalog.services))
    left = Unfinished(conversation="before", service=slug, step=0, answers={}, at=AT)
    known = replace(looked_up(caller.catalog), unfinished=left)
    begun = caller.choose(greeting, language, known)
    yield "begun-before", begun
    told = replace(known, unfinished=replace(left, answers={"age": 72}))
    yield "begun-by-whom", caller.choose(begun, "go_on", told)


def _person(caller: Caller, home: Turn) -> Iterator[Said]:
    waiting = caller.do(home, Kind.KEYS, "0", _open(caller))
    yield "waiting", waiting
    yield "back-from-person", _told(caller.do(waiting, Kind.DIAL, "completed"))
    asked = caller.do(home, Kind.KEYS, "0")
    yield "call-back", asked
    yield "call-back-number", caller.choose(asked, "no")
    yield "call-back-noted", _told(caller.choose(asked, "yes"))
    known = replace(looked_up(caller.catalog), windows=WINDOWS)
    when = caller.choose(asked, "yes", known)
    yield "call-back-when", when
    promised = caller.choose(when, WINDOWS[0].start.isoformat(), known)
    yield "call-back-promised", promised
    yield "call-back-reminder", _told(caller.choose(promised, "yes"))
    yield from _recorded(caller, asked)


def _recorded(caller: Caller, asked: Turn) -> Iterator[Said]:
    """A message in one's own voice."""
    may_we = caller.choose(asked, "message")
    yield "may-we-record", may_we
    speak = caller.choose(may_we, "yes")
    yield "speak-now", speak
    spoke = caller.do(speak, Kind.RECORDING, recording=RECORDING)
    yield "recorded", spoke
    playable = replace(looked_up(caller.catalog), playable=True)
    played = caller.choose(spoke, "listen", playable)
    yield "recorded-played", replace(played, prompts=played.prompts[:1])
    yield "recorded-not-here-yet", _told(caller.choose(spoke, "listen"))
    yield "recorded-deleted", _told(caller.choose(spoke, "delete"))
    yield "message-left", _told(caller.choose(spoke, "keep"))
    yield "nothing-recorded", caller.do(speak, Kind.RECORDING, recording=replace(RECORDING, seconds=0))


def _open(caller: Caller) -> Known:
    known = looked_up(caller.catalog)
    return replace(known, offices={id: replace(office, open=True) for id, office in known.offices.items()})


def _a_case(caller: Caller, home: Turn) -> Iterator[Said]:
    """A case that is asked about, by the resident and by somebody who helps."""
    number = caller.do(home, Kind.KEYS, "8")
    known = looked_up(caller.catalog)
    case = caller.do(number, Kind.KEYS, REFERENCE, replace(known, case=CaseStatus.IN_WORK, openable=True))
    yield "a-case", case
    who = caller.choose(case, "all")
    yield "who-speaks", who
    for name, whose, mandate in (("own", "yes", ""), ("helped", "no", "1")):
        asked = caller.choose(who, whose)
        yield f"{name}-secret-number", asked
        right = replace(known, pin=PinCheck.RIGHT, mandate=mandate, details=_details(caller))
        told = caller.do(asked, Kind.KEYS, PIN, right)
        yield f"{name}-case-told", told
        yield f"{name}-help-ended", _told(caller.choose(told, "end"))
    gone = replace(known, pin=PinCheck.RIGHT, details=replace(_details(caller), service=""))
    yield "old-case-told", _told(caller.do(caller.choose(who, "yes"), Kind.KEYS, PIN, gone))


def _details(caller: Caller) -> CaseDetails:
    service = next(one for one in caller.catalog.services.values() if one.steps)
    return CaseDetails(service=service.slug, opened=AT, answers={}, helped=True)


def _secret_number(caller: Caller, home: Turn) -> Iterator[Said]:
    """One that is chosen."""
    place = Place(scene=Scene.PIN_NEW, value=REFERENCE)
    done = Place(scene=Scene.DONE, about=next(iter(caller.catalog.services)), value=REFERENCE)
    now = replace(home.conversation, place=(*home.conversation.place, done, place))
    known = looked_up(caller.catalog)
    new = caller.do(replace(home, conversation=now), Kind.SILENCE)
    yield "new-secret-number", replace(new, prompts=new.prompts[-1:])
    again = caller.do(new, Kind.KEYS, PIN, replace(known, sealed="sealed"))
    yield "new-secret-number-again", again
    kept = caller.do(again, Kind.KEYS, PIN, replace(known, pin=PinCheck.RIGHT))
    yield "new-secret-number-kept", replace(kept, prompts=kept.prompts[:1])


def _the_end(caller: Caller, language: str) -> Iterator[Said]:
    """Somebody is done, and says whether they got what they needed."""
    *_, (_, answer) = caller.reach(language, next(iter(caller.catalog.services.values())))
    told = caller.choose(answer, "cost")
    yield "choices-after-an-answer", replace(told, prompts=told.prompts[-1:])
    asked = caller.choose(told, THAT_WAS_ALL, replace(looked_up(caller.catalog), asked=False))
    yield "got-it", asked
    yield "got-it-yes", _told(caller.choose(asked, "yes"))
    yield "got-it-no", _told(caller.choose(asked, "no"))


def _elsewhere(caller: Caller, language: str) -> Iterator[Said]:
    """An answer as a text message, or a code to go on with elsewhere."""
    service = next(iter(caller.catalog.services.values()))
    *_, (_, answer) = caller.reach(language, service)
    asked = caller.choose(answer, "text")
    yield "text-message", asked
    yield "text-sent", _told(caller.choose(asked, "yes"))
    withheld = replace(caller, number="")
    *_, (_, answer) = withheld.reach(language, service)
    yield "code", _told(withheld.choose(answer, "code", replace(looked_up(caller.catalog), fresh_code=CODE)))
