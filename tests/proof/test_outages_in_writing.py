"""Something outside fails while residents write: everything is answered once, or they are told at once that it could
not be kept; and what is owed to them is sent once, or is visibly not."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from app.bootstrap import Plainline
from app.outbox import BACK_OFF, LEASE, LOOKS, Outbox
from bot.sending import Pace
from core import phrases as say
from core.ports import Text
from core.sms import plain
from simulator.exchange import Fault
from store import schema
from tests.bot.line import Bot, Resident
from tests.bot.line import Line as ChatLine
from tests.calls.conftest import wired  # noqa: F401 pytest looks for it here
from tests.calls.line import KEY, LANGUAGES, Line, Texter
from tests.calls.test_danger import DANGER
from tests.calls.test_languages import SPEECH
from tests.calls.test_sending import NONSENSE, answering, elsewhere, nowhere
from tests.proof import outages
from tests.proof.at_desk import claims
from tests.proof.conftest import Found
from tests.proof.outages import Stage
from tests.proof.record import FULL
from tests.proof.stages import staged
from tests.proof.test_outages import AT_ONCE, BEYOND_HIDING
from tests.store.fixtures import (  # noqa: F401 pytest looks for them here
    migrated_file,
    migrated_postgres,
    migrated_postgres_url,
    sqlite_url,
)

pytestmark = [pytest.mark.alone, pytest.mark.timeout(600)]

IN_WRITING = [fault for fault in outages.ALL if fault not in outages.OF_THE_WAY]
"""All faults but those of the way of a call."""

FEW_BY_TEXT = frozenset(
    {
        "SQLite gone",
        "SQLite disk full",
        "PostgreSQL gone",
        "PostgreSQL silent",
        "engine wrong: a service there is not",
        "clock an hour back",
    }
)
FEW_IN_CHAT = frozenset({"SQLite gone", "SQLite locked", "PostgreSQL cut off", "engine gone"})
"""What a small run tries."""


def of(few: frozenset[str]) -> list[object]:
    """The faults of this run, those that need PostgreSQL marked."""
    needs = dict.fromkeys(outages.ON_POSTGRES, pytest.mark.postgres)
    return [pytest.param(fault, marks=needs.get(fault, ())) for fault in IN_WRITING if FULL or fault in few]


SPOKEN = LANGUAGES if FULL else LANGUAGES[1:2]

LASTS = 2.5
"""Seconds for which a chat is in trouble, at the least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What somebody wrote so far, and what they write when it fails. `claimed`: staff have taken the conversation."""

    name: str
    before: tuple[str, ...]
    then: str
    claimed: bool = False


def writings(language: str) -> list[Writing]:
    """From the first word to the last of a form, in a language."""
    chosen = ("?", KEY[language])
    form = (*chosen, "241", "4")
    return [
        Writing(name="first words", before=(), then=SPEECH[language][0]),
        Writing(name="language asked", before=("?",), then=KEY[language]),
        Writing(name="first menu", before=chosen, then="2"),
        Writing(name="free words", before=chosen, then=SPEECH[language][0]),
        Writing(name="digits in a form", before=form, then="72"),
        Writing(name="read back", before=(*form, "72", "2", "1"), then="1"),
        Writing(name="waiting for a person", before=(*chosen, "0"), then="Maria"),
        Writing(name="with a person", before=(*chosen, "0"), then="Maria", claimed=True),
        Writing(name="danger", before=chosen, then=DANGER[language]),
    ]


def of_anybody(text: str) -> str:
    """Words without numbers that differ from one to the other."""
    return re.sub(r"\+?\d[\d ]{6,}\d", "#", text)


# --- by text ------------------------------------------------------------------------------------------------------


@pytest.fixture
def stage(request: pytest.FixtureRequest, wired: Plainline, tmp_path: Path) -> Iterator[Stage]:  # noqa: F811 a fixture
    with staged(request, wired, tmp_path) as made:
        yield made


@pytest.fixture
def chat_stage(request: pytest.FixtureRequest, wired: Plainline, tmp_path: Path) -> Iterator[Stage]:  # noqa: F811 a fixture
    with staged(request, wired, tmp_path, chat=True) as made:
        yield made


@dataclass(slots=True, kw_only=True)
class Writer:
    """Somebody who writes, and what a twin got for the same words without a fault."""

    what: Writing
    texter: Texter
    expected: list[str]
    before: int = 0

    @property
    def got(self) -> list[str]:
        """What they got since it failed."""
        return [of_anybody(text) for text in self.texter.got[self.before :]]


def writer(line: Line, what: Writing, language: str, number: int) -> Writer:
    """Somebody at their moment."""
    twin, texter = (line.texter(language, f"+1415557{2 * number + n:04}") for n in (0, 1))
    for one in (twin, texter):
        one.write(*what.before)
        if what.claimed:
            claims(line, one.number)
    twin.write(what.then)
    before = len(texter.got)
    expected = [of_anybody(text) for text in twin.got[before:]]
    assert expected, what
    return Writer(what=what, texter=texter, expected=expected, before=before)


def writes(one: Writer) -> None:
    """Write while it fails; Twilio tries as often as it is asked to."""
    one.texter.line.exchange.sms(one.texter.number, "", one.what.then)


def apology(line: Line) -> str:
    """How what is said in each language begins."""
    return plain(line.words(say.TROUBLE, LANGUAGES[0], "sms"))


def told_or_answered(one: Writer, fault: str) -> bool:
    """Whether they were answered; if not, they were told, in each language, and are once they write again."""
    line = one.texter.line
    apologies = [text for text in one.got if text.startswith(apology(line))]
    for language in LANGUAGES if apologies else ():
        assert plain(line.words(say.WRITE_AGAIN, language, "sms")) in apologies[0]
    answers = [text for text in one.got if text not in apologies]
    assert len(apologies) + bool(answers) == 1, (one.what, one.got)
    assert not (answers and fault in BEYOND_HIDING), (one.what, one.got)
    assert answers or fault in BEYOND_HIDING | {"SQLite slow"}, (one.what, one.got)
    if fault in outages.OF_ENGINE or not answers:
        one.before = len(one.texter.got)
        one.texter.write(one.what.then)
    return bool(answers)


@contextmanager
def a_worker(line: Line) -> Iterator[None]:
    """The worker runs."""
    stop = Event()
    worker = Thread(target=line.plainline.outbox.run, args=(stop,))
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


def sent_once(line: Line) -> None:
    """Whatever is owed is sent, once: also what was under way when it failed."""
    for _ in range(len(LOOKS) + 1):
        line.deliver()
        line.clock.now += LEASE + timedelta(seconds=1)
    rows = line.rows(schema.outbox)
    assert {row.status for row in rows} == {"sent"}
    bodies = [(text.to, text.body) for text in line.exchange.texts.all if text.direction == "outbound-api"]
    assert sorted(bodies) == sorted((row.to_address, row.body) for row in rows)


def by_text(stage: Stage, fault: str) -> tuple[list[Writer], int]:
    """Everybody who wrote, and how many were answered at once."""
    line = stage.line
    assert isinstance(line, Line)
    pairs = [(what, language) for language in SPOKEN for what in writings(language)]
    everybody = [writer(line, what, language, number) for number, (what, language) in enumerate(pairs)]
    with a_worker(line), outages.ALL[fault](stage), ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(writes, everybody))
    sent_once(line)
    answered = sum(told_or_answered(one, fault) for one in everybody)
    for one in everybody:
        if not fault.startswith(("clock", "engine")):
            assert one.got == one.expected, one.what
    sent_once(line)
    return everybody, answered


@pytest.mark.parametrize("fault", of(FEW_BY_TEXT))
def test_a_text_is_answered_once_or_its_writer_is_told(stage: Stage, fault: str, found: Found) -> None:
    everybody, answered = by_text(stage, fault)
    note = f"{answered} at once, {len(everybody) - answered} told to write again"
    found("faults", "texts", tried=len(everybody), held=len(everybody), note=note, case=fault)


@pytest.mark.parametrize("fault", ["SQLite gone"])
def test_a_text_that_nobody_answers_is_found(stage: Stage, fault: str) -> None:
    stage.line.exchange.sms_fallback_url = ""
    with pytest.raises(AssertionError, match="first words"):
        by_text(stage, fault)


# --- in a chat ----------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Chatter:
    """Somebody in a chat, and what a twin got for the same words without a fault."""

    what: Writing
    resident: Resident
    expected: list[str] = field(default_factory=list)
    before: int = 0

    @property
    def got(self) -> list[str]:
        """What they got since it failed."""
        return [of_anybody(message.text) for message in self.resident.chat.received[self.before :]]


def chatter(line: ChatLine, what: Writing, number: int) -> Chatter:
    """Somebody at their moment."""
    twin, resident = (line.resident(id=6_000_000 + 2 * number + n) for n in (0, 1))
    for one in (twin, resident):
        one.write(*what.before)
        if what.claimed:
            claims(line, str(one.chat.id))
            line.settle()
    twin.write(what.then)
    expected = [of_anybody(message.text) for message in twin.got]
    return Chatter(what=what, resident=resident, expected=expected, before=len(resident.chat.received))


@pytest.mark.parametrize("fault", of(FEW_IN_CHAT))
def test_a_message_in_a_chat_is_answered_once_when_it_is_over(chat_stage: Stage, fault: str, found: Found) -> None:
    line = chat_stage.line
    assert isinstance(line, ChatLine)
    pairs = [(what, language) for language in SPOKEN for what in writings(language)]
    with line.bot():
        everybody = [chatter(line, what, number) for number, (what, _) in enumerate(pairs)]
        with outages.ALL[fault](chat_stage):
            for one in everybody:
                one.resident.chat.send(one.what.then)
            time.sleep(LASTS)
            answered = sum(bool(one.got) for one in everybody)
            assert not (answered and fault in BEYOND_HIDING), [one.got for one in everybody]
        line.until_in(60, lambda: all(one.got for one in everybody))
        line.settle()
        for one in everybody:
            if not fault.startswith(("clock", "engine")):
                assert one.got == one.expected, one.what
    assert {row.status for row in line.rows(schema.outbox)} == {"sent"}
    note = f"{answered} meanwhile"
    found("faults", "chats", tried=len(everybody), held=len(everybody), note=note, case=fault)


# --- what is owed -------------------------------------------------------------------------------------------------

LATE = "sends, and answers too late"
OF_PROVIDER: dict[str, tuple[Fault, dict[str, Any]]] = {
    "refuses (503)": (Fault.REFUSED, {"status": 503}),
    "refuses (403)": (Fault.REFUSED, {"status": 403}),
    "limits (429)": (Fault.REFUSED, {"status": 429}),
    "gets nothing": (Fault.LOST_REQUEST, {}),
    "sends, and its answer is lost": (Fault.LOST_ANSWER, {}),
    LATE: (Fault.LATE_ANSWER, {"seconds": 11.0}),
}


@pytest.mark.parametrize("lasting", [False, True], ids=["for a while", "for ever"])
@pytest.mark.parametrize("fault", OF_PROVIDER if FULL else [one for one in OF_PROVIDER if one != LATE])
def test_what_is_owed_is_sent_once_or_visibly_not(stage: Stage, fault: str, lasting: bool, found: Found) -> None:
    line = stage.line
    assert isinstance(line, Line)
    slow = fault == LATE
    texters = [
        line.texter(language, f"+1415558{n:04}") for n, language in enumerate(LANGUAGES[:1] if slow else LANGUAGES)
    ]
    for texter in texters:
        line.exchange.sms(texter.number, "", "?")
    kind, more = OF_PROVIDER[fault]
    line.exchange.rest_trouble.keep(kind, "/", **more)
    line.deliver()
    if not lasting or slow:
        line.exchange.rest_trouble.end(kind)
    for wait in (*BACK_OFF, *LOOKS):
        line.clock.now += wait + timedelta(seconds=30)  # its own seconds count too: many, on a busy machine
        line.deliver()
    line.exchange.rest_trouble.end(kind)
    rows = line.rows(schema.outbox)
    copies = [len(texter.got) for texter in texters]
    states = {row.status for row in rows}
    assert max(copies) <= 1, "sent twice"
    assert states <= {"sent", "failed", "unknown"}, states
    if states == {"sent"}:
        assert copies == [1] * len(texters)
    found(
        "faults", "texts on their way out", tried=len(rows), held=len(rows), note=", ".join(sorted(states)), case=fault
    )


def at_another_address(line: Line, fault: str, open_now: ExitStack) -> Outbox:
    """What sends texts, its provider somewhere else."""
    nonsense = NONSENSE.get(fault.removeprefix("answers "))
    address = open_now.enter_context(answering(*nonsense)) if nonsense else UNREACHED[fault]
    return open_now.enter_context(elsewhere(line, address)).outbox


UNREACHED = {"has no address": "http://api.twilio.invalid", "refuses connections": nowhere()}


@pytest.mark.parametrize("fault", [*UNREACHED, *(f"answers {kind}" for kind in NONSENSE)])
def test_what_is_owed_is_sent_once_or_visibly_not_where_nobody_or_somebody_else_answers(
    stage: Stage, fault: str, found: Found
) -> None:
    line = stage.line
    assert isinstance(line, Line)
    texters = [line.texter(number=f"+1415558{n:04}") for n in range(4)]
    for texter in texters:
        line.exchange.sms(texter.number, "", "?")
    with ExitStack() as open_now:
        assert at_another_address(line, fault, open_now).deliver_once(line.clock()) == len(texters)
    for wait in (*BACK_OFF, *LOOKS):
        line.clock.now += wait + timedelta(seconds=30)  # its own seconds count too: many, on a busy machine
        line.deliver()
    states = {row.status for row in line.rows(schema.outbox)}
    assert states == ({"sent"} if fault in UNREACHED else {"unknown"})
    assert {len(texter.got) for texter in texters} == {int(fault in UNREACHED)}
    found("faults", "texts on their way out", tried=len(texters), held=len(texters), note=", ".join(states), case=fault)


@pytest.mark.parametrize("fault", ["Telegram has no address"])
def test_a_message_to_a_chat_waits_until_the_name_has_an_address_again(
    chat_stage: Stage, fault: str, found: Found
) -> None:
    line = chat_stage.line
    assert isinstance(line, ChatLine)
    resident = line.resident("es")
    with line.bot():
        before = len(resident.write("/start").chat.received)
    text = Text(nonce="n", channel="telegram", to=str(resident.chat.id), body="Hola.", conversation="c")
    with line.plainline.storage.writing() as work:
        work.enqueue(text, line.clock())
        work.commit()
    settings = line.plainline.settings
    assert settings.telegram is not None
    nameless = replace(settings, telegram=replace(settings.telegram, api_url="http://api.telegram.invalid"))
    with Bot(replace(line.plainline, settings=nameless), Pace(each=0.0, all=0.0)):
        line.until(lambda: [(r.status, r.attempts) for r in line.rows(schema.outbox)][before:] == [("pending", 1)])
    line.clock.later(seconds=6)
    with line.bot():
        line.settle()
    assert [message.text for message in resident.chat.received][before:] == ["Hola."]
    found("faults", "chats", tried=1, held=1, note="sent", case=fault)
