"""A call back that was promised, from the resident's choice to the clerk's tries, over the exchange."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import desk_words as words
from core import phrases as say
from core.errors import Conflict
from core.staff import Staff
from store import schema
from tests.calls.line import ANA, BEN, Line
from tests.calls.test_staff_calls import DESK_PHONE, ines

__all__ = ["ines"]  # a fixture


def promised(line: Line, key: str = "1", from_: str = ANA, language: str = "en") -> None:
    """Somebody asks for a person whom nobody can put them through to, and chooses a time."""
    line.clock.later(minutes=4)  # nobody is before the console
    caller = line.at_home(language, from_).press("0").dial_result("no-answer").press("1").hears(say.CALL_BACK_WHEN)
    caller.press(key).hears(say.CALL_BACK_TRIES).hang_up()
    line.exchange.settle()


def window_begins(line: Line) -> None:
    [row] = [row for row in line.rows(schema.call_backs) if row.settled is None]
    line.clock.later(seconds=(row.starts - line.clock.now).total_seconds() + 60)


def rung(line: Line, person: Staff, status: str, nonce: str) -> None:
    """The clerk takes the first request of the list and rings, and this becomes of the resident's telephone."""
    first = line.plainline.desk.waiting(person)[0]
    line.plainline.desk.claim(person, first.id, f"claim {nonce}")
    line.plainline.desk_calls.call(person, first.id, f"call {nonce}")
    desk = line.exchange.placed(DESK_PHONE).answer()
    desk.press("1")
    desk.dial_result(status)
    line.exchange.settle()


def ledger(line: Line) -> list[tuple[str, str, int]]:
    return [(row.state, row.why, row.tries) for row in line.rows(schema.call_backs)]


def texts(line: Line) -> list[str]:
    return [row.body for row in line.rows(schema.outbox)]


def test_who_is_reached_in_the_window_was_promised_truly(line: Line, ines: Staff) -> None:
    promised(line)
    assert ledger(line) == [("booked", "", 0)]
    window_begins(line)
    rung(line, ines, "completed", "1")
    assert ledger(line) == [("kept", "talked", 0)]
    assert texts(line) == []


def reminded(line: Line) -> str:
    """Somebody chooses the second time, which is tomorrow or later, and wants to be reminded; their number."""
    line.clock.later(minutes=4)
    caller = line.at_home().press("0").dial_result("no-answer").press("1").hears(say.CALL_BACK_WHEN)
    caller.press("2").hears(say.CALL_BACK_TRIES, say.REMIND_YOU).press("1").hears(say.WILL_REMIND, say.WHAT_ABOUT)
    caller.hang_up()
    line.exchange.settle()
    return ANA


def test_the_reminder_comes_half_an_hour_before_and_keeps_no_other_text_waiting(each_line: Line) -> None:
    number = reminded(each_line)
    each_line.at_home().press("2", "3", "5", "1").hears(say.TEXT_SENT).hang_up()
    each_line.deliver()
    assert len(each_line.exchange.outbox(number)) == 1
    [promise] = each_line.rows(schema.call_backs)
    each_line.clock.now = promise.starts - timedelta(minutes=31)
    each_line.deliver()
    assert len(each_line.exchange.outbox(number)) == 1
    each_line.clock.later(minutes=2)
    each_line.deliver()
    assert each_line.exchange.outbox(number)[-1].body.endswith("as promised.")


def test_whoever_chooses_the_same_time_anew_is_reminded_once(line: Line) -> None:
    line.clock.later(minutes=4)
    caller = line.at_home()
    for _ in range(2):
        caller.press("0").dial_result("no-answer").press("1", "2").hears(say.REMIND_YOU).press("1").hears(
            say.WILL_REMIND
        )
    caller.hang_up()
    [promise] = line.rows(schema.call_backs)
    line.clock.now = promise.starts - timedelta(minutes=29)
    line.deliver()
    assert len(line.exchange.outbox(ANA)) == 1


def test_whoever_was_called_before_is_not_reminded(line: Line, ines: Staff) -> None:
    number = reminded(line)
    line.clock.later(hours=1)
    rung(line, ines, "completed", "1")
    line.clock.later(days=10)
    line.deliver()
    assert line.exchange.outbox(number) == []


def test_whoever_stopped_texts_is_not_reminded(line: Line) -> None:
    number = reminded(line)
    line.texter().write("STOP")
    before = len(line.exchange.outbox(number))
    line.clock.later(days=10)
    line.deliver()
    assert len(line.exchange.outbox(number)) == before


@pytest.mark.parametrize(("status", "why"), [("no-answer", "no_answer"), ("busy", "engaged"), ("failed", "failed")])
def test_three_tries_at_the_time_that_was_chosen_then_the_resident_reads_how_to_reach_us(
    line: Line, ines: Staff, status: str, why: str
) -> None:
    promised(line)
    at = []
    for number in range(3):
        window_begins(line)
        at.append(line.clock.now)
        rung(line, ines, status, str(number))
    assert ledger(line) == [("broken", why, 3)]
    assert {moment.time() for moment in at} == {at[0].time()}
    assert len({moment.date() for moment in at}) == 3
    said = texts(line)
    assert len(said) == 3
    assert "We call again Friday, November 27, from" in said[0]  # the 26th is a holiday
    assert "Please call us" in said[2]
    [request] = line.rows(schema.handoffs)
    assert (request.status, request.settled) == ("claimed", None)  # whoever made the last try decides what is next


def test_between_tries_the_request_waits_for_whoever_is_there_next(line: Line, ines: Staff) -> None:
    promised(line)
    window_begins(line)
    rung(line, ines, "busy", "1")
    [request] = line.plainline.desk.waiting(ines)
    assert (request.claimed_by, request.status) == (None, "waiting")
    assert request.promise is not None
    assert not request.promise.due(line.clock.now)


def test_after_stop_no_text_is_written_and_the_call_is_made_all_the_same(line: Line, ines: Staff) -> None:
    promised(line)
    line.texter().write("STOP")
    line.exchange.settle()
    before = len(texts(line))
    window_begins(line)
    rung(line, ines, "no-answer", "1")
    assert ledger(line) == [("booked", "", 1)]
    assert len(texts(line)) == before


def test_a_result_told_twice_counts_once(line: Line, ines: Staff) -> None:
    promised(line)
    window_begins(line)
    rung(line, ines, "busy", "1")
    for result in ("busy", "completed", "no-answer"):
        line.plainline.desk_calls.result(1, result)
    assert ledger(line) == [("booked", "", 1)]
    assert len(texts(line)) == 1


def test_what_nobody_calls_is_late_and_a_day_later_broken_however_often_one_looks(line: Line) -> None:
    promised(line)
    window_begins(line)
    assert line.plainline.promised_calls.look() == 0
    line.clock.later(hours=1)
    assert [line.plainline.promised_calls.look() for _ in range(2)] == [1, 0]
    assert ledger(line) == [("late", "", 0)]
    line.clock.later(hours=25)
    assert [line.plainline.promised_calls.look() for _ in range(2)] == [1, 0]
    assert ledger(line) == [("broken", "not_called", 0)]
    assert ["We have not called you" in text for text in texts(line)] == [True]
    assert [row.status for row in line.rows(schema.handoffs)] == ["waiting"]


def test_two_clerks_do_not_ring_one_number_at_once(line: Line, ines: Staff) -> None:
    promised(line)
    promised(line, "2")
    accounts = line.plainline.accounts
    password = accounts.add(Staff(id=0, login="omar", name="Omar", phone="+14155550191"))
    omar = accounts.signed_in(accounts.sign_in("omar", password, "127.0.0.1"))
    assert omar
    desk, calls = line.plainline.desk, line.plainline.desk_calls
    first, second = desk.waiting(ines)
    desk.claim(ines, first.id, "claim 1")
    desk.claim(omar, second.id, "claim 2")
    calls.call(ines, first.id, "call 1")
    with pytest.raises(Conflict) as refused:
        calls.call(omar, second.id, "call 2")
    assert refused.value.phrase.id == words.CALLS_THEM.id
    line.clock.later(minutes=31)
    calls.call(omar, second.id, "call 3")


def test_promises_whose_time_has_come_stand_before_who_was_promised_nothing(line: Line, ines: Staff) -> None:
    promised(line, "2")
    line.clock.later(minutes=4)
    caller = line.at_home("en", BEN).press("0").dial_result("no-answer").press("1")
    caller.press("4").hears(say.CALL_BACK_NOTED).hang_up()
    order = [request.number for request in line.plainline.desk.waiting(ines)]
    assert order == [BEN, ANA]
    window_begins(line)
    assert [request.number for request in line.plainline.desk.waiting(ines)] == [ANA, BEN]


@pytest.mark.parametrize("outcome", ["done", "not_reached"])
def test_closing_the_request_ends_its_promise(line: Line, ines: Staff, outcome: str) -> None:
    promised(line)
    [request] = line.plainline.desk.waiting(ines)
    line.plainline.desk.claim(ines, request.id, "claim")
    line.plainline.desk.close(ines, request.id, outcome, "close")
    expected = ("kept", "settled", 0) if outcome == "done" else ("broken", "not_called", 0)
    assert ledger(line) == [expected]


def test_the_last_place_of_a_window_is_not_given_away_twice(line: Line) -> None:
    """Four calls can be made in a window: the fifth caller is offered the next one."""
    numbers = [f"+1415555011{n}" for n in range(5)]
    for number in numbers:
        promised(line, from_=number)
    starts = sorted(row.starts for row in line.rows(schema.call_backs))
    assert len(set(starts[:4])) == 1
    assert starts[4] == starts[0] + timedelta(hours=1)
