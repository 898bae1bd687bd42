"""Whether a change makes it worse for anybody: the same calls on the old and on the new line, compared one by one.

For each persona over the languages, and each language over the personas: by how many points the share that finished
alone changed, with the 95 % interval of paired proportions (Agresti and Min 2005: half a call is added to each of the
four kinds of pairs). A drop counts if it is larger than what is allowed, and the interval excludes 0.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import Misconfigured
from core.shares import SURE
from simulator.callers.calling import ALONE, OUTCOMES, Outcome, Plan
from simulator.callers.planning import fingerprint

MOST_DROP, MOST_DROP_FULL = 5.0, 2.0
"""Points that a group may lose: in a change's check, and in a full run."""

LETTERS = {outcome: outcome[0].upper() if outcome == "lost" else outcome[0] for outcome in OUTCOMES}
"""A letter for each outcome: a, p, c, g, L."""

SHOWN = 3
"""Calls that are shown for each group that lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How one group fares: of `pairs` calls, `gained` finish alone on the new line only, `dropped` on the old only."""

    group: str
    name: str
    pairs: int
    gained: int
    dropped: int

    @property
    def points(self) -> float:
        """By how much the share that finished alone changed."""
        return 100 * (self.gained - self.dropped) / self.pairs if self.pairs else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Between which points the change lies."""
        n, more, less = self.pairs + 2.0, self.gained + 0.5, self.dropped + 0.5
        middle = (more - less) / n
        spread = SURE * math.sqrt(max(0.0, more + less - (more - less) ** 2 / n)) / n
        return 100 * (middle - spread), 100 * (middle + spread)

    def fails(self, most_drop: float) -> bool:
        """Whether it lost more than is allowed, and not by chance."""
        return self.points < -most_drop and self.interval[1] < 0

    def __str__(self) -> str:
        least, most = self.interval
        return (
            f"{self.group} {self.name}: {self.points:+.1f} points ({least:+.1f} to {most:+.1f}) of {self.pairs} calls"
        )


GATED: Mapping[str, Callable[[Outcome], str]] = {
    "persona": lambda one: one.persona,
    "language": lambda one: one.language,
}
"""Held to the gate; single cells are shown and never gated."""

CELL: Mapping[str, Callable[[Outcome], str]] = {"cell": lambda one: f"{one.persona}, {one.language}"}


def must_pair(old: Mapping[str, str], keys: Sequence[str]) -> None:
    """Raises Misconfigured where a call was not made on the old line, or none at all: then nothing can be compared."""
    unpaired = sum(key not in old for key in keys)
    if unpaired or not keys:
        told = f"{unpaired} of {len(keys)} calls were not made on the old line. Make what it is compared with anew."
        raise Misconfigured([told])


def changes(
    old: Mapping[str, str], new: Sequence[Outcome], groups: Mapping[str, Callable[[Outcome], str]] = GATED
) -> list[Change]:
    """How each group fares. `old` says what came of each call, by its key. Raises Misconfigured where a call was not
    made on the old line: then nothing can be compared."""
    must_pair(old, [one.key for one in new])
    found = []
    for group, by in groups.items():
        for name in dict.fromkeys(map(by, new)):
            these = [(old[one.key] == ALONE, one.outcome == ALONE) for one in new if by(one) == name]
            gained, dropped = these.count((False, True)), these.count((True, False))
            found.append(Change(group=group, name=name, pairs=len(these), gained=gained, dropped=dropped))
    return found


def report(old: Mapping[str, str], new: Sequence[Outcome], most_drop: float) -> Iterator[str]:
    """The comparison as lines of text, with calls of each group that fails."""
    for one in changes(old, new):
        failed = one.fails(most_drop)
        yield f"{'FAILS ' if failed else '      '}{one}"
        if failed:
            by = GATED[one.group]
            yield from _calls([c for c in new if by(c) == one.name and old[c.key] == ALONE != c.outcome])
    yield f"Single cells, never gated; those that changed by more than {most_drop:g} points:"
    yield from (f"      {one}" for one in changes(old, new, CELL) if abs(one.points) > most_drop)


def _calls(worse: Sequence[Outcome]) -> Iterator[str]:
    """Some of the calls that finished alone on the old line only."""
    for one in worse[:SHOWN]:
        yield f"      {one.key}: {one.outcome}"
        yield from (f"        {line}" for line in one.transcript.splitlines())


def passes(old: Mapping[str, str], new: Sequence[Outcome], most_drop: float) -> bool:
    """Whether no group lost more than it may."""
    return not any(one.fails(most_drop) for one in changes(old, new))


# --- what is compared with ---------------------------------------------------------------------------------------


def kept(made: Sequence[Plan], outcomes: Sequence[Outcome], seed: int, calls: int) -> str:
    """What came of a plan for so many calls, as a small file: a letter for each."""
    letters = "".join(LETTERS[one.outcome] for one in outcomes)
    told = {"seed": seed, "calls": calls, "plan": fingerprint(made), "outcomes": letters}
    return json.dumps(told, indent=1) + "\n"


def read(file: Path, plan: Callable[[int, int], Sequence[Plan]]) -> dict[str, str]:
    """What came of each call by its key: from a kept file, whose calls `plan` (seed, calls) makes again, or from the
    JSON of a run. Raises Misconfigured for a file that is neither, or whose calls are no longer made like this."""
    try:
        told = json.loads(file.read_text("utf-8"))
        if "plan" not in told:
            return {one["key"]: one["outcome"] for one in told["calls"]}
        made = plan(int(told["seed"]), int(told["calls"]))
        letters: str = told["outcomes"]
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise Misconfigured([f"{file}: not what a run of callers wrote ({fault})."]) from fault
    if fingerprint(made) != told["plan"]:
        raise Misconfigured([f"{file}: personas, services or tasks are others now. Make it anew with --keep."])
    outcome = {letter: name for name, letter in LETTERS.items()}
    return {one.key: outcome[letter] for one, letter in zip(made, letters, strict=True)}
