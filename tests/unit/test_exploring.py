"""How states are explored: what is looked at is tried in every way, and what is not looked at once."""

from __future__ import annotations

from collections import Counter

import pytest

from core.catalog import Catalog
from core.exploring import Exploration, Machine, explore
from core.types import CaseStatus, Conversation, FindCase, Inbound, Known, Needs, Turn, Understanding
from tests.unit.town import TOWN


def finds_a_case(was: Conversation, said: Inbound, meant: Understanding, catalog: Catalog) -> Needs:
    return (FindCase(reference="123456786"),)


def looks_nowhere(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    return Turn(conversation=was)


def looks_at_the_case(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    return Turn(conversation=was, reason=str(known.case))


def looks_at_the_hours(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    state = known.offices["hall"]
    return Turn(conversation=was, reason=f"{state.open} {state.opens is None}")


def only_calls(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    return Turn(conversation=was, reason=known.offices["hall"].phone)


def looks_at_the_desk_when_open(
    was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog
) -> Turn:
    there = known.on_duty if known.offices["hall"].open else "nobody asked"
    return Turn(conversation=was, reason=str(there))


def looks_at_the_wait(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    return Turn(conversation=was, reason=str(known.waits.get("streets") is None))


def reasons(seen: Exploration) -> list[Counter[str]]:
    """For each state, and each input there, the reasons of the turns that were tried."""
    found: dict[tuple[object, str], Counter[str]] = {}
    for state, edges in seen.edges.items():
        for edge in edges:
            found.setdefault((state, edge.input.name), Counter())[edge.turn.reason] += 1
    assert found
    return list(found.values())


def test_what_is_not_looked_at_is_tried_once() -> None:
    seen = explore(TOWN, Machine(needs=finds_a_case, advance=looks_nowhere))
    assert all(tried == {"": 1} for tried in reasons(seen))


def test_a_case_is_tried_unknown_in_each_status_to_be_opened_or_not_and_with_no_tries_left() -> None:
    seen = explore(TOWN, Machine(needs=finds_a_case, advance=looks_at_the_case))
    assert all(tried == {"None": 2, **{str(status): 2 for status in CaseStatus}} for tried in reasons(seen))


def test_offices_are_tried_open_closed_and_closed_for_good() -> None:
    seen = explore(TOWN, Machine(advance=looks_at_the_hours))
    assert all(tried == {"True True": 1, "False False": 1, "False True": 1} for tried in reasons(seen))


def test_who_only_rings_an_office_does_not_look_at_its_hours() -> None:
    seen = explore(TOWN, Machine(advance=only_calls))
    assert all(tried == {"+14155550101": 1} for tried in reasons(seen))


def test_what_is_looked_at_only_after_something_else_is_tried_then() -> None:
    seen = explore(TOWN, Machine(advance=looks_at_the_desk_when_open))
    expected = {"nobody asked": 2, str(frozenset()): 1, str(frozenset({""})): 1}
    assert all(tried == expected for tried in reasons(seen))


def test_a_wait_is_tried_known_and_unknown() -> None:
    seen = explore(TOWN, Machine(advance=looks_at_the_wait))
    assert all(tried == {"True": 1, "False": 1} for tried in reasons(seen))


@pytest.mark.parametrize("most", [1, 50])
def test_an_exploration_can_be_bounded(most: int) -> None:
    assert len(explore(TOWN, most=most).came) < most + 200
