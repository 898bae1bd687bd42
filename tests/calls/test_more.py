"""Long answers by text: as much as three segments hold, ended with a sentence, and the rest for whoever writes MORE."""

from __future__ import annotations

import pytest

from core import phrases as say
from core.sms import MOST_SEGMENTS, UNCUT, is_gsm, plain, segments
from tests.calls.line import ANA, LANGUAGES, Line, Texter
from tests.calls.test_texts import menu
from tests.console.clerks import Clerk

MORE = {"en": "MORE", "es": "MÁS", "zh_Hans": "更多", "ar": "المزيد"}
LONG = {
    "en": "This is sentence number {n} of a long answer that the office has written for you. ",
    "es": "Esta es la frase número {n} de una respuesta larga que la oficina escribió para usted. ",
    "zh_Hans": "这是办公室写给您的长回复里的第{n}句话，请您慢慢地读完它。",
    "ar": "هذه هي الجملة رقم {n} من الجواب الطويل الذي كتبه المكتب لك. ",
}


def long(language: str) -> str:
    return "".join(LONG[language].format(n=n) for n in range(1, 12)).strip()


def answered(line: Line, language: str) -> Texter:
    """They ask for a person, who writes a long answer."""
    texter = menu(line.texter(language)).write("0")
    clerk = Clerk(line).signs_in("/console/requests/1").sends("/claim")
    clerk.sends("/reply", text=long(language))
    line.deliver()
    return texter


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_answer_comes_in_pieces_of_three_segments_and_is_whole_in_the_end(line: Line, language: str) -> None:
    texter = answered(line, language)
    pieces, told = [texter.got[-1]], plain(line.words(say.MORE_TEXT, language, "sms"))
    while pieces[-1].endswith(told):
        pieces.append(texter.write(MORE[language]).answer)
    assert len(pieces) > 1
    assert all(segments(piece) <= MOST_SEGMENTS for piece in pieces[:-1])
    assert segments(pieces[-1]) <= UNCUT
    assert all(piece.removesuffix(told).rstrip()[-1] in ".。" for piece in pieces)
    whole = "".join(piece.removesuffix(told).strip() for piece in pieces)
    assert whole.replace(" ", "") == plain(long(language)).replace(" ", "")


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_fits_the_small_alphabet_stays_in_it(line: Line, language: str) -> None:
    assert is_gsm(answered(line, language).got[-1])


def test_the_rest_is_kept_over_other_questions_and_told_once(each_line: Line) -> None:
    texter = answered(each_line, "en").write("START").reads(say.WHAT_ABOUT)
    texter.write("2", "3").reads(say.ANYTHING_ELSE)
    rest = texter.write("MORE").answer
    assert "sentence number 1 " not in rest
    assert "sentence number 7 " in rest
    texter.write("1").reads(say.text("Residents of 65 and over."))
    while "MORE" in rest:
        rest = texter.write("MORE").answer
        assert "sentence number" in rest
    texter.write("MORE").reads(say.NOT_A_CHOICE)


def test_more_leaves_the_conversation_with_the_person_who_has_it(line: Line) -> None:
    texter = answered(line, "en").write("more please")
    assert "sentence number 7 " in texter.answer
    texter.write("thank you all").reads(say.PASSED_ON)


def test_a_form_is_read_back_whole_however_long_it_is(line: Line) -> None:
    name = "玛丽亚" * 60
    texter = menu(line.texter()).write("4", "2", "4", name, "May 3 1990", "2", "1", "1")
    assert segments(texter.answer) > UNCUT
    texter.reads(say.ALL_RIGHT)
    assert line.words(say.MORE_TEXT, "en", "sms") not in texter.answer


def test_a_callers_answer_by_text_is_sent_whole(line: Line) -> None:
    line.at_home().press("0").dial_result("no-answer").press("1").hang_up()
    Clerk(line).signs_in("/console/requests/1").sends("/claim").sends("/reply", text=long("en"))
    line.deliver()
    assert long("en") in "".join(text.body for text in line.exchange.outbox(ANA))
