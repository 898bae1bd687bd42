"""Calls that real people made, from the form that was filled in beside each (docs/callers.md), into the same table."""

from __future__ import annotations

import csv
from pathlib import Path

from core.errors import Misconfigured
from simulator.callers.calling import ALONE, CALL_BACK, OUTCOMES, WITH_PERSON, Outcome

COLUMNS = (
    "person",
    "kind",
    "language",
    "channel",
    "task",
    "outcome",
    "presses",
    "seconds",
    "misunderstood",
    "undone",
    "wrong",
)
"""The form's columns: a number for the person and never a name; what kind of caller they are; and one row a call."""


def read(file: Path) -> list[Outcome]:
    """The calls in a CSV file with `COLUMNS`. Raises Misconfigured with every mistake, by its line."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            table = csv.DictReader(opened)
            if missing := [name for name in COLUMNS if name not in (table.fieldnames or ())]:
                raise Misconfigured([f"{file}: there is no column {', '.join(missing)}."])
            rows = [(table.line_num, row) for row in table]
    except (OSError, UnicodeDecodeError) as fault:
        raise Misconfigured([f"{file} can not be read ({fault})."]) from fault
    mistakes, found = list[str](), list[Outcome]()
    for line, row in rows:
        try:
            found.append(_outcome(row))
        except ValueError as fault:
            mistakes.append(f"{file}:{line}: {fault}")
    if mistakes or not found:
        raise Misconfigured(mistakes or [f"{file}: there is no call in it."])
    return found


def _outcome(row: dict[str, str]) -> Outcome:
    outcome = (row["outcome"] or "").strip()
    if outcome not in OUTCOMES:
        raise ValueError(f"{outcome or 'nothing'} is no outcome; write one of {', '.join(OUTCOMES)}")
    seconds = _number(row, "seconds")
    finished = outcome in (ALONE, WITH_PERSON, CALL_BACK)
    return Outcome(
        key=f"person {row['person']}: {row['task']}",
        language=row["language"],
        channel=row["channel"],
        persona=row["kind"],
        task=row["task"],
        outcome=outcome,
        presses=int(_number(row, "presses")),
        seconds=seconds,
        to_answer=seconds if outcome == ALONE else 0.0,
        misunderstood=int(_number(row, "misunderstood")),
        undone=int(_number(row, "undone")) if finished else 0,
        wrong=int(_number(row, "wrong")),
    )


def _number(row: dict[str, str], name: str) -> float:
    try:
        number = float(row[name])
    except (TypeError, ValueError):
        raise ValueError(f"{name}: {row[name] or 'nothing'} is no number") from None
    if not 0 <= number < 100_000:
        raise ValueError(f"{name}: {row[name]} is no number that can be")
    return number
