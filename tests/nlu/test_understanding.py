"""How well the shipped data are understood, on sentences that the engine was not trained on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest

from app.understanding import understand
from core.commands import Spotter, spotter
from core.types import Understanding
from nlu import evaluation, loader
from nlu.embedded import Embedded
from nlu.evaluation import Example
from tests import learnt
from tests.nlu import whole

pytestmark = pytest.mark.timeout(120, func_only=True)  # learning, before the first, may take longer

FOLDER = whole.DATA.parent / "test"
TESTED = tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What was measured, less a little, since a few sentences more or less are chance."""

    first: float
    wrong: float
    acts: float
    refused: float
    danger: float
    disturbed: float


LIMITS = {
    "en": Limit(first=0.75, wrong=0.09, acts=0.57, refused=0.75, danger=0.89, disturbed=0.07),
    "es": Limit(first=0.84, wrong=0.07, acts=0.55, refused=0.85, danger=0.79, disturbed=0.03),
    "zh_Hans": Limit(first=0.84, wrong=0.05, acts=0.55, refused=0.78, danger=0.9, disturbed=0.05),
    "ar": Limit(first=0.73, wrong=0.08, acts=0.5, refused=0.82, danger=0.65, disturbed=0.02),
}


@pytest.fixture(scope="module")
def engine(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    return learnt.engine(learnt.folder(pytestconfig, tmp_path_factory.getbasetemp()))


@pytest.fixture(scope="module")
def rules() -> Spotter:
    return spotter((known.lexicon for known in whole.data()), whole.catalog().town.emergencies)


def examples(language: str) -> tuple[Example, ...]:
    return evaluation.read(FOLDER / f"{language}.yml").examples


def test_every_language_of_the_town_has_its_limits() -> None:
    assert set(LIMITS) == set(whole.catalog().town.languages)


def test_every_service_has_phrases_in_every_language() -> None:
    assert loader.gaps(whole.data(), whole.catalog()) == ()


@pytest.mark.parametrize("language", TESTED)
def test_sentences_are_understood_as_well_as_measured_before(engine: Embedded, rules: Spotter, language: str) -> None:
    def meant(text: str, spoken: str) -> Understanding:
        return understand(text, spoken, rules, engine)

    limit, found = LIMITS[language], evaluation.evaluate(meant, evaluation.read(FOLDER / f"{language}.yml"), language)
    assert found.first >= limit.first, found
    assert found.wrong <= limit.wrong, found
    assert found.acts >= limit.acts, found
    assert found.refused >= limit.refused, found
    assert found.danger >= limit.danger, found
    assert found.disturbed <= limit.disturbed, found


@pytest.mark.parametrize("language", TESTED)
def test_sentences_are_heard_in_their_own_language(engine: Embedded, language: str) -> None:
    heard = Counter(engine.parse(e.text, language).language for e in examples(language))
    assert heard[language] >= 0.97 * len(examples(language)), heard


@pytest.mark.parametrize("language", TESTED)
def test_sentences_said_to_a_line_in_another_language_are_told_from_it(engine: Embedded, language: str) -> None:
    other = next(code for code in whole.catalog().town.languages if code != language)
    heard = Counter(engine.parse(example.text, other).language for example in examples(language))
    assert heard[language] >= 0.7 * len(examples(language)), heard
