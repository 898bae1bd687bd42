"""Hold the dialogue of this folder to the recorded conversations and to the promises: `python -m tests.proof.held`.

Run within a copy whose dialogue was changed (tests/proof/trying.py), in a process of its own. Ends with 0 if nothing
was found, with 1 and one line that says what if something was; any other end is found too.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from core.exploring import explore
from core.promises import check
from tests.conversations.test_golden import RECORDED, held_again
from tests.proof.test_promises import SMALL

MOST = 8_000
"""States, twice as many as the real dialogue has: a change that makes endless new ones is no reason to wait."""


def found() -> str:
    """What is not as it should be, "" if nothing is. The first states come first: most that is broken shows there."""
    return broken_promise(500) or other_words() or broken_promise(MOST)


def broken_promise(most: int) -> str:
    """A promise that the checker finds broken within so many states."""
    return next((f"checker: {one.promise}" for one in check(explore(SMALL, most=most), most=1)), "")


def other_words() -> str:
    """A recorded conversation that goes otherwise now."""
    for recorded in RECORDED:
        with tempfile.TemporaryDirectory() as folder:
            if held_again(recorded, Path(folder)) != recorded.read_text(encoding="utf-8").splitlines()[1:]:
                return f"tests: {recorded.name}"
    return ""


if __name__ == "__main__":
    if what := found():
        sys.exit(what)
