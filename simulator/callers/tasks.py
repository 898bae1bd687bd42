"""What callers call for, and what they bring: a task, and what they know about themselves."""

from __future__ import annotations

from dataclasses import dataclass

FIND, START, FOLLOW, REPORT, PERSON, DANGER = "find", "start", "follow", "report", "person", "danger"
KINDS = (FIND, START, FOLLOW, REPORT, PERSON, DANGER)

EACH = {FIND: 9, START: 3, REPORT: 3, FOLLOW: 2, PERSON: 2, DANGER: 1}
"""Of 20 calls, so many have this task (PROPOSAL: nobody publishes what a town is called for)."""

ANSWER, PAPERS, COST = "", "papers", "cost"
PARTS = (ANSWER, PAPERS, COST)
"""What somebody may want to find out: the short answer, who and with which papers, cost and time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a call is for. `service` is "" where it is about none, `part` one of `PARTS`."""

    kind: str
    service: str = ""
    part: str = ANSWER

    def __str__(self) -> str:
        return " ".join(filter(None, (self.kind, self.service, self.part)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a caller knows about themselves and has with them. `leaflet` is the service's number, `reference` that of
    what they asked for before: "" where they have none. Days are as they are typed: month, day, year."""

    number: str
    leaflet: str = ""
    reference: str = ""
    age: str = "72"
    some: str = "2"
    born: str = "05141948"
    day: str = "12222026"
