"""The figures themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.types import Act, Alternative, Understanding
from nlu.evaluation import Example, evaluate, read

CLOSE = (Alternative(service="noise", confidence=0.4), Alternative(service="complaint", confidence=0.3))


@dataclass
class Told:
    """A recogniser that says what it was told to."""

    answers: dict[str, Understanding] = field(default_factory=dict)

    def parse(self, text: str, language: str) -> Understanding:
        return self.answers.get(text, Understanding(language=language))


def test_right_abstained_and_wrong_are_counted() -> None:
    told = Told(
        {
            "right": Understanding(service="noise"),
            "wrong": Understanding(service="complaint"),
            "asked": Understanding(alternatives=CLOSE),
            "nothing taken for something": Understanding(service="noise"),
            "nothing asked about": Understanding(alternatives=CLOSE),
        }
    )
    meant = [Example(text=text, language="en", service="noise") for text in ("right", "wrong", "asked", "missed")]
    nothing = ("nothing taken for something", "nothing asked about", "nothing", "silence")
    meant += [Example(text=text, language="en") for text in nothing]
    found = evaluate(told, meant)
    assert (found.sentences, found.accuracy, found.wrong, found.asked) == (8, 3 / 8, 2 / 8, 1 / 8)
    assert found.abstained == pytest.approx(3 / 8)


def test_acts_are_counted_among_sentences_that_name_one() -> None:
    told = Told({"cost": Understanding(act=Act.COST), "time": Understanding(act=Act.COST)})
    examples = [
        Example(text="cost", language="en", act=Act.COST),
        Example(text="time", language="en", act=Act.TIME),
        Example(text="no act beside a service", language="en", service="noise", act=Act.ABOUT),
        Example(text="nothing found", language="en", act=Act.OUT_OF_SCOPE),
        Example(text="no act found", language="en", act=Act.START),
        Example(text="names no act", language="en", service="noise"),
    ]
    assert evaluate(told, examples).acts == 3 / 5


def test_examples_are_read_in_the_language_that_names_their_file(tmp_path: Path) -> None:
    path = tmp_path / "es.yml"
    path.write_text('- {text: "cuánto cuesta", service: "", act: cost}\n- {text: ruido, service: noise}\n', "utf-8")
    assert read(path) == (
        Example(text="cuánto cuesta", language="es", act=Act.COST),
        Example(text="ruido", language="es", service="noise"),
    )
