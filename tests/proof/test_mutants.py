"""A slip in the dialogue is found: by its tests, by a recorded conversation, or by the checker."""

from __future__ import annotations

import pytest

from tests.proof.conftest import Found
from tests.proof.mutants import FILES, Mutant, mutants
from tests.proof.record import Part, parts
from tests.proof.trying import LOOKS, Copy, Look
from tests.rules.house import ROOT

# A change that the tests find takes seconds, one that only the checker can find a minute, and more on a busy machine.
pytestmark = pytest.mark.timeout(1800)

SEED = 5
SMALL, WHOLE, AT_ONCE = 30, 120, 10
LEAST = 95
"""Of a hundred changes, so many must be found."""

JUDGED = {
    "forms.py put_back: condition dropped: not words or not _takes_words(moment) -> not _takes_words(moment)": (
        "No difference: words of danger are never empty, and keys of danger are pressed where a number is asked."
    ),
}
"""Changes that nobody finds, each with the reason why it may stay so."""

PARTS = parts(SMALL, WHOLE, AT_ONCE)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("changed"))


def drawn(part: Part) -> list[Mutant]:
    """The part's own changes: each part goes on in the shuffled row where the one before it ends."""
    before = (part.number - 1) * AT_ONCE
    return mutants(ROOT / "core", SEED, before + part.tries)[before:]


def test_nothing_is_found_where_nothing_was_changed(copy: Copy) -> None:
    assert copy.look() == ""


@pytest.mark.parametrize(
    ("look", "by"),
    [(LOOKS[0], "tests: FAILED tests/unit/"), (LOOKS[1], "checker: danger first")],
    ids=["by the tests", "by the checker"],
)
def test_each_look_finds_a_dialogue_that_is_deaf_to_danger(look: Look, by: str, copy: Copy) -> None:
    every = mutants(ROOT / "core", SEED, 10_000)
    (deaf,) = (one for one in every if one.name == "dialogue.py _decide: branch removed: in_danger(moment)")
    assert copy.found(deaf, (look,)).startswith(by)


@pytest.mark.parametrize("part", PARTS, ids=str)
def test_a_slip_in_the_dialogue_is_found_or_was_judged(part: Part, copy: Copy, found: Found) -> None:
    tried = drawn(part)
    by = {mutant.name: copy.found(mutant) for mutant in tried}
    missed = {name for name, who in by.items() if not who}
    assert missed - JUDGED.keys() == set(), "write the test or the promise that is missing, or judge it in JUDGED"
    assert JUDGED.keys() & by.keys() == missed, "these are found now: take them off the list"
    tests = sum(who.startswith("tests:") for who in by.values())
    checker = sum(who.startswith("checker:") for who in by.values())
    found("mutants", "slips found by the tests", tried=len(tried), held=tests)
    found("mutants", "slips found by the tests or the checker", tried=len(tried), held=tests + checker)


def test_at_least_95_of_100_are_found() -> None:
    """All but the judged ones are, by the test above."""
    tried = mutants(ROOT / "core", SEED, WHOLE)
    judged = [mutant for mutant in tried if mutant.name in JUDGED]
    assert 100 * (len(tried) - len(judged)) >= LEAST * len(tried)


def test_no_judgement_is_left_of_a_change_that_is_not_tried() -> None:
    assert JUDGED.keys() <= {mutant.name for mutant in mutants(ROOT / "core", SEED, WHOLE)}


def test_every_change_is_another_one_and_every_file_is_changed() -> None:
    tried = mutants(ROOT / "core", SEED, 10_000)
    assert len({mutant.name for mutant in tried}) == len({mutant.source for mutant in tried}) == len(tried)
    assert {mutant.file for mutant in tried} == set(FILES)


def test_another_seed_tries_others_and_the_same_seed_the_same() -> None:
    assert mutants(ROOT / "core", SEED, 20) == mutants(ROOT / "core", SEED, 20)
    assert mutants(ROOT / "core", SEED, 20) != mutants(ROOT / "core", SEED + 1, 20)
