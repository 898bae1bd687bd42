"""One story, told by every way: choose a language, reach a service, hear each part of its answer, and start it.

What must be heard and what must be in the case is taken from the catalogue alone, not from what asks and answers.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from core import phrases as say
from core.catalog import Catalog, Service, Step, StepKind, When
from core.ports import Words
from core.sms import plain
from core.types import Act, Answer, Later, Listing, Medium, Money, Phone, Phrase, Scene
from tests.calls.line import OPEN
from tests.proof.ways import LATER_BY_KEY, TYPED, Resident, Way

NUMBERS: Mapping[str, Mapping[int, str]] = {
    "en": {1: "one", 2: "two", 3: "three", 72: "seventy two"},
    "es": {1: "uno", 2: "dos", 3: "tres", 72: "setenta y dos"},
    "zh_Hans": {1: "一", 2: "两", 3: "三", 72: "七十二"},
    "ar": {1: "واحد", 2: "اثنان", 3: "ثلاثة", 72: "اثنان وسبعون"},
}
"""Numbers as they are said."""

ANOTHER = "+14155550177"
WORDS = "Maria Lopez"
STREET = "12 Mill Street"

Plan = Mapping[str, Answer]
"""What somebody means to answer, by the name of the step. A `Phone` of no digits is their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is told: the service, in a language, and the answers; `number` varies what is answered."""

    service: Service
    catalog: Catalog
    words: Words
    number: int

    @property
    def plan(self) -> Plan:
        """What is answered to each step, the same by every way."""
        draw = random.Random(f"{self.service.slug} {self.number}")
        return {step.name: _planned(step, self.catalog, draw) for step in self.service.steps}

    @property
    def changes(self) -> bool:
        """Whether an answer is changed after the reading back."""
        return random.Random(f"change {self.service.slug} {self.number}").random() < 0.5


def _planned(step: Step, catalog: Catalog, draw: random.Random) -> Answer:
    if step.optional and draw.random() < 0.5:
        return ""
    made: dict[StepKind, Callable[[], Answer]] = {
        StepKind.NUMBER: lambda: draw.choice([n for n in NUMBERS["en"] if (step.least or 0) <= n <= (step.most or n)]),
        StepKind.DATE: lambda: _day(step, draw),
        StepKind.YES_NO: lambda: draw.random() < 0.5,
        StepKind.CHOICE: lambda: draw.choice(step.options).id,
        StepKind.AREA: lambda: draw.choice(catalog.areas).id,
        StepKind.WORDS: lambda: WORDS,
        StepKind.PLACE: lambda: STREET,
        StepKind.PHONE: lambda: Phone(e164=draw.choice(("", ANOTHER))),
    }
    return made[step.kind]()


def _day(step: Step, draw: random.Random) -> date:
    if step.when is When.FUTURE:
        return OPEN.date() + timedelta(days=draw.randint(2, 60))
    return date(draw.randint(1940, 2020), draw.randint(1, 12), draw.randint(13, 28))


# --- the story -----------------------------------------------------------------------------------------------------


def choose_language(one: Resident) -> None:
    """Begin, and choose the language."""
    one.hand.begin()
    one.choose(one.language)
    assert (one.now.language, _scene(one)) == (one.language, Scene.HOME), one.hand.heard


def reach_by_menu(one: Resident, service: Service) -> None:
    """From the first menu through the category's to the service."""
    one.choose(service.category)
    while service.slug not in one.offered:
        one.choose("more")
    one.choose(service.slug)


def is_at(one: Resident, service: Service) -> None:
    """They stand at the service, and nothing went wrong on the way."""
    top = one.now.place[-1]
    assert (top.scene, top.about, one.now.misses) == (Scene.SERVICE, service.slug, 0), f"at {top}: {one.hand.heard}"


def hears(one: Resident, words: Words, *phrases: Phrase) -> None:
    """Each of these sentences was in the last answer."""
    medium = one.way.medium
    for phrase in phrases:
        told = words.say(phrase, one.language, medium)
        told = plain(told) if medium is Medium.SMS else told
        assert told in one.hand.heard, f"did not get: {told}\ngot: {one.hand.heard}"


def hears_every_part(one: Resident, story: Story) -> None:
    """Papers, cost and time, and where: each is one choice away from the short answer."""
    hears(one, story.words, say.text(story.service.summary))
    for part in ("papers", "cost", "where"):
        one.choose(part)
        is_at(one, story.service)
        hears(one, story.words, *part_of(story.service, part, story.catalog))


def part_of(service: Service, part: str, catalog: Catalog) -> Iterator[Phrase]:
    """The sentences of which a part of the answer consists, at least."""
    if part == "papers":
        papers = tuple(say.text(catalog.papers[id].title) for id in service.papers)
        yield say.text(service.who)
        yield say.phrase(say.BRING.id, papers=Listing(items=papers)) if papers else say.BRING_NOTHING
    if part == "cost":
        yield say.text(service.cost, **({"amount": Money(amount=service.amount)} if service.amount else {}))
        yield (
            say.text(service.time)
            if isinstance(service.time, str)
            else say.takes(service.time.unit, service.time.count)
        )
    if part == "where":
        for id in service.where[:1]:
            office = catalog.offices[id]
            yield say.phrase(say.GO_TO.id, office=say.text(office.title), address=office.address)
        if not service.where:
            yield say.NO_NEED_TO_COME


def starts(one: Resident, story: Story) -> None:
    """The form from its first question to the case."""
    one.choose("start")
    fills_in(one, story)
    if story.changes:
        again = story.service.steps[-1]
        one.choose("no")
        assert _scene(one) is Scene.REDO, one.hand.heard
        one.choose(again.name)
        answers(one, again, story.plan[again.name])
    assert _scene(one) is Scene.CONFIRM, one.hand.heard
    assert one.stored.cases(one.hand.conversation) == []
    one.choose("yes")
    assert one.stored.cases(one.hand.conversation) == [(story.service.slug, expected(one, story))], one.hand.heard


def fills_in(one: Resident, story: Story) -> None:
    """Answer one question after the other, as planned."""
    for place, step in enumerate(story.service.steps):
        top = one.now.place[-1]
        assert (top.scene, top.step, one.now.misses) == (Scene.STEP, place, 0), f"at {top}: {one.hand.heard}"
        answers(one, step, story.plan[step.name])


def expected(one: Resident, story: Story) -> dict[str, Answer]:
    """The answers that the case must hold: the plan, but for words that a keypad cannot write."""
    return {step.name: _expected(one, step, story.plan[step.name]) for step in story.service.steps}


def _expected(one: Resident, step: Step, value: Answer) -> Answer:
    if isinstance(value, Phone):
        return Phone(e164=_digits(one, value))
    if value and one.way is Way.KEYS and step.kind in (StepKind.WORDS, StepKind.PLACE):
        return Later()
    return value


def _digits(one: Resident, phone: Phone) -> str:
    """The number that is meant: one's own, which a chat does not show us, or another."""
    return phone.e164 or one.hand.number or ANOTHER


def title(service: Service) -> Phrase:
    """A service's name."""
    return say.text(service.title)


START = Act.START
ACTS = (
    ("papers", Act.PAPERS),
    ("papers", Act.WHO),
    ("cost", Act.COST),
    ("cost", Act.TIME),
    ("where", Act.WHERE),
)
"""What is asked for in one's own words, and the part of the answer that tells it."""


# --- one answer ----------------------------------------------------------------------------------------------------


def answers(one: Resident, step: Step, value: Answer) -> None:
    """Answer a step by one's way: by choosing where there is a choice, else by giving the value."""
    if step.kind in (StepKind.YES_NO, StepKind.CHOICE, StepKind.AREA):
        one.choose(_choice(value))
    elif value == "":
        one.choose("skip")
    elif isinstance(value, Phone) and not value.e164 and "mine" in one.offered:
        one.choose("mine")
    else:
        if "give" in one.offered:
            one.choose("give")
        gives(one, value)
        if _scene(one) is Scene.CHECK:  # the digits of a day may be another one: it is asked which
            one.choose(f"candidate_{one.now.candidates.index(value)}")


def _choice(value: Answer) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def gives(one: Resident, value: Answer) -> None:
    """Give what is not chosen: in digits on a keypad, in words where words are used."""
    if isinstance(value, str) and one.way is Way.KEYS:
        one.differed.add(LATER_BY_KEY)
        one.choose("later")
    elif one.way.in_words:
        one.hand.say(in_words(one, value))
    else:
        if one.way is Way.BUTTONS:
            one.differed.add(TYPED)
        one.hand.type(in_digits(one, value))


def said_in_full(day: date, language: str) -> str:
    """A day as it is written in full in a language."""
    return format_date(day, format="long", locale=language)


def in_words(one: Resident, value: Answer) -> str:
    """A value as it is said or written in full."""
    if isinstance(value, date):
        return said_in_full(value, one.language)
    if isinstance(value, int):
        return NUMBERS[one.language][value]
    return _digits(one, value) if isinstance(value, Phone) else str(value)


def in_digits(one: Resident, value: Answer) -> str:
    """A value as it is typed on a keypad: a day as month, day and year, as this town does."""
    if isinstance(value, date):
        return f"{value:%m%d%Y}"
    return _digits(one, value).removeprefix("+1") if isinstance(value, Phone) else str(value)


def _scene(one: Resident) -> Scene:
    return one.now.place[-1].scene
