"""The same dialogue by text message: answers through the outbox, STOP and START, and whatever people send."""

from __future__ import annotations

import re

import pytest

from app.outbox import RESEND
from core import codes
from core import phrases as say
from core.sms import plain
from core.types import Digits, Phone
from simulator.exchange import Fault
from store import schema
from tests.calls.line import ANA, LANGUAGES, Line, Texter, twilio_signs
from tests.calls.test_languages import SPEECH, holds_one_case

FIRST_WORDS = {language: words[0] for language, words in SPEECH.items()}


def menu(texter: Texter) -> Texter:
    """They write for the first time and choose their language."""
    return texter.write("?", str(LANGUAGES.index(texter.language) + 1)).reads(say.WHAT_ABOUT)


def reference_in(text: str) -> str:
    found: list[str] = re.findall(r"(?<!\d)\d{9}(?!\d)", re.sub(r"(?<=\d) (?=\d)", "", text))
    return next(number for number in found if codes.holds(number))


@pytest.mark.parametrize("language", LANGUAGES)
def test_by_text_someone_hears_of_a_service_starts_it_and_gets_a_reference(each_line: Line, language: str) -> None:
    texter = menu(each_line.texter(language)).write("2", "3").reads(say.ANYTHING_ELSE)
    texter.write("1").reads(say.text("Residents of 65 and over."))
    texter.write("4", "72", "2", "1").reads(say.ALL_RIGHT)
    texter.reads(say.phrase(say.READ_BACK.id, question=say.text("How old are you?"), answer=72))
    assert each_line.rows(schema.cases) == []
    texter.write("1")
    holds_one_case(each_line, language, reference_in(texter.answer))
    assert {row.status for row in each_line.rows(schema.outbox)} == {"sent"}
    assert {row.status for row in each_line.rows(schema.receipts)} == {"delivered"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_someone_who_just_says_what_they_need_is_answered_in_their_language(line: Line, language: str) -> None:
    texter = line.texter(language).write(FIRST_WORDS[language])
    texter.reads(say.text(line.plainline.catalog.services["senior_transport_card"].summary))


def test_the_answer_is_owed_before_the_provider_is_told_that_the_text_was_taken(each_line: Line) -> None:
    each_line.exchange.sms(ANA, "", "?")
    (owed,) = each_line.rows(schema.outbox)
    assert (owed.status, owed.to_address, owed.channel) == ("pending", ANA, "sms")
    assert each_line.exchange.outbox(ANA) == []
    each_line.deliver()
    assert [text.body for text in each_line.exchange.outbox(ANA)] == [owed.body]


# --- STOP, START, HELP ---------------------------------------------------------------------------------------

OUR_STOPS = {"es": "ALTO", "zh_Hans": "退订", "ar": "توقف"}


@pytest.mark.parametrize("word", ["STOP", "stopall", "Unsubscribe", "cancel", "END", "quit", "optout", "revoke"])
def test_the_providers_own_words_for_stop_are_answered_by_the_provider_alone(line: Line, word: str) -> None:
    texter = menu(line.texter())
    before = len(texter.got)
    texter.write(word, "2", "free bus pass for old people")
    assert len(texter.got) == before
    assert [row.allowed for row in line.rows(schema.consents)] == [False]


@pytest.mark.parametrize("language", [code for code in OUR_STOPS if code in LANGUAGES])
def test_stop_in_another_language_is_answered_once_and_then_nothing_is_sent(each_line: Line, language: str) -> None:
    texter = menu(each_line.texter(language)).write(OUR_STOPS[language]).reads(say.STOPPED)
    texter.write("2", FIRST_WORDS[language])
    assert texter.answer == ""
    assert [row.allowed for row in each_line.rows(schema.consents)] == [False]
    assert FIRST_WORDS[language] in [row.said for row in each_line.rows(schema.turns)]


@pytest.mark.parametrize("language", [code for code in OUR_STOPS if code in LANGUAGES])
def test_start_brings_the_texts_back(each_line: Line, language: str) -> None:
    texter = menu(each_line.texter(language)).write(OUR_STOPS[language], "START")
    texter.reads(say.STARTED, say.WHAT_ABOUT)
    texter.write("2").reads(say.text("Senior transport card"))
    assert [row.allowed for row in each_line.rows(schema.consents)] == [True]


@pytest.mark.parametrize("word", ["START", "unstop"])
def test_start_after_the_providers_stop_brings_the_texts_back(line: Line, word: str) -> None:
    texter = menu(line.texter()).write("STOP", word).reads(say.STARTED, say.WHAT_ABOUT)
    assert [row.allowed for row in line.rows(schema.consents)] == [True]
    assert len(texter.got) == 3


LOOSE_STOPS = {
    "en": "STOP PLEASE",
    "es": "por favor no me escriban más",
    "zh_Hans": "请不要再发了",
    "ar": "لا ترسلوا لي رسائل",
}
NO_STOPS = {"en": "stop the noise", "es": "quiero parar la obra", "zh_Hans": "停止施工", "ar": "أوقفوا الضجيج"}
LOOSE_STARTS = {
    "en": "start please",
    "es": "pueden escribirme otra vez",
    "zh_Hans": "请重新订阅",
    "ar": "أرسلوا لي رسائل مرة أخرى",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_stop_and_start_are_understood_as_people_write_them_and_where_from_is_kept(
    each_line: Line, language: str
) -> None:
    texter = menu(each_line.texter(language)).write(NO_STOPS[language])
    assert each_line.rows(schema.consents) == []
    texter.write(LOOSE_STOPS[language]).reads(say.STOPPED)
    assert texter.write("2").answer == ""
    texter.write(LOOSE_STARTS[language]).reads(say.STARTED)
    history = [(row.allowed, row.source, row.staff) for row in each_line.rows(schema.consent_history)]
    assert history == [(False, "resident", None), (True, "resident", None)]


def test_what_was_queued_before_stop_came_is_not_sent(each_line: Line) -> None:
    menu(each_line.texter("es"))
    each_line.exchange.sms(ANA, "", "2")
    each_line.exchange.sms(ANA, "", "ALTO")
    each_line.deliver()
    answer, stopped = each_line.rows(schema.outbox)[-2:]
    assert (answer.status, stopped.status) == ("refused", "sent")


def test_a_stop_that_the_provider_alone_knew_of_is_kept_when_it_refuses_a_text(each_line: Line) -> None:
    texter = menu(each_line.texter("es"))
    each_line.exchange.texts.opted_out.add((each_line.exchange.number, ANA))
    texter.write("2")
    each_line.exchange.texts.opted_out.clear()
    assert texter.write("3").answer == ""
    assert [(row.allowed, row.source) for row in each_line.rows(schema.consent_history)] == [(False, "provider")]
    assert [row.status for row in each_line.rows(schema.outbox)][-2:] == ["failed", "refused"]
    texter.write("START").reads(say.STARTED)


def test_start_is_heard_although_the_thread_in_which_stop_was_said_is_forgotten(each_line: Line) -> None:
    texter = menu(each_line.texter("es")).write("ALTO")
    with each_line.database.writing() as connection:
        connection.execute(schema.conversations.delete())
        connection.commit()
    assert texter.write("hola").answer == ""
    texter.write("START").reads(say.STARTED)


def test_yes_after_stop_is_start_as_it_is_for_the_provider(line: Line) -> None:
    menu(line.texter()).write("STOP", "YES").reads(say.STARTED)


@pytest.mark.parametrize(("kind", "allowed"), [("STOP", False), ("START", True)])
def test_words_that_were_set_up_at_the_provider_count_as_it_says(line: Line, kind: str, allowed: bool) -> None:
    texter = menu(line.texter("es")).write("ALTO").write("FUERA" if kind == "STOP" else "ALTA", OptOutType=kind)
    assert line.rows(schema.consents)[0].allowed is allowed
    before = len(texter.got)
    texter.write("INFORMES", OptOutType="HELP")
    assert len(texter.got) == before


def test_danger_is_answered_although_they_said_stop(each_line: Line) -> None:
    texter = menu(each_line.texter("es")).write("ALTO", "auxilio")
    texter.reads(say.phrase(say.EMERGENCY.id, number=Digits(text="911")))
    assert [row.why for row in each_line.rows(schema.handoffs)] == ["danger"]


def test_if_the_provider_refuses_the_answer_to_danger_staff_can_see_it(each_line: Line) -> None:
    texter = menu(each_line.texter()).write("STOP", "my husband cannot breathe")
    assert texter.answer == ""
    last = each_line.rows(schema.outbox)[-1]
    assert (last.status, last.last_code, last.forced) == ("failed", "21610", True)
    assert [row.why for row in each_line.rows(schema.handoffs)] == ["danger"]


def test_a_caller_is_told_that_this_number_wants_no_texts(line: Line) -> None:
    line.texter().write("STOP")
    line.at_home().press("2", "3", "5", "1").hears(say.TEXT_NOT_ALLOWED)
    assert line.rows(schema.outbox) == []


def test_help_is_answered_by_the_provider_and_not_a_second_time(line: Line) -> None:
    texter = menu(line.texter())
    texter.write("HELP")
    assert texter.answer == ""
    assert any(text.by_exchange for text in line.exchange.outbox(ANA))


@pytest.mark.parametrize(("language", "word"), [("es", "ayuda"), ("zh_Hans", "帮助")])
def test_help_in_another_language_says_how_to_reach_a_person(line: Line, language: str, word: str) -> None:
    texter = menu(line.texter(language)).write(word)
    assert "911" not in texter.answer
    assert "555-0101" in texter.answer
    texter.write("2").reads(say.text("Senior transport card"))


# --- delivery ------------------------------------------------------------------------------------------------


def test_the_same_text_delivered_twice_is_answered_once(each_line: Line) -> None:
    texter = menu(each_line.texter())
    before = len(texter.got)
    each_line.exchange.trouble.arrange(Fault.TWICE, "/sms")
    texter.write("2").reads(say.text("Senior transport card"))
    assert len(texter.got) == before + 1


def test_an_old_text_that_comes_again_is_not_applied_again(each_line: Line) -> None:
    texter = menu(each_line.texter()).write("2", "3").reads(say.ANYTHING_ELSE)
    old = next(text for text in each_line.exchange.texts.all if text.body == "2")
    before = each_line.counts()
    each_line.exchange.texts.post(old)
    assert each_line.counts() == before
    texter.write("1").reads(say.text("Residents of 65 and over."))


def test_a_lost_answer_to_a_text_loses_nothing(each_line: Line) -> None:
    texter = menu(each_line.texter())
    before = len(texter.got)
    each_line.exchange.trouble.arrange(Fault.LOST_ANSWER, "/sms", times=2)
    texter.write("2").reads(say.text("Senior transport card"))
    assert len(texter.got) == before + 1


def test_receipts_that_come_out_of_order_and_twice_end_as_delivered(each_line: Line) -> None:
    each_line.exchange.callbacks.hold()
    each_line.exchange.sms(ANA, "", "?")
    each_line.deliver()
    held = each_line.exchange.callbacks.held
    assert [callback.said["MessageStatus"] for callback in held] == ["sent", "delivered"]
    held[:] = [*reversed(held), *held]
    each_line.exchange.callbacks.release()
    each_line.exchange.settle()
    assert [row.status for row in each_line.rows(schema.receipts)] == ["delivered"]


@pytest.mark.parametrize("fate", ["undelivered", "failed"])
def test_a_text_that_did_not_arrive_is_visible_to_staff(each_line: Line, fate: str) -> None:
    each_line.exchange.texts.fate(ANA, fate, 30003)
    each_line.texter().write("?")
    assert [(row.status, row.code) for row in each_line.rows(schema.receipts)] == [(fate, "30003")]
    assert "text_lost" in [row.event for row in each_line.rows(schema.audit)]


def test_a_provider_that_asks_to_wait_is_tried_again(each_line: Line) -> None:
    each_line.exchange.rest_trouble.arrange(Fault.REFUSED, "/", status=429)
    texter = each_line.texter().write("?")
    assert texter.got == []
    each_line.clock.later(seconds=30)
    each_line.deliver()
    assert len(texter.got) == 1


def test_a_text_whose_sending_ended_without_an_answer_is_looked_for_and_not_sent_twice(each_line: Line) -> None:
    each_line.clock.now = each_line.exchange.now()  # the provider is asked for what it sent since then
    each_line.exchange.rest_trouble.arrange(Fault.LOST_ANSWER, "/")
    texter = each_line.texter().write("?")
    assert [row.status for row in each_line.rows(schema.outbox)] == ["unknown"]
    each_line.clock.later(minutes=1)
    each_line.deliver()
    assert [row.status for row in each_line.rows(schema.outbox)] == ["sent"]
    assert len(texter.got) == 1


# --- texts that do not arrive ---------------------------------------------------------------------------------


def test_a_text_to_a_telephone_that_is_off_is_sent_again_later_and_given_up_in_the_end(each_line: Line) -> None:
    each_line.exchange.texts.fate(ANA, "undelivered", 30003)
    texter = each_line.texter().write("?")
    for n, wait in enumerate(RESEND, start=1):
        each_line.deliver()
        (owed,) = each_line.rows(schema.outbox)
        assert (owed.status, owed.resends, owed.why, len(texter.got)) == ("pending", n, "out_of_reach", n)
        each_line.clock.later(seconds=wait.total_seconds() + 1)
        each_line.deliver()
    each_line.deliver()
    each_line.clock.later(days=1)
    assert each_line.deliver() == 0
    assert len(texter.got) == len(RESEND) + 1
    (owed,) = each_line.rows(schema.outbox)
    assert (owed.status, owed.why) == ("sent", "out_of_reach")
    assert [row.status for row in each_line.rows(schema.receipts)] == ["undelivered"] * (len(RESEND) + 1)


def test_once_it_arrives_it_is_not_sent_again(each_line: Line) -> None:
    each_line.exchange.texts.fate(ANA, "undelivered", 30003)
    texter = each_line.texter().write("?")
    each_line.deliver()
    each_line.exchange.texts.fate(ANA, "delivered")
    each_line.clock.later(hours=1)
    each_line.deliver()
    each_line.clock.later(days=1)
    assert each_line.deliver() == 0
    assert len(texter.got) == 2


def test_a_question_that_the_talk_has_left_behind_is_not_sent_again(each_line: Line) -> None:
    each_line.exchange.texts.fate(ANA, "undelivered", 30003)
    texter = each_line.texter().write("?")
    each_line.deliver()
    each_line.exchange.texts.fate(ANA, "delivered")
    texter.write("1").reads(say.WHAT_ABOUT)
    each_line.clock.later(hours=1)
    each_line.deliver()
    assert len(texter.got) == 2
    assert [row.status for row in each_line.rows(schema.outbox)] == ["failed", "sent"]


def test_stop_holds_for_what_is_to_be_sent_again_too(each_line: Line) -> None:
    each_line.exchange.texts.fate(ANA, "undelivered", 30003)
    texter = menu(each_line.texter("es"))
    texter.write("ALTO")
    each_line.deliver()
    before = len(texter.got)
    each_line.clock.later(hours=1)
    each_line.deliver()
    assert len(texter.got) == before + 1  # the answer to STOP alone
    assert texter.got[-1] == plain(each_line.words(say.STOPPED, "es", "sms"))


@pytest.mark.parametrize("code", [30006, 30005])
def test_a_number_that_gets_no_texts_is_remembered_until_one_comes_from_it(each_line: Line, code: int) -> None:
    each_line.exchange.texts.fate(ANA, "undelivered", code)
    each_line.at_home().press("2", "3", "5", "1").hears(say.TEXT_SENT)
    each_line.deliver()
    assert [(row.channel, row.address) for row in each_line.rows(schema.no_texts)] == [("sms", ANA)]
    each_line.clock.later(days=1)
    assert each_line.deliver() == 0  # and it is not sent again
    caller = each_line.at_home().press("2", "3").hears_nothing_of(say.ASK_TEXT)
    caller.hears(say.phrase(say.AND_PRESS.id, label=say.ASK_CODE, key="5"))
    each_line.exchange.texts.fate(ANA, "delivered")
    each_line.texter().write("?")
    assert each_line.rows(schema.no_texts) == []
    each_line.at_home().press("2", "3").hears(say.phrase(say.AND_PRESS.id, label=say.ASK_TEXT, key="5"))


@pytest.mark.parametrize("code", [21614, 21635, 21211])
def test_a_number_that_the_provider_refuses_is_remembered_too(line: Line, code: int) -> None:
    line.exchange.texts.refuse(ANA, code)
    line.at_home().press("2", "3", "5", "1").hears(say.TEXT_SENT)
    line.deliver()
    assert [row.address for row in line.rows(schema.no_texts)] == [ANA]


@pytest.mark.parametrize("code", [30007, 30034, 21408])
def test_a_text_that_was_held_back_says_nothing_of_the_number(line: Line, code: int) -> None:
    line.exchange.texts.fate(ANA, "undelivered", code)
    line.texter().write("?")
    line.clock.later(days=1)
    assert line.deliver() == 0
    assert line.rows(schema.no_texts) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_asks_for_a_text_by_word_is_told_that_the_number_gets_none(line: Line, language: str) -> None:
    line.exchange.texts.refuse(ANA, 21614)
    line.at_home().press("2", "3", "5", "1")
    line.deliver()
    caller = line.at_home(language).press("2", "3")
    caller.say(line.words(say.ASK_TEXT, language)).hears(say.NO_TEXTS_THERE, say.ANYTHING_ELSE)


def test_a_number_that_turns_out_to_get_no_texts_during_the_call_is_told_so(line: Line) -> None:
    line.exchange.texts.refuse(ANA, 21614)
    caller = line.at_home().press("2", "3", "5", "1").hears(say.TEXT_SENT)
    line.deliver()
    caller.press("5", "1").hears(say.NO_TEXTS_THERE)
    caller.hears_nothing_of(say.TEXT_NOT_ALLOWED)


def test_a_late_report_undoes_no_final_one_and_starts_nothing(each_line: Line) -> None:
    each_line.texter().write("?")
    (row,) = each_line.rows(schema.receipts)
    form = {"MessageSid": row.provider_id, "MessageStatus": "undelivered", "ErrorCode": "30006", "To": ANA}
    form["AccountSid"] = each_line.exchange.account_sid
    assert each_line.post("/sms/status", form, sign=twilio_signs).status == 204
    assert [row.status for row in each_line.rows(schema.receipts)] == ["delivered"]
    assert each_line.rows(schema.no_texts) == []
    assert each_line.deliver() == 0


# --- whatever people send ------------------------------------------------------------------------------------

ODD = {
    "10,000 characters": "help me please " * 700,
    "10,000 letters without a blank": "x" * 10_000,
    "emoji alone": "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f1fa\U0001f1f8",
    "control characters": "\x01\x02\x07\x1b[31m\x7f",
    "a null": "a\x00b",
    "right-to-left marks": "\u202e\u200f\u2067abc\u2069",
    "markup": "<script>alert(1)</script><Say>hi</Say>&amp;]]>",
    "a statement": "'; DROP TABLE cases; --",
    "a template": "{town} %s %(x)s ${x} {{7*7}}",
    "nothing": "",
    "blanks": "   \n\t ",
    "mixed scripts": "привет мир hello 你好 مرحبا",
    "newlines": "\r\n\r\n1\r\n",
    "digits without end": "9" * 400,
    "punctuation": "?!...",
}


def answers_and_goes_on(line: Line, body: str) -> None:
    texter = menu(line.texter()).write(body)
    assert texter.answer != ""
    assert line.exchange.debugger == []
    texter.write("START").reads(say.WHAT_ABOUT)
    texter.write("2").reads(say.text("Senior transport card"))


@pytest.mark.parametrize("odd", ODD)
def test_whatever_is_sent_is_answered_and_the_talk_goes_on_after(line: Line, odd: str) -> None:
    answers_and_goes_on(line, ODD[odd])


@pytest.mark.parametrize("odd", ["a null", "a statement", "emoji alone", "right-to-left marks"])
def test_each_database_keeps_whatever_is_sent(each_line: Line, odd: str) -> None:
    menu(each_line.texter()).write("0", ODD[odd]).reads(say.PASSED_ON)
    assert each_line.rows(schema.turns)[-1].said


@pytest.mark.parametrize("odd", ODD)
def test_whatever_is_sent_first_is_answered(line: Line, odd: str) -> None:
    texter = line.texter().write(ODD[odd])
    assert texter.answer != ""
    assert line.exchange.debugger == []


def test_a_picture_is_answered_with_what_can_be_done(line: Line) -> None:
    menu(line.texter()).picture().reads(say.NOT_WRITTEN, say.WHAT_ABOUT)


@pytest.mark.parametrize("digits", ["2", "２", "٢", " 2 ", "2.", "\u200f2"])
def test_a_digit_is_a_digit_in_every_script(line: Line, digits: str) -> None:
    menu(line.texter()).write(digits).reads(say.text("Senior transport card"))


@pytest.mark.parametrize("digits", ["241", "２４１", "٢٤١", "2 4 1"])
def test_a_service_number_opens_the_service_in_every_script(line: Line, digits: str) -> None:
    menu(line.texter()).write(digits).reads(say.text("Senior transport card"), say.ANYTHING_ELSE)


@pytest.mark.parametrize("zero", ["0", "０", "٠"])
def test_0_is_a_person_in_every_script(line: Line, zero: str) -> None:
    menu(line.texter()).write(zero).reads(say.WAITING_TEXT)
    (wish,) = line.rows(schema.handoffs)
    assert (wish.medium, wish.address, wish.live) == ("sms", ANA, False)


def test_while_someone_waits_for_a_person_their_words_are_passed_on_and_start_goes_on_without(line: Line) -> None:
    texter = menu(line.texter()).write("0", "my card is blue").reads(say.PASSED_ON)
    assert line.rows(schema.turns)[-1].said == "my card is blue"
    texter.write("START").reads(say.WHAT_ABOUT)


def test_a_name_with_markup_and_quotes_is_kept_as_it_is_and_read_back(each_line: Line) -> None:
    name = 'O\'Brien <b>& "Söhne"</b>; --'
    texter = menu(each_line.texter()).write("4", "2", "4", name, "May 3 1990", "2", "1", "1")
    assert name in texter.answer
    texter.write("1")
    (case,) = each_line.rows(schema.cases)
    assert '"whose": ' in case.answers
    assert "O'Brien <b>&" in case.answers


@pytest.mark.parametrize("from_", ["12345", "ALERTS", "anonymous", ""])
def test_what_is_no_telephone_is_not_answered(line: Line, from_: str) -> None:
    form = {"MessageSid": "SM" + "1" * 32, "AccountSid": line.exchange.account_sid, "From": from_, "Body": "hi"}
    assert line.post("/sms", form, sign=twilio_signs).status == 200
    assert line.rows(schema.outbox) == []


def test_two_people_who_write_know_nothing_of_each_other(line: Line) -> None:
    ana, ben = menu(line.texter()), menu(line.texter("es", "+14155550124"))
    ana.write("2", "3", "4", "72")
    ben.write("2").reads(say.text("Senior transport card"))
    ana.write("2", "1").reads(say.ALL_RIGHT)
    ana.write("1")
    (case,) = line.rows(schema.cases)
    assert case.address == ANA
    assert Phone(e164=ANA).e164 in case.answers


def test_ids_hold_no_telephone_number(line: Line) -> None:
    menu(line.texter())
    for table in (schema.conversations, schema.audit):
        column = table.c.id if table is schema.conversations else table.c.conversation
        assert all("4155550123" not in str(getattr(row, column.name)) for row in line.rows(table))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_a_choice_choose_it(line: Line, language: str) -> None:
    texter = menu(line.texter(language))
    texter.write(line.words(say.text("streets and trash"), language, "sms")).reads(say.text("Broken streetlight"))
