"""What words can be said to have meant."""

from __future__ import annotations

import pytest

from core.meanings import DANGER, NOT_OURS, believed, meanings, of_service, service_of
from core.types import Act, Understanding
from tests.unit.town import TOWN


@pytest.mark.parametrize(
    ("meant", "named"),
    [
        (Understanding(), ""),
        (Understanding(act=Act.COST), "act_cost"),
        (Understanding(act=Act.COST, service="noise"), "service_noise"),
        (Understanding(act=Act.COST, service="noise", danger="fire"), "danger_now"),
        (Understanding(act=Act.OUT_OF_SCOPE), NOT_OURS),
    ],
)
def test_danger_comes_before_a_service_and_a_service_before_an_act(meant: Understanding, named: str) -> None:
    assert believed(meant) == named


def test_every_service_danger_and_nothing_of_ours_can_be_meant() -> None:
    services = {service_of(meaning) for meaning in meanings(TOWN)} - {""}
    assert services == set(TOWN.services)
    assert meanings(TOWN) == {*map(of_service, TOWN.services), DANGER, NOT_OURS}
