"""Many at the same moment: clerks who take the same request, and the messages of one resident on two channels."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from random import Random
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Row, Table, select

from app.bootstrap import Plainline
from app.limit_settings import NO_LIMITS, read_limiting
from core import state
from core.desk_words import HAS_IT
from core.errors import Conflict
from core.render import Message
from core.staff import Staff
from core.types import Conversation, Expect, Inbound, Kind
from ivr import inbound
from store import schema
from store.database import open_database
from tests.calls.line import ANA, OPEN, OURS, PUBLIC, SECRET, Clock
from tests.proof.conftest import Found
from tests.proof.record import share

pytestmark = pytest.mark.timeout(900)

CLERKS = 8
REQUESTS = share(25, 125)
"""Each is claimed by every clerk: a thousand claims in a full run."""

MESSAGES = share(200, 1000)
WRITING = 4
"""Threads that bring texts, so many at the same moment."""

WORDS = (
    "free bus pass for old people",
    "start",
    "4",
    "72",
    "no",
    "yes",
    "1",
    "2",
    "3",
    "back",
    "again",
    "241",
    "415",
    "Oak Street 12",
    "(415) 555-0123",
    "thank you",
    "STOP",
    "START",
)
"""What somebody may write; whatever it means where it comes."""

_REFERENCE = re.compile(r"\d{3}[ ,]*\d{3}[ ,]*\d{3}|\d{4}[ ,]*\d{4}|\d{2}[ ,]*\d{2}[ ,]*\d{2}[ ,]*\d{2}")


@contextmanager
def installations(wired: Plainline, url: str, count: int) -> Iterator[list[Plainline]]:
    """As many processes would stand on the same database: each with connections of its own."""
    limiting = read_limiting(NO_LIMITS, [])
    settings = replace(wired.settings, database_url=url, public_url=PUBLIC, secret_key=SECRET, limiting=limiting)
    with ExitStack() as open_now:
        yield [
            open_now.enter_context(closing(replace(wired, settings=settings, clock=Clock(OPEN)))) for _ in range(count)
        ]


def rows(url: str, table: Table) -> list[Row[Any]]:
    """All that stands in a table."""
    with closing(open_database(url)) as database, database.reading() as connection:
        return list(connection.execute(select(table)))


def where(url: str) -> str:
    return "PostgreSQL" if url.startswith("postgresql") else "SQLite"


# --- claims ------------------------------------------------------------------------------------------------------


def asks_for_a_person(plainline: Plainline, number: int) -> None:
    for n, words in enumerate(("hello", "0")):
        form = {"From": f"+1628{number:07d}", "To": OURS, "MessageSid": f"SM{number}{n}", "Body": words}
        say(plainline, inbound.text_came(form, SECRET, OPEN))


def say(plainline: Plainline, said: Inbound) -> tuple[Message, ...]:
    return plainline.assistant.handle(said, plainline.channel(said.medium.value).capabilities)


def hired(plainline: Plainline, number: int) -> Staff:
    plainline.accounts.add(Staff(id=0, login=f"clerk{number}", name=f"Clerk {number}"))
    return next(person for person in plainline.accounts.store.all() if person.login == f"clerk{number}")


def claimed(plainline: Plainline, clerk: Staff, request: int) -> str:
    """What came of a claim: "" if it worked, else what the clerk reads."""
    try:
        plainline.desk.claim(clerk, request, f"{clerk.id} {request}")
    except Conflict as conflict:
        return plainline.words.say(conflict.phrase, "en")
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Clerks who act at the same moment, each in an installation of their own."""

    places: list[Plainline]
    clerks: list[Staff]

    def rush(self, request: int) -> list[str]:
        """All claim it at once; what each is told."""
        together = Barrier(len(self.clerks))

        def one(place: Plainline, clerk: Staff) -> str:
            together.wait(60)
            return claimed(place, clerk, request)

        with ThreadPoolExecutor(len(self.clerks)) as threads:
            return list(threads.map(one, self.places, self.clerks))


def test_of_eight_clerks_who_claim_a_request_at_once_one_has_it_and_the_others_read_who(
    wired: Plainline, migrated_url: str, found: Found
) -> None:
    with installations(wired, migrated_url, CLERKS) as places:
        for number in range(REQUESTS):
            asks_for_a_person(places[0], number)
        crew = Crew(places=places, clerks=[hired(places[0], number) for number in range(CLERKS)])
        told = {request.id: crew.rush(request.id) for request in places[0].desk.waiting(crew.clerks[0])}
    assert len(told) == REQUESTS
    holders = {row.id: row.claimed_by for row in rows(migrated_url, schema.handoffs)}
    for request, answers in told.items():
        (winner,) = (clerk for clerk, answer in zip(crew.clerks, answers, strict=True) if not answer)
        assert holders[request] == winner.id
        assert Counter(answers) == {"": 1, HAS_IT.id.format(name=winner.name): CLERKS - 1}
    residents_were_told_once(migrated_url)
    tried = REQUESTS * CLERKS
    wins = Counter(row.claimed_by for row in rows(migrated_url, schema.handoffs))
    found("races", f"claims, {where(migrated_url)}", tried=tried, held=tried, note=f"{len(wins)} clerks won some")


def residents_were_told_once(url: str) -> None:
    """Each hears once that a person has their conversation."""
    kinds = Counter((row.conversation, row.kind) for row in rows(url, schema.turns))
    assert [times for (_, kind), times in kinds.items() if kind == Kind.CLAIM] == [1] * REQUESTS
    texts = Counter(row.conversation for row in rows(url, schema.outbox))
    assert set(texts.values()) == {3}


# --- messages ----------------------------------------------------------------------------------------------------


def texts(count: int, random: Random) -> list[Inbound]:
    """What somebody writes: forms as Twilio brings them."""
    forms = ({"From": ANA, "To": OURS, "MessageSid": f"SM{n}", "Body": random.choice(WORDS)} for n in range(count))
    return [inbound.text_came(form, SECRET, OPEN) for form in forms]


def key_for(now: Conversation, random: Random) -> str:
    """A key that does something where the caller stands; never the one for a person, who would take the call away."""
    if now.expect is not Expect.CHOICE:
        return random.choice(("72", "241", "5", "*"))
    return random.choice([offer.partition("=")[0] for offer in now.offered if not offer.startswith("0")] + ["9", "*"])


class Caller:
    """Presses keys; each press is delivered twice at the same moment, to two processes."""

    def __init__(self, places: list[Plainline], random: Random) -> None:
        self.places = places
        self.random = random
        self.form = {"CallSid": "CA1", "From": ANA, "To": OURS}
        self.pressed: list[str] = []
        self.uneven: list[str] = []

    def call(self, presses: int) -> None:
        say(self.places[0], inbound.call_began(self.form, OPEN))
        with ThreadPoolExecutor(2) as pair:
            for _ in range(presses):
                now = conversation(self.places[0], "CA1")
                key = key_for(now, self.random)
                said = inbound.call_answered(self.form | {"Digits": key}, now.turn, OPEN)
                answers = list(pair.map(say, self.places[:2], (said, said)))
                self.pressed.append(f"turn:{now.turn}")
                self.uneven += [key] if answers[0] != answers[1] else []


def conversation(plainline: Plainline, id: str) -> Conversation:
    with plainline.storage.reading() as unit:
        found = unit.conversation(id)
    assert found is not None
    return found


def bring(places: list[Plainline], written: list[Inbound]) -> None:
    """Several threads bring texts, each its own share in order."""

    def some(first: int) -> None:
        for said in written[first::WRITING]:
            say(places[first % len(places)], said)

    with ThreadPoolExecutor(WRITING) as threads:
        list(threads.map(some, range(WRITING)))


def test_what_one_resident_says_at_once_on_two_channels_counts_once_each_and_nothing_is_overwritten(
    wired: Plainline, migrated_url: str, sqlite_again: str, found: Found
) -> None:
    written, thread = texts(MESSAGES // 2, Random("texts")), inbound.thread(ANA, OURS, SECRET)
    with installations(wired, migrated_url, 4) as places:
        caller = Caller(places, Random("keys"))
        with ThreadPoolExecutor(2) as both:
            for job in [both.submit(bring, places, written), both.submit(caller.call, MESSAGES // 2)]:
                job.result()
    kept = turns_of(migrated_url)
    assert Counter(row.key for row in kept[thread]) == Counter(said.message_id for said in written)
    assert [row.key for row in kept["CA1"]] == ["start:CA1", *caller.pressed]
    assert caller.uneven == []
    in_order(kept[thread], written)
    as_one_after_the_other(wired, migrated_url, sqlite_again, {said.message_id: said for said in written})
    consents_are_those_said_last(migrated_url, kept[thread])
    what = f"messages of one resident on two channels, {where(migrated_url)}"
    found("races", what, tried=MESSAGES, held=MESSAGES, note="each key press delivered twice at once")


def turns_of(url: str) -> dict[str, list[Row[Any]]]:
    """Each conversation's turns in their order, which has no gap."""
    kept: dict[str, list[Row[Any]]] = {}
    for row in sorted(rows(url, schema.turns), key=lambda row: int(row.version)):
        kept.setdefault(row.conversation, []).append(row)
    for those in kept.values():
        assert [row.version for row in those] == list(range(1, len(those) + 1))
    return kept


def in_order(kept: list[Row[Any]], written: list[Inbound]) -> None:
    """What one thread brought, one after the other, counts in that order."""
    place = {row.key: row.version for row in kept}
    for first in range(WRITING):
        places = [place[said.message_id] for said in written[first::WRITING]]
        assert places == sorted(places)


def as_one_after_the_other(wired: Plainline, url: str, again: str, written: dict[str, Inbound]) -> None:
    """The texts said again one by one, in the order in which they counted, get the same answers and end the same."""
    kept = turns_of(url)[inbound.thread(ANA, OURS, SECRET)]
    with installations(wired, again, 1) as (alone,):
        for row in kept:
            answer = say(alone, written[str(row.key)])
            assert unnumbered(state.write_messages(answer)) == unnumbered(str(row.messages)), row.version
    assert came_of_it(url) == came_of_it(again)


def came_of_it(url: str) -> tuple[list[str], int, Counter[str]]:
    """What came of the texts: where the thread stands, how many cases, and what is owed."""
    thread = inbound.thread(ANA, OURS, SECRET)
    states = [unnumbered(row.state) for row in rows(url, schema.conversations) if row.id == thread]
    cases = [row for row in rows(url, schema.cases) if row.conversation == thread]
    return states, len(cases), Counter(unnumbered(r.body) for r in rows(url, schema.outbox) if r.conversation == thread)


def unnumbered(words: str) -> str:
    """Without references and codes, which are drawn anew."""
    return _REFERENCE.sub("#", words)


def consents_are_those_said_last(url: str, kept: list[Row[Any]]) -> None:
    """STOP and START count in the order of the conversation, and each is in the history."""
    history = [row.allowed for row in sorted(rows(url, schema.consent_history), key=lambda row: int(row.id))]
    said = [row.said != "STOP" for row in kept if row.said in ("STOP", "START")]
    assert history
    (consent,) = rows(url, schema.consents)
    assert consent.allowed == history[-1] == said[-1]
    assert history.count(False) == said.count(False)


@pytest.fixture
def sqlite_again(migrated_file: object, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A second empty database, where nothing races."""
    file = tmp_path_factory.mktemp("again") / "plainline.db"
    shutil.copy(str(migrated_file), file)
    return f"sqlite:///{file}"
