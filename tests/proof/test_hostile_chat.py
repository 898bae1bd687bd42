"""Hostile text in the chat: as words, as the resident's name and language, and behind buttons that were never sent."""

from __future__ import annotations

import pytest

from core import phrases as say
from simulator.exchange import Chat
from store import schema
from tests.bot.conftest import each_line  # noqa: F401 pytest looks for it here
from tests.bot.line import Line, Resident
from tests.calls.conftest import clock, wired  # noqa: F401 pytest looks for them here
from tests.proof.conftest import Found
from tests.proof.hostile import FAMILIES, Bad
from tests.proof.planted import logged, some_of, unbalanced, uncontrolled
from tests.store.fixtures import (  # noqa: F401 pytest looks for them here
    migrated_file,
    migrated_postgres,
    migrated_postgres_url,
    migrated_url,
    sqlite_url,
)

pytestmark = pytest.mark.timeout(600, func_only=True)

FIRST = 6_700_000
"""The chat's id of the first input's resident."""


def named(line: Line, bad: Bad) -> Resident:
    """A resident whose profile is hostile too."""
    return line.resident(language=bad.marked, id=FIRST + bad.number, name=bad.marked)


def forged(chat: Chat, bad: Bad) -> None:
    """A button that we never sent, under a message of ours."""
    chat.press(chat.received[-1].id, bad.marked)


def held_in_chat(line: Line, bad: Bad) -> None:
    """The button does nothing, the words are read back and kept, a person is there."""
    who = named(line, bad).write("/start", "1")
    who.does(lambda: forged(who.chat, bad)).reads(say.WHAT_ABOUT)
    who.write("4", "2", "4", bad.marked).reads(say.text("On what day was this person born?"))
    who.write("May 25 1990", "2", "1", "+1 415 555 0123")
    assert bad.mark in who.answer, f"{bad.name}: {who.chat.transcript()}"
    who.write("1")
    kept = line.rows(schema.cases, schema.cases.c.address == str(who.chat.id))
    assert [bad.mark in row.answers for row in kept] == [True], bad.name
    who.write("0").reads(say.WAITING_TEXT)
    for message in who.chat.received:
        assert not uncontrolled(message.text), f"{bad.name}: {message.text!r}"
        assert not unbalanced(message.text), f"{bad.name}: {message.text!r}"


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_written_in_a_chat_is_read_back_kept_and_answered(each_line: Line, family: str, found: Found) -> None:  # noqa: F811 a fixture
    tried = some_of(family)
    with logged() as logs, each_line.bot():
        for bad in tried:
            held_in_chat(each_line, bad)
    assert {"bot_fault", "outbox_fault", "update_put_off"}.isdisjoint(logs.events)
    assert logs.holding([bad.mark for bad in tried]) == []
    assert logs.holding([str(FIRST + bad.number) for bad in tried]) == []
    found("hostile", "in the chat: words, profile, buttons", tried=len(tried), held=len(tried))
