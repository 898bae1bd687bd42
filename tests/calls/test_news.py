"""Residents who want it are told how far their case is: by text or by a call, at the hours that they chose.

The town is in New York, Ana's number is one of San Francisco: in the day she may be told from noon on, by our clock.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.missed_calls import NEWS_TRIES
from app.news import CODE_LIVES
from core import phrases as say
from core.sms import plain
from core.types import CaseStatus, Times
from simulator.exchange import Fault
from store import schema
from tests.calls.line import ANA, LANGUAGES, Caller, Line
from tests.calls.test_desk import clerk

HOURS = {"day": "1", "morning": "2", "afternoon": "3", "evening": "4", "no": "5"}


def asks_for_news(line: Line, when: str, language: str = "en") -> Caller:
    """Somebody applies for a bus card by keys, and says when they want to be told."""
    caller = line.at_home(language).press("2", "3", "4").enter("70").press("2", "1", "1")
    key = "3" if line.rows(schema.no_texts) == [] else "2"
    return caller.hears(say.ASK_NEWS).press(key).hears(say.NEWS_WHEN).press(HOURS[when])


def reference(line: Line) -> str:
    return str(line.rows(schema.cases)[-1].reference)


def says(line: Line, status: CaseStatus) -> None:
    """A clerk says how far the newest case is."""
    if not (people := line.plainline.accounts.store.all()):
        clerk(line)
        people = line.plainline.accounts.store.all()
    case = line.plainline.desk.case(people[0], reference(line))
    assert case is not None
    line.plainline.desk.case_is(people[0], case.reference, case.status.value, status.value)


def works(line: Line) -> None:
    """The worker looks for calls that are owed."""
    line.plainline.missed_calls.call_once(line.clock())
    line.exchange.settle()


def gets_no_texts(line: Line) -> None:
    line.exchange.texts.fate(ANA, "undelivered", 30006)
    line.at_home().press("2", "3", "5", "1").hears(say.TEXT_SENT).hang_up()
    line.deliver()
    assert line.rows(schema.no_texts) != []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_caller_reads_that_it_is_done_and_hears_that_it_was_us(each_line: Line, language: str) -> None:
    asks_for_news(each_line, "day", language).hears(say.NEWS_BY_TEXT).hears_nothing_of(say.NEWS_BY_CALL).hang_up()
    says(each_line, CaseStatus.DONE)
    each_line.deliver()
    assert each_line.exchange.outbox(ANA) == []  # half past seven in San Francisco
    each_line.clock.later(hours=2)
    each_line.deliver()
    [told] = [text.body for text in each_line.exchange.outbox(ANA)]
    assert plain(each_line.words(say.CASE_DONE, language, "sms")) in told
    title = each_line.plainline.catalog.services["senior_transport_card"].title
    assert each_line.words(say.text(title), language) not in told
    [code] = [row.code for row in each_line.rows(schema.codes)]
    assert code in re.sub(r"\D", "", told)
    for _ in range(2):  # it may be asked again
        caller = each_line.at_home(language).press("8").enter(code)
        caller.hears(say.THAT_WAS_US, say.CASE_DONE).hang_up()
    assert each_line.rows(schema.tries) == []


def test_a_code_is_no_longer_ours_after_a_month(line: Line) -> None:
    asks_for_news(line, "day").hang_up()
    says(line, CaseStatus.DONE)
    [code] = [row.code for row in line.rows(schema.codes)]
    line.clock.now += CODE_LIVES
    line.at_home().press("8").enter(code).hears(say.NO_SUCH_NUMBER)


def test_the_text_waits_for_the_evening_and_keeps_no_other_text_waiting(each_line: Line) -> None:
    asks_for_news(each_line, "evening").hang_up()
    says(each_line, CaseStatus.IN_WORK)
    each_line.deliver()
    assert each_line.exchange.outbox(ANA) == []
    each_line.at_home().press("2", "3", "5", "1").hears(say.TEXT_SENT).hang_up()
    each_line.deliver()
    assert len(each_line.exchange.outbox(ANA)) == 1
    each_line.clock.later(hours=6, minutes=29)
    assert each_line.deliver() == 0
    each_line.clock.later(minutes=1)
    each_line.deliver()
    assert each_line.words(say.CASE_IN_WORK, "en", "sms") in each_line.exchange.outbox(ANA)[-1].body


def is_put_off_at_eight(line: Line) -> None:
    """Just before the end of their hours the provider has no time for the text, and then it is too late."""
    asks_for_news(line, "evening").hang_up()
    line.clock.later(hours=9, minutes=28)  # two minutes to eight
    says(line, CaseStatus.DONE)
    line.exchange.rest_trouble.arrange(Fault.REFUSED, "/", status=429)
    line.deliver()
    line.clock.later(minutes=3)
    line.deliver()
    assert line.exchange.outbox(ANA) == []


def test_a_provider_that_fails_until_night_leaves_it_for_the_next_day_that_is_no_holiday(line: Line) -> None:
    is_put_off_at_eight(line)
    line.clock.later(hours=21)  # Thanksgiving, at five in the evening
    line.deliver()
    assert line.exchange.outbox(ANA) == []
    line.clock.later(days=1)
    line.deliver()
    assert len(line.exchange.outbox(ANA)) == 1


def test_a_text_that_was_put_off_to_its_hours_keeps_no_answer_waiting(each_line: Line) -> None:
    is_put_off_at_eight(each_line)
    each_line.texter().write("hello").reads(say.GREETING)


def test_only_the_newest_is_told(each_line: Line) -> None:
    asks_for_news(each_line, "evening").hang_up()
    for status in (CaseStatus.IN_WORK, CaseStatus.DONE, CaseStatus.IN_WORK, CaseStatus.DONE):
        says(each_line, status)
    each_line.clock.later(hours=7)
    each_line.deliver()
    [told] = each_line.exchange.outbox(ANA)
    assert each_line.words(say.CASE_DONE, "en", "sms") in told.body


def test_a_case_that_goes_back_to_where_it_was_is_no_news(line: Line) -> None:
    asks_for_news(line, "evening").hang_up()
    says(line, CaseStatus.DONE)
    says(line, CaseStatus.RECEIVED)
    line.clock.later(hours=7)
    line.deliver()
    assert line.exchange.outbox(ANA) == []


def test_whoever_stops_texts_before_it_is_sent_gets_none(line: Line) -> None:
    asks_for_news(line, "evening").hang_up()
    says(line, CaseStatus.DONE)
    line.texter().write("STOP")
    before = len(line.exchange.outbox(ANA))
    line.clock.later(hours=7)
    line.deliver()
    assert len(line.exchange.outbox(ANA)) == before


def test_whoever_wants_no_news_is_told_none(line: Line) -> None:
    asks_for_news(line, "no").hears(say.ASK_ELSE, say.ASK_NEWS).hang_up()
    says(line, CaseStatus.DONE)
    assert line.deliver() == 0


def test_a_number_without_texts_is_called_and_hears_it_as_often_as_it_wants(each_line: Line) -> None:
    gets_no_texts(each_line)
    asks_for_news(each_line, "afternoon").hears(say.NEWS_BY_CALL).hang_up()
    says(each_line, CaseStatus.DONE)
    works(each_line)
    assert [row.status for row in each_line.rows(schema.rings)] == ["waiting"]
    each_line.clock.later(hours=5)
    works(each_line)
    caller = Caller(each_line, each_line.exchange.placed(ANA).answer(), "en").hears(say.CASE_DONE, say.NEWS_PRESS)
    caller.press("1").hears(say.CASE_DONE)
    assert each_line.rows(schema.codes)[-1].code in re.sub(r"\D", "", caller.heard)
    caller.press("0").hears(say.WHAT_ABOUT)
    caller.press("8", f"{reference(each_line)}#").hears(say.CASE_DONE).hears_nothing_of(say.HEAR_ALL)
    caller.hang_up()
    each_line.exchange.settle()
    assert [row.status for row in each_line.rows(schema.rings)] == ["over"]
    assert each_line.exchange.debugger == []


def test_a_machine_hears_nothing_private(line: Line) -> None:
    gets_no_texts(line)
    asks_for_news(line, "day").hang_up()
    says(line, CaseStatus.DONE)
    line.clock.later(hours=2)
    works(line)
    caller = Caller(line, line.exchange.placed(ANA).answer(by="machine_start"), "en")
    title = line.plainline.catalog.services["senior_transport_card"].title
    caller.hears(say.CASE_DONE).hears_nothing_of(say.text(title))
    caller.silence()
    assert caller.call.over


def test_whoever_does_not_answer_is_called_on_three_days_and_staff_see_it(each_line: Line) -> None:
    gets_no_texts(each_line)
    asks_for_news(each_line, "morning").hang_up()
    says(each_line, CaseStatus.DONE)
    for _ in range(NEWS_TRIES):
        works(each_line)
        each_line.exchange.placed(ANA).not_answered("no-answer")
        each_line.exchange.settle()
        works(each_line)  # not again on the same day
        each_line.clock.later(days=1)
        each_line.clock.now += timedelta(days=int(each_line.clock.now.day == 26))  # Thanksgiving
    placed = [call for call in each_line.exchange.calls if call.leg.direction == "outbound-api"]
    assert len(placed) == NEWS_TRIES
    [person] = each_line.plainline.accounts.store.all()
    case = each_line.plainline.desk.case(person, reference(each_line))
    assert case is not None
    wanted, call = each_line.plainline.desk.news_of(case)
    assert wanted is not None
    assert (wanted.times, call) == (Times.MORNING, "in_vain")


def test_a_call_whose_end_is_told_twice_is_placed_once_more_and_not_twice(line: Line) -> None:
    gets_no_texts(line)
    asks_for_news(line, "day").hang_up()
    says(line, CaseStatus.DONE)
    line.clock.later(hours=2)
    works(line)
    first = line.exchange.placed(ANA)
    first.not_answered("busy")
    line.exchange.settle()
    [ring] = line.rows(schema.rings)
    line.plainline.missed_calls.over(ring.id, first.leg.sid, taken=False)
    line.clock.later(days=2)
    works(line)
    line.plainline.missed_calls.over(ring.id, first.leg.sid, taken=False)
    works(line)
    placed = [call for call in line.exchange.calls if call.leg.direction == "outbound-api"]
    assert len(placed) == 2
