"""Floods and fraud over the wire: others are still served, danger is always answered, and nothing is gone unseen."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from app.bootstrap import Plainline
from app.limit_settings import Limiting
from core import desk_words as words
from core import phrases as say
from core.errors import Conflict
from core.limits import CALLS, TEXTS, Alarm, Ceiling, Refusal, Throttle
from core.staff import Staff
from core.types import Digits
from core.usage import Paid, Used
from store import schema
from tests.calls.line import ANA, BEN, CIVIC_HALL, LANGUAGES, Clock, Line, served
from tests.calls.test_staff_calls import claimed
from tests.calls.test_staff_calls import ines as ines

ABROAD, DEAR, SHORT, SATELLITE = "+447400123456", "+19005550199", "72345", "+881612345678"
EMERGENCY = say.phrase(say.EMERGENCY.id, number=Digits(text="911"))
OFFICE = Digits(text=CIVIC_HALL)
TOLD = say.phrase(say.TOO_MANY_TEXTS.id, number=OFFICE)

Limited = Callable[[Limiting], AbstractContextManager[Line]]


@pytest.fixture
def limited(wired: Plainline, migrated_url: str, clock: Clock) -> Limited:
    """A line with limits of its own, on both databases."""

    @contextmanager
    def made(limiting: Limiting) -> Iterator[Line]:
        with served(replace(wired, settings=replace(wired.settings, limiting=limiting)), migrated_url, clock) as line:
            yield line

    return made


def refusals(line: Line) -> list[str]:
    """Why texts were not sent, in their order."""
    return [row.last_code for row in line.rows(schema.outbox) if row.status == "failed"]


def alarms(line: Line) -> tuple[Alarm, ...]:
    return line.plainline.health.alarms()


# --- texts ---------------------------------------------------------------------------------------------------


def test_500_texts_of_one_block_in_a_minute_leave_others_served_and_danger_answered(line: Line) -> None:
    for n in range(500):
        line.clock.later(seconds=0.12)
        line.exchange.sms(f"+14155551{n:03}", "", "?" if n != 450 else "my house is on fire")
    line.deliver()
    served_ones = [n for n in range(500) if line.exchange.outbox(f"+14155551{n:03}")]
    assert served_ones == [*range(TEXTS.block), 450]
    assert "911" in line.exchange.outbox("+14155551450")[-1].body
    assert line.texter(number="+12125550123").write("?").answer
    assert refusals(line) == [Refusal.BLOCK] * (500 - len(served_ones))
    assert alarms(line) == (Alarm.FLOOD,)
    assert len([row for row in line.rows(schema.turns) if row.said]) == 501
    line.clock.later(hours=1)
    assert line.texter(number="+14155551001").write("?").answer


def test_who_writes_too_much_is_told_once_and_what_they_wrote_is_kept(limited: Limited) -> None:
    with limited(Limiting(texts=replace(TEXTS, number=3))) as line:
        texter = line.texter().write("?", "1", "?")
        texter.write("library card").reads(TOLD, EMERGENCY)
        assert texter.write("library card").answer == ""
        assert refusals(line) == [Refusal.NUMBER] * 2
        assert line.rows(schema.turns)[-1].said == "library card"
        assert line.texter(number=BEN).write("?").answer
        assert alarms(line) == ()
        line.clock.later(hours=1)
        assert texter.write("?").answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_their_language(limited: Limited, language: str) -> None:
    with limited(Limiting(texts=replace(TEXTS, number=2))) as line:
        texter = line.texter(language).write("?", str(LANGUAGES.index(language) + 1))
        texter.write("?").reads(TOLD, EMERGENCY)


def test_danger_is_answered_when_everything_is_used_up(limited: Limited) -> None:
    none_left = Throttle(number=1, block=1, country=1, all=1)
    with limited(Limiting(texts=none_left, ceiling=Ceiling(units=1))) as line:
        line.texter(number=BEN).write("?")
        line.texter().write("?", "there is a fire in my kitchen").reads(EMERGENCY)
        line.texter().write("fire").reads(EMERGENCY)


@pytest.mark.parametrize(
    ("number", "why"), [(ABROAD, Refusal.ABROAD), (DEAR, Refusal.DEAR), (SATELLITE, Refusal.ABROAD)]
)
def test_no_text_goes_to_a_number_abroad_or_a_dear_one_and_staff_see_why(
    each_line: Line, number: str, why: Refusal
) -> None:
    assert each_line.texter(number=number).write("?", "1", "STATUS").got == []
    assert set(refusals(each_line)) == {why}
    assert {row.event for row in each_line.rows(schema.audit)} >= {"text_failed"}
    assert number not in str(each_line.rows(schema.audit))


@pytest.mark.parametrize("body", ["HELP ME", "STOP IT", "STOP", "START", "help please"])
def test_neither_help_nor_stop_makes_us_text_a_number_abroad(line: Line, body: str) -> None:
    assert line.texter(number=ABROAD).write(body).got == []


def test_danger_from_abroad_is_answered_and_from_a_dear_number_only_told_to_staff(line: Line) -> None:
    assert "911" in line.texter(number=ABROAD).write("my house is on fire").answer
    assert line.texter(number=DEAR).write("my house is on fire").got == []
    assert [row.why for row in line.rows(schema.handoffs)] == ["danger", "danger"]


@pytest.mark.parametrize("number", [SHORT, "ALDERBAY", "", "anonymous", "+266696687"])
def test_what_is_no_number_is_never_texted(line: Line, number: str) -> None:
    line.exchange.sms(number or "anonymous", "", "my house is on fire")
    assert line.deliver() == 0
    assert line.rows(schema.outbox) == []


def test_other_countries_are_served_where_they_are_set(limited: Limited) -> None:
    with limited(Limiting(countries=frozenset({"US", "GB"}))) as line:
        assert line.texter(number=ABROAD).write("?").answer


# --- the provider switches a country off ---------------------------------------------------------------------


def test_a_country_that_the_provider_switched_off_is_an_alarm_and_no_storm(
    each_line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    line = each_line
    line.exchange.texts.refuse(ANA, 21408)
    with caplog.at_level(logging.INFO, "plainline"):
        line.texter().write("?")
        for _ in range(5):
            line.clock.later(minutes=20)
            assert line.deliver() == 0
    assert [record.message for record in caplog.records].count("country_closed") == 1
    assert ANA not in caplog.text
    assert refusals(line) == ["21408"]
    assert alarms(line) == (Alarm.COUNTRY_CLOSED,)
    line.clock.later(days=1)
    assert alarms(line) == ()


# --- what a day costs ----------------------------------------------------------------------------------------


def test_at_the_ceiling_a_caller_hears_that_no_copy_is_sent_and_answers_go_on(limited: Limited) -> None:
    with limited(Limiting(ceiling=Ceiling(units=5))) as line:
        assert alarms(line) == ()
        line.plainline.usage.keep(Used(kind=Paid.TEXT_OUT, provider_id="SM1", at=line.clock(), told=5))
        line.clock.later(minutes=2)
        assert alarms(line) == (Alarm.CEILING,)
        caller = line.at_home().press("2", "3", "5").press("1").hears(say.TEXT_HELD, say.ANYTHING_ELSE)
        caller.hears_nothing_of(say.TEXT_SENT)
        assert line.rows(schema.outbox) == []
        assert line.texter(number=BEN).write("?").answer
        line.clock.later(days=1)
        assert alarms(line) == ()


# --- calls ---------------------------------------------------------------------------------------------------


def test_in_a_flood_of_calls_a_key_is_asked_for_first_and_others_are_not(limited: Limited) -> None:
    with limited(Limiting(calls=replace(CALLS, number=3))) as line:
        for _ in range(3):
            line.caller().hang_up()
        before = line.counts()
        caller = line.caller()
        for language in LANGUAGES:
            for told in (EMERGENCY, say.MANY_CALLS):
                assert line.words(told, language) in caller.heard
        assert line.counts() == before
        caller.press("1").hears(say.phrase(say.WELCOME.id, town="Alder Bay"))
        caller.press("1").hears(say.WHAT_ABOUT).say("my house is on fire").hears(EMERGENCY)
        line.at_home(from_=BEN).hears(say.WHAT_ABOUT)
        line.clock.later(hours=1)
        line.at_home().hears(say.WHAT_ABOUT)


def test_whoever_presses_nothing_has_heard_the_number_and_the_call_ends(limited: Limited) -> None:
    with limited(Limiting(calls=replace(CALLS, number=1))) as line:
        line.caller().hang_up()
        caller = line.caller()
        assert "9 1 1" in caller.heard or "911" in caller.heard
        caller.call.silence()
        assert caller.call.over


def test_withheld_calls_are_one_block_and_no_number(limited: Limited) -> None:
    with limited(Limiting(calls=Throttle(number=1, block=2, country=9, all=9))) as line:
        for _ in range(2):
            line.at_home(from_="anonymous").hears(say.WHAT_ABOUT).hang_up()
        line.caller(from_="anonymous").hears(say.MANY_CALLS).press("1").press("1").hears(say.WHAT_ABOUT)
        line.at_home().hears(say.WHAT_ABOUT)


# --- call backs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["19005550199", "011447400123456", "18765550123"])
def test_who_types_a_number_that_we_do_not_ring_hears_so_and_is_asked_for_another(
    closed_line: Line, typed: str
) -> None:
    caller = closed_line.at_home(from_="anonymous").press("0").hears(say.ASK_CALLBACK)
    caller.press(f"{typed}#").hears(say.NOT_RUNG, say.ASK_CALLBACK)
    caller.press("4155550177#").hears(say.CALL_BACK_RIGHT)


def test_a_short_code_is_no_number_with_an_area_code(closed_line: Line) -> None:
    closed_line.at_home(from_="anonymous").press("0").press("72345#").hears(say.NOT_A_PHONE)


@pytest.mark.parametrize("number", [ABROAD, DEAR, SATELLITE])
def test_a_caller_whose_number_we_do_not_ring_is_answered_and_asked_for_another(closed_line: Line, number: str) -> None:
    caller = closed_line.at_home(from_=number).hears(say.WHAT_ABOUT)
    caller.press("2", "3").hears_nothing_of(say.ASK_TEXT)
    caller.press("0").hears(say.ASK_CALLBACK).press("4155550177#").hears(say.CALL_BACK_RIGHT)


def test_staff_ring_no_dear_number_and_abroad_only_in_danger(line: Line, ines: Staff) -> None:
    for number, words_said, rung in ((ABROAD, "", False), (DEAR, "fire", False), (ABROAD, "fire", True)):
        caller = line.at_home(from_=number)
        (caller.say("my house is on fire") if words_said else caller.press("0")).hang_up()
        request = claimed(line, ines)
        if rung:
            line.plainline.desk_calls.call(ines, request.id, "ring")
            assert [call.result for call in line.rows(schema.phone_calls)] == ["ringing"]
            continue
        with pytest.raises(Conflict) as refused:
            line.plainline.desk_calls.call(ines, request.id, "ring")
        assert refused.value.phrase.id == words.NOT_RUNG.id
        line.plainline.desk.close(ines, request.id, "done", "close")


# --- what whoever runs the line sees ---------------------------------------------------------------------------


def test_alarms_are_figures_and_stand_in_metrics(line: Line) -> None:
    line.exchange.texts.refuse(ANA, 21408)
    line.texter().write("?")
    exposed = line.plainline.health.exposed().decode()
    assert "plainline_alarm_country_closed 1.0" in exposed
    assert "plainline_alarm_flood 0.0" in exposed
    assert line.plainline.health.amiss() == ()


def test_a_turn_in_writing_takes_no_statement_more(line: Line) -> None:
    """The windows are in memory; a text that is held back has a row and one in the audit, as one that fails has."""
    line.texter().write("?")
    assert len(line.rows(schema.audit)) == 1
    line.clock.now += timedelta(minutes=1)
    line.texter(number=DEAR).write("?")
    assert [row.event for row in line.rows(schema.audit)][1:].count("text_failed") == 1
