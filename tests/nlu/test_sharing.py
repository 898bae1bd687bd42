"""Two processes that learn together."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import Misconfigured
from nlu import embedded, loader, sharing
from nlu.learning import experts, whole
from nlu.loader import Source
from tests.nlu import made

SENTENCE = "a broken street light in front of my house"


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(folder=made.both(tmp_path), catalog=made.catalog())


def test_two_processes_learn_what_one_learns(source: Source) -> None:
    data = source.read()
    alone, shared = whole(data, experts(data)), sharing.learn(source, worth=0, cores=2)
    assert list(shared.experts) == list(alone.experts) == ["en", "zh_Hans"]
    for one, other in zip(alone.experts.values(), shared.experts.values(), strict=True):
        assert (one.service.weights == other.service.weights).all()
        assert (one.features.hashes == other.features.hashes).all()
        assert one.phrases == other.phrases


def test_what_the_other_process_does_not_learn_is_learnt_here(source: Source) -> None:
    ended = [sys.executable, "-c", "import sys; sys.stdin.buffer.read(); sys.exit(1)"]
    assert list(sharing.learn(source, worth=0, cores=2, command=ended).experts) == ["en", "zh_Hans"]


def test_a_process_that_reads_nothing_is_no_hindrance(source: Source) -> None:
    gone = [sys.executable, "-c", "raise SystemExit(1)"]
    assert list(sharing.learn(source, worth=0, cores=2, command=gone).experts) == ["en", "zh_Hans"]


@pytest.mark.parametrize(("worth", "cores"), [(0, 1), (sharing.WORTH, 2)])
def test_on_one_core_or_with_few_examples_no_other_process_is_started(
    source: Source, tmp_path: Path, worth: int, cores: int
) -> None:
    mark = tmp_path / "started"
    assert sharing.learn(source, worth=worth, cores=cores, command=["touch", str(mark)]).experts
    assert not mark.exists()


def test_where_no_other_process_can_be_started_all_is_learnt_here(source: Source) -> None:
    learnt = sharing.learn(source, worth=0, cores=2, command=["/no/such/program"])
    assert list(learnt.experts) == ["en", "zh_Hans"]


def test_mistakes_in_the_files_end_the_other_process(source: Source) -> None:
    (source.folder / "en.yml").write_text("nothing")
    with pytest.raises(Misconfigured):
        sharing.learn(source, worth=0, cores=2, command=["sleep", "1000"])


def test_the_other_process_ends_when_nobody_asks_it() -> None:
    run = subprocess.run([sys.executable, "-m", "nlu.sharing"], input=b"", capture_output=True, timeout=60, check=False)
    assert run.returncode == 1
    assert run.stdout == b""


def test_languages_are_divided_by_the_work_they_are(source: Source) -> None:
    english, chinese = loader.load(source.folder, source.catalog)
    third = replace(english, language="es", services={})
    ours, theirs = sharing.divided([chinese, third, english])
    assert [known.language for known in ours] == ["en"]
    assert [known.language for known in theirs] == ["es", "zh_Hans"]


def test_the_engine_of_shared_learning_understands(source: Source, tmp_path: Path) -> None:
    assert embedded.train_or_load(source, tmp_path / "cache").parse(SENTENCE, "en").service == "streetlight"
