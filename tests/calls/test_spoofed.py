"""A number that somebody else pretends to have opens nothing: no answer, no case, no consent, and no cost without end.

Whoever wants to can show any number at all on the telephone and in a text, so nothing may follow from a number alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.bootstrap import Plainline
from app.limit_settings import Limiting
from core import phrases as say
from core.limits import TEXTS
from core.types import Digits
from store import schema
from tests.calls.line import ANA, Clock, Line, served
from tests.calls.test_languages import reference_in
from tests.calls.test_numbers import guess, opened_by_ana, wrong_references

TITLE = say.text("Senior transport card")
TO_REFERENCE = ("2", "3", "4", "72#", "2", "1", "1")


def test_a_call_with_her_number_tells_nothing_of_her_case(each_line: Line) -> None:
    reference = opened_by_ana(each_line)
    spoofed = each_line.at_home().hears(say.WHAT_ABOUT)
    spoofed.press("8", "#").hears_nothing_of(TITLE, say.CASE_RECEIVED)
    whole = " ".join(heard.text for heard in spoofed.call.heard)
    assert reference not in whole.replace(" ", "").replace(",", "")
    assert "72" not in whole


def test_a_text_with_her_number_tells_nothing_of_her_case_either(each_line: Line) -> None:
    opened_by_ana(each_line)
    spoofed = each_line.texter().write("?", "1", "what did I apply for?", "status", "my case")
    assert "Senior" not in " ".join(spoofed.got)
    assert each_line.words(say.CASE_RECEIVED, "en", "sms") not in " ".join(spoofed.got)


def test_a_call_with_her_number_hears_only_that_something_was_begun(each_line: Line) -> None:
    each_line.at_home().press("2", "3", "4", "72#").hang_up()
    each_line.clock.later(minutes=31)
    spoofed = each_line.at_home().hears(say.BEGUN).hears_nothing_of(TITLE)
    spoofed.press("1")
    assert "72" not in " ".join(heard.text for heard in spoofed.call.heard)


def test_her_thread_of_texts_is_not_read_to_a_call_with_her_number(each_line: Line) -> None:
    each_line.texter().write("?", "1", "241", "4", "72")
    each_line.clock.later(minutes=31)
    spoofed = each_line.at_home().press("1")
    assert "72" not in " ".join(heard.text for heard in spoofed.call.heard)


def test_a_code_is_worth_as_much_from_any_number_and_a_number_is_worth_no_code(each_line: Line) -> None:
    """Guesses are counted for the number that is shown, and in all: pretending to be many helps little."""
    reference = opened_by_ana(each_line)
    wrong = wrong_references()
    guess(each_line.at_home(), wrong[:3]).hang_up()
    guess(each_line.at_home(), wrong[3:5]).hang_up()
    guess(each_line.at_home(), [reference]).hears(say.TOO_MANY_TRIES)


def test_a_call_with_her_number_does_not_undo_her_stop(each_line: Line) -> None:
    """Nor does one that asks for a text: she said STOP, and she alone says START, by text."""
    each_line.texter().write("STOP")
    each_line.at_home().press("2", "3", "5").press("1").hears(say.TEXT_NOT_ALLOWED)
    each_line.deliver()
    assert [row.allowed for row in each_line.rows(schema.consents)] == [False]
    assert [row.status for row in each_line.rows(schema.outbox) if "Senior" in row.body] == []


def test_calls_with_her_number_send_her_a_few_texts_and_no_private_word(
    wired: Plainline, migrated_url: str, clock: Clock
) -> None:
    limiting = Limiting(texts=replace(TEXTS, number=3))
    with served(replace(wired, settings=replace(wired.settings, limiting=limiting)), migrated_url, clock) as line:
        opened_by_ana(line)
        heard = [line.at_home().press("2", "3", "5").press("1") for _ in range(6)]
        for caller in heard[:3]:
            caller.hears(say.TEXT_SENT)
        for caller in heard[3:]:
            caller.hears(say.TEXT_HELD)
        line.deliver()
        assert len(line.exchange.outbox(ANA)) == 3
        assert "72" not in " ".join(text.body for text in line.exchange.outbox(ANA))


@pytest.mark.parametrize("body", ["STOP", "START"])
def test_stop_and_start_in_her_name_change_only_whether_she_is_texted(each_line: Line, body: str) -> None:
    reference = opened_by_ana(each_line)
    each_line.texter().write(body)
    assert [(row.reference, row.status) for row in each_line.rows(schema.cases)] == [(reference, "received")]
    each_line.at_home().press("8", f"{reference}#").hears(say.CASE_RECEIVED)


def test_a_case_that_is_opened_in_her_name_changes_nothing_of_hers(each_line: Line) -> None:
    hers = opened_by_ana(each_line)
    before = each_line.rows(schema.cases, schema.cases.c.reference == hers)
    each_line.clock.now += timedelta(hours=1)
    spoofed = each_line.at_home().press(*TO_REFERENCE)
    assert reference_in(spoofed.heard) != hers
    assert each_line.rows(schema.cases, schema.cases.c.reference == hers) == before


def test_her_number_in_a_call_is_never_said_before_whoever_calls_asks_for_something_to_be_sent_there(
    line: Line,
) -> None:
    caller = line.at_home().press("2", "3")
    caller.hears_nothing_of(say.phrase("{number}", number=Digits(text=ANA)))
