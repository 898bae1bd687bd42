"""Typed values against what a step takes: ranges and rules, and what to say when one does not fit."""

from __future__ import annotations

from datetime import date

from core import phrases as say
from core.catalog import Step, StepKind, When
from core.types import Answer, Entry, Expect, Later, Phone, Phrase, ReadKind, Recording

LONGEST_WORDS = 300
"""Characters kept of an answer in words."""

_READS = {
    StepKind.NUMBER: ReadKind.NUMBER,
    StepKind.DATE: ReadKind.DATE,
    StepKind.PHONE: ReadKind.PHONE,
    StepKind.WORDS: ReadKind.WORDS,
    StepKind.PLACE: ReadKind.PLACE,
}
_ENTRIES = {
    StepKind.NUMBER: Entry.NUMBER,
    StepKind.DATE: Entry.DATE,
    StepKind.PHONE: Entry.PHONE,
    StepKind.WORDS: Entry.WORDS,
    StepKind.PLACE: Entry.WORDS,
}
_UNREADABLE = {
    StepKind.NUMBER: say.NOT_A_NUMBER,
    StepKind.DATE: say.NOT_A_DATE,
    StepKind.PHONE: say.NOT_A_PHONE,
    StepKind.WORDS: say.NOT_WORDS,
    StepKind.PLACE: say.NOT_WORDS,
}
CHOSEN = frozenset({StepKind.CHOICE, StepKind.AREA, StepKind.YES_NO})
"""Kinds of step answered by choosing."""


def read_as(kind: StepKind) -> ReadKind:
    """What an answer of this kind is read as. `kind` is none of `CHOSEN`."""
    return _READS[kind]


def entry(kind: StepKind) -> Entry:
    """How an answer of this kind is entered. `kind` is none of `CHOSEN`."""
    return _ENTRIES[kind]


def expect(kind: StepKind) -> Expect:
    """Whether an answer of this kind is chosen, typed in digits, or in words."""
    if kind in CHOSEN:
        return Expect.CHOICE
    return Expect.TEXT if kind in (StepKind.WORDS, StepKind.PLACE) else Expect.DIGITS


def objection(step: Step, value: Answer | None, today: date) -> Phrase | None:
    """What to say to a value that the step does not take; None if it does. `value` None means unreadable."""
    if isinstance(value, Later | Recording):
        return None
    if value is None:
        return _UNREADABLE[step.kind]
    if step.kind is StepKind.NUMBER:
        return _number_objection(step, value)
    if step.kind is StepKind.DATE:
        return _date_objection(step, value, today)
    right: type[str] | type[Phone] = Phone if step.kind is StepKind.PHONE else str
    return None if isinstance(value, right) else _UNREADABLE[step.kind]


def takes_zero(step: Step) -> bool:
    """Whether 0 is an answer to this step, and so does not simply mean "a person"."""
    return step.kind is StepKind.NUMBER and objection(step, 0, date.min) is None


def _number_objection(step: Step, value: Answer) -> Phrase | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return say.NOT_A_NUMBER
    least = 0 if step.least is None else step.least
    most = 999_999 if step.most is None else step.most
    return None if least <= value <= most else say.phrase(say.NUMBER_RANGE.id, least=least, most=most)


def _date_objection(step: Step, value: Answer, today: date) -> Phrase | None:
    if not isinstance(value, date):
        return say.NOT_A_DATE
    if step.when is When.PAST and value > today:
        return say.NOT_PAST
    if step.when is When.FUTURE and value < today:
        return say.NOT_FUTURE
    return None
