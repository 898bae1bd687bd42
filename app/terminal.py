"""Words on a terminal: what residents say must not command it, and what is typed need not be UTF-8."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator

_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ud800-\udfff]")
"""Control characters but tab and line feed, marks that turn whole lines round, and halves of characters."""


def shown(text: str) -> str:
    """The text with what a terminal would obey written out by its number, as JSON too would have it."""
    return _COMMANDS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def typed() -> Iterator[str]:
    """The lines of standard input, with a replacement character for bytes that are no text."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    for line in sys.stdin:
        yield line.rstrip("\n")
