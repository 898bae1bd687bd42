"""What must hold between the parts of a catalogue, told all at once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.catalog import Catalog, Option, Service, SpecialDays, Step, StepKind
from tests.unit.town import TOWN

CARD = TOWN.services["card"]


def with_card(**changes: object) -> Catalog:
    card: Service = replace(CARD, **changes)  # type: ignore[arg-type]  # a test's shorthand
    return replace(TOWN, services={**TOWN.services, "card": card})


def choice(*ids: str) -> Step:
    return Step(name="x", ask="?", kind=StepKind.CHOICE, options=tuple(Option(id=i, label=i) for i in ids))


def christmas(*offices: str, first: int = 24) -> SpecialDays:
    return SpecialDays(first=date(2026, 12, first), last=date(2026, 12, 26), hours=(), offices=offices)


def test_the_small_town_has_no_faults() -> None:
    assert TOWN.faults() == ()


@pytest.mark.parametrize(
    ("catalog", "field"),
    [
        (with_card(number="911"), "number"),
        (with_card(number="112"), "number"),
        (with_card(number="311"), "number"),
        (with_card(number="24"), "number"),
        (with_card(number="415"), "number"),
        (with_card(category="nowhere"), "category"),
        (with_card(department="nobody"), "department"),
        (with_card(papers=("unknown",)), "papers"),
        (with_card(where=("unknown",)), "where"),
        (with_card(cost="{amount} a year."), "amount"),
        (with_card(amount=Decimal(3)), "amount"),
        (with_card(done=""), "done"),
        (with_card(key=2), "key"),
        (with_card(steps=(CARD.steps[0], CARD.steps[0])), "steps"),
        (with_card(steps=(choice("a", "b", "c", "d", "e", "f", "g"),)), "steps/x/options"),
        (with_card(steps=(choice("a" * 49),)), "steps/x/options"),
        (with_card(steps=(Step(name="n", ask="?", kind=StepKind.NUMBER, least=3, most=2),)), "steps/n/min"),
        (replace(TOWN, town=replace(TOWN.town, main_office="gone")), "main_office"),
        (replace(TOWN, special_days=(christmas("gone"),)), "offices"),
        (replace(TOWN, special_days=(christmas("hall"), christmas())), "days"),
    ],
)
def test_each_fault_is_found_and_names_its_field(catalog: Catalog, field: str) -> None:
    assert field in {fault.field for fault in catalog.faults()}


@pytest.mark.parametrize(
    ("other", "meet"),
    [
        (christmas(), True),
        (christmas("hall", "mill"), True),
        (christmas("mill"), False),
        (replace(christmas(), last=date(2026, 12, 24)), True),
        (replace(christmas(first=26), last=date(2026, 12, 31)), True),
        (replace(christmas(first=27), last=date(2026, 12, 31)), False),
        (replace(christmas(first=1), last=date(2026, 12, 23)), False),
    ],
)
def test_special_days_meet_on_the_same_day_at_the_same_office(other: SpecialDays, meet: bool) -> None:
    assert christmas("hall").meet(other) is meet
    assert other.meet(christmas("hall")) is meet


def test_all_faults_are_told_at_once() -> None:
    assert len(with_card(number="911", category="nowhere", papers=("unknown",)).faults()) >= 3


def test_services_are_found_by_number_and_by_menu() -> None:
    found = TOWN.numbered("241")
    assert found is CARD
    assert TOWN.numbered("999") is None
    assert [s.slug for s in TOWN.menu("travel")] == ["card", "bus"]
