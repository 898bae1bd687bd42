"""What Rasa learns from is what the embedded engine learns from, each sentence once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.types import Act
from nlu import loader, rasa_project
from nlu.loader import TrainingData
from tests.nlu import made, whole
from tests.rules.house import ROOT

KEPT = ROOT / "nlu" / "rasa"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of the town in the example."""
    folder = tmp_path_factory.mktemp("project")
    rasa_project.export(whole.data(), folder)
    return folder


def read(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def entries(project: Path, language: str) -> list[tuple[str, str, list[str]]]:
    """Intent, act beside it or "", and sentences."""
    content = read(project / "data" / "nlu" / f"{language}.yml")
    assert content["version"] == "3.1"
    found = []
    for entry in content["nlu"]:
        assert set(entry) <= {"intent", "metadata", "examples"}
        lines = entry["examples"].splitlines()
        assert all(line.startswith("- ") for line in lines)
        act = entry.get("metadata", {}).get("act", "")
        found.append((entry["intent"], act, [line.removeprefix("- ") for line in lines]))
    return found


def small(folder: Path) -> tuple[TrainingData, ...]:
    return loader.load(made.both(folder), made.catalog())


def test_what_is_the_same_in_every_town_is_written_as_it_is_kept(project: Path) -> None:
    assert sorted(path.name for path in KEPT.iterdir() if path.name not in ("data", "domain.yml", "models")) == sorted(
        rasa_project.FIXED
    )
    for name in rasa_project.FIXED:
        assert (project / name).read_bytes() == (KEPT / name).read_bytes()


def test_every_file_is_yaml_and_the_model_ranks_every_intent(project: Path) -> None:
    files = sorted(project.rglob("*.yml"))
    assert len(files) == 4 + len(whole.data())
    contents = {path.name: read(path) for path in files}
    assert contents["config.yml"]["assistant_id"] == "plainline"
    assert contents["config.yml"]["pipeline"][-1]["ranking_length"] == 0


def test_every_sentence_is_there_once(project: Path) -> None:
    said: list[str] = []
    for data in whole.data():
        found = entries(project, data.language)
        mine = [text for _, _, texts in found for text in texts]
        learnt = [*data.danger, *data.near_danger, *(text for text, _, _ in data.both)]
        learnt += [text for texts in (*data.services.values(), *data.acts.values()) for text in texts]
        assert set(mine) <= {rasa_project.plain(text) for text in learnt}
        said += mine
    everything = {
        rasa_project.plain(text)
        for data in whole.data()
        for texts in (*data.services.values(), *data.acts.values(), data.danger, [text for text, _, _ in data.both])
        for text in texts
    }
    assert everything - {""} <= set(said)
    assert [text for text, times in Counter(said).items() if times > 1] == []


def test_the_domain_has_the_intents_of_the_sentences_and_the_engine_knows_them(project: Path) -> None:
    intents = read(project / "domain.yml")["intents"]
    found = {intent for data in whole.data() for intent, _, _ in entries(project, data.language)}
    assert sorted(found) == intents
    assert found <= rasa_project.known(whole.catalog())


def test_a_sentence_that_names_a_service_and_an_act_keeps_both(project: Path) -> None:
    kept = {
        (text, intent.removeprefix("service_"), act)
        for intent, act, texts in entries(project, "es")
        for text in texts
        if act
    }
    spanish = next(data for data in whole.data() if data.language == "es")
    assert len(spanish.both) > 100
    assert {(rasa_project.plain(text), slug, str(act)) for text, slug, act in spanish.both} >= kept
    assert len(kept) > 0.95 * len(spanish.both)


def test_an_act_stands_beside_a_service_alone(project: Path) -> None:
    acts = {str(act) for act in Act}
    for data in whole.data():
        for intent, act, _ in entries(project, data.language):
            assert not act or (act in acts and intent.startswith("service_"))


def test_chinese_is_written_in_simplified_characters_and_nothing_that_rasa_would_obey() -> None:
    assert rasa_project.plain("老人免費乘車卡") == "老人免费乘车卡"
    assert rasa_project.plain("/act_cost{} [card](service) ＡＢＣ") == "act_cost card service abc"


def test_a_language_that_the_town_no_longer_speaks_is_taken_away(tmp_path: Path) -> None:
    data = small(tmp_path)
    project = tmp_path / "project"
    rasa_project.export(data, project)
    rasa_project.export(data[:1], project)
    assert [path.name for path in (project / "data" / "nlu").iterdir()] == ["en.yml"]


def test_two_exports_are_the_same_to_the_byte(tmp_path: Path) -> None:
    data = small(tmp_path)
    for name in ("one", "two"):
        rasa_project.export(data, tmp_path / name)
    files = [path for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert len(files) == 7
    for path in files:
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()
