"""Hostile text on the terminal and in the logs of the processes that really run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.bootstrap import Plainline
from tests.calls.conftest import wired  # noqa: F401 pytest looks for it here
from tests.proof.conftest import Found
from tests.proof.hostile import CORPUS, sendable
from tests.proof.planted import uncontrolled

pytestmark = pytest.mark.timeout(600, func_only=True)

LINES = tuple(re.sub(r"[\r\n]", " ", sendable(bad.marked)) for bad in CORPUS)
"""The corpus, a line each."""


@pytest.fixture(scope="session")
def data(wired: Plainline) -> Path:  # noqa: F811 a fixture
    """A data folder in which the engine is trained already."""
    return wired.settings.folder


def told(folder: Path, *command: str, typed: bytes = b"") -> str:
    """What a command of ours prints, with everything on one channel."""
    given = {n: v for n, v in os.environ.items() if not n.startswith(("TWILIO_", "TELEGRAM_", "PLAINLINE_"))}
    environment = given | {"PLAINLINE_DATA": str(folder), "PYTHONUTF8": "1"}
    whole = [sys.executable, "-m", "app.cli", *command]
    done = subprocess.run(whole, input=typed, env=environment, stdout=-1, stderr=subprocess.STDOUT, check=False)
    text = done.stdout.decode()
    assert done.returncode == 0, text[-2000:]
    return text


def test_what_a_sentence_is_taken_for_is_one_object_a_line(data: Path, found: Found) -> None:
    typed = "\n".join(LINES).encode() + b"\n\xff\xfe\xed\xa0\x80\n"
    lines = told(data, "parse", "--json", "-", typed=typed).splitlines()
    assert len([json.loads(line) for line in lines]) == len(LINES) + 1
    assert not uncontrolled("".join(lines))
    found("hostile", "parse --json, on the terminal", tried=len(LINES), held=len(LINES))


@pytest.mark.parametrize("medium", ["sms", "voice"])
def test_a_conversation_in_the_terminal_goes_on_and_commands_nothing(data: Path, medium: str, found: Found) -> None:
    typed = "\n".join(("hello", *LINES, "0")).encode()
    text = told(data, "talk", "--as", medium, "--lang", "en", typed=typed)
    assert not uncontrolled(text.replace("\t", " "))
    assert "\u202e" not in text
    if medium == "sms":
        assert [bad.name for bad in CORPUS if bad.mark not in text] == []
    found("hostile", f"talk --as {medium}, on the terminal", tried=len(LINES), held=len(LINES))
