"""How well the shipped data are understood, on sentences that the engine was not trained on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest

from core.commands import fold
from core.types import Act
from nlu import embedded, evaluation, loader
from nlu.embedded import Embedded
from nlu.evaluation import Example
from tests.nlu import whole

FOLDER = whole.HERE / "examples"
TESTED = tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))


@dataclass(frozen=True)
class Floor:
    """What was measured, less a little, since a few sentences more or less are chance."""

    accuracy: float = 0.75
    wrong: float = 0.05
    acts: float = 0.6


FLOORS = {
    "en": Floor(accuracy=0.88, wrong=0.03, acts=0.9),
    "es": Floor(accuracy=0.88, wrong=0.04, acts=0.85),
    "zh_Hans": Floor(accuracy=0.84, wrong=0.03, acts=0.7),
    "ar": Floor(accuracy=0.88, wrong=0.04, acts=0.82),
}
NEW = Floor()
"""For a language that nobody has measured yet."""

ACTS = frozenset(Act) - {Act.YES, Act.NO}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    return embedded.train_or_load(whole.data(), tmp_path_factory.mktemp("cache"))


def examples(language: str) -> tuple[Example, ...]:
    return evaluation.read(FOLDER / f"{language}.yml")


def test_every_language_of_the_town_has_its_sentences() -> None:
    assert set(TESTED) == set(whole.catalog().town.languages)


def test_every_service_has_phrases_in_every_language() -> None:
    assert loader.gaps(whole.data(), whole.catalog()) == ()


@pytest.mark.parametrize("language", TESTED)
def test_there_are_enough_sentences_to_judge(language: str) -> None:
    services = Counter(example.service for example in examples(language))
    acts = Counter(example.act for example in examples(language))
    assert set(services) - {""} <= set(whole.catalog().services)
    assert {slug: services[slug] for slug in whole.catalog().services if services[slug] < 2} == {}
    assert {act for act in ACTS if acts[act] < 1} == set()
    assert acts[Act.OUT_OF_SCOPE] >= 20


@pytest.mark.parametrize("language", TESTED)
def test_no_sentence_is_among_those_learnt(language: str) -> None:
    (known,) = (known for known in whole.data() if known.language == language)
    learnt = {fold(p) for own in (*known.services.values(), *known.acts.values()) for p in own}
    assert [example.text for example in examples(language) if fold(example.text) in learnt] == []


@pytest.mark.parametrize("language", TESTED)
def test_sentences_are_understood_as_well_as_measured_before(engine: Embedded, language: str) -> None:
    floor, found = FLOORS.get(language, NEW), evaluation.evaluate(engine, examples(language))
    assert found.accuracy >= floor.accuracy, found
    assert found.wrong <= floor.wrong, found
    assert found.acts >= floor.acts, found


@pytest.mark.parametrize("language", TESTED)
def test_sentences_are_heard_in_their_own_language(engine: Embedded, language: str) -> None:
    heard = Counter(engine.parse(e.text, language).language for e in examples(language))
    assert heard[language] >= 0.97 * len(examples(language)), heard


@pytest.mark.parametrize("language", TESTED)
def test_sentences_said_to_a_line_in_another_language_are_told_from_it(engine: Embedded, language: str) -> None:
    other = next(code for code in whole.catalog().town.languages if code != language)
    heard = Counter(engine.parse(example.text, other).language for example in examples(language))
    assert heard[language] >= 0.7 * len(examples(language)), heard
