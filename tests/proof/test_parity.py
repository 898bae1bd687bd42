"""No way that only some can take: the same journey by key, speech, text, button and words ends in the same answer.

Every service, in every language, by every way, goes through each channel's own mapping and the assistant; a share of
them goes the whole way over HTTP too, since what lies in between (webhooks, TwiML, outbox, polling) knows no service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from random import Random

import pytest

from app.bootstrap import Plainline
from core import phrases as say
from core.catalog import Service
from core.commands import spotter
from core.types import Command, Inbound, Kind, Medium, OpenCase, Pick, Turn
from ivr.voices import heard_languages
from store.database import open_database
from tests.bot.line import standing
from tests.calls.conftest import wired  # noqa: F401 pytest looks for it here
from tests.calls.line import LANGUAGES, OPEN, PUBLIC, SECRET, Clock, served
from tests.nlu.whole import data
from tests.proof import journeys as tell
from tests.proof.conftest import Found
from tests.proof.imagined import Imagined
from tests.proof.reaching import CALLER, Edge, Someone, walk
from tests.proof.record import FULL, Part, parts, share
from tests.proof.ways import ON_PURPOSE, Asked, Hand, Resident, Stored, Way, here, over_http, ways
from tests.proof.wishes import ELSEWHERE, WISHES, came_true, missing
from tests.store.fixtures import migrated_file, sqlite_url  # noqa: F401 pytest looks for them here

pytestmark = pytest.mark.timeout(1800)

VARIANTS = parts(1, 4, 1)
"""Each answers the forms otherwise."""


@pytest.fixture
def town(wired: Plainline, sqlite_url: str) -> Iterator[Plainline]:  # noqa: F811 fixtures
    settings = replace(wired.settings, database_url=sqlite_url, public_url=PUBLIC, secret_key=SECRET)
    with closing(replace(wired, settings=settings, clock=Clock(OPEN))) as plainline:
        yield plainline


@pytest.fixture
def stored(sqlite_url: str) -> Iterator[Stored]:  # noqa: F811 a fixture
    with closing(open_database(sqlite_url)) as database:
        yield Stored(database=database)


# --- the same journey by every way ---------------------------------------------------------------------------------

Journey = Callable[[Resident, tell.Story], None]


@dataclass(kw_only=True)
class Journeys:
    """Journeys by every way of a language, and what went wrong on them."""

    plainline: Plainline
    stored: Stored
    language: str
    number: int
    wrong: list[str] = field(default_factory=list)
    differed: set[str] = field(default_factory=set)
    seen: dict[object, Asked] = field(default_factory=dict)
    tried: int = 0

    def go(self, service: Service, way: Way, hand: Hand, journey: Journey) -> None:
        """One journey; what goes wrong is kept, and the next one is made all the same."""
        catalog, words = self.plainline.catalog, self.plainline.words
        story = tell.Story(service=service, catalog=catalog, words=words, number=self.number)
        one = Resident(
            way=way, language=self.language, hand=hand, stored=self.stored, differed=self.differed, seen=self.seen
        )
        self.tried += 1
        try:
            journey(one, story)
        except (AssertionError, LookupError, StopIteration, ValueError) as wrong:
            self.wrong.append(f"{service.slug} in {self.language}, {way}: {wrong!r}")

    def record(self, found: Found, what: str) -> None:
        """Write down how it went, and fail if anything went wrong."""
        silent = [code for code in self.plainline.catalog.town.languages if code not in heard_languages()]
        note = f"no speech on the telephone: {', '.join(silent) or 'none, all are recognised'}"
        found("parity", what, tried=self.tried, held=self.tried - len(self.wrong), note=note)
        assert self.wrong == [], "\n".join(self.wrong)


def whole(one: Resident, story: tell.Story) -> None:
    """By the menus to the service, every part of its answer, and the form where it has one."""
    tell.choose_language(one)
    tell.reach_by_menu(one, story.service)
    tell.is_at(one, story.service)
    tell.hears_every_part(one, story)
    if story.service.steps:
        tell.starts(one, story)


@pytest.mark.parametrize("part", VARIANTS, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_service_is_reached_heard_and_started_alike_by_every_way(
    town: Plainline, stored: Stored, language: str, part: Part, found: Found
) -> None:
    made = Journeys(plainline=town, stored=stored, language=language, number=part.number)
    for service in town.catalog.services.values():
        for way in ways(language):
            made.go(service, way, here(town, way), whole)
    made.record(found, "journeys: menu, each part, case")
    assert made.differed == set(ON_PURPOSE), "a difference on purpose that there no longer is"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_share_of_the_journeys_goes_the_whole_way_over_http(
    wired: Plainline,  # noqa: F811 a fixture
    sqlite_url: str,  # noqa: F811 a fixture
    stored: Stored,
    language: str,
    found: Found,
) -> None:
    clock, made = Clock(OPEN), Journeys(plainline=wired, stored=stored, language=language, number=1)
    services = list(wired.catalog.services.values())
    chosen = [*_with_form(services, language), *Random(language).sample(services, share(1, len(services)))]
    with served(wired, sqlite_url, clock) as calls, standing(wired, sqlite_url, clock) as chats, chats.bot():
        for service in dict.fromkeys(one.slug for one in chosen):
            for way in ways(language):
                made.go(wired.catalog.services[service], way, over_http(calls, chats, way), whole)
    made.record(found, "journeys over HTTP")


def _with_form(services: list[Service], language: str) -> list[Service]:
    return Random(language).sample([one for one in services if one.steps], 1)


# --- by its number, and by its name --------------------------------------------------------------------------------


def by_number(one: Resident, story: tell.Story) -> None:
    """The three digits of a leaflet lead to the service."""
    tell.choose_language(one)
    if one.way is Way.KEYS:
        one.hand.type("8")
    give = one.hand.say if one.way.in_words else one.hand.type
    give(story.service.number)
    tell.hears_every_part(one, story)


def by_name(one: Resident, story: tell.Story) -> None:
    """Who names the service and asks in their own words hears the same; unsure, they are asked which one."""
    tell.choose_language(one)
    phrases = _DATA[one.language]
    one.hand.say(story.words.say(tell.title(story.service), one.language, one.way.medium))
    if story.service.slug in one.offered:
        one.choose(story.service.slug)
    tell.is_at(one, story.service)
    for part, act in tell.ACTS:
        one.hand.say(phrases.acts[act][0])
        tell.is_at(one, story.service)
        tell.hears(one, story.words, *tell.part_of(story.service, part, story.catalog))
    if story.service.steps:
        one.hand.say(phrases.acts[tell.START][0])
        assert (one.now.form, one.now.place[-1].step) == (story.service.slug, 0), one.hand.heard


_DATA = {one.language: one for one in data()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_service_is_reached_by_its_number_and_by_its_name(
    town: Plainline, stored: Stored, language: str, found: Found
) -> None:
    made = Journeys(plainline=town, stored=stored, language=language, number=1)
    for service in town.catalog.services.values():
        for way in ways(language):
            made.go(service, way, here(town, way), by_number)
            if way.in_words:
                made.go(service, way, here(town, way), by_name)
    made.record(found, "journeys: number, name, own words")


# --- every choice by its key, its button and its words -------------------------------------------------------------

_ON = {Medium.VOICE: Way.KEYS, Medium.SMS: Way.NUMBERS, Medium.CHAT: Way.BUTTONS}


def choosing(asked: Asked, id: str) -> Iterator[Inbound]:
    """The ways to choose one of the choices: its number, its words, its button."""
    now, option = asked.now, next(o for o in asked.last.options if o.id == id)
    one = Someone(way=_ON[now.medium], data=_DATA[now.language or LANGUAGES[0]], number=CALLER)
    if now.medium is Medium.VOICE:
        yield one.inbound(Kind.KEYS, keys=option.key)
    else:
        yield one.inbound(Kind.TEXT, text=option.key)
    if now.medium is not Medium.VOICE or one.language in heard_languages():
        yield one.inbound(Kind.TEXT, text=option.label)
    if now.medium is Medium.CHAT:
        yield one.inbound(Kind.PICK, pick=Pick(choice=id, turn=now.turn))


def meaning(turn: Turn | None) -> object:
    """What a turn changes and causes, apart from how it is worded."""
    assert turn is not None
    cases = [(e.service, e.answers) for e in turn.effects if isinstance(e, OpenCase)]
    return turn.conversation, [type(effect).__name__ for effect in turn.effects], cases


def told_apart(imagined: Imagined, seen: Iterable[Asked]) -> Iterator[str]:
    """Each choice that one way takes otherwise than another; what was tried without finding any is "" each."""
    for asked in seen:
        for option in asked.last.options:
            if option.key:
                meant = [meaning(imagined.would(asked.now, said)[0]) for said in choosing(asked, option.id)]
                same = all(one == meant[0] for one in meant)
                yield "" if same else f"{asked.now.medium} {asked.now.place[-1]}: {option.label!r} is {meant[1]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_that_is_asked_is_taken_by_its_number_its_words_and_its_button(
    town: Plainline, stored: Stored, language: str, found: Found
) -> None:
    made = Journeys(plainline=town, stored=stored, language=language, number=1)
    for service in town.catalog.services.values():
        for way in (Way.KEYS, Way.NUMBERS, Way.BUTTONS):
            made.go(service, way, here(town, way), whole)
    assert made.wrong == []
    tried = list(told_apart(Imagined(plainline=town, service="streetlight"), made.seen.values()))
    wrong = [one for one in tried if one]
    found("parity", "choices: number, words, button", tried=len(tried), held=len(tried) - len(wrong))
    assert wrong == [], "\n".join(wrong)


# --- everything else that a resident can wish for ------------------------------------------------------------------


def numbers_of(way: Way) -> tuple[str, ...]:
    """The telephones from which this way is tried: a caller may withhold theirs."""
    if way is Way.WHATSAPP:
        return (CALLER,)
    return {Medium.VOICE: (CALLER, ""), Medium.SMS: (CALLER,), Medium.CHAT: ("7",)}[way.medium]


def everything(imagined: Imagined, way: Way, language: str) -> list[Edge]:
    """All that this way leads to."""
    someone = [Someone(way=way, data=_DATA[language], number=number) for number in numbers_of(way)]
    return [edge for one in someone for edge in walk(imagined, one)]


@pytest.mark.parametrize("language", LANGUAGES if FULL else ("zh_Hans", "ar"))
def test_whatever_a_resident_may_wish_for_is_reached_by_every_way(town: Plainline, language: str, found: Found) -> None:
    imagined = Imagined(plainline=town, service="streetlight")
    walked = {way: everything(imagined, way, language) for way in ways(language)}
    amiss = {way: missing(way, came_true(edges)) for way, edges in walked.items()}
    held = sum(len(WISHES) - len(lost) - len(needless) for lost, needless in amiss.values())
    count = f"{len(ELSEWHERE)} differences on purpose, listed with their reasons"
    found("parity", "wishes: person, help, code ...", tried=len(WISHES) * len(amiss), held=held, note=count)
    assert amiss == dict.fromkeys(amiss, ([], []))
    assert lonely(walked.values()) == set()


def lonely(walked: Iterable[Iterable[Edge]]) -> set[str]:
    """Places and consequences that one way alone reaches."""
    reached = [places_and_effects(edges) for edges in walked]
    return {what for what in set().union(*reached) if sum(what in some for some in reached) == 1}


def places_and_effects(edges: Iterable[Edge]) -> set[str]:
    """Where these lead, and what they cause."""
    places, effects = set[str](), set[str]()
    for edge in edges:
        places.add(edge.turn.conversation.place[-1].scene.value)
        effects |= {type(effect).__name__ for effect in edge.turn.effects}
    return places | effects


# --- and what the proof would find ---------------------------------------------------------------------------------


def test_a_choice_whose_words_are_swallowed_is_found(town: Plainline, stored: Stored) -> None:
    label = town.words.say(say.ASK_COST, "en", "voice")
    lexicons = [one.lexicon for one in data()]
    lexicons[0] = replace(lexicons[0], commands={**lexicons[0].commands, Command.HELP: (label,)})
    language = replace(town.language, spotter=spotter(lexicons, town.catalog.town.emergencies))
    assert lost(replace(town, language=language), stored, "bus_times") == {Way.SPEECH}


def test_a_form_that_words_cannot_fill_in_is_found(town: Plainline, stored: Stored) -> None:
    """Two options are worded alike: whoever names the second has chosen the first."""
    service = town.catalog.services["bulky_waste"]
    step = service.steps[0]
    alike = replace(step, options=tuple(replace(option, label="Furniture") for option in step.options))
    services = {**town.catalog.services, service.slug: replace(service, steps=(alike, *service.steps[1:]))}
    broken = replace(town, catalog=replace(town.catalog, services=services))
    assert lost(broken, stored, "bulky_waste") == {Way.SPEECH, Way.WORDS, Way.CHAT_WORDS}


def test_a_wish_that_a_way_loses_is_found_and_so_is_a_difference_that_is_no_more() -> None:
    kept = set(WISHES) - {"a call back", "a person"}
    assert missing(Way.KEYS, kept)[0] == ["a call back", "a person"]
    assert "texts again" in missing(Way.KEYS, set(WISHES))[1]


def lost(town: Plainline, stored: Stored, slug: str) -> set[Way]:
    """The ways by which the journey to a service fails."""
    made = Journeys(plainline=town, stored=stored, language="en", number=1)
    fails = set[Way]()
    for way in ways("en"):
        before = len(made.wrong)
        made.go(town.catalog.services[slug], way, here(town, way), whole)
        fails |= {way} if len(made.wrong) > before else set()
    return fails
