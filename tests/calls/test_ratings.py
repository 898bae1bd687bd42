"""Residents say whether they got what they needed, by key, by word, by text; and the report counts it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app import report
from core import phrases as say
from core.reporting import Fact
from core.types import CaseStatus
from store import schema
from tests.calls.line import BEN, LANGUAGES, Caller, Line
from tests.calls.test_danger import DANGER
from tests.calls.test_news import says

YES = {"en": "yes", "es": "sí", "zh_Hans": "是", "ar": "نعم"}
THANKS = {"en": "thank you, bye", "es": "muchas gracias", "zh_Hans": "谢谢你", "ar": "شكرا جزيلا"}
HELLO = {"en": "hello", "es": "hola, buenas tardes", "zh_Hans": "你好", "ar": "مرحبا"}
COST, ALL = "2", "6"


def helped(line: Line, language: str = "en") -> Caller:
    """They have heard what the bus card costs, and are offered to be done."""
    return line.at_home(language).press("2", "3", COST).hears(say.THAT_WAS_ALL)


def ratings(line: Line) -> list[tuple[object, ...]]:
    return [tuple(row) for row in line.rows(schema.ratings)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_by_key_and_not_again_in_the_next_call(line: Line, language: str) -> None:
    helped(line, language).press(ALL).hears(say.GOT_IT).press("1").hears(say.CALL_DONE).hang_up()
    assert ratings(line) == [("2026-11", "senior_transport_card", language, "voice", True, 1)]
    helped(line, language).press(ALL).hears(say.CALL_DONE).hears_nothing_of(say.GOT_IT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_by_word(line: Line, language: str) -> None:
    caller = helped(line, language)
    caller.say(THANKS[language]).hears(say.GOT_IT)
    caller.say(YES[language]).hears(say.CALL_DONE)
    assert [row[4] for row in ratings(line)] == [True]


@pytest.mark.parametrize("language", LANGUAGES)
def test_by_text_with_no_text_only_to_ask(line: Line, language: str) -> None:
    ben = line.texter(language, BEN)
    ben.write(HELLO[language])
    texts = len(ben.got)
    ben.write("241", THANKS[language], "2").reads(say.SORRY)
    assert len(ben.got) == texts + 3  # each of theirs has one answer
    assert [row[3:] for row in ratings(line)] == [("sms", False, 1)]


def test_after_danger_nobody_is_asked(line: Line) -> None:
    caller = helped(line)
    caller.say(DANGER["en"])
    caller.press("2", ALL).hears(say.CALL_DONE)
    assert ratings(line) == []


def test_silence_ends_the_question(line: Line) -> None:
    caller = helped(line).press(ALL).silence().hears(say.CALL_DONE)
    assert line.words(say.GOT_IT, "en") not in caller.heard
    assert ratings(line) == []


def test_a_case_that_was_not_done_after_all_is_reopened_once(line: Line) -> None:
    line.at_home().press("2", "3", "4").enter("70").press("2", "1", "1").hang_up()
    for status in (CaseStatus.DONE, CaseStatus.IN_WORK, CaseStatus.DONE, CaseStatus.RECEIVED):
        line.clock.later(hours=1)
        says(line, status)
    span = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
    counted = line.plainline.report.counted(*span, "2026-11")
    assert [one.count for one in counted if one.fact is Fact.REOPENED] == [1]


def test_the_report_counts_what_came_of_calls_when_the_month_is_settled(line: Line) -> None:
    for _ in range(12):
        helped(line).press(ALL).hang_up()
    month = report.Month(year=2026, month=11)
    [whole] = report.make(line.plainline.report, month, line.plainline.catalog).of("all")
    assert whole.sums[report.OUTCOMES] == 12
