"""Threads of text messages and chats: what is written, what is understood of an answer, and who gets through."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.bootstrap import Plainline
from simulator.callers.calling import ALONE, WITH_PERSON, Plan
from simulator.callers.chance import Luck
from simulator.callers.chats import chatting
from simulator.callers.running import line_of
from simulator.callers.tasks import COST, DANGER, FIND, PERSON, Task
from simulator.callers.texting import FILES, Done, Texter, Writer, plain, plain_sense_of, writers
from simulator.callers.threads import make_thread
from simulator.callers.truth import Truth
from tests.calls.line import LANGUAGES

CALM = replace(writers("sms")["writes_well"], typos=0, wrong_digits=0, familiarity=1, in_words=0)
NEED = Task(kind=FIND, service="streetlight")


def somebody(task: Task = NEED, seed: str = "1", kind: Texter = CALM, *, buttons: bool = False) -> Writer:
    return Writer(kind=kind, language="en", luck=Luck(seed=seed), task=task, buttons=buttons)


MENU = "What is it about?\n1 care and help at home\n2 buses and parking\n3 streets and trash\n0 a person"
LAMP = (
    "Broken streetlight.\nTell us where a street lamp is dark.\nWhat do you want to know?\n1 what it costs and how long"
)


def test_the_digit_of_what_is_wanted_is_written_and_the_answer_ends_it() -> None:
    writer = somebody()
    assert writer.answer([MENU]) == Done(key="3")
    assert (writer.answer([LAMP]), writer.content) == (Done(), True)


def test_a_part_is_asked_for_by_its_label() -> None:
    writer = somebody(Task(kind=FIND, service="streetlight", part=COST))
    assert writer.answer([LAMP]) == Done(key="1")
    assert (writer.answer(["It is free."]), writer.content) == (Done(), True)


def test_some_write_the_words_of_a_choice() -> None:
    assert somebody(kind=replace(CALM, in_words=1)).answer([MENU]) == Done(words="streets and trash")


def test_patience_ends() -> None:
    writer = somebody(kind=replace(CALM, patience=1))
    assert (writer.answer(["I did not understand that."]), writer.content) == (Done(), False)


def test_as_many_words_are_misspelled_as_is_said() -> None:
    writers = [somebody(seed=str(seed), kind=replace(CALM, typos=0.25)) for seed in range(200)]
    words = sum(len(writer.begin().words.split()) for writer in writers)
    assert 0.18 < sum(writer.misspelled for writer in writers) / words < 0.32


def test_accents_that_texts_lack_hide_nothing() -> None:
    assert plain("¿Adónde, señor?") == "¿Adonde, senor?"
    assert plain_sense_of("es").means("saber adonde ir", "where")


def test_a_button_is_missed_by_its_neighbour_and_a_digit_by_any() -> None:
    shaking = replace(CALM, wrong_digits=1)
    pressed = {somebody(seed=str(seed), kind=shaking, buttons=True).answer([MENU]).key for seed in range(30)}
    typed = {somebody(seed=str(seed), kind=shaking).answer([MENU]).key for seed in range(30)}
    assert pressed == {"2", "0"}  # beside "3 streets and trash" stand 2 and the person
    assert len(typed) > 4
    assert "3" not in typed


def test_who_speaks_writes_once_they_know_that_nobody_listens() -> None:
    speaker = somebody(kind=replace(CALM, speaks=1), buttons=True)
    assert speaker.begin().spoken
    assert not speaker.answer(["I can only read what is written.", "What is it about?\n1 something else"]).spoken


def test_who_reads_another_language_asks_for_theirs() -> None:
    menu = ["¿En qué le podemos ayudar?\n1 calles y basura"]
    asked = {somebody(seed=str(seed), buttons=True).answer(menu).words for seed in range(30)}
    assert "English" in asked
    other = replace(CALM, other_language=1)
    assert somebody(kind=CALM).telephone(["en", "zh_Hans"]) == "en"
    assert somebody(kind=other).telephone(["en", "zh_Hans"]) == "zh-hans"


def test_some_write_the_one_word_that_says_most() -> None:
    assert len(somebody(kind=replace(CALM, short=1)).begin().words.split()) == 1


@pytest.mark.parametrize("channel", FILES)
def test_every_value_of_who_writes_has_its_source(channel: str) -> None:
    assert len(writers(channel)) == 7  # the reader refuses a value without one


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_lead_to_an_answer_a_person_and_help(wired: Plainline, truth: Truth, language: str) -> None:
    tasks = (Task(kind=FIND, service="noise"), Task(kind=PERSON), Task(kind=DANGER))
    with line_of("shipped", wired, truth) as line:
        for task in tasks:
            made = [
                make_thread(
                    line, truth, Plan(number=n, seed=3, language=language, persona=who, task=task, channel="sms")
                )
                for n, who in enumerate(("writes_well", "misspells"))
            ]
            assert any(one.outcome in (ALONE, WITH_PERSON) for one in made), "\n".join(one.transcript for one in made)


def test_chats_lead_to_an_answer_a_person_and_help(wired: Plainline, truth: Truth) -> None:
    """With the bot in a process of its own, in which all chats go on at once."""
    tasks = (Task(kind=FIND, service="noise"), Task(kind=PERSON), Task(kind=DANGER))
    made = [
        Plan(number=4 * of + at, seed=3, language=language, persona="presses_buttons", task=task, channel="chat")
        for of, task in enumerate(tasks)
        for at, language in enumerate(LANGUAGES)
    ]
    with chatting(wired.settings, truth) as line:
        found = line.make(made)
    assert [one.key for one in found] == [plan.key for plan in made]
    for task in tasks:
        these = [one for one in found if one.task == str(task)]
        assert sum(one.outcome in (ALONE, WITH_PERSON) for one in these) >= 3, [one.transcript for one in these]
