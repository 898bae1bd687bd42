"""The words of danger, measured on sentences in every language, with every language's words active at once."""

from __future__ import annotations

import pytest
import yaml

from core.commands import Spotter, fold, spotter
from tests.nlu import whole

FOLDER = whole.HERE / "danger"
TESTED = tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))

LEAST_FOUND = 0.9
MOST_FALSE = 0.05
MOST_FALSE_SERVICES = 0.03


@pytest.fixture(scope="module")
def watch() -> Spotter:
    return spotter((known.lexicon for known in whole.data()), whole.catalog().town.emergencies)


def sentences(language: str, kind: str) -> list[str]:
    read: dict[str, list[str]] = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    return read[kind]


def test_every_language_of_the_town_has_its_sentences() -> None:
    assert set(TESTED) == set(whole.catalog().town.languages)


@pytest.mark.parametrize("language", TESTED)
def test_there_are_enough_sentences_to_judge(language: str) -> None:
    assert len(set(sentences(language, "danger"))) >= 100
    assert len(set(sentences(language, "none"))) >= 60


@pytest.mark.parametrize("language", TESTED)
def test_danger_is_found(watch: Spotter, language: str) -> None:
    told = sentences(language, "danger")
    missed = [text for text in told if not watch.danger(text)]
    assert len(missed) <= (1 - LEAST_FOUND) * len(told), missed


@pytest.mark.parametrize("language", TESTED)
def test_danger_is_not_seen_everywhere(watch: Spotter, language: str) -> None:
    told = sentences(language, "none")
    false = {text: watch.danger(text) for text in told if watch.danger(text)}
    assert len(false) <= MOST_FALSE * len(told), false


@pytest.mark.parametrize("language", TESTED)
def test_what_names_a_service_is_no_danger(watch: Spotter, language: str) -> None:
    """Hardly anybody who asks for a service in the words it was learnt with is asked about danger. Those words have
    fires of long ago and people who died, to teach that they are none."""
    (known,) = (known for known in whole.data() if known.language == language)
    phrases = [phrase for own in known.services.values() for phrase in own]
    false = {phrase: watch.danger(phrase) for phrase in phrases if watch.danger(phrase)}
    assert len(false) <= MOST_FALSE_SERVICES * len(phrases), false


def test_an_emergency_number_alone_is_danger(watch: Spotter) -> None:
    emergency = whole.catalog().town.emergency
    assert watch.danger(emergency) == emergency


@pytest.mark.parametrize("language", TESTED)
def test_the_sentences_are_not_the_patterns_themselves(language: str) -> None:
    """At most one in ten is a pattern word for word ("suicide" is what people say)."""
    (known,) = (known for known in whole.data() if known.language == language)
    patterns = {fold(phrase) for phrase in known.lexicon.danger}
    same = [text for text in sentences(language, "danger") if fold(text) in patterns]
    assert len(same) <= 0.1 * len(sentences(language, "danger")), same
