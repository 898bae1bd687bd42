"""Threads of text messages: what is written, what is understood of an answer, and who gets through."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.bootstrap import Plainline
from simulator.callers.calling import ALONE, WITH_PERSON, Plan
from simulator.callers.chance import Luck
from simulator.callers.running import line_of
from simulator.callers.tasks import COST, DANGER, FIND, PERSON, Task
from simulator.callers.texting import Texter, Writer, plain, plain_sense_of, texters
from simulator.callers.threads import make_thread
from simulator.callers.truth import Truth
from tests.calls.line import LANGUAGES

CALM = replace(texters()["writes_well"], typos=0, wrong_digits=0, familiarity=1, in_words=0)
NEED = Task(kind=FIND, service="streetlight")


def somebody(task: Task = NEED, seed: str = "1", kind: Texter = CALM) -> Writer:
    return Writer(texter=kind, language="en", luck=Luck(seed=seed), task=task)


MENU = "What is it about?\n1 care and help at home\n2 buses and parking\n3 streets and trash\n0 a person"
LAMP = (
    "Broken streetlight.\nTell us where a street lamp is dark.\nWhat do you want to know?\n1 what it costs and how long"
)


def test_the_digit_of_what_is_wanted_is_written_and_the_answer_ends_it() -> None:
    writer = somebody()
    assert writer.answer([MENU]) == "3"
    assert (writer.answer([LAMP]), writer.content) == ("", True)


def test_a_part_is_asked_for_by_its_label() -> None:
    writer = somebody(Task(kind=FIND, service="streetlight", part=COST))
    assert writer.answer([LAMP]) == "1"
    assert (writer.answer(["It is free."]), writer.content) == ("", True)


def test_some_write_the_words_of_a_choice() -> None:
    assert somebody(kind=replace(CALM, in_words=1)).answer([MENU]) == "streets and trash"


def test_patience_ends() -> None:
    writer = somebody(kind=replace(CALM, patience=1))
    assert (writer.answer(["I did not understand that."]), writer.content) == ("", False)


def test_as_many_words_are_misspelled_as_is_said() -> None:
    writers = [somebody(seed=str(seed), kind=replace(CALM, typos=0.25)) for seed in range(200)]
    words = sum(len(writer.begin().split()) for writer in writers)
    assert 0.18 < sum(writer.misspelled for writer in writers) / words < 0.32


def test_accents_that_texts_lack_hide_nothing() -> None:
    assert plain("¿Adónde, señor?") == "¿Adonde, senor?"
    assert plain_sense_of("es").means("saber adonde ir", "where")


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
