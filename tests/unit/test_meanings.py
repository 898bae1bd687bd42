"""What words can be said to have meant."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.meanings import DANGER, NOT_OURS, believed, meanings, of_service, service_of
from core.staff import Line
from core.types import Act, Kind, Understanding
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


def line(said: str, kind: Kind = Kind.TEXT, engine: str = "embedded") -> Line:
    return Line(
        key="1",
        version=1,
        at=datetime(2026, 3, 2, tzinfo=UTC),
        kind=kind,
        said=said,
        meant=Understanding(engine=engine),
        danger=False,
        messages=(),
    )


def test_words_that_had_to_be_understood_can_be_corrected() -> None:
    assert line("my lamp").free
    assert line("我的灯", engine="none").free


@pytest.mark.parametrize(
    "said",
    [line("241"), line(""), line("help", engine="rule"), line("my lamp", Kind.REPLY), line("12A", Kind.KEYS)],
)
def test_keys_numbers_exact_words_and_what_staff_wrote_cannot(said: Line) -> None:
    assert not said.free
