"""Promised calls at the console: on the list, in a request, and in the ledger."""

from __future__ import annotations

import pytest

from core.types import Phrase
from tests.calls.line import LANGUAGES, Line
from tests.calls.test_promised_calls import promised, window_begins
from tests.console.clerks import Clerk


def test_the_list_says_when_a_call_was_promised_and_that_it_is_late(line: Line) -> None:
    promised(line)
    ines = Clerk(line).signs_in()
    assert "Call promised: today from" in ines.page.words
    assert "Late" not in ines.page.words
    window_begins(line)
    line.clock.later(hours=1)
    ines = Clerk(line, "omar").signs_in()
    assert "Late" in ines.page.words
    assert "Call promised: today from" in ines.opens("/console/requests/1").page.words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ledger_counts_and_says_why_in_each_language(line: Line, language: str) -> None:
    promised(line)
    window_begins(line)
    line.clock.later(hours=26)
    line.plainline.promised_calls.look()
    line.clock.later(hours=20)
    promised(line)
    words = Clerk(line, language=language).signs_in("/console/promises").page.words
    for phrase in ("Kept", "Late", "Broken", "Still to be kept", "Nobody called", "The call is still to be made"):
        assert line.words(Phrase(id=phrase), language, "") in words


def test_an_empty_ledger_says_so(line: Line) -> None:
    assert Clerk(line).signs_in("/console/promises").page.words.count("None.") == 4
