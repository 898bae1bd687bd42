"""Words that work everywhere, and words of danger."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.commands import Lexicon, fold, is_answer, spotter
from core.types import SECRET, Command, Conversation, Medium, Mode, Place, Scene

WORDS = spotter(
    [
        Lexicon(
            language="en",
            commands={Command.PERSON: ("person", "talk to a person"), Command.BACK: ("back",)},
            yes=("yes",),
            no=("no",),
            danger=("smell * gas", "fire", "not breathing"),
            harmless=("fire station",),
        ),
        Lexicon(
            language="zh_Hans",
            commands={Command.PERSON: ("人工",)},
            yes=("是",),
            no=("不是",),
            danger=("着火", "有人*打我"),
            spaced=False,
        ),
        Lexicon(language="ar", commands={Command.START: ("البداية",)}, yes=("نعم",), no=("لا",), danger=("حريق",)),
    ],
    ("911", "112"),
)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("person", Command.PERSON),
        ("  Person! ", Command.PERSON),
        ("Talk to a person.", Command.PERSON),
        ("PERSON", Command.PERSON),
        ("人工", Command.PERSON),
        ("البدايه", Command.START),
        ("الْبِدَايَة", Command.START),
        ("go back to the person", None),
        ("", None),
    ],
)
def test_a_command_is_the_whole_text(text: str, command: Command | None) -> None:
    assert WORDS.command(text) is command


@pytest.mark.parametrize(
    "text",
    [
        "I smell gas",
        "i can smell a lot of gas!",
        "FIRE",
        "the fire station is on fire",
        "厨房着火了",
        "有人一直打我",
        "911",
    ],
)
def test_danger_is_found_inside_a_sentence(text: str) -> None:
    assert WORDS.danger(text)


@pytest.mark.parametrize("text", ["where is the fire station", "smell the roses", "campfire", "I am 112 years old", ""])
def test_harmless_words_are_no_danger(text: str) -> None:
    assert WORDS.danger(text) == ""


@pytest.mark.parametrize("scene", Scene)
def test_only_what_people_want_is_no_answer(scene: Scene) -> None:
    now = Conversation(id="CA1", medium=Medium.SMS, address=None, place=(Place(scene=scene),))
    answers = {Scene.STEP, Scene.CHECK, Scene.CONFIRM, Scene.REDO, Scene.ZERO, Scene.DANGER}
    answers |= {Scene.CALLBACK, Scene.CALLBACK_NUMBER, Scene.CALLBACK_TIME, Scene.REMIND}
    answers |= {Scene.RECORD, Scene.RECORDING, Scene.RECORDED, Scene.NEWS}
    answers |= {Scene.CASE, Scene.WHO, Scene.DETAILS} | SECRET
    assert is_answer(now) is (scene in answers)
    assert not is_answer(replace(now, mode=Mode.WAITING))


def test_yes_and_no_are_exact() -> None:
    assert WORDS.yes_no("Yes.") is True
    assert WORDS.yes_no("不是") is False
    assert WORDS.yes_no("yes but no") is None


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("２４１", "241"),
        ("٢٤١", "241"),
        ("Café", "cafe"),
        ("أإآى", "اااي"),
        ("a\u200fb\u202e", "ab"),
        ("É-mail", "e mail"),
    ],
)
def test_text_is_made_comparable(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=300))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=2000))
def test_any_text_may_be_searched(text: str) -> None:
    WORDS.danger(text)
    WORDS.command(text)


CORRECTED = spotter(
    [
        Lexicon(language="en", commands={}, yes=(), no=(), corrections=("I meant", "no I meant", "no I said")),
        Lexicon(language="zh_Hans", commands={}, yes=(), no=(), corrections=("我是说", "不 我是说"), spaced=False),
        Lexicon(language="ar", commands={}, yes=(), no=(), corrections=("لا أقصد",)),
    ],
    ["911"],
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("No, I meant 12 Oak Street!", "12 Oak Street"),
        ("I meant: the tree", "the tree"),
        ("no, I said O'Brien", "O'Brien"),
        ("不，我是说路灯", "路灯"),
        ("我是说路灯", "路灯"),
        ("لا، أقصد الشجرة", "الشجرة"),
        ("I meant", ""),
        ("no I meant ...", ""),
        ("I meanthem", ""),
        ("what I meant is the tree", ""),
        ("", ""),
    ],
)
def test_what_follows_no_i_meant_is_what_counts(text: str, words: str) -> None:
    assert CORRECTED.correction(text) == words


@given(st.text(max_size=300))
def test_any_text_is_searched_for_a_correction(text: str) -> None:
    assert CORRECTED.correction(text) in text
