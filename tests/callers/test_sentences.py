"""What is an offer of a key in each language, and what only has a digit in it."""

from __future__ import annotations

import pytest

from simulator.callers.sense import sense_of
from simulator.callers.sentences import asks, roots, sentences


def offered(language: str, said: str) -> list[tuple[str, str]]:
    talk = sense_of(language).talk
    return [(offer.thing, offer.key) for sentence in sentences(said) for offer in talk.offers(sentence)]


@pytest.mark.parametrize(
    ("language", "said", "offers"),
    [
        (
            "en",
            "For school, children and library, press 5. buses, 2.",
            [("For school, children and library", "5"), ("buses", "2")],
        ),
        ("en", "Press 1 for parking.", [("for parking", "1")]),
        (
            "en",
            "Press 0 for a person, 9 to hear it again, star to go back.",
            [("for a person", "0"), ("to hear it again", "9"), ("to go back", "*")],
        ),
        ("en", "For a person, press 0 and the hash key.", [("For a person", "0")]),
        ("es", "Para Ayuda en casa, oprima 1. Comida, 2.", [("Para Ayuda en casa", "1"), ("Comida", "2")]),
        ("zh_Hans", "居家照顾，请按1。 巴士、停车，2。", [("居家照顾", "1"), ("巴士、停车", "2")]),
        ("zh_Hans", "找工作人员请按0，再听一遍请按9。", [("找工作人员", "0"), ("再听一遍", "9")]),
        ("ar", "المساعدة المنزلية: اضغط 1. توصيل الوجبات: 2.", [("المساعدة المنزلية", "1"), ("توصيل الوجبات", "2")]),
    ],
)
def test_keys_are_heard_for_their_things(language: str, said: str, offers: list[tuple[str, str]]) -> None:
    assert offered(language, said) == offers


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Bus 2 goes to the hospital every 20 minutes."),
        ("en", "Your reference is 9 2 7, 1 2 3, 6 3 8."),
        ("en", "It is open from 10 to 4."),
        ("en", "How old are you? 72."),
        ("es", "Paga $8 por hora."),
        ("zh_Hans", "服务编号3位，接续码8位，查询号9位。"),
        ("zh_Hans", "有这张证可以停轮椅标志的车位，5年有效。"),
    ],
)
def test_a_digit_alone_offers_nothing(language: str, said: str) -> None:
    assert offered(language, said) == []


@pytest.mark.parametrize("said", ["Which one?", "哪一项？", "أيّها؟", "¿Cuál?"])
def test_a_question_is_heard_as_one(said: str) -> None:
    assert asks(said)


def test_endings_do_not_hide_what_a_word_is() -> None:
    assert roots("the streets", "en") & roots("a street", "en")
    assert roots("calles", "es") & roots("la calle", "es")
    assert roots("والحافلات", "ar") & roots("الحافلات", "ar")
    assert "停车" in roots("停车罚单", "zh_Hans")
