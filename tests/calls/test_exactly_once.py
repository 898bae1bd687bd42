"""What a resident did counts once, whatever becomes of requests and answers on the way."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from app.bootstrap import Plainline
from core import phrases as say
from simulator.exchange import Fault
from store import schema
from store.unit_of_work import open_storage
from tests.calls.line import ANA, OPEN, Caller, Clock, Line, served, twilio_signs
from tests.calls.storages import Trouble, Troubled
from tests.calls.test_languages import holds_one_case, reference_in

TO_CONFIRM = ("2", "3", "4", "72#", "2", "1")
"""From the first menu to the reading back of a senior transport card."""


def turn(caller: Caller, **parameters: str) -> dict[str, str]:
    """The form of an answer to what the line asks now."""
    return dict(caller.call.leg.form("in-progress")) | parameters


def test_an_answer_lost_after_the_commit_is_given_again_and_opens_no_second_case(each_line: Line) -> None:
    caller = each_line.at_home().press(*TO_CONFIRM)
    each_line.exchange.trouble.arrange(Fault.LOST_ANSWER, "/voice/turn")
    caller.press("1")
    assert each_line.exchange.trouble.waiting == 0
    holds_one_case(each_line, "en", reference_in(caller.heard))


def test_three_lost_answers_in_a_row_still_open_one_case(each_line: Line) -> None:
    caller = each_line.at_home().press(*TO_CONFIRM)
    each_line.exchange.trouble.arrange(Fault.LOST_ANSWER, "/voice/turn", times=3)
    caller.press("1")
    holds_one_case(each_line, "en", reference_in(caller.heard))


def test_an_answer_delivered_twice_opens_one_case(each_line: Line) -> None:
    caller = each_line.at_home().press(*TO_CONFIRM)
    each_line.exchange.trouble.arrange(Fault.TWICE, "/voice/turn")
    caller.press("1")
    holds_one_case(each_line, "en", reference_in(caller.heard))


def test_a_lost_greeting_is_given_again(each_line: Line) -> None:
    each_line.exchange.trouble.arrange(Fault.LOST_ANSWER, "/voice")
    each_line.at_home().press("2").hears(say.text("Senior transport card"))
    assert len(each_line.rows(schema.conversations)) == 1


def test_a_request_that_never_arrived_is_made_again(each_line: Line) -> None:
    each_line.exchange.trouble.arrange(Fault.LOST_REQUEST, "/voice/turn", times=2)
    each_line.at_home().press("2").hears(say.text("Senior transport card"))


def test_an_old_turn_with_another_key_is_not_applied_and_repeats_what_is_asked_now(each_line: Line) -> None:
    caller = each_line.at_home()
    old = caller.path
    caller.press("2", "3").hears(say.ANYTHING_ELSE)
    before = each_line.counts()
    answer = each_line.post(old, turn(caller, Digits="1"), sign=twilio_signs)
    assert answer.status == 200
    assert each_line.words(say.ANYTHING_ELSE, "en") in answer.body
    assert each_line.counts() == before
    caller.press("1").hears(say.text("Residents of 65 and over."))


def test_an_old_turn_with_the_same_key_gets_the_answer_that_it_got(each_line: Line) -> None:
    caller = each_line.at_home()
    old = caller.path
    caller.press("2")
    first = caller.call.documents[-1]
    caller.press("3", "1")
    before = each_line.counts()
    assert each_line.post(old, turn(caller, Digits="2"), sign=twilio_signs).body == first
    assert each_line.counts() == before


def test_two_deliveries_at_the_same_moment_apply_one(each_line: Line) -> None:
    caller = each_line.at_home().press(*TO_CONFIRM)
    path, form = caller.path, turn(caller, Digits="1")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: each_line.post(path, form, sign=twilio_signs), range(4)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    holds_one_case(each_line, "en", reference_in(answers[0].body))


def test_two_different_keys_at_the_same_moment_apply_one(each_line: Line) -> None:
    caller = each_line.at_home()
    path = caller.path
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda key: each_line.post(path, turn(caller, Digits=key), sign=twilio_signs), "1234")
        assert {answer.status for answer in answers} == {200}
    assert len(each_line.rows(schema.turns)) == 3


def test_the_end_of_a_transfer_reported_twice_counts_once(each_line: Line) -> None:
    caller = each_line.at_home().press("2", "3", "0")
    each_line.exchange.trouble.arrange(Fault.TWICE, "/voice/dial")
    caller.dial_result("no-answer").hears(say.CALL_BACK_RIGHT)
    assert len(each_line.rows(schema.handoffs)) == 1
    caller.press("1").hears(say.CALL_BACK_WHEN).press("1").hears(say.CALL_BACK_TRIES, say.ANYTHING_ELSE)


def test_a_lost_answer_to_the_end_of_a_transfer_is_given_again(each_line: Line) -> None:
    caller = each_line.at_home().press("2", "3", "0")
    each_line.exchange.trouble.arrange(Fault.LOST_ANSWER, "/voice/dial")
    caller.dial_result("completed").hears(say.BACK_WITH_US, say.ANYTHING_ELSE)
    assert [row.status for row in each_line.rows(schema.handoffs)] == ["reached"]


def test_the_end_of_a_call_reported_twice_is_no_fault(each_line: Line) -> None:
    caller = each_line.at_home()
    each_line.exchange.trouble.arrange(Fault.TWICE, "/voice/status")
    caller.hang_up()
    assert each_line.exchange.debugger == []


def test_resuming_reads_and_repeats_and_writes_nothing(each_line: Line) -> None:
    caller = each_line.at_home().press("2", "3")
    before = each_line.counts()
    answer = each_line.post("/voice/resume?lang=en", turn(caller), sign=twilio_signs)
    assert each_line.words(say.ANYTHING_ELSE, "en") in answer.body
    assert each_line.counts() == before
    caller.press("1").hears(say.text("Residents of 65 and over."))


def test_resuming_a_call_that_was_never_stored_begins_it(each_line: Line) -> None:
    caller = each_line.caller()
    form = turn(caller) | {"CallSid": "CA" + "9" * 32}
    assert "español" in each_line.post("/voice/resume", form, sign=twilio_signs).body


# --- a commit whose outcome is not known ---------------------------------------------------------------------


@pytest.fixture
def troubled(migrated_url: str) -> Iterator[Troubled]:
    behind = open_storage(migrated_url)
    yield Troubled(behind)
    behind.close()


@pytest.fixture
def troubled_line(wired: Plainline, migrated_url: str, troubled: Troubled) -> Iterator[Line]:
    with served(wired, migrated_url, Clock(OPEN), troubled) as made:
        yield made


def paths(line: Line) -> list[str]:
    return [urlsplit(attempt.url).path for attempt in line.exchange.attempts]


@pytest.mark.parametrize("trouble", [Trouble.SAVED, Trouble.NOT_SAVED])
def test_a_commit_whose_outcome_is_unknown_is_found_or_done_once(
    troubled_line: Line, troubled: Troubled, trouble: Trouble
) -> None:
    caller = troubled_line.at_home().press(*TO_CONFIRM)
    troubled.ahead = [trouble]
    caller.press("1")
    assert paths(troubled_line)[-1] == "/voice/turn"
    holds_one_case(troubled_line, "en", reference_in(caller.heard))
    caller.press("1").hears(say.WHAT_ABOUT)


def test_where_no_commit_is_known_the_caller_does_not_go_in_circles_but_reaches_a_person(
    troubled_line: Line, troubled: Troubled
) -> None:
    caller = troubled_line.at_home().press(*TO_CONFIRM)
    troubled.ahead = [Trouble.NOT_SAVED] * 2
    caller.press("0").hears(say.TROUBLE)
    assert caller.call.dialled is not None
    caller.dial_result("busy").hears(say.ALL_RIGHT).press("1")
    holds_one_case(troubled_line, "en", reference_in(caller.heard))


@pytest.mark.parametrize("trouble", [Trouble.SAVED, Trouble.NOT_SAVED])
def test_a_greeting_whose_commit_is_unknown_is_still_heard(
    troubled_line: Line, troubled: Troubled, trouble: Trouble
) -> None:
    troubled.ahead = [trouble]
    troubled_line.at_home("es").hears(say.WHAT_ABOUT)


def test_a_transfer_whose_commit_is_unknown_still_rings(troubled_line: Line, troubled: Troubled) -> None:
    caller = troubled_line.at_home()
    troubled.ahead = [Trouble.SAVED]
    caller.press("0")
    assert caller.call.dialled is not None
    assert [row.callback for row in troubled_line.rows(schema.handoffs)] == [ANA]


def test_a_text_that_meets_a_database_that_is_gone_is_taken_when_the_provider_tries_again(
    troubled_line: Line, troubled: Troubled
) -> None:
    troubled.ahead = [Trouble.GONE]
    texter = troubled_line.texter().write("free bus pass for old people")
    assert len(texter.got) == 1
    assert len(troubled_line.rows(schema.turns)) == 1
