"""Kill -9 at random moments: web, worker and bot, on both databases, under calls, texts and chats."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from app.bootstrap import Plainline
from app.outbox import LEASE, LOOKS, Outbox
from app.settings import Telegram
from ivr.sending import TwilioSender
from store import schema
from store.database import open_database
from store.outbox_store import SqlOutbox
from tests.bot.line import TOKEN as BOT
from tests.bot.line import Counting
from tests.bot.line import Line as BotLine
from tests.calls.line import OURS, Clock, installed
from tests.proof.accounting import Books, amiss, brought, fallbacks, fates, lost_after_the_commit, read
from tests.proof.conftest import Found
from tests.proof.killing import Count, Kill, Machine, Victim, answers, machine, until
from tests.proof.planted import held
from tests.proof.record import Part, parts
from tests.proof.residents import JOURNEYS, Crowd, Journey, Lived, went_back

pytestmark = [pytest.mark.alone, pytest.mark.timeout(1200)]

SHARES = {"web's working process": 0.15, "web": 0.05, "worker": 0.4, "bot": 0.4}
"""Of all kills: whom they are for. The web server's stand `killing.APART` seconds apart."""

AT_ONCE = 2
"""So many residents of each journey at any moment."""

LEAST_TOLD = 5
"""Letters of what is looked for in the logs: fewer may be there by chance."""

HURRY = 1.0
"""Seconds that a resident thinks, at most: enough turns for each kill to be in the middle of some."""

TOLD_WITHIN = 300.0
"""Seconds for the exchange to tell what became of every text, one by one; a killed web server keeps it waiting."""


@dataclass(slots=True, kw_only=True)
class Day:
    """What came of a day of kills."""

    everybody: list[Lived]
    undisturbed: dict[str, Lived]
    kills: list[Kill]
    books: Books
    fallbacks: int

    @property
    def amiss(self) -> list[str]:
        return amiss(self.books, self.everybody, self.undisturbed)


def a_day(wired: Plainline, url: str, times: int, random: Random) -> Day:
    """Residents come and go, processes are killed and started again; at the end everything settles."""
    database = open_database(url)
    try:
        with machine(url, wired.settings.folder, database) as ours:
            ours.start()
            crowd = Crowd(ours.exchange, random, HURRY)
            undisturbed = {journey.name: crowd.live(journey) for journey in JOURNEYS}
            victims = chosen(ours, times)
            under_load(crowd, victims, random)
            settle(wired, url, ours)
            return Day(
                everybody=crowd.lived,
                undisturbed=undisturbed,
                kills=[kill for victim, _ in victims for kill in victim.kills],
                books=read(database, ours.exchange, crowd.lived),
                fallbacks=fallbacks(ours.exchange),
            )
    finally:
        database.close()


def chosen(ours: Machine, times: int) -> list[tuple[Victim, int]]:
    """How often each is killed: their shares, together exactly so many."""
    each = {name: round(times * share) for name, share in SHARES.items()}
    each["worker"] += times - sum(each.values())
    victims = ours.victims()
    return [(victims[name], often) for name, often in each.items()]


def under_load(crowd: Crowd, victims: list[tuple[Victim, int]], random: Random) -> None:
    """Residents act, and processes are killed, until all were killed often enough. The web server's two take turns."""
    done = threading.Event()
    lives = [journey for journey in JOURNEYS for _ in range(AT_ONCE)]
    seeds = [random.randrange(2**32) for _ in (*victims, *lives)]
    apart = [[one for one in victims if one[0].name.startswith("web")]]
    apart += [[one] for one in victims if not one[0].name.startswith("web")]
    with ThreadPoolExecutor(len(lives) + len(apart)) as threads:
        living = [threads.submit(live, crowd, journey, done) for journey in lives]
        try:
            killing = [threads.submit(kill, some, Random(seed)) for some, seed in zip(apart, seeds, strict=False)]
            for job in killing:
                job.result()
        finally:
            done.set()
        for job in living:
            job.result()


def live(crowd: Crowd, journey: Journey, done: threading.Event) -> None:
    """One resident after the other lives the same journey."""
    while not done.is_set():
        crowd.live(journey)


def kill(victims: list[tuple[Victim, int]], random: Random) -> None:
    """Kill some, one after the other."""
    for victim, times in victims:
        victim.keep_killing(times, random)


# --- until all is settled ----------------------------------------------------------------------------------------


def settle(wired: Plainline, url: str, ours: Machine) -> None:
    """Everybody has done what they wanted. Let the web server end its work, then look at it as it will be in an hour:
    what was under way when a process was killed is in doubt until its lease is over."""
    until(lambda: answers(ours.web.port))
    ours.exchange.callbacks.settle(TOLD_WITHIN)
    ours.stop(ours.worker, ours.bot)
    send_texts(wired, url, ours)
    send_chats(wired, url, ours)
    ours.exchange.callbacks.settle(TOLD_WITHIN)
    ours.stop(ours.web)


def send_texts(wired: Plainline, url: str, ours: Machine) -> None:
    """The worker's work, by a clock that runs ahead."""
    settings = installed(wired, url, Clock(datetime.now(UTC)), ours.exchange.api_url, None).settings
    outbox = Outbox(SqlOutbox(ours.database), {"sms": TwilioSender(settings, OURS)})
    for wait in (timedelta(), *LOOKS, timedelta(hours=2)):
        outbox.deliver_once(datetime.now(UTC) + 2 * LEASE + wait)


def send_chats(wired: Plainline, url: str, ours: Machine) -> None:
    """The bot's work, by a clock that runs ahead."""
    ahead = Clock(datetime.now(UTC) + 2 * LEASE)
    plainline = installed(wired, url, ahead, ours.exchange.api_url, None)
    telegram = Telegram(token=BOT, api_url=ours.exchange.bot_url)
    settings = replace(plainline.settings, telegram=telegram)
    parts_ = {field.name: getattr(plainline, field.name) for field in fields(plainline)}
    counting = Counting(**{**parts_, "settings": settings})
    line = BotLine(plainline=counting, exchange=ours.exchange, clock=ahead, database=ours.database)
    undone = select(func.count()).select_from(schema.updates).where(schema.updates.c.done.is_(None))
    owed = select(func.count()).select_from(schema.outbox).where(schema.outbox.c.status.in_(("pending", "sending")))
    with line.bot():
        line.until_in(120.0, lambda: not line.telegram.updates.waiting)
        line.until_in(120.0, lambda: not Count(ours.database, undone)() and not Count(ours.database, owed)())


# --- the proof ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", parts(30, 250, 30), ids=str)
def test_killed_at_any_moment_no_turn_is_lost_or_doubled_and_no_text_is_sent_again(
    wired: Plainline,
    migrated_url: str,
    part: Part,
    found: Found,
    capfd: pytest.CaptureFixture[str],
) -> None:
    where = "PostgreSQL" if migrated_url.startswith("postgresql") else "SQLite"
    day = a_day(wired, migrated_url, part.tries, Random(f"{where} {part.number}"))
    log = "".join(capfd.readouterr())
    sys.stderr.write(log)  # for whoever has to find out why it failed
    assert not day.amiss, "\n".join(day.amiss[:20])
    assert not held(log, told_us(day.everybody))
    tell(day, where, part.tries, found)


def told_us(everybody: list[Lived]) -> set[str]:
    """What no log may hold: from where residents called and wrote, and what they said."""
    words = {act for one in everybody for act in one.journey.acts if len(act) >= LEAST_TOLD}
    return words | {one.address.removeprefix("+") for one in everybody}


def tell(day: Day, where: str, times: int, found: Found) -> None:
    """The rows of the table."""
    turns = sum(map(len, day.books.turns.values()))
    lost = lost_after_the_commit(day.books, day.everybody, day.kills)
    again = sum(map(went_back, day.everybody))
    fates_ = fates(day.books)
    unsure = ", ".join(f"{fates_[fate]} {fate}" for fate in ("sent", "failed", "unknown"))
    found("kills", f"processes on {where}, started again", tried=times, held=len(day.kills))
    away = sum(not brought(day.books, one) for one in day.everybody)
    after = f"{lost} answers lost after the commit, {away} residents with a text that the provider could not bring"
    found("kills", f"turns on {where}, each once", tried=turns, held=turns, note=after)
    found("kills", f"texts on {where}, none twice", tried=fates_.total(), held=fates_.total(), note=unsure)
    calls = sum(one.call is not None for one in day.everybody)
    heard = f"{day.fallbacks} fallbacks heard, {again} answers given again"
    found("kills", f"calls on {where}, none ended by us", tried=calls, held=calls, note=heard)


# --- the proof itself --------------------------------------------------------------------------------------------


def lose_a_turn(books: Books, one: Lived) -> None:
    books.turns[one.conversation].pop()


def double_a_turn(books: Books, one: Lived) -> None:
    books.turns[one.conversation].append(books.turns[one.conversation][-1])


def change_the_order(books: Books, one: Lived) -> None:
    books.turns[one.conversation].reverse()


def stand_elsewhere(books: Books, one: Lived) -> None:
    books.states[one.conversation] = books.states[one.conversation].replace('"scene": "', '"scene": "not_')


def open_a_second_case(books: Books, one: Lived) -> None:
    books.cases[one.conversation] *= 2


def never_send(books: Books, one: Lived) -> None:
    (*others, last) = books.texts[one.conversation]
    books.texts[one.conversation] = [*others, changed(last, status="sending")]


def send_again(books: Books, one: Lived) -> None:
    got = books.got[books.texts[one.conversation][0].channel, one.address]
    got["again"] = next(iter(got.values()))


def send_what_was_given_up(books: Books, one: Lived) -> None:
    books.texts[one.conversation] = [changed(row, status="failed") for row in books.texts[one.conversation]]


def say_sent_and_send_nothing(books: Books, one: Lived) -> None:
    books.got[books.texts[one.conversation][0].channel, one.address].clear()


def end_the_call(_books: Books, one: Lived) -> None:
    one.amiss.append("the line ended or left the call")


def changed(row: Any, **values: object) -> Any:
    """A row with other values."""
    return SimpleNamespace(**{**row._mapping, **values})


MISTAKES = {
    lose_a_turn: "was lost",
    double_a_turn: "was stored 2 times",
    change_the_order: "out of order",
    stand_elsewhere: "and not at",
    open_a_second_case: "2 cases",
    never_send: "is sending",
    send_again: "1 times too often",
    send_what_was_given_up: "got what was given up",
    say_sent_and_send_nothing: "never arrived",
    end_the_call: "ended or left the call",
}


def copied(day: Day) -> tuple[Books, list[Lived]]:
    """The books and the residents, to be changed."""
    lived = [replace(one, amiss=[]) for one in day.everybody]
    books = replace(day.books)
    for name in ("states", "turns", "cases", "texts", "got"):
        theirs = getattr(day.books, name)
        mine = theirs.copy()
        mine.update({key: value if isinstance(value, str) else value.copy() for key, value in theirs.items()})
        setattr(books, name, mine)
    return books, lived


def test_without_kills_the_books_balance_and_each_mistake_in_them_is_found(wired: Plainline, sqlite_url: str) -> None:
    day = a_day(wired, sqlite_url, 0, Random("quiet"))
    assert day.amiss == []
    assert {one.journey.name for one in day.everybody} == {journey.name for journey in JOURNEYS}
    for mistake, words in MISTAKES.items():
        books, lived = copied(day)
        mistake(books, next(one for one in reversed(lived) if one.journey.name == "a case by text, then a person"))
        told = amiss(books, lived, day.undisturbed)
        assert any(words in one for one in told), (mistake.__name__, told)
