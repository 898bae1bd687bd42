"""The recorded chats (tests/conversations/chat_*.txt), held again through Telegram, typed and by buttons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from core.commands import fold
from tests import conversations
from tests.bot.line import Line, Resident

RECORDED = sorted(Path(str(conversations.__file__)).parent.glob("chat_*.txt"))


def turns(recorded: Path) -> tuple[datetime, list[tuple[str, str]]]:
    """When it was, and what was typed with the answer that belongs to it; first the opening."""
    first, *lines = recorded.read_text(encoding="utf-8").splitlines()
    found = [("/start", "")]
    for line in lines:
        if line.startswith("> "):
            found.append((line.removeprefix("> "), ""))
        else:
            typed, answer = found[-1]
            found[-1] = (typed, f"{answer}\n{line}".strip())
    return datetime.fromisoformat(first.split()[-1]), found


def button(resident: Resident, typed: str) -> str:
    """The beginning of the label that a typed number stands for, "" if there is no such button."""
    last = resident.chat.received[-1] if resident.chat.received else None
    digit = fold(typed)
    shown = [label for label, _ in last.buttons] if last else []
    return digit if any(label.startswith(f"{digit} ") for label in shown) else ""


def held(resident: Resident, recorded: Path, *, pressing: bool) -> Iterator[tuple[str, str, str]]:
    at, spoken = turns(recorded)
    resident.line.clock.now = at
    for typed, expected in spoken:
        label = button(resident, typed) if pressing else ""
        if label:
            resident.press(f"{label} ")
        else:
            resident.write(typed)
        yield typed, resident.answer, expected


@pytest.mark.parametrize("pressing", [False, True], ids=["typed", "pressed"])
@pytest.mark.parametrize("recorded", RECORDED, ids=[path.stem for path in RECORDED])
def test_a_recorded_chat_is_held_again_through_telegram(each_line: Line, recorded: Path, pressing: bool) -> None:
    with each_line.bot():
        resident = each_line.resident()
        for typed, answer, expected in held(resident, recorded, pressing=pressing):
            assert answer == expected, f"after {typed!r}:\n{resident.chat.transcript()}"
        pressed = len(resident.chat.notices)
    assert (pressed >= 4) is pressing


def test_there_is_a_recorded_chat_in_each_language() -> None:
    assert [path.stem for path in RECORDED] == ["chat_ar", "chat_en", "chat_es", "chat_zh_Hans"]
