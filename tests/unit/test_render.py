"""Prompts in words: the thing before its key on the phone, a numbered list in writing."""

from dataclasses import replace

import pytest

from core import phrases as say
from core.promises import said_badly
from core.render import Capabilities, Message, Then, render
from core.types import Choice, Conversation, Expect, HangUp, Medium, Phrase, Prompt, Transfer, Turn
from tests.unit.town import Plain

CHOICES = (
    Choice(key="1", id="a", label=say.text("meals")),
    Choice(key="2", id="b", label=say.text("How old are you?")),
)
MENU = Prompt(phrase=say.WHAT_ABOUT, choices=CHOICES, expect=Expect.CHOICE, open=True)
VOICE = Capabilities(medium=Medium.VOICE, speech=frozenset({"en"}))


def put(*prompts: Prompt, on: Capabilities = VOICE, language: str = "en", **turn: object) -> tuple[Message, ...]:
    now = Conversation(id="c", medium=on.medium, language=language, turn=4, pace=1)
    return render(Turn(conversation=now, prompts=prompts, **turn), Plain(), "en", on)  # type: ignore[arg-type]  # fields of Turn


def spoken(*prompts: Prompt, **more: object) -> list[str]:
    return [part.text for part in put(*prompts, **more)[0].parts]  # type: ignore[arg-type]  # as above


def test_on_the_phone_the_thing_comes_before_its_key_and_a_person_last() -> None:
    assert spoken(MENU) == [
        "What is it about?",
        "For meals, press 1.",
        "How old are you, 2.",
        "For a person, press 0.",
        "If you have a number, press 8.",
        "Or say what you need.",
    ]


WHOLE_HELP = [say.FOR_PERSON.id, say.HEAR_AGAIN.id, say.GO_BACK.id, say.HAVE_NUMBER.id]


def test_help_tells_of_the_keys_that_were_not_told_of_yet() -> None:
    menu, words = replace(MENU, helped=True), Prompt(phrase=say.ASK_NUMBER, expect=Expect.TEXT, helped=True)
    assert spoken(menu)[-2:] == [say.HEAR_AGAIN.id, say.GO_BACK.id]
    assert spoken(replace(menu, open=False))[-4:] == WHOLE_HELP
    assert spoken(words)[-4:] == WHOLE_HELP


def test_the_way_back_is_told_once_where_another_answer_than_was_chosen_may_have_come() -> None:
    asked = replace(MENU, open=False, back=True)
    assert spoken(asked)[-2:] == [say.FOR_PERSON.id, say.GO_BACK.id]
    assert spoken(replace(asked, helped=True)).count(say.GO_BACK.id) == 1


def test_speech_is_not_offered_where_it_is_not_understood() -> None:
    assert "Or say what you need." not in spoken(MENU, language="es")


def test_in_writing_choices_are_a_numbered_list() -> None:
    message = put(MENU, on=Capabilities(medium=Medium.SMS))[0]
    assert message.text == "What is it about?\n1 meals\n2 How old are you?\n0 a person"
    assert [option.id for option in message.options] == ["a", "b"]


def test_digits_are_ended_by_the_hash_key_and_help_says_how_to_reach_a_person() -> None:
    asked = Prompt(phrase=say.ASK_NUMBER, expect=Expect.DIGITS)
    assert spoken(asked)[-1] == say.PRESS_HASH.id
    assert spoken(replace(asked, helped=True))[-1] == say.DIGITS_HELP.id


def test_before_something_to_write_down_there_is_time_for_a_pen() -> None:
    parts = put(Prompt(phrase=say.OPENED, pen=True), MENU)[0].parts
    assert [part.pen for part in parts[:2]] == [True, False]


def test_a_choice_of_languages_speaks_each_in_its_own() -> None:
    own = replace(MENU, choices=(replace(CHOICES[0], language="es"),))
    assert [part.language for part in put(own)[0].parts][:2] == ["en", "es"]


def test_press_is_said_once_a_menu_whatever_the_languages() -> None:
    mixed = replace(MENU, open=False, choices=(replace(CHOICES[0], language="en"), replace(CHOICES[1], language="es")))
    assert spoken(mixed)[1:3] == ["For meals, press 1.", "How old are you, 2."]


def test_a_transfer_and_a_goodbye_are_told_to_the_channel() -> None:
    wait = Prompt(phrase=say.PUTTING_THROUGH)
    through = put(wait, effects=(Transfer(phone="+14155550101"),))[0]
    assert (through.then, through.dial) == (Then.DIAL, "+14155550101")
    assert put(wait, effects=(HangUp(),))[0].then is Then.HANG_UP


def test_a_long_text_is_cut_into_messages_and_the_last_one_asks() -> None:
    long = Prompt(phrase=say.text("word " * 100))
    messages = put(long, MENU, on=Capabilities(medium=Medium.CHAT, limit=200))
    assert all(len(message.text) <= 200 for message in messages)
    assert [bool(message.options) for message in messages] == [False] * (len(messages) - 1) + [True]


def test_nothing_to_say_is_no_message() -> None:
    assert put() == ()


class Forgetful(Plain):
    """Words with a mistake in them."""

    def __init__(self, wrong: str) -> None:
        self.wrong = wrong

    def say(self, phrase: Phrase, language: str, context: str = "") -> str:
        return self.wrong if phrase.id == say.FOR_PRESS.id else super().say(phrase, language, context)


def test_a_prompt_is_well_said() -> None:
    assert said_badly(MENU, Plain(), "en", Medium.VOICE) == ""


@pytest.mark.parametrize(
    ("wrong", "told"),
    [("For meals, press one.", "does not say key 1"), ("For {label}, press 1.", "a gap left open")],
)
def test_a_badly_said_prompt_is_found(wrong: str, told: str) -> None:
    assert told in said_badly(MENU, Forgetful(wrong), "en", Medium.VOICE)


def test_a_prompt_without_words_is_found() -> None:
    assert said_badly(Prompt(phrase=say.text(" ")), Plain(), "en", Medium.SMS) == "a prompt without words"
