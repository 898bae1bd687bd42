"""Something outside fails in the middle of a call: it is said in the caller's language, the place is kept, a person can
be reached, and no call ends. In every scene, in every language, at everything that can fail."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest

from app.bootstrap import Plainline
from core import phrases as say
from core import state
from core.types import Answer, Conversation, Mode, Phone, Recording, Scene
from ivr.voices import voice
from store import schema
from tests.calls.conftest import wired  # noqa: F401 pytest looks for it here
from tests.calls.line import LANGUAGES, Caller, Line
from tests.proof import outages
from tests.proof.conftest import Found
from tests.proof.moments import MOMENTS, Doing, Moment, says_it
from tests.proof.outages import Outage, Stage
from tests.proof.record import FULL
from tests.proof.stages import staged
from tests.store.fixtures import (  # noqa: F401 pytest looks for them here
    migrated_file,
    migrated_postgres,
    migrated_postgres_url,
    sqlite_url,
)

pytestmark = [pytest.mark.alone, pytest.mark.timeout(600)]

AT_ONCE = 8
"""Callers in the middle of a turn when it fails: as many requests as the web process works on at once."""

PATIENCE = 15.0
"""Seconds after which Twilio ends a call that has no answer (Twilio docs: connection overrides)."""

SAMPLE = 8
"""Moments that a small run tries of each fault."""

DEAF = frozenset({"which number to call", "a number asked", "put through", "recorded"})
"""Moments at which nothing that is said is listened to."""

BEYOND_HIDING = frozenset(
    {"SQLite gone", "SQLite locked", "SQLite disk full", "SQLite read-only"}
    | (outages.ON_POSTGRES.keys() - {"PostgreSQL slow"})
)
"""Faults that keep every turn from being saved, so that everybody has to be told."""

LATER_ON = {("clock two days forth", "something begun"), ("clock two days forth", "when to call")}
"""Where another state than either is right: what was begun days ago is asked again, and of times that have passed
others are offered."""


OF_THIS_CALL = re.compile(r"RE\w{32}|\d{4}-\d\d-\d\dT[\d:]+[-+]\d\d:\d\d|\$argon2id\$\S+|\+?\d{8,}")
"""Recordings, times, sealed secret numbers, and numbers."""


# --- the stage ------------------------------------------------------------------------------------------------


@pytest.fixture
def stage(request: pytest.FixtureRequest, wired: Plainline, tmp_path: Path) -> Iterator[Stage]:  # noqa: F811 a fixture
    """A line on the database that `fault` needs."""
    with staged(request, wired, tmp_path) as made:
        yield made


# --- what is tried --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """What somebody does at a moment, in a language, when it fails: what one does there, or ask for a person."""

    fault: str
    moment: Moment
    language: str
    person: bool

    @property
    def does(self) -> Doing:
        """What the caller does when it fails."""
        if self.person:
            return asks_for_person
        return says_it if self.fault in outages.OF_ENGINE else self.moment.then

    def __str__(self) -> str:
        return f"{self.fault}, {self.moment.name}, {self.language}, {'a person' if self.person else 'going on'}"


def tries(fault: str, language: str) -> list[Try]:
    """All moments, going on and asking for a person; in a small run some, and each in one language."""
    heard = [one for one in MOMENTS if fault not in outages.OF_ENGINE or one.name not in DEAF]
    whole = [
        Try(fault=fault, moment=one, language=language, person=person)
        for one in heard
        for person in ((False, True) if one.mode is Mode.BOT else (False,))
    ]
    drawn = Random(f"{fault}, {language}").sample(whole, len(whole))
    return whole if FULL else drawn[:SAMPLE]


def in_turn() -> list[tuple[str, str]]:
    """Each fault in each language; in a small run in one, each language in its turn."""
    if FULL:
        return [(fault, language) for fault in outages.ALL for language in LANGUAGES]
    return [(fault, LANGUAGES[n % len(LANGUAGES)]) for n, fault in enumerate(outages.ALL)]


def as_parameters() -> list[object]:
    """The same, those that need PostgreSQL marked."""
    needs = dict.fromkeys(outages.ON_POSTGRES, pytest.mark.postgres)
    return [pytest.param(fault, language, marks=needs.get(fault, ())) for fault, language in in_turn()]


def asks_for_person(caller: Caller) -> None:
    """Press 0; where 0 may be the answer, once more."""
    for _ in range(2):
        if caller.call.recording is not None:
            caller.press("0")
        elif caller.call.gather is not None:
            caller.enter("0")


# --- who tries it ---------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Someone:
    """A caller at their moment, and what the same call without a fault leads to."""

    tried: Try
    caller: Caller
    on_the_way: list[Conversation] = field(default_factory=list)
    waited: float = 0.0

    @property
    def now(self) -> Conversation:
        """Where the call stands, as far as it is the same for everybody."""
        return of_anybody(self.caller)


def of_anybody(caller: Caller) -> Conversation:
    """A conversation without what differs from call to call, and from hour to hour: numbers, references, counts, and
    which times are offered."""
    rows = caller.line.rows(schema.conversations, schema.conversations.c.id == caller.call.sid)
    found = state.read_conversation(rows[0].state)
    place = tuple(replace(one, value=OF_THIS_CALL.sub("#", one.value)) for one in found.place)
    offered = tuple(OF_THIS_CALL.sub("#", one) for one in found.offered)
    answers = {name: _of_anybody(value) for name, value in found.answers.items()}
    same = replace(found, id="", address=None, place=place, offered=offered, answers=answers, version=0, turn=0)
    return replace(same, misses=0, silences=0, agains=0, pace=0, transferred=False, mode=found.mode)


def _of_anybody(value: Answer) -> Answer:
    if isinstance(value, Recording):
        return replace(value, id="#")
    return Phone(e164="#") if isinstance(value, Phone) else value


def arrived(stage: Stage, tried: Try, number: int) -> Someone:
    """Somebody at the moment, after a twin has shown where what they do leads to."""
    line = stage.line
    assert isinstance(line, Line)
    twin = Someone(tried=tried, caller=line.caller(tried.language, f"+1415556{2 * number:04}"))
    someone = Someone(tried=tried, caller=line.caller(tried.language, f"+1415556{2 * number + 1:04}"))
    for one in (twin, someone):
        tried.moment.reach(one.caller)
        top = one.now.place[-1].scene
        assert (top, one.now.mode) == (tried.moment.scene, tried.moment.mode), one.caller.call.transcript()
    someone.on_the_way = [twin.now]
    does_it_all(twin, someone.on_the_way.append)
    return someone


def does_it_all(one: Someone, seen: Callable[[Conversation], object]) -> None:
    """Do it, and whatever rings is not answered."""
    one.tried.does(one.caller)
    seen(one.now)
    if one.caller.call.dialled is not None:
        one.caller.dial_result("no-answer")
        seen(one.now)


def fails(one: Someone) -> None:
    """Do it while it fails, and hear what is said."""
    caller = one.caller
    before, began = len(caller.call.heard), time.monotonic()
    one.tried.does(caller)
    one.waited = time.monotonic() - began
    heard = {spoken.language for spoken in caller.call.heard[before:]}
    told = f"{one.tried}\n{caller.call.transcript()}"
    if one.tried.fault in BEYOND_HIDING:
        words = caller.line.words(say.TROUBLE, caller.language)
        assert any(words in spoken.text for spoken in caller.call.heard[before:]), told
    assert not caller.call.over, told
    assert caller.call.gather or caller.call.recording or caller.call.dialled, told
    each = {voice(language).language for language in LANGUAGES}
    nobodys = one.tried.moment.scene is Scene.LANGUAGE and heard == each
    assert nobodys or heard == {voice(caller.language).language}, f"{heard}: {told}"
    if one.tried.person:
        assert caller.call.dialled is not None, told


def goes_on(one: Someone) -> None:
    """It is over: the caller is where they were, or where they wanted to go; once they did it again, there in any
    case. Nobody takes the call at the office."""
    caller, tried = one.caller, one.tried
    if caller.call.dialled is not None:
        caller.dial_result("no-answer")
    if (tried.fault, tried.moment.name) in LATER_ON:
        return
    told = f"{tried}\n{caller.call.transcript()}"
    assert one.now in one.on_the_way, f"{one.now}\n{told}"
    if one.now != one.on_the_way[-1]:
        does_it_all(one, lambda _: None)
    assert one.now == one.on_the_way[-1], f"{one.now}\n{one.on_the_way[-1]}\n{tried}\n{caller.call.transcript()}"
    assert not caller.call.over, told


def case_count(one: Someone) -> int:
    return len(one.caller.line.rows(schema.cases, schema.cases.c.conversation == one.caller.call.sid))


def whole(stage: Stage, outage: Outage, all_of_it: list[Try]) -> list[Someone]:
    """Callers at their moments; then the fault; then they go on. What is told of recordings beside the calls comes
    afterwards: no caller waits for it."""
    everybody = [arrived(stage, one, number) for number, one in enumerate(all_of_it)]
    cases = [case_count(one) for one in everybody]
    alone = outage in outages.OF_THE_WAY.values()
    told_later = stage.line.exchange.callbacks
    told_later.hold()
    with outage(stage), ThreadPoolExecutor(1 if alone else AT_ONCE) as pool:
        list(pool.map(fails, everybody))
    told_later.release()
    for one, before in zip(everybody, cases, strict=True):
        goes_on(one)
        opens = one.tried.moment.name == "read back" and one.tried.does is one.tried.moment.then
        assert case_count(one) - before == int(opens), one.caller.call.transcript()
    return everybody


@pytest.mark.parametrize(("fault", "language"), as_parameters())
def test_a_fault_is_said_the_place_is_kept_and_a_person_can_be_reached(
    stage: Stage, fault: str, language: str, found: Found
) -> None:
    everybody = whole(stage, outages.ALL[fault], tries(fault, language))
    worst = max(one.waited for one in everybody)
    assert worst < PATIENCE
    assert fault not in outages.OF_ENGINE or stage.engine.asked
    found("faults", "calls", tried=len(everybody), held=len(everybody), note=f"{worst:.1f} s", case=fault)


def first_question(fault: str) -> list[Try]:
    moment = next(one for one in MOMENTS if one.name == "digits in a form")
    return [Try(fault=fault, moment=moment, language="es", person=False)]


@pytest.mark.parametrize("fault", outages.NOT_KEPT)
def test_a_line_that_breaks_the_promise_is_found(stage: Stage, fault: str) -> None:
    with pytest.raises(AssertionError, match=r"presses 72#"):
        whole(stage, outages.NOT_KEPT[fault], first_question(fault))


def test_a_small_run_too_tries_every_fault_and_every_scene_mode_and_language() -> None:
    tried = [one for fault, language in in_turn() for one in tries(fault, language)]
    assert {one.fault for one in tried} == set(outages.ALL)
    assert {one.language for one in tried} == set(LANGUAGES)
    assert {one.moment.name for one in tried} == {one.name for one in MOMENTS}
    assert {one.moment.scene for one in tried} == set(Scene)
    assert {one.moment.mode for one in tried} == {Mode.BOT, Mode.WAITING}
    assert {one.person for one in tried} == {True, False}
