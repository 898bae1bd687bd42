"""The figures themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.types import Act, Alternative, Understanding
from nlu.apart import Apart, Example, read
from nlu.evaluation import Figures, Judged, bins, confusions, judge, risk, together, worst
from nlu.evaluation import figures as counted

NOTHING = Understanding()
CLOSE = (Alternative(service="noise", confidence=0.4), Alternative(service="complaint", confidence=0.3))


def judged(examples: list[tuple[Example, Understanding]], **apart: tuple[str, ...]) -> Judged:
    """Each sentence is understood so, and whatever else as danger if it says so."""
    told = {example.text: found for example, found in examples}
    of = Apart(
        examples=tuple(example for example, _ in examples),
        danger=apart.get("danger", ()),
        near_danger=apart.get("near_danger", ()),
    )

    def understand(text: str, language: str) -> Understanding:
        assert language == "en"
        return told.get(text, Understanding(danger=text if "fire" in text else ""))

    return judge(understand, of, "en")


def figures(examples: list[tuple[Example, Understanding]], **apart: tuple[str, ...]) -> Figures:
    return counted(judged(examples, **apart))


def meaning(service: str, text: str, act: Act | None = None) -> Example:
    return Example(text=text, language="en", service=service, act=act)


SURE = Understanding(service="noise", confidence=0.9, considered=(Alternative(service="noise", confidence=0.9),))
UNSURE = Understanding(alternatives=CLOSE, considered=CLOSE)


def test_services_are_counted_as_first_among_named_asked_and_misled() -> None:
    found = figures(
        [
            (meaning("noise", "right"), SURE),
            (meaning("complaint", "wrong"), SURE),
            (meaning("noise", "asked first"), UNSURE),
            (meaning("complaint", "asked second"), UNSURE),
            (meaning("noise", "missed"), Understanding()),
            (meaning("noise", "believed, not said"), Understanding(considered=CLOSE)),
        ]
    )
    assert (found.first, found.among) == (3 / 6, 4 / 6)
    assert (found.named, found.asked, found.misled) == (1 / 6, 2 / 6, 1 / 6)
    assert found.misled < found.misled_bound < 1


def test_what_nobody_offers_is_refused_asked_about_or_misled() -> None:
    nothing = Act.OUT_OF_SCOPE
    found = figures(
        [
            (meaning("", "refused", nothing), Understanding(act=nothing)),
            (meaning("", "asked about", nothing), UNSURE),
            (meaning("", "misled", nothing), SURE),
            (meaning("", "silent", nothing), Understanding()),
            (meaning("noise", "refused too"), Understanding()),
        ]
    )
    assert (found.refused, found.refused_rightly, found.misled) == (2 / 4, 2 / 3, 1 / 5)


def test_confidences_that_say_how_often_they_are_right_have_no_gap() -> None:
    tenths = [(meaning("noise" if n < 9 else "complaint", str(n)), SURE) for n in range(10)]
    of = judged(tenths)
    ((sure, right, count),) = bins(of.heard)
    assert sure == pytest.approx(0.9)
    assert (right, count) == (0.9, 10)
    assert counted(of).gap == pytest.approx(0)
    assert counted(judged(tenths[:9])).gap == pytest.approx(0.1)


def test_the_surest_are_answered_first() -> None:
    of = judged(
        [(meaning("noise", "sure"), SURE), (meaning("complaint", "not"), UNSURE), (meaning("x", "no"), NOTHING)]
    )
    assert list(risk(of.heard)) == [(1 / 3, 0), (2 / 3, 1 / 2)]


def test_what_goes_wrong_is_named() -> None:
    of = judged(
        [
            (meaning("noise", "right"), SURE),
            (meaning("complaint", "wrong", Act.COST), SURE),
            (meaning("complaint", "unheard"), NOTHING),
        ],
        danger=("help", "fire"),
        near_danger=("fire station",),
    )
    assert worst(of) == [("complaint", 0.0), ("noise", 1.0)]
    assert confusions(of) == [(("complaint", "noise"), 1), (("complaint", ""), 1)]
    assert of.missed() == {
        "service": ["wrong", "unheard"],
        "act": ["wrong"],
        "misled": ["wrong"],
        "danger": ["help"],
        "near_danger": ["fire station"],
    }
    assert counted(together([of, of])).sentences == 2 * counted(of).sentences


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
