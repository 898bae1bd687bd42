"""Buttons: one for each choice and one for a person; old, foreign and doubly pressed ones do no harm."""

from __future__ import annotations

import pytest

from bot.sending import DATA_BYTES, keyboard
from core import phrases as say
from core.ports import Text
from core.render import Option
from simulator.exchange import Fault
from store import schema
from tests.bot.line import Line, Resident


def at_card(line: Line) -> Resident:
    """Somebody who asked for the transport card."""
    return line.resident("en").write("/start", "241")


def test_each_choice_is_a_button_with_the_number_that_the_text_gives_it(line: Line) -> None:
    with line.bot():
        resident = at_card(line)
    for label, _ in resident.got[0].buttons:
        assert label in resident.answer.splitlines()
    assert [label.split()[0] for label, _ in resident.got[0].buttons] == ["1", "2", "3", "4", "0"]


def test_a_pressed_button_is_confirmed_before_the_answer_is_found(line: Line) -> None:
    with line.bot():
        at_card(line).press("2 ")
    assert line.exchange.chat(5550123, "Ana").notices == ("",)


def test_a_button_of_an_earlier_question_asks_the_present_one_again(line: Line) -> None:
    with line.bot():
        resident = line.resident("en").write("/start")
        menu = resident.got[0]
        resident.write("241", "4").reads(say.form_begins(3))
        resident.press("2 ", menu)
        assert resident.answer == "How old are you?"
        resident.write("78")
        assert "Do you already have a card?" in resident.answer
        resident.press("1 ", menu)
        assert "Do you already have a card?" in resident.answer
        resident.press("1 yes")
        assert "Which phone number" in resident.answer


def test_a_question_that_was_asked_again_can_be_answered_under_either(line: Line) -> None:
    with line.bot():
        resident = line.resident("en").write("/start")
        menu = resident.got[0]
        question = resident.write("241").got[0]
        resident.press("1 ", menu)
        assert resident.got[0].buttons == question.buttons
        resident.press("2 ", question)
        assert "It is free." in resident.answer


def test_a_double_click_is_one_press(line: Line) -> None:
    with line.bot():
        resident = at_card(line)
        question = resident.got[0]
        data = question.buttons[3][1]

        def click_twice() -> None:
            resident.chat.press(question.id, data)
            resident.chat.press(question.id, data)

        resident.does(click_twice)
        assert len(resident.got) == 1
        line.clock.later(seconds=10)
        resident.does(lambda: resident.chat.press(question.id, data))
        assert resident.answer == "How old are you?"
    assert len(resident.chat.notices) == 3


@pytest.mark.parametrize(
    "data", ["", "x", "1:", ":1", "999999999999:care", "-1:care", "0:care", "2:<b>", "\u0000", "2:no"]
)
def test_data_that_is_not_ours_asks_the_present_question_again(line: Line, data: str) -> None:
    with line.bot():
        resident = at_card(line)
        before = resident.answer
        resident.does(lambda: resident.chat.press(resident.chat.received[-1].id, data))
        assert resident.answer.splitlines()[-5:] == before.splitlines()[-5:]
        resident.press("2 ")
    assert "It is free." in resident.answer


def test_a_button_under_no_message_that_we_know_is_answered_too(line: Line) -> None:
    with line.bot():
        resident = at_card(line)
        resident.does(lambda: resident.chat.press(4711, "2:cost"))
    assert "It is free." in resident.answer


def test_a_person_is_one_press_away_even_under_an_old_question(line: Line) -> None:
    with line.bot():
        resident = line.resident("es").write("/start")
        menu = resident.got[0]
        resident.write("241", "4").press("0 una persona", menu).reads(say.WAITING_TEXT, language="es")
    [asked] = line.rows(schema.handoffs)
    assert (asked.why, asked.language) == ("asked", "es")


def test_a_button_pressed_while_a_person_is_awaited_says_that_they_wait(line: Line) -> None:
    with line.bot():
        resident = at_card(line)
        question = resident.got[0]
        resident.write("0").press("2 ", question).reads(say.WAITING_TEXT)


def test_a_button_pressed_after_stop_stays_unanswered(line: Line) -> None:
    with line.bot():
        resident = at_card(line)
        question = resident.got[0]
        resident.write("stop").press("2 ", question)
        assert resident.got == ()


def test_a_press_that_can_not_be_confirmed_any_more_is_answered_all_the_same(line: Line) -> None:
    with line.bot():
        resident = at_card(line)
        line.telegram.query_lives = 0.0
        resident.press("2 ")
    assert "It is free." in resident.answer


def test_buttons_fit_into_64_bytes_in_the_whole_catalogue(line: Line) -> None:
    catalog = line.plainline.catalog
    ids = [*catalog.services, *(one.id for one in catalog.categories), *catalog.town.languages]
    ids += [option.id for service in catalog.services.values() for step in service.steps for option in step.options]
    assert max(len(f"999999:{id}".encode()) for id in ids) <= DATA_BYTES


def test_a_choice_that_does_not_fit_has_no_button_and_keeps_its_number() -> None:
    options = (Option(key="1", id="x" * 64, label="long"), Option(key="2", id="y", label="short"))
    text = Text(nonce="n", channel="telegram", to="5", body="?", conversation="c", options=options, turn=1)
    made = keyboard(text)
    assert made is not None
    assert [button.text for row in made.inline_keyboard for button in row] == ["2 short"]


def test_a_lost_confirmation_costs_nothing(line: Line) -> None:
    with line.bot():
        resident = at_card(line)
        line.telegram.trouble.arrange(Fault.REFUSED, "/answerCallbackQuery", status=502)
        resident.press("2 ")
    assert "It is free." in resident.answer
