"""The figures themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.types import Act, Alternative, Understanding
from nlu.evaluation import Apart, Example, Figures, evaluate, read

CLOSE = (Alternative(service="noise", confidence=0.4), Alternative(service="complaint", confidence=0.3))


def figures(examples: list[tuple[Example, Understanding]], **apart: tuple[str, ...]) -> Figures:
    """What is counted when each sentence is understood so, and whatever else as danger if it says so."""
    told = {example.text: found for example, found in examples}
    of = Apart(examples=tuple(told_ for told_, _ in examples), danger=(), near_danger=())
    if apart:
        of = Apart(examples=of.examples, danger=apart["danger"], near_danger=apart["near_danger"])

    def understand(text: str, language: str) -> Understanding:
        assert language == "en"
        return told.get(text, Understanding(danger=text if "fire" in text else ""))

    return evaluate(understand, of, "en")


def meaning(service: str, text: str, act: Act | None = None) -> Example:
    return Example(text=text, language="en", service=service, act=act)


def test_services_are_counted_as_named_first_among_and_wrong() -> None:
    found = figures(
        [
            (meaning("noise", "right"), Understanding(service="noise")),
            (meaning("noise", "wrong"), Understanding(service="complaint")),
            (meaning("noise", "asked first"), Understanding(alternatives=CLOSE)),
            (meaning("complaint", "asked second"), Understanding(alternatives=CLOSE)),
            (meaning("noise", "missed"), Understanding()),
        ]
    )
    assert (found.named, found.first, found.among, found.wrong) == (1 / 5, 2 / 5, 3 / 5, 1 / 5)


def test_what_nobody_offers_is_refused_asked_about_or_misled() -> None:
    nothing = Act.OUT_OF_SCOPE
    found = figures(
        [
            (meaning("", "refused", nothing), Understanding(act=nothing)),
            (meaning("", "asked about", nothing), Understanding(alternatives=CLOSE)),
            (meaning("", "misled", nothing), Understanding(service="noise")),
            (meaning("", "silent", nothing), Understanding()),
        ]
    )
    assert (found.refused, found.misled) == (2 / 4, 1 / 4)


def test_acts_are_counted_among_sentences_that_name_one() -> None:
    found = figures(
        [
            (meaning("", "cost", Act.COST), Understanding(act=Act.COST)),
            (meaning("", "time", Act.TIME), Understanding(act=Act.COST)),
            (meaning("noise", "tell me", Act.ABOUT), Understanding(service="noise")),
            (meaning("noise", "start", Act.START), Understanding(service="noise")),
            (meaning("noise", "names none"), Understanding(service="noise")),
            (meaning("", "no offer", Act.OUT_OF_SCOPE), Understanding()),
        ]
    )
    assert found.acts == 2 / 4
    assert found.joint == 2 / 3


def test_danger_is_counted_where_it_is_told_where_it_only_sounds_so_and_elsewhere() -> None:
    found = figures(
        [
            (meaning("noise", "noise"), Understanding(service="noise")),
            (meaning("noise", "alarm"), Understanding(service="noise", danger="alarm")),
        ],
        danger=("a fire", "help me", "fire here", "it burns"),
        near_danger=("the fire station", "my lamp is dead"),
    )
    assert (found.danger, found.alarms, found.disturbed, found.sentences) == (2 / 4, 1 / 2, 1 / 2, 8)


def test_sentences_are_read_in_the_language_that_names_their_file(tmp_path: Path) -> None:
    path = tmp_path / "es.yml"
    path.write_text(
        "services: {noise: [ruido, {text: qué papeles, act: papers}]}\nacts: {cost: [cuánto cuesta]}\n"
        "out_of_scope: [una pizza]\ndanger: [fuego]\nnear_danger: [la estación]\n",
        "utf-8",
    )
    assert read(path) == Apart(
        examples=(
            Example(text="ruido", language="es", service="noise"),
            Example(text="qué papeles", language="es", service="noise", act=Act.PAPERS),
            Example(text="cuánto cuesta", language="es", act=Act.COST),
            Example(text="una pizza", language="es", act=Act.OUT_OF_SCOPE),
        ),
        danger=("fuego",),
        near_danger=("la estación",),
    )


def test_an_act_that_there_is_not_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "es.yml"
    path.write_text("services: {}\nacts: {price: [x]}\nout_of_scope: []\ndanger: []\nnear_danger: []\n", "utf-8")
    with pytest.raises(ValueError, match="price"):
        read(path)
