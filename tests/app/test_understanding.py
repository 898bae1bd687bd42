"""An engine that is slow, fails or talks nonsense keeps nobody waiting, and nothing it made up is acted upon."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any, cast

import pytest

from app.understanding import AT_ONCE, Bounded, understand
from core.commands import Lexicon, spotter
from core.types import NO_ENGINE, Act, Alternative, Command, Counted, Evidence, Found, Rule, Understanding


@dataclass
class Engine:
    """Answers what it is told to."""

    answer: Callable[[], Any]

    def parse(self, text: str, language: str) -> Understanding:
        return cast(Understanding, self.answer())


def bounded(answer: Callable[[], Any], budget: float = 5.0) -> Bounded:
    return Bounded(engine=Engine(answer), services={"card", "lamp"}, languages=("en", "es"), budget=budget)


def believed(**fields: Any) -> Understanding:
    return bounded(lambda: Understanding(**fields)).parse("anything", "es")


def fails() -> None:
    raise MemoryError


def test_what_makes_sense_is_passed_on_as_it_is() -> None:
    other = Alternative(service="lamp", confidence=0.3)
    meant = Understanding(
        act=Act.COST, service="card", confidence=0.9, alternatives=(other,), engine="e", language="en"
    )
    assert bounded(lambda: meant).parse("what does it cost", "es") == meant


@pytest.mark.parametrize("answer", [fails, lambda: None, lambda: {"service": "card"}, lambda: Understanding])
def test_an_engine_that_fails_or_answers_something_else_has_believed_nothing(answer: Callable[[], Any]) -> None:
    assert bounded(answer).parse("anything", "es") == Understanding(engine=NO_ENGINE, language="es")


def test_nobody_waits_longer_for_an_engine_than_its_budget() -> None:
    woken = Event()
    began = time.monotonic()
    meant = bounded(lambda: woken.wait(30), budget=0.05).parse("anything", "es")
    woken.set()
    assert (meant.engine, time.monotonic() - began < 5) == (NO_ENGINE, True)


def test_an_engine_that_hangs_is_not_asked_without_end() -> None:
    woken, asked = Event(), list[int]()

    def hangs() -> bool:
        asked.append(1)
        return woken.wait(30)

    engine = bounded(hangs, budget=0.01)
    for _ in range(AT_ONCE + 5):
        assert engine.parse("anything", "es").engine == NO_ENGINE
    woken.set()
    assert len(asked) == AT_ONCE


@pytest.mark.parametrize("fields", [{"service": "teleport"}, {"service": "card", "confidence": math.nan}])
def test_a_service_that_there_is_not_or_with_a_confidence_that_is_no_number_is_not_believed(
    fields: dict[str, Any],
) -> None:
    meant = believed(**{"confidence": 0.9, **fields})
    assert (meant.service, meant.confidence) == ("", 0.0)


def test_alternatives_that_make_no_sense_are_left_out() -> None:
    offered = (("teleport", 0.5), ("card", math.inf), ("lamp", 0.4))
    meant = believed(alternatives=tuple(Alternative(service=slug, confidence=sure) for slug, sure in offered))
    assert [one.service for one in meant.alternatives] == ["lamp"]


def test_an_engine_gives_no_command_and_no_language_that_the_town_has_not() -> None:
    meant = believed(command=Command.STOP, language="tlh")
    assert (meant.command, meant.language) == (None, "es")


@pytest.mark.parametrize(
    "fields",
    [
        {"danger": 7},
        {"because": Evidence(words=(Counted(words=1),))},  # type: ignore[arg-type]  # an engine that talks nonsense
        {"because": Evidence(like=1)},  # type: ignore[arg-type]  # as above
        {"because": None},
        {"act": "dance"},
        {"alternatives": None},
    ],
)
def test_a_belief_whose_parts_are_of_another_kind_is_none(fields: dict[str, Any]) -> None:
    assert believed(**fields).engine == NO_ENGINE


def test_reasons_that_make_no_sense_are_left_out() -> None:
    why = Evidence(
        words=(Counted(words="dark", share=math.nan), Counted(words="lamp", share=0.5)),
        found=(Found(service="teleport", words=("beam",)), Found(service="lamp", words=("light",))),
    )
    because = believed(because=why).because
    assert because.words == (Counted(words="lamp", share=0.5),)
    assert [one.service for one in because.found] == ["lamp"]


def test_a_language_of_the_town_is_not_believed_to_be_foreign() -> None:
    assert believed(foreign="fr").foreign == "fr"
    assert believed(foreign="es").foreign == ""
    assert believed(foreign=7).engine == NO_ENGINE


RULES = spotter(
    [
        Lexicon(
            language="en",
            commands={Command.PERSON: ("a person",), Command.STOP: ("stop",)},
            yes=("yes",),
            no=("no",),
            danger=("my house is on fire",),
            corrections=("no I meant",),
        )
    ],
    ["911"],
)


def ruled(text: str) -> Understanding:
    """What the rules say, and what is left for an engine that hears a lamp in everything."""
    return understand(text, "en", RULES, Engine(lambda: Understanding(service="lamp", confidence=0.9)))


@pytest.mark.parametrize(
    ("text", "danger"), [("no, I meant 911", "911"), ("no I meant my house is on fire", "my house")]
)
def test_danger_is_heard_in_what_takes_something_back(text: str, danger: str) -> None:
    assert danger in ruled(text).danger


@pytest.mark.parametrize(("text", "command"), [("no, I meant a person", "person"), ("No I meant: stop", "stop")])
def test_a_command_is_obeyed_in_what_takes_something_back(text: str, command: str) -> None:
    assert ruled(text).command == command


def test_what_takes_something_back_is_understood_without_its_beginning() -> None:
    meant = ruled("no, I meant the lamp")
    assert (meant.service, meant.corrected) == ("lamp", "the lamp")


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("a person", (Rule.COMMAND,)),
        ("yes", (Rule.YES_NO,)),
        ("my house is on fire", (Rule.DANGER,)),
        ("911", (Rule.DANGER,)),
        ("no, I meant the lamp", ()),
    ],
)
def test_the_exact_rules_that_decided_are_told(text: str, rules: tuple[Rule, ...]) -> None:
    assert ruled(text).because.rules == rules


@pytest.mark.parametrize(
    ("text", "folded", "written"),
    [
        ("¿Cuánto cuesta la LÁMPARA?", ("lampara", "cuanto"), ("LÁMPARA", "Cuánto")),
        ("my mother's well-lit lamp", ("mother", "well", "lit"), ("mother's", "well-lit")),
        ("路灯坏了", ("路灯",), ("路灯",)),
    ],
)
def test_the_words_that_counted_are_told_as_they_were_written(
    text: str, folded: tuple[str, ...], written: tuple[str, ...]
) -> None:
    why = Evidence(words=tuple(Counted(words=word, share=0.25) for word in folded))
    meant = understand(text, "en", RULES, Engine(lambda: Understanding(service="lamp", confidence=0.9, because=why)))
    assert tuple(one.words for one in meant.because.words) == written
    assert sum(one.share for one in meant.because.words) == 0.25 * len(folded)
