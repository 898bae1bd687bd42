"""From the greeting to an answer, a text, a case and a reference: by keys and by speech, in every language."""

from __future__ import annotations

import re

import pytest

from core import codes, state
from core import phrases as say
from core.sms import plain
from core.types import Digits, Later, Listing, Param, Phone, Phrase
from ivr.voices import voice
from store import schema
from tests.calls.line import ANA, BEN, KEY, LANGUAGES, Caller, Line

SERVICE = "senior_transport_card"
SPEECH = {
    "en": ("free bus pass for old people", "I want to apply", "seventy two", "no", "one", "yes"),
    "es": ("pase de bus para personas de la tercera edad", "quiero aplicar", "setenta y dos", "no", "uno", "sí"),
    "zh_Hans": ("老年乘车卡", "我要申请", "七十二", "没有", "一", "是的"),
    "ar": ("بطاقة الباص المجانية لكبار السن", "أريد أن أقدم الآن", "اثنان وسبعون", "لا", "واحد", "نعم"),
}
"""The service, the wish to start, an age, no card yet, the first of two numbers, and yes."""


def reference_in(words: str) -> str:
    """The first nine digits with a check digit that were spoken one by one."""
    spoken = re.sub(r"(?<=\d)[ ,]+(?=\d)", "", words)
    found: list[str] = re.findall(r"(?<!\d)\d{9}(?!\d)", spoken)
    return next(number for number in found if codes.holds(number))


def hears_papers(caller: Caller) -> None:
    service, papers = caller.line.plainline.catalog.services[SERVICE], caller.line.plainline.catalog.papers
    listed = Listing(items=tuple(say.text(papers[id].title) for id in service.papers))
    caller.hears(say.text(service.who), say.phrase(say.BRING.id, papers=listed))


def hears_every_answer(caller: Caller) -> None:
    steps = caller.line.plainline.catalog.services[SERVICE].steps
    answers: tuple[Param, ...] = (72, say.NO, Digits(text=ANA))
    for step, answer in zip(steps, answers, strict=True):
        caller.hears(say.phrase(say.READ_BACK.id, question=say.text(step.ask), answer=answer))
    caller.hears(say.ALL_RIGHT)


def holds_one_case(line: Line, language: str, reference: str) -> None:
    (case,) = line.rows(schema.cases)
    assert (case.reference, case.service, case.language, case.status) == (reference, SERVICE, language, "received")
    assert state.read_answers(case.answers) == {"age": 72, "have_card": False, "phone": Phone(e164=ANA)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_by_keys_someone_hears_the_papers_gets_them_as_a_text_and_is_given_a_reference(
    each_line: Line, language: str
) -> None:
    caller = each_line.caller(language)
    caller.press(KEY[language], "2", "3", "1")
    hears_papers(caller)
    caller.press("5").hears(say.phrase(say.TEXT_TO.id, number=Digits(text=ANA)))
    caller.press("1").hears(say.TEXT_SENT)
    caller.press("4", "72#", "2", "1")
    hears_every_answer(caller)
    assert each_line.rows(schema.cases) == []
    caller.press("1")
    reference = reference_in(caller.heard)
    holds_one_case(each_line, language, reference)
    got_the_papers_as_a_text(each_line, language)


def got_the_papers_as_a_text(line: Line, language: str) -> None:
    assert line.exchange.outbox(ANA) == []
    line.deliver()
    (text,) = line.exchange.outbox(ANA)
    service = line.plainline.catalog.services[SERVICE]
    for told in (service.title,):
        assert plain(line.words(say.text(told), language, "sms")) in text.body
    assert text.status == "delivered"
    assert [row.status for row in line.rows(schema.receipts)] == ["delivered"]


@pytest.mark.parametrize("language", [code for code in LANGUAGES if voice(code).hears])
def test_by_speech_someone_names_the_service_and_is_given_a_reference(line: Line, language: str) -> None:
    service, start, *answers = SPEECH[language]
    caller = line.at_home(language)
    caller.say(service).hears(say.text(line.plainline.catalog.services[SERVICE].summary))
    caller.say(start, *answers[:-1])
    hears_every_answer(caller)
    caller.say(answers[-1])
    holds_one_case(line, language, reference_in(caller.heard))


@pytest.mark.parametrize("language", [code for code in LANGUAGES if voice(code).hears])
def test_words_can_be_left_for_later_by_saying_so(line: Line, language: str) -> None:
    caller = line.at_home(language).press("3", "1", "4", "1")
    caller.say(line.words(say.GIVE_LATER, language)).press("2", "1").hears(say.ALL_RIGHT)
    caller.press("1")
    (case,) = line.rows(schema.cases)
    assert state.read_answers(case.answers)["place"] == Later()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_heard_in_its_own_voice_from_the_first_menu_on(line: Line, language: str) -> None:
    caller = line.at_home(language)
    assert {spoken.voice for spoken in caller.call.heard[caller.before :]} == {voice(language).says}
    assert caller.call.gather is not None
    assert caller.call.gather.language == voice(language).hears


def test_the_greeting_names_each_language_in_itself(line: Line) -> None:
    caller = line.caller()
    assert "Alder Bay services." in caller.heard
    for name in ("English", "español", "中文", "العربية"):
        assert name in caller.heard, caller.call.transcript()


def test_another_language_is_one_key_to_a_person_with_an_interpreter(line: Line) -> None:
    caller = line.caller().press("5")
    assert caller.call.dialled is not None
    (wish,) = line.rows(schema.handoffs)
    assert (wish.why, wish.live, wish.callback) == ("interpreter_needed", True, ANA)
    spoken = {utterance.language for utterance in caller.call.heard[caller.before :]}
    assert spoken == {voice(code).language for code in LANGUAGES}


@pytest.mark.parametrize(("name", "speaks"), [("王小明", "cmn-CN"), ("ليلى حداد", "arb")])
def test_a_name_in_other_letters_is_read_back_by_a_voice_that_knows_them(line: Line, name: str, speaks: str) -> None:
    caller = line.at_home().press("4", "2", "4").say(name, confidence=0.3)
    assert [one.language for one in caller.call.heard if name in one.text] == [speaks]
    caller.hears(say.FOR_PERSON)


@pytest.mark.parametrize("language", KEY)
def test_a_second_call_begins_with_the_language_of_the_first_and_needs_no_key_for_it(
    each_line: Line, language: str
) -> None:
    each_line.at_home(language).hang_up()
    caller = each_line.caller(language)
    assert caller.call.heard[0].text.startswith(caller.line.words(welcome(each_line), language))
    caller.silence().hears(say.WHAT_ABOUT).hang_up()
    each_line.caller(from_=BEN).silence().hears(say.NO_ANSWER_HEARD)


def welcome(line: Line) -> Phrase:
    return say.phrase(say.WELCOME.id, town=line.plainline.catalog.town.name)
