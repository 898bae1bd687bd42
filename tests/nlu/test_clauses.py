"""More than one wish in a sentence, and what is not meant."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.commands import Lexicon, fold
from core.types import Alternative, Understanding
from nlu.clauses import MOST_CLAUSES, Clauses, cutter

EN = Lexicon(
    language="en",
    commands={},
    yes=(),
    no=(),
    denials=("not the", "I don't want", "instead of"),
    joinings=("and", "and also"),
)
ZH = Lexicon(language="zh", commands={}, yes=(), no=(), denials=("不要",), joinings=("还有",), spaced=False)

SIGNS = {"lamp": "lamp", "tree": "tree", "bus card": "card", "bins": "bins", "路灯": "lamp", "公交卡": "card"}


@dataclass(frozen=True, kw_only=True)
class Signs:
    """An engine that knows services by one sign each, and is surest of the shortest text with one."""

    asked: list[str] = field(default_factory=list)

    def parse(self, text: str, language: str) -> Understanding:
        self.asked.append(text)
        words = fold(text)
        found = [slug for sign, slug in SIGNS.items() if sign in words]
        language = "zh" if any("\u4e00" <= sign <= "\u9fff" for sign in text) else language
        danger = "fire" if "fire" in words else ""
        if len(found) != 1:
            pair = tuple(Alternative(service=slug, confidence=0.4) for slug in found)
            return Understanding(alternatives=pair, language=language, danger=danger)
        sure = 0.99 - len(words) / 1000
        return Understanding(service=found[0], confidence=sure, language=language, danger=danger)


def parse(text: str) -> Understanding:
    return Clauses(engine=Signs(), cutters={"en": cutter(EN), "zh": cutter(ZH)}).parse(text, "en")


@pytest.mark.parametrize(
    ("text", "first", "also"),
    [
        ("the lamp is out and a tree fell", "lamp", ("tree",)),
        ("The lamp is out. A tree fell, and also my bus card is lost!", "lamp", ("tree", "card")),
        ("the bins; the lamp; the tree; the bus card", "bins", ("lamp", "tree")),
        ("the bins, the lamp", "", ()),
        ("the lamp is out and the lamp post leans", "lamp", ()),
        ("the lamp is out and dark", "lamp", ()),
        ("路灯坏了还有公交卡丢了", "lamp", ("card",)),
        ("sandy lamp", "lamp", ()),
    ],
)
def test_each_wish_in_a_sentence_is_heard_in_its_order(text: str, first: str, also: tuple[str, ...]) -> None:
    meant = parse(text)
    assert (meant.service, meant.also) == (first, also)


@pytest.mark.parametrize(
    ("text", "denied", "service"),
    [
        ("not the bus card", "card", ""),
        ("not the bus card, the lamp", "card", "lamp"),
        ("not the bus card the lamp is out", "card", "lamp"),
        ("the lamp, not the bus card", "card", "lamp"),
        ("the lamp instead of the bus card", "card", "lamp"),
        ("I don't want the bins", "bins", ""),
        ("不要公交卡，路灯", "card", "lamp"),
        ("why is not the lamp lit", "", "lamp"),
        ("not the bins again, nobody came", "", "bins"),
        ("not the lamp, nobody came", "", "lamp"),
        ("not the first time I ask", "", ""),
    ],
)
def test_what_is_not_meant_is_taken_away(text: str, denied: str, service: str) -> None:
    meant = parse(text)
    assert (meant.denied, meant.service) == (denied, service)


def test_what_the_whole_is_about_comes_first_and_another_part_may_tell_the_story() -> None:
    @dataclass(frozen=True)
    class Sure:
        def parse(self, text: str, language: str) -> Understanding:
            service = "card" if "need" in text else "lamp"
            return Understanding(service=service, confidence=0.99, language=language)

    meant = Clauses(engine=Sure(), cutters={"en": cutter(EN)}).parse("I was born here and I need a card", "en")
    assert (meant.service, meant.also) == ("card", ("lamp",))


def test_danger_in_any_clause_is_kept() -> None:
    assert parse("a fire, the lamp is out and a tree fell").danger == "fire"
    assert parse("there is a fire, not the bus card, the lamp").danger == "fire"


def test_a_story_of_many_clauses_is_about_one_thing() -> None:
    assert parse("the lamp, " * MOST_CLAUSES + "the tree").also == ()


def test_a_plain_sentence_is_asked_about_once() -> None:
    engine = Signs()
    Clauses(engine=engine, cutters={"en": cutter(EN)}).parse("the lamp is out", "en")
    assert engine.asked == ["the lamp is out"]


def test_a_language_without_such_words_is_left_to_the_engine() -> None:
    bare = cutter(Lexicon(language="en", commands={}, yes=(), no=()))
    meant = Clauses(engine=Signs(), cutters={"en": bare}).parse("lamp and tree", "en")
    assert {one.service for one in meant.alternatives} == {"lamp", "tree"}


@given(st.text(max_size=600))
def test_any_text_is_understood_somehow(text: str) -> None:
    assert isinstance(parse(text), Understanding)
