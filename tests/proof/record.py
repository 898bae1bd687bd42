"""How much a proof tries, and what it found: rows that one table shows at the end, however many runs it took.

`make proof` tries a small share of everything; `make proof FULL=1` all of it, and goes on where an earlier run of the
same code left off. `python -m tests.proof.record` prints the table of what was recorded last.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from tests.rules.house import ROOT, rooms

FULL = os.environ.get("PLAINLINE_PROOF_FULL", "") not in ("", "0")
FOLDER = ROOT / ".proof"

_CODE = ("*.py", "*.yml", "*.po", "*.html", "*.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a proof, short enough to be done again if a run is broken off: how many tries, and its own seed."""

    number: int
    tries: int

    def __str__(self) -> str:
        return f"part{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one test found of one thing: of so many tries, so many held. `note` has its figures in words; `case` tells
    rows apart that stand in one line of the table, such as one fault of many; their notes stay in the file."""

    test: str
    proof: str
    what: str
    tried: int
    held: int
    note: str = ""
    case: str = ""


def share(small: int, full: int) -> int:
    """How many of a thing this run tries."""
    return full if FULL else small


def parts(small: int, full: int, most: int) -> list[Part]:
    """`small` or `full` tries, in pieces of at most `most`."""
    left, made = share(small, full), list[Part]()
    while left > 0:
        made.append(Part(number=len(made) + 1, tries=min(most, left)))
        left -= made[-1].tries
    return made


def record(row: Row) -> None:
    """Keep a row; processes that test side by side append to the same file."""
    _append({"row": asdict(row)})


def passed(test: str) -> None:
    """Note that a test passed, and with it its rows."""
    _append({"passed": test, "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M}", "commit": _commit()})


def already_passed() -> set[str]:
    """The tests that a broken-off run of the same code has done; none unless the whole is asked for."""
    return {one["passed"] for one in _lines() if "passed" in one} if FULL else set()


def begin() -> None:
    """Forget a small run; what a full one did is kept, for this code alone."""
    FOLDER.mkdir(exist_ok=True)
    if not FULL:
        _file().unlink(missing_ok=True)


def table() -> Iterator[str]:
    """What was proved, line by line. Rows of the same thing, from several parts, are one line."""
    lines = list(_lines())
    done = {one["passed"]: one for one in lines if "passed" in one}
    last = {(one["row"]["test"], one["row"]["what"]): Row(**one["row"]) for one in lines if "row" in one}
    together: dict[tuple[str, str], list[Row]] = {}
    for row in last.values():
        if row.test in done:
            together.setdefault((row.proof, row.what), []).append(row)
    wide = max((len(what) for _, what in together), default=0)
    for (proof, what), rows in sorted(together.items()):
        tried, held = sum(row.tried for row in rows), sum(row.held for row in rows)
        cases = len({row.case for row in rows if row.case})
        notes = f"{cases} kinds" if cases else "; ".join(dict.fromkeys(row.note for row in rows if row.note))
        yield f"{proof:10}  {what:{wide}}  {held:>9,} of {tried:>9,}  {notes}".rstrip()
    commits = sorted({f"{one['commit']} ({one['at'][:10]})" for one in done.values()})
    yield f"{'All of it' if FULL else 'A small share'}: {len(done)} tests passed at {', '.join(commits)}."


def _file() -> Path:
    return FOLDER / (f"full-{_code()}.jsonl" if FULL else "small.jsonl")


def _append(line: object) -> None:
    FOLDER.mkdir(exist_ok=True)
    with _file().open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _lines() -> Iterator[dict[str, Any]]:
    if _file().exists():
        yield from (json.loads(line) for line in _file().read_text(encoding="utf-8").splitlines())


@cache
def _code() -> str:
    """A name for the code as it stands: another code's results are not this one's."""
    mark = hashlib.sha256()
    for room in (*rooms(), "tests"):
        for path in sorted(one for kind in _CODE for one in (ROOT / room).rglob(kind)):
            mark.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return mark.hexdigest()[:12]


def _commit() -> str:
    got = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return got.stdout.strip() or "no commit"


if __name__ == "__main__":
    if sys.argv[1:] == ["begin"]:
        begin()
    else:
        sys.stdout.write("\n".join(["", *table(), ""]))
