"""A small town for unit tests, and short ways to talk to the dialogue."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from core.catalog import (
    Area,
    Catalog,
    Category,
    Department,
    Duration,
    Office,
    Option,
    Paper,
    Service,
    Step,
    StepKind,
    Town,
    When,
)
from core.dialogue import advance, fresh
from core.types import (
    Address,
    Command,
    Conversation,
    Inbound,
    Kind,
    Known,
    Medium,
    OfficeState,
    Phrase,
    Place,
    RequestHandoff,
    Turn,
    Understanding,
)

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
CALLER = "+14155550123"


def _service(slug: str, number: str, category: str, key: int, **more: object) -> Service:
    fields: dict[str, object] = {
        "slug": slug,
        "number": number,
        "category": category,
        "key": key,
        "department": "streets",
        "title": slug.replace("_", " "),
        "summary": f"About {slug}.",
        "who": "Everyone.",
        "cost": "It is free.",
        "time": Duration(unit="days", count=2),
    }
    return Service(**(fields | more))  # type: ignore[arg-type]  # a test's shorthand


STEPS = (
    Step(name="age", ask="How old are you?", kind=StepKind.NUMBER, least=0, most=120),
    Step(name="born", ask="When were you born?", kind=StepKind.DATE, when=When.PAST),
    Step(name="card", ask="Do you have a card?", kind=StepKind.YES_NO),
    Step(name="size", ask="Which size?", kind=StepKind.CHOICE, options=(Option(id="s", label="small"),)),
    Step(name="area", ask="Which part of town?", kind=StepKind.AREA),
    Step(name="pole", ask="Which number is on the pole?", kind=StepKind.NUMBER, least=1, optional=True),
    Step(name="name", ask="What is your name?", kind=StepKind.WORDS),
    Step(name="phone", ask="Which number can we call?", kind=StepKind.PHONE),
)


def town() -> Catalog:
    """Two categories, four services, one of them with every kind of step."""
    services = (
        _service("card", "241", "travel", 1, papers=("id",), where=("hall",), steps=STEPS, done="We call you."),
        _service("bus", "215", "travel", 2),
        _service("lamp", "415", "streets", 1, steps=STEPS[4:], done="We come.", report=True),
        _service("trash", "441", "streets", 0),
    )
    return Catalog(
        town=Town(
            name="Testtown",
            country="US",
            phone_region="US",
            currency="USD",
            timezone="UTC",
            languages=("en", "es"),
            emergency="911",
            emergencies=("911", "112"),
            main_office="hall",
        ),
        categories=(Category(id="travel", key=1, title="travel"), Category(id="streets", key=2, title="streets")),
        services={s.slug: s for s in services},
        offices={"hall": Office(id="hall", title="Hall", address="1 Main Street", phone="+14155550101", hours=())},
        areas=(Area(id="old", key=1, title="old town"), Area(id="new", key=2, title="new town")),
        papers={"id": Paper(id="id", title="your card")},
        departments={"streets": Department(id="streets", title="Streets", office="hall")},
    )


TOWN = town()


def known(*, open_now: bool = True, **more: object) -> Known:
    """What is known in the town, its office open or closed."""
    hall = OfficeState(id="hall", phone="+14155550101", open=open_now, opens=None if open_now else AT)
    base = Known(emergency="911", offices={"hall": hall}, today=AT.date(), reference="123456780", fresh_code="12345670")
    return replace(base, **more)  # type: ignore[arg-type]  # names of fields


@dataclass
class Line:
    """A conversation under way; each call is one thing the resident does."""

    medium: Medium = Medium.VOICE
    number: str = CALLER
    open_now: bool = True
    hint: str = ""
    """The language that the telephone of a chat is set to."""
    now: Conversation | None = None
    turns: list[Turn] = field(default_factory=list)

    def do(
        self, kind: Kind, *, keys: str = "", text: str = "", meant: Understanding | None = None, **more: object
    ) -> Turn:
        said = Inbound(
            conversation="c",
            medium=self.medium,
            address=Address(channel=self.medium.value, value=self.number) if self.number else None,
            message_id=str(len(self.turns)),
            kind=kind,
            keys=keys,
            text=text,
            language_hint=self.hint,
            at=AT,
        )
        was = self.now or fresh(said)
        turn = advance(was, said, meant or Understanding(), known(open_now=self.open_now, **more), TOWN)
        self.now = turn.conversation
        self.turns.append(turn)
        return turn

    def start(self, *keys: str) -> Turn:
        turn = self.do(Kind.START)
        for key in keys:
            turn = self.press(key)
        return turn

    def press(self, keys: str, **more: object) -> Turn:
        return self.do(Kind.KEYS, keys=keys, **more)  # type: ignore[arg-type]  # names of fields of Known

    def write(self, text: str, meant: Understanding | None = None, **more: object) -> Turn:
        return self.do(Kind.TEXT, text=text, meant=meant, **more)  # type: ignore[arg-type]  # as above


FIRE = Understanding(danger="fire")
HALL = "+14155550101"
"""The telephone of the town's one office."""


def call(*keys: str, **line: object) -> Line:
    """A call, after these keys."""
    made = Line(**line)  # type: ignore[arg-type]  # a test's shorthand
    made.start(*keys)
    return made


def text(*words: str) -> Line:
    """A thread of texts in English, after these words."""
    line = Line(medium=Medium.SMS)
    line.write("hi", Understanding(language="en"))
    for one in words:
        line.write(one)
    return line


def command(line: Line, which: Command) -> Turn:
    """Say a command in words."""
    return line.write(str(which), Understanding(command=which))


def wish(turn: Turn) -> RequestHandoff:
    """The request for a person."""
    return next(effect for effect in turn.effects if isinstance(effect, RequestHandoff))


def top(turn: Turn) -> Place:
    """Where the resident is then."""
    return turn.conversation.place[-1]


def state(line: Line) -> Conversation:
    """The conversation as it stands."""
    assert line.now is not None
    return line.now


def said(turn: Turn) -> list[str]:
    """The message ids of a turn's prompts."""
    return [prompt.phrase.id for prompt in turn.prompts]


def effects(turn: Turn) -> list[str]:
    """The names of a turn's effects."""
    return [type(effect).__name__ for effect in turn.effects]


class Plain:
    """Words as their English ids, with parameters filled in."""

    def say(self, phrase: Phrase, language: str, context: str = "") -> str:
        text = phrase.plural if phrase.count not in (None, 1) else phrase.id
        for name, value in phrase.params.items():
            shown = self.say(value, language, context) if isinstance(value, Phrase) else _shown(value)
            text = text.replace(f"{{{name}}}", shown)
        return text


def _shown(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return str(getattr(value, "text", getattr(value, "code", value)))
