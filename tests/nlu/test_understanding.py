"""How well the shipped data are understood, on sentences that the engine was not trained on."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app import bootstrap
from app.settings import here
from app.wording import read_wording
from nlu import apart, loader
from nlu.apart import Example
from nlu.embedded import Embedded
from nlu.evaluation import Judged, figures
from nlu.faithful import faithful
from nlu.report import ALL, Report
from tests import learnt
from tests.nlu import whole

pytestmark = pytest.mark.timeout(120, func_only=True)  # learning, before the first, may take longer

TESTED = tuple(sorted(path.stem for path in apart.TEST.glob("*.yml")))


KEPT = Path(__file__).with_name("understood.json")
"""What was understood when it was last measured: `plainline nlu evaluate --json > tests/nlu/understood.json`."""

CHANCE = 0.015
"""A few sentences more or less are chance."""

MORE_IS_BETTER = ("first", "among", "named", "acts", "joint", "refused", "danger")
LESS_IS_BETTER = ("misled", "alarms", "disturbed", "gap")


@pytest.fixture(scope="module")
def engine(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    return learnt.engine(learnt.folder(pytestconfig, tmp_path_factory.getbasetemp()))


@pytest.fixture(scope="module")
def report(engine: Embedded, pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What is understood as a whole: rules, engine, clauses, search and names."""
    folder = learnt.folder(pytestconfig, tmp_path_factory.getbasetemp())
    settings = replace(here(), folder=folder, catalogue=None, rasa_url="")
    language = bootstrap.understanding(whole.catalog(), read_wording(whole.catalog().town), settings)
    return bootstrap.evaluated(language, "test", TESTED)


def examples(language: str) -> tuple[Example, ...]:
    return apart.read(apart.TEST / f"{language}.yml").examples


def kept() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(KEPT.read_text("utf-8"))
    return found


def test_every_language_of_the_town_was_measured() -> None:
    assert set(kept()) == {*whole.catalog().town.languages, ALL}


def test_every_service_has_phrases_in_every_language() -> None:
    assert loader.gaps(whole.data(), whole.catalog()) == ()


def got_worse(before: dict[str, Any], judged: Judged) -> str:
    """What is understood less well than before, with the sentences; "" if nothing is."""
    now = asdict(figures(judged))
    worse = [name for name in MORE_IS_BETTER if now[name] < before["figures"][name] - CHANCE]
    worse += [name for name in LESS_IS_BETTER if now[name] > before["figures"][name] + CHANCE]
    told = {name: (before["figures"][name], round(now[name], 4)) for name in worse}
    new = {what: sorted({*some} - {*before["missed"][what]}) for what, some in judged.missed().items()}
    return f"{told}; not understood any more: {json.dumps(new, ensure_ascii=False, indent=1)}" if worse else ""


@pytest.mark.parametrize("language", TESTED)
def test_sentences_are_understood_as_well_as_when_last_measured(report: Report, language: str) -> None:
    assert got_worse(kept()[language], report.of[language]) == ""


def test_what_got_worse_is_told_with_its_sentences(report: Report) -> None:
    judged = report.of["en"]
    better = {"figures": asdict(figures(judged)) | {"first": 1.0}, "missed": judged.missed() | {"service": []}}
    assert judged.missed()["service"][0] in got_worse(better, judged)


@pytest.mark.parametrize("language", TESTED)
def test_the_words_named_as_evidence_are_those_that_counted(engine: Embedded, language: str) -> None:
    spaced = not loader.is_chinese(language)
    tried, held = faithful(engine.parse, examples(language)[::3], Random(language), spaced=spaced)
    assert tried > 80
    assert held >= 0.9 * tried, (held, tried)


@pytest.mark.parametrize("language", TESTED)
def test_sentences_are_heard_in_their_own_language(engine: Embedded, language: str) -> None:
    heard = Counter(engine.parse(e.text, language).language for e in examples(language))
    assert heard[language] >= 0.97 * len(examples(language)), heard


@pytest.mark.parametrize("language", TESTED)
def test_sentences_said_to_a_line_in_another_language_are_told_from_it(engine: Embedded, language: str) -> None:
    other = next(code for code in whole.catalog().town.languages if code != language)
    heard = Counter(engine.parse(example.text, other).language for example in examples(language))
    assert heard[language] >= 0.7 * len(examples(language)), heard
