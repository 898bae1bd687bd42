"""What residents say does not command the terminal that it is shown on."""

from __future__ import annotations

import io
import json
import sys

import pytest

from app.terminal import shown, typed


@pytest.mark.parametrize("command", ["\x1b[2J", "\x9b31m", "\x07", "\r", "\u202e", "\u2028", "\ud800"])
def test_what_a_terminal_would_obey_is_written_out(command: str) -> None:
    told = shown(f"a{command}b")
    assert command not in told
    assert told == f"a\\u{ord(command[0]):04x}{command[1:]}b"
    assert json.loads(f'"{told}"') == f"a{command}b"


def test_words_of_every_language_stay_as_they_are() -> None:
    for words in ("Shall we?\n\t1 yes", "Cuántos años", "中文，3。", "العربية: \u2066123 456\u2069"):
        assert shown(words) == words


def test_bytes_that_are_no_text_end_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"one\n\xff\xfe two\n"), encoding="utf-8"))
    assert list(typed()) == ["one", "\ufffd\ufffd two"]
