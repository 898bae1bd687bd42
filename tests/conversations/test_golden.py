"""Golden conversations: recorded with `plainline talk --record`, read by a human, and held again word for word."""

from __future__ import annotations

import shlex
from datetime import datetime
from pathlib import Path

import pytest

from app.commands.talk import start
from tests import learnt

pytestmark = pytest.mark.timeout(120, func_only=True)  # learning, before the first, may take longer

RECORDED = sorted(Path(__file__).parent.glob("*.txt"))


def held_again(recorded: Path, folder: Path) -> list[str]:
    """What is said when the same is typed again, in a new database in this folder."""
    first, *lines = recorded.read_text(encoding="utf-8").splitlines()
    options = dict(zip(*[iter(shlex.split(first)[2:])] * 2, strict=True))
    talk = start(
        f"sqlite:///{folder / 'talk.db'}",
        way=options["--as"],
        language=options["--lang"].strip("-"),
        number=options["--from"],
        at=datetime.fromisoformat(options["--at"]),
    )
    typed = [line.removeprefix("> ") for line in lines if line.startswith("> ")]
    return "\n".join(talk.hold(typed)).splitlines()


@pytest.fixture(scope="module")
def learnt_folder(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an engine that has learnt: else the first conversation would wait for it."""
    folder = learnt.folder(pytestconfig, tmp_path_factory.getbasetemp())
    learnt.engine(folder)
    return folder


@pytest.fixture(autouse=True)
def _with_what_was_learnt(monkeypatch: pytest.MonkeyPatch, learnt_folder: Path) -> None:
    monkeypatch.setenv("PLAINLINE_DATA", str(learnt_folder))


@pytest.mark.parametrize("recorded", RECORDED, ids=[path.stem for path in RECORDED])
def test_a_recorded_conversation_is_held_again_word_for_word(recorded: Path, tmp_path: Path) -> None:
    assert held_again(recorded, tmp_path) == recorded.read_text(encoding="utf-8").splitlines()[1:]


def test_every_language_has_a_recorded_call_text_and_chat() -> None:
    names = {path.stem for path in RECORDED}
    wanted = {f"{kind}_{language}" for kind in ("call", "text", "chat") for language in ("en", "es", "zh_Hans", "ar")}
    assert wanted <= names
