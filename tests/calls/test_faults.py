"""The database is gone, or we made a mistake: the caller still hears their language and reaches a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import Plainline
from core import phrases as say
from core.staff import Staff
from core.types import Digits, Phrase
from ivr.fallback import static_answer
from simulator.exchange.twiml import read_voice
from simulator.exchange.verbs import Dial
from store import schema
from store.unit_of_work import open_storage
from tests.calls.line import ANA, CIVIC_HALL, LANGUAGES, OPEN, OURS, Caller, Clock, Line, served, twilio_signs
from tests.calls.storages import Trouble, Troubled

EMERGENCY = say.phrase(say.EMERGENCY.id, number=Digits(text="911"))
FAULT = (say.TROUBLE, EMERGENCY, say.PUTTING_THROUGH)


def hears_in_each_language(caller: Caller, *phrases: Phrase) -> None:
    for language in LANGUAGES:
        caller.language = language
        caller.hears(*phrases)


@pytest.fixture(params=["postgresql://127.0.0.1:9/plainline", "sqlite:///{folder}/missing/plainline.db"])
def nowhere(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(request.param).format(folder=tmp_path)


def test_without_a_database_a_first_caller_hears_every_language_and_rings_the_office(
    wired: Plainline, nowhere: str
) -> None:
    with served(wired, nowhere, Clock(OPEN)) as line:
        caller = line.caller()
        hears_in_each_language(caller, *FAULT)
        assert caller.call.dialled is not None
        assert caller.call.dialled.numbers == (CIVIC_HALL,)
        assert caller.call.dialled.caller_id == OURS


@pytest.fixture
def troubled(sqlite_url: str) -> Iterator[Troubled]:
    behind = open_storage(sqlite_url)
    yield Troubled(behind)
    behind.close()


@pytest.fixture
def troubled_line(wired: Plainline, sqlite_url: str, clock: Clock, troubled: Troubled) -> Iterator[Line]:
    with served(wired, sqlite_url, clock, troubled) as made:
        yield made


@pytest.mark.parametrize("language", LANGUAGES)
def test_when_the_database_goes_during_a_call_it_is_said_in_the_callers_language(
    troubled_line: Line, troubled: Troubled, language: str
) -> None:
    caller = troubled_line.at_home(language)
    troubled.gone = True
    caller.press("2").hears(*FAULT)
    assert caller.call.dialled is not None
    for other in set(LANGUAGES) - {language}:
        assert troubled_line.words(say.PUTTING_THROUGH, other) not in caller.heard


@pytest.mark.parametrize("ill", ["gone", "mistaken"])
def test_whoever_would_rather_be_called_reaches_the_office_when_that_can_not_be_kept(
    troubled_line: Line, troubled: Troubled, ill: str
) -> None:
    accounts = troubled_line.plainline.accounts
    password = accounts.add(Staff(id=0, login="ines", name="Ines"))
    accounts.signed_in(accounts.sign_in("ines", password, "127.0.0.1"))
    troubled_line.clock.later(seconds=6)
    caller = troubled_line.at_home().press("0").hears(say.CALL_ME)
    setattr(troubled, ill, True)
    caller.press("1")
    assert caller.call.dialled is not None


@pytest.mark.parametrize("status", ["completed", "answered"])
def test_after_a_talk_without_a_database_the_caller_is_offered_a_person_again(
    troubled_line: Line, troubled: Troubled, status: str
) -> None:
    caller = troubled_line.at_home("es")
    troubled.gone = True
    caller.press("2").dial_result(status).hears(say.BACK_WITH_US, EMERGENCY, say.FOR_PERSON)
    caller.press("0").hears(*FAULT)
    assert caller.call.dialled is not None


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
def test_when_the_office_does_not_answer_either_the_caller_may_try_again(
    troubled_line: Line, troubled: Troubled, status: str
) -> None:
    caller = troubled_line.at_home("es")
    troubled.gone = True
    caller.press("2").dial_result(status).hears(say.NOBODY_FREE, EMERGENCY, say.FOR_PERSON)
    caller.press("5").hears(*FAULT)
    assert caller.call.dialled is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_database_only_three_silences_in_a_row_end_the_call(
    troubled_line: Line, troubled: Troubled, language: str
) -> None:
    caller = troubled_line.at_home(language)
    troubled.gone = True
    caller.press("2").dial_result("busy").silence(2).hears(say.NO_ANSWER_HEARD, say.FOR_PERSON)
    caller.press("0").dial_result("busy").silence(2)
    assert not caller.call.over
    caller.silence().hears(say.NO_KEY_THREE_TIMES, EMERGENCY, say.GOODBYE_HOURS)
    assert caller.call.ended_by == "application"


@pytest.mark.parametrize(("status", "told"), [("busy", say.NOBODY_FREE), ("completed", say.BACK_WITH_US)])
def test_once_the_database_is_back_the_caller_is_where_they_were(
    troubled_line: Line, troubled: Troubled, status: str, told: Phrase
) -> None:
    caller = troubled_line.at_home().press("2", "3", "4")
    troubled.gone = True
    caller.press("72#")
    troubled.gone = False
    caller.dial_result(status).hears(told, say.text("How old are you?"))
    caller.press("72#").hears(say.text("Do you already have a card?"))


@pytest.mark.parametrize("key", ["0", ""])
def test_once_the_database_is_back_the_next_key_or_silence_leads_to_where_they_were(
    troubled_line: Line, troubled: Troubled, key: str
) -> None:
    caller = troubled_line.at_home().press("2", "3", "4")
    troubled.gone = True
    caller.press("72#").dial_result("busy")
    troubled.gone = False
    (caller.press(key) if key else caller.silence()).hears(say.FAULT, say.text("How old are you?"))


def test_who_has_chosen_no_language_yet_hears_of_a_fault_in_each(troubled_line: Line, troubled: Troubled) -> None:
    caller = troubled_line.caller()
    troubled.gone = True
    hears_in_each_language(caller.press("3"), *FAULT)
    hears_in_each_language(caller.dial_result("busy"), say.NOBODY_FREE, EMERGENCY, say.FOR_PERSON)
    hears_in_each_language(caller.silence(), say.NO_ANSWER_HEARD, say.FOR_PERSON)
    hears_in_each_language(caller.silence(2), say.NO_KEY_THREE_TIMES, say.GOODBYE_HOURS)


def test_a_transfer_that_ends_without_a_database_rings_again(troubled_line: Line, troubled: Troubled) -> None:
    caller = troubled_line.at_home().press("0")
    troubled.gone = True
    caller.dial_result("no-answer").hears(*FAULT)
    assert caller.call.dialled is not None


def test_a_caller_who_hangs_up_without_a_database_is_no_fault_of_theirs(
    troubled_line: Line, troubled: Troubled
) -> None:
    caller = troubled_line.at_home()
    troubled.gone = True
    caller.hang_up()
    assert caller.call.over


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mistake_of_ours_is_spoken_and_the_question_asked_again(
    troubled_line: Line, troubled: Troubled, language: str
) -> None:
    caller = troubled_line.at_home(language).press("2", "3", "4")
    troubled.ahead = [Trouble.MISTAKE]
    caller.press("72#").hears(say.FAULT, say.text("How old are you?"), say.DIGITS_HELP)
    caller.press("72#").hears(say.text("Do you already have a card?"))
    assert len(troubled_line.rows(schema.conversations)) == 1


def test_a_mistake_of_ours_that_stays_leads_to_the_office(troubled_line: Line, troubled: Troubled) -> None:
    caller = troubled_line.at_home("es")
    troubled.mistaken = True
    caller.press("2").hears(*FAULT)
    assert caller.call.dialled is not None


def test_who_texts_while_nothing_can_be_kept_is_told_so_in_each_language(
    troubled_line: Line, troubled: Troubled
) -> None:
    troubled.gone = True
    troubled_line.exchange.sms(ANA, "", "free bus pass for old people")
    (told,) = troubled_line.exchange.outbox(ANA)
    for language in LANGUAGES:
        for phrase in (say.TROUBLE, say.WRITE_AGAIN, EMERGENCY):
            assert troubled_line.words(phrase, language, "sms") in told.body
    troubled.gone = False
    assert troubled_line.rows(schema.turns) == []


def test_a_text_that_only_a_later_try_could_bring_is_kept_and_answered_once(
    troubled_line: Line, troubled: Troubled
) -> None:
    troubled.ahead = [Trouble.GONE] * 4  # the first delivery and its three retries
    texter = troubled_line.texter().write("free bus pass for old people")
    texter.reads(say.text(troubled_line.plainline.catalog.services["senior_transport_card"].summary))
    assert len(texter.got) == 1


def test_who_texts_stop_while_nothing_can_be_kept_gets_no_text_from_us(troubled_line: Line, troubled: Troubled) -> None:
    troubled.mistaken = True
    troubled_line.exchange.sms(ANA, "", "STOP")
    assert all(text.by_exchange for text in troubled_line.exchange.outbox(ANA))


def test_the_fallback_address_says_that_something_went_wrong_and_asks_again(line: Line) -> None:
    caller = line.at_home("es")
    form = dict(caller.call.leg.form("in-progress")) | {"ErrorCode": "11200", "ErrorUrl": "https://line.example"}
    answer = line.post("/voice/resume", form, sign=twilio_signs)
    assert line.words(say.FAULT, "es") in answer.body
    assert line.words(say.WHAT_ABOUT, "es") in answer.body


def test_the_answer_for_another_host_is_sound_and_says_the_emergency_number_in_each_language(line: Line) -> None:
    document = static_answer(line.plainline)
    (dial,) = (verb for verb in read_voice(document.encode(), "text/xml") if isinstance(verb, Dial))
    assert dial.numbers == (CIVIC_HALL,)
    for language in LANGUAGES:
        assert line.words(EMERGENCY, language) in document
