"""Someone rings the number for missed calls, hangs up, and is phoned back; guarded against whoever plays with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.bootstrap import Plainline
from app.missed_calls import AGAIN, EACH_A_DAY, IN_ALL_A_DAY, OPEN_FOR, TRIES, is_served
from app.settings import Twilio
from core import phrases as say
from simulator.exchange import Call, Fault
from simulator.exchange.exchange import ACCOUNT, TOKEN
from store import schema
from tests.calls.line import ANA, BEN, LANGUAGES, OURS, Caller, Clock, Line, served, twilio_signs
from tests.store.fixtures import migrated_url as migrated_url

MISSED = "+14155550199"


@pytest.fixture
def ringing(wired: Plainline, migrated_url: str, clock: Clock) -> Iterator[Line]:
    """A line that has a number for missed calls, on SQLite and on PostgreSQL."""
    known = Twilio(account=ACCOUNT, tokens=(TOKEN,), number=OURS, missed_calls=MISSED)
    with served(replace(wired, settings=replace(wired.settings, twilio=known)), migrated_url, clock) as line:
        yield line


def rings(line: Line, number: str = ANA) -> Call:
    """They let it ring; it is not taken, and the worker looks."""
    call = line.exchange.call(number, MISSED)
    assert (call.status, call.heard) == ("busy", [])
    line.plainline.missed_calls.call_once(line.clock())
    line.exchange.settle()
    return call


def placed(line: Line) -> list[str]:
    return [call.leg.to for call in line.exchange.calls if call.leg.direction == "outbound-api"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_rings_is_phoned_back_and_hears_what_a_caller_hears(ringing: Line, language: str) -> None:
    rings(ringing)
    call = ringing.exchange.placed(ANA).answer()
    caller = Caller(ringing, call, language)
    greeting = ringing.words(say.phrase(say.WELCOME.id, town=ringing.plainline.catalog.town.name), "en")
    assert greeting in caller.heard
    caller.press(str(LANGUAGES.index(language) + 1)).hears(say.WHAT_ABOUT)
    caller.press("2", "3").hears(say.ANYTHING_ELSE).press("5", "1").hears(say.TEXT_SENT).hang_up()
    ringing.exchange.settle()
    ringing.deliver()
    assert len(ringing.exchange.outbox(ANA)) == 1
    assert [row.status for row in ringing.rows(schema.rings)] == ["over"]
    [conversation] = ringing.rows(schema.conversations)
    assert (conversation.channel, conversation.address) == ("voice", ANA)
    assert ringing.exchange.debugger == []


def test_the_ring_itself_leaves_no_conversation_and_costs_nothing(ringing: Line) -> None:
    rings(ringing)
    ringing.exchange.settle()
    assert ringing.rows(schema.conversations) == []
    assert ringing.rows(schema.usage) == []


def test_a_voicemail_is_told_nothing_and_no_person_is_rung_for_it(ringing: Line) -> None:
    rings(ringing)
    call = ringing.exchange.placed(ANA).answer(by="machine_start")
    Caller(ringing, call, "en").silence(3)
    assert call.over
    assert ringing.rows(schema.handoffs) == []
    assert "dial" not in call.transcript().lower().split()


def test_one_call_back_at_a_time(ringing: Line) -> None:
    rings(ringing)
    rings(ringing)
    assert placed(ringing) == [ANA]
    ringing.exchange.placed(ANA).not_answered("busy")
    ringing.exchange.settle()
    rings(ringing)
    assert placed(ringing) == [ANA, ANA]


def test_an_end_that_is_never_told_blocks_nobody_for_long(ringing: Line) -> None:
    rings(ringing)
    ringing.clock.later(seconds=OPEN_FOR.total_seconds() + 1)
    rings(ringing)
    assert placed(ringing) == [ANA, ANA]


def test_nobody_is_phoned_back_more_often_than_a_few_times_a_day(ringing: Line) -> None:
    for _ in range(EACH_A_DAY + 2):
        rings(ringing)
        ringing.clock.later(hours=2)
    assert placed(ringing) == [ANA] * EACH_A_DAY
    ringing.clock.later(days=1)
    rings(ringing, BEN)
    rings(ringing)
    assert placed(ringing)[EACH_A_DAY:] == [BEN, ANA]


def test_in_all_there_are_so_many_a_day(ringing: Line) -> None:
    calls = ringing.plainline.missed_calls
    numbers = (f"+1415555{n:04}" for n in range(1000, 1000 + IN_ALL_A_DAY + 3))
    kept = [calls.rang(f"CA{number}", number, {"US"}) for number in numbers]
    assert kept == [True] * IN_ALL_A_DAY + [False] * 3


@pytest.mark.parametrize(
    "number",
    [
        "anonymous",
        "+266696687",
        "sip:ana@example.org",
        "12345",
        "+19005550123",
        "+18005550123",
        "+447911123456",
        "+18765550123",
        "+881612345678",
        "+1415555",
    ],
)
def test_withheld_premium_free_foreign_and_broken_numbers_are_not_phoned_back(ringing: Line, number: str) -> None:
    rings(ringing, number)
    assert (ringing.rows(schema.rings), placed(ringing)) == ([], [])


def test_what_is_no_number_is_not_served() -> None:
    assert not is_served("", {"US"})
    assert is_served(ANA, {"US"})
    assert not is_served(ANA, {"ES"})


def test_a_ring_that_is_told_twice_is_one(ringing: Line) -> None:
    ringing.exchange.trouble.arrange(Fault.TWICE, "/voice")
    rings(ringing)
    assert placed(ringing) == [ANA]


def test_a_provider_that_is_busy_is_asked_again_within_the_minute_and_then_left(ringing: Line) -> None:
    ringing.exchange.rest_trouble.arrange(Fault.REFUSED, "/", status=429, times=TRIES)
    rings(ringing)
    for _ in range(TRIES):
        ringing.clock.later(seconds=AGAIN.total_seconds() + 1)
        ringing.plainline.missed_calls.call_once(ringing.clock())
    assert placed(ringing) == []
    assert [(row.status, row.tries) for row in ringing.rows(schema.rings)] == [("over", TRIES)]
    rings(ringing)
    assert placed(ringing) == [ANA]


def test_a_call_of_which_nobody_knows_whether_it_was_placed_is_not_placed_twice(ringing: Line) -> None:
    ringing.exchange.rest_trouble.arrange(Fault.LOST_ANSWER, "/")
    rings(ringing)
    ringing.clock.later(minutes=5)
    ringing.plainline.missed_calls.call_once(ringing.clock())
    assert placed(ringing) == [ANA]


def test_the_end_of_a_call_back_is_believed_only_with_our_link(ringing: Line) -> None:
    rings(ringing)
    form = {"AccountSid": ACCOUNT, "CallSid": "CA1", "CallStatus": "completed"}
    assert ringing.post("/voice/ring/status?id=1&s=x", form, sign=twilio_signs).status == 403
    assert [row.status for row in ringing.rows(schema.rings)] == ["placed"]


def test_without_such_a_number_a_call_there_is_a_call(line: Line) -> None:
    assert line.exchange.call(ANA, MISSED).status == "in-progress"
