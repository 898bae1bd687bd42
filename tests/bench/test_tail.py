"""What is said of services that are hidden in turn."""

from __future__ import annotations

from app import bench_tail
from nlu.hiding import Hidden, Shares
from nlu.search_growth import Grown


def shares(first: float) -> Shares:
    return Shares(first=first, among=0.5, offered=0.6, misled=0.0, named=0.9, refused=1.0)


def hidden(service: str, first: float) -> Hidden:
    return Hidden(service=service, language="en", without=shares(0.0), searched=shares(first))


GROWN = Grown(services=2000, median=1.25, seconds=2.0, megabytes=56.0)


def test_a_language_has_the_mean_of_its_services_without_the_search_and_with_it() -> None:
    lines = list(bench_tail.table([hidden("lamp", 0.2), hidden("card", 0.6)], [GROWN]))
    assert lines[0].startswith("2 services")
    assert [line.split()[:2] for line in lines[2:4]] == [["en", "0.0"], ["en,", "searched"]]
    assert lines[3].split()[2:] == ["40.0", "50.0", "60.0", "0.0", "90.0", "100.0"]
    assert "2,000 services: 1.25 ms" in lines[-1]


def test_every_figure_can_be_read_by_a_program() -> None:
    found = bench_tail.as_json([hidden("lamp", 0.2)], [GROWN])
    assert isinstance(found["hidden"], list)
    assert found["hidden"][0]["searched"]["first"] == 0.2
