"""Whole calls over HTTP on our line and on another: who gets through, and that the same call is made again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from app.bootstrap import Plainline
from core.staff import Case
from core.types import Answer, CaseStatus, Phone
from simulator.callers.calling import ALONE, Plan, make_call
from simulator.callers.designs import names
from simulator.callers.line import OPEN, Line
from simulator.callers.personas import personas
from simulator.callers.planning import fingerprint, plans, without_forms
from simulator.callers.running import line_of
from simulator.callers.tasks import COST, DANGER, FIND, FOLLOW, KINDS, PAPERS, PERSON, REPORT, START, Task
from simulator.callers.truth import Truth
from tests.calls.line import LANGUAGES


@pytest.fixture(scope="module")
def shipped(wired: Plainline, truth: Truth) -> Iterator[Line]:
    with line_of("shipped", wired, truth) as line:
        yield line


TASKS = (
    Task(kind=FIND, service="senior_transport_card"),
    Task(kind=FIND, service="library_card", part=COST),
    Task(kind=FIND, service="identity_card", part=PAPERS),
    Task(kind=START, service="senior_transport_card"),
    Task(kind=REPORT, service="fallen_tree"),
    Task(kind=FOLLOW, service="streetlight"),
    Task(kind=PERSON),
    Task(kind=DANGER),
)


@pytest.mark.parametrize("task", TASKS, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_practised_gets_through(shipped: Line, truth: Truth, language: str, task: Task) -> None:
    failed = ""
    for number in range(3):
        plan = Plan(number=number, seed=5, language=language, persona="practised", task=task)
        made = make_call(shipped, truth, plan)
        if made.outcome == ALONE:
            return
        failed += made.transcript
    raise AssertionError(failed)


def test_the_same_call_is_made_again(shipped: Line, truth: Truth) -> None:
    plan = Plan(number=3, seed=9, language="es", persona="hard_of_hearing", task=Task(kind=FIND, service="noise"))
    first, second = make_call(shipped, truth, plan), make_call(shipped, truth, plan)
    assert (first.outcome, first.presses, first.seconds) == (second.outcome, second.presses, second.seconds)


def test_a_call_that_failed_can_be_read(shipped: Line, truth: Truth, wired: Plainline) -> None:
    made = plans(wired.catalog, ["panicking"], LANGUAGES, 2, 6)
    failed = [one for one in (make_call(shipped, truth, plan) for plan in made) if one.outcome != ALONE]
    assert failed
    assert all("caller:" in one.transcript and "(" in one.transcript for one in failed)


@pytest.mark.parametrize("design", [name for name in names() if name != "shipped"])
def test_every_other_design_can_be_called(design: str, wired: Plainline, truth: Truth) -> None:
    task = Task(kind=FIND, service="home_help")
    with line_of(design, wired, truth) as line:
        made = [
            make_call(line, truth, Plan(number=number, seed=4, language=language, persona="usual_person", task=task))
            for number, language in enumerate(("en", "ar"))
        ]
    assert any(one.outcome == ALONE for one in made), "\n".join(one.transcript for one in made)


def test_a_short_plan_is_the_beginning_of_a_long_one(wired: Plainline) -> None:
    long = plans(wired.catalog, list(personas()), LANGUAGES, 1, 400)
    assert plans(wired.catalog, list(personas()), LANGUAGES, 1, 100) == long[:100]
    assert fingerprint(long) != fingerprint(plans(wired.catalog, list(personas()), LANGUAGES, 2, 400))
    assert {plan.task.kind for plan in long} == set(KINDS)
    assert {(plan.persona, plan.language) for plan in long} == {(who, what) for who in personas() for what in LANGUAGES}
    assert {plan.task.kind for plan in without_forms(long)} == {FIND, PERSON, DANGER}


def sent(wired: Plainline, truth: Truth, design: str) -> tuple[int, int]:
    """Of eight who speak badly and report something: how many forms were sent, and how many of them wrongly."""
    task = Task(kind=REPORT, service="fallen_tree")
    with line_of(design, wired, truth) as line:
        made = [
            make_call(line, truth, Plan(number=number, seed=6, language="en", persona="speech_40", task=task))
            for number in range(8)
        ]
    return sum(one.sent for one in made), sum(one.sent_wrong for one in made)


def test_without_reading_back_more_is_sent_wrongly(wired: Plainline, truth: Truth) -> None:
    (all_read, wrong_read), (all_unread, wrong_unread) = (
        sent(wired, truth, design) for design in ("shipped", "not read back")
    )
    assert min(all_read, all_unread) > 2
    assert wrong_unread / all_unread > wrong_read / all_read


DAY = date(1948, 5, 14)


@pytest.mark.parametrize(
    ("service", "step", "meant", "right", "wrong"),
    [
        ("senior_transport_card", "age", "72#", 72, 75),
        ("senior_transport_card", "have_card", "2", False, True),
        ("senior_transport_card", "phone", "4155550123", Phone(e164="+14155550123"), Phone(e164="+14155550124")),
        ("birth_certificate", "born", "05141948", DAY, DAY.replace(day=15)),
        ("fallen_tree", "area", "1", "old_town", "harbour"),
        ("fallen_tree", "place", "12 Hill Road", "12 hill road.", "12 Bill Road"),
    ],
)
def test_what_was_sent_is_held_against_what_was_meant(
    truth: Truth, service: str, step: str, meant: str, right: Answer, wrong: Answer
) -> None:
    asked = next(one.ask for one in truth.caller.catalog.services[service].steps if one.name == step)
    answers = [(f"I did not hear an answer. {asked} Type it.", meant), ("Shall we send it like this?", "1")]
    kept = Case(
        reference="1",
        conversation="c",
        service=service,
        language="en",
        answers={step: right},
        status=CaseStatus.RECEIVED,
        opened=OPEN,
    )
    assert truth.meant("en", kept, answers)
    assert not truth.meant("en", replace(kept, answers={step: wrong}), answers)
