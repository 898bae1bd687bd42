"""The sentences kept apart: enough of each kind, and none of them a near-copy of what is learnt, or of another set."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from core.commands import fold
from core.types import Act
from nlu.apart import Apart, near_copies, read
from nlu.loader import TrainingData
from tests.nlu import whole

NLU = Path(__file__).parents[2] / "nlu"
SETS = ("calibration", "test")
LANGUAGES = tuple(whole.catalog().town.languages)
ACTS = frozenset(Act) - {Act.YES, Act.NO, Act.OUT_OF_SCOPE}

NAME = 24
"""Up to so many characters may be a service's name, which everybody says in the same words."""


def apart(kind: str, language: str) -> Apart:
    return read(NLU / kind / f"{language}.yml")


def learnt(data: TrainingData) -> list[str]:
    both = [text for text, _, _ in data.both]
    return [*(text for own in (*data.services.values(), *data.acts.values()) for text in own), *both, *data.danger]


@pytest.mark.parametrize("kind", SETS)
def test_every_language_of_the_town_has_its_sentences(kind: str) -> None:
    assert {path.stem for path in (NLU / kind).glob("*.yml")} == set(LANGUAGES)


@pytest.mark.parametrize("kind", SETS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_sentences_to_judge(kind: str, language: str) -> None:
    found = apart(kind, language)
    services = Counter(example.service for example in found.examples if example.service)
    acts = Counter(example.act for example in found.examples if not example.service)
    assert set(services) == set(whole.catalog().services)
    assert min(services.values()) >= 20
    assert {act for act in ACTS if acts[act] < 6} == set()
    assert acts[Act.OUT_OF_SCOPE] >= 150
    assert min(len(found.danger), len(found.near_danger)) >= 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_nearly_one_that_is_learnt(language: str) -> None:
    (known,) = (data for data in whole.data() if data.language == language)
    kept = [text for kind in SETS for text in apart(kind, language).texts() if len(fold(text)) > NAME]
    assert list(near_copies(kept, learnt(known))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_measured_is_not_nearly_what_thresholds_were_chosen_by(language: str) -> None:
    assert list(near_copies(apart("test", language).texts(), apart("calibration", language).texts())) == []


def test_a_near_copy_is_found() -> None:
    assert list(near_copies(["My lamp is out again."], ["the bus", "my lamp is out, again"])) == [
        ("My lamp is out again.", "my lamp is out, again")
    ]
