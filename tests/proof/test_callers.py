"""Simulated callers are held to what any measure must do: who is told nothing can not succeed, two seeds agree within
their intervals, a worse line is ranked worse, and the gate finds what is worse than what is kept. Then the gate itself:
no kind of caller and no language may fare worse than with the line as it was when `tests/callers/kept.json` was
made."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from app.bootstrap import Plainline
from core.phrases import phrase
from core.shares import Share
from simulator.callers import figures, gate
from simulator.callers.calling import ALONE, Outcome, Plan, make_call
from simulator.callers.designs import Change
from simulator.callers.line import ours
from simulator.callers.personas import personas
from simulator.callers.planning import CALLS, FULL_EACH, plans, whole, without_forms
from simulator.callers.running import run, truth_of
from simulator.callers.tasks import FIND
from tests.calls.line import LANGUAGES
from tests.proof.conftest import Found
from tests.proof.record import FULL, share

pytestmark = [pytest.mark.alone, pytest.mark.timeout(7200)]

KEPT = Path(__file__).parents[1] / "callers" / "kept.json"

TOLD_NOTHING = share(64, 400)
COMPARED = share(160, 800)
WITHIN = 300.0
"""Seconds for 2,000 calls on 2 cores."""


@pytest.fixture
def data(wired: Plainline) -> Path:
    """Where what the engine learnt is kept."""
    return wired.settings.folder


def the_plan(wired: Plainline, seed: int, calls: int) -> list[Plan]:
    return plans(wired.catalog, list(personas()), LANGUAGES, seed, calls)


def alone(outcomes: Sequence[Outcome]) -> Share:
    return figures.row("all", "all", outcomes).shares[ALONE]


# --- told nothing ------------------------------------------------------------------------------------------------


def nonsense(sentence: str) -> str:
    """Letters moved on in their script, so that rhythm, digits and marks are left, and no meaning."""
    return "".join(_moved(letter) for letter in sentence)


def _moved(letter: str) -> str:
    for first, last in (("a", "z"), ("A", "Z"), ("ا", "ي"), ("一", "龥")):
        if first <= letter <= last:
            length = ord(last) - ord(first) + 1
            return chr(ord(first) + (ord(letter) - ord(first) + 11) % length)
    return letter


def shuffled(wired: Plainline) -> Change:
    """Each title says what another one is for: keys lead somewhere else than they say."""
    titles = [one.title for one in wired.catalog.services.values()]
    groups = [one.title for one in wired.catalog.categories]
    other = dict(zip(titles, titles[9:] + titles[:9], strict=True)) | dict(
        zip(groups, groups[2:] + groups[:2], strict=True)
    )
    said = {
        wired.words.say(phrase(one), language, "voice"): wired.words.say(phrase(another), language, "voice")
        for language in LANGUAGES
        for one, another in other.items()
    }
    longest = sorted(said, key=len, reverse=True)

    def change(sentence: str) -> str:
        return next((sentence.replace(one, said[one]) for one in longest if one in sentence), sentence)

    return change


@pytest.mark.parametrize("what", ["nonsense", "shuffled"])
def test_who_is_told_nothing_can_not_find_out(wired: Plainline, found: Found, what: str) -> None:
    """By keys alone, by somebody who never speaks: chance is one service of all."""
    change = nonsense if what == "nonsense" else shuffled(wired)
    truth, every = truth_of(wired), the_plan(wired, 7, 4 * TOLD_NOTHING)
    made = [replace(plan, persona="relay") for plan in every if plan.task.kind == FIND][:TOLD_NOTHING]
    with ours(wired, what, change, numbers=False) as line:
        outcomes = [make_call(line, truth, plan) for plan in made]
    got = alone(outcomes)
    found("callers", f"told nothing, {what}: finish alone", tried=got.of, held=got.of - got.count)
    assert got.interval[0] <= 1 / len(wired.catalog.services)
    assert got.value < 0.1


# --- as any measure ----------------------------------------------------------------------------------------------


def test_another_seed_gives_other_calls_and_the_same_figures(
    wired: Plainline,
    data: Path,
    found: Found,
) -> None:
    first, second = (run(the_plan(wired, seed, COMPARED), "shipped", data) for seed in (1, 2))
    assert [one.seconds for one in first] != [one.seconds for one in second]
    one, other = alone(first), alone(second)
    assert one.interval[0] <= other.interval[1]
    assert other.interval[0] <= one.interval[1]
    found("callers", f"two seeds, finished alone: {one}, {other}", tried=one.of + other.of, held=one.of + other.of)


@pytest.mark.parametrize(("better", "worse"), [("menus of 6", "worse on purpose"), ("shipped", "long")])
def test_a_line_that_is_worse_on_purpose_is_ranked_worse(
    wired: Plainline,
    data: Path,
    found: Found,
    better: str,
    worse: str,
) -> None:
    made = without_forms(the_plan(wired, 1, 2 * COMPARED))
    good, bad = (run(made, design, data) for design in (better, worse))
    (change,) = gate.changes({one.key: one.outcome for one in good}, bad, {"all": figures.GROUPS["all"]})
    assert change.interval[1] < 0, str(change)
    assert change.fails(gate.MOST_DROP), str(change)
    found("callers", f"{worse} beside {better}: {change.points:+.0f} points", tried=change.pairs, held=change.pairs)


# --- the gate ----------------------------------------------------------------------------------------------------


def test_nobody_fares_worse_than_was_kept(wired: Plainline, data: Path, found: Found) -> None:
    """Every third call of the check, or with FULL=1 so many of each persona, as far as they were kept."""
    kept = gate.read(KEPT, partial(whole, wired.catalog))
    every = whole(wired.catalog, 1, FULL_EACH * len(personas()) if FULL else CALLS)
    made = [plan for plan in every[:: 1 if FULL else 3] if plan.key in kept]
    began = time.monotonic()
    outcomes = run(made, "shipped", data)
    seconds = time.monotonic() - began
    most = gate.MOST_DROP_FULL if FULL else gate.MOST_DROP
    assert gate.passes(kept, outcomes, most), "\n".join(gate.report(kept, outcomes, most))
    pace = f"{seconds * CALLS / len(made):.0f} s for {CALLS} calls, finished alone {alone(outcomes)}"
    found("callers", f"the gate: {pace}", tried=len(outcomes), held=len(outcomes))
