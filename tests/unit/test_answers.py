"""What a step takes, and what is said to what it does not."""

from datetime import date

import pytest

from core import phrases as say
from core.answers import CHOSEN, entry, expect, objection, read_as, takes_zero
from core.catalog import Step, StepKind, When
from core.types import Answer, Entry, Expect, Later, Phone, ReadKind

TODAY = date(2026, 3, 2)


def step(kind: StepKind, **more: object) -> Step:
    return Step(name="s", ask="?", kind=kind, **more)  # type: ignore[arg-type]  # a test's shorthand


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (step(StepKind.NUMBER, least=1, most=120), 1),
        (step(StepKind.NUMBER, least=1, most=120), 120),
        (step(StepKind.DATE, when=When.PAST), TODAY),
        (step(StepKind.DATE, when=When.FUTURE), TODAY),
        (step(StepKind.PHONE), Phone(e164="+14155550123")),
        (step(StepKind.WORDS), "Ana"),
        (step(StepKind.PLACE), "1 Main Street"),
        (step(StepKind.NUMBER), 999_999),
        (step(StepKind.NUMBER, most=5), 0),
        (step(StepKind.DATE), date(2026, 3, 3)),
        (step(StepKind.WORDS), Later()),
    ],
)
def test_what_fits_is_taken(asked: Step, value: Answer) -> None:
    assert objection(asked, value, TODAY) is None


@pytest.mark.parametrize(
    ("asked", "value", "says"),
    [
        (step(StepKind.NUMBER, least=1, most=120), 0, say.NUMBER_RANGE.id),
        (step(StepKind.NUMBER, least=1, most=120), 121, say.NUMBER_RANGE.id),
        (step(StepKind.NUMBER), True, say.NOT_A_NUMBER.id),
        (step(StepKind.NUMBER), None, say.NOT_A_NUMBER.id),
        (step(StepKind.DATE, when=When.PAST), date(2026, 3, 3), say.NOT_PAST.id),
        (step(StepKind.DATE, when=When.FUTURE), date(2026, 3, 1), say.NOT_FUTURE.id),
        (step(StepKind.DATE), 5, say.NOT_A_DATE.id),
        (step(StepKind.PHONE), "415", say.NOT_A_PHONE.id),
        (step(StepKind.PLACE), None, say.NOT_WORDS.id),
        (step(StepKind.PLACE), 5, say.NOT_WORDS.id),
        (step(StepKind.WORDS), None, say.NOT_WORDS.id),
        (step(StepKind.WORDS), 5, say.NOT_WORDS.id),
        (step(StepKind.PHONE), None, say.NOT_A_PHONE.id),
        (step(StepKind.DATE), None, say.NOT_A_DATE.id),
        (step(StepKind.NUMBER), "5", say.NOT_A_NUMBER.id),
        (step(StepKind.NUMBER), -1, say.NUMBER_RANGE.id),
        (step(StepKind.NUMBER), 1_000_000, say.NUMBER_RANGE.id),
    ],
)
def test_what_does_not_fit_is_told_kindly(asked: Step, value: Answer | None, says: str) -> None:
    problem = objection(asked, value, TODAY)
    assert problem is not None
    assert problem.id == says


def test_zero_is_an_answer_only_within_the_range() -> None:
    assert takes_zero(step(StepKind.NUMBER, least=0))
    assert not takes_zero(step(StepKind.NUMBER, least=1))
    assert not takes_zero(step(StepKind.WORDS))
    assert not takes_zero(step(StepKind.DATE))


def test_a_range_is_told_with_its_ends() -> None:
    told = objection(step(StepKind.NUMBER, least=1, most=120), 121, TODAY)
    assert told is not None
    assert told.params == {"least": 1, "most": 120}


@pytest.mark.parametrize(
    ("kind", "read", "entered", "expected"),
    [
        (StepKind.NUMBER, ReadKind.NUMBER, Entry.NUMBER, Expect.DIGITS),
        (StepKind.DATE, ReadKind.DATE, Entry.DATE, Expect.DIGITS),
        (StepKind.PHONE, ReadKind.PHONE, Entry.PHONE, Expect.DIGITS),
        (StepKind.WORDS, ReadKind.WORDS, Entry.WORDS, Expect.TEXT),
        (StepKind.PLACE, ReadKind.PLACE, Entry.WORDS, Expect.TEXT),
    ],
)
def test_each_kind_of_answer_is_entered_and_read_as_what_it_is(
    kind: StepKind, read: ReadKind, entered: Entry, expected: Expect
) -> None:
    assert (read_as(kind), entry(kind), expect(kind)) == (read, entered, expected)


def test_all_other_kinds_are_answered_by_choosing() -> None:
    assert {kind for kind in StepKind if expect(kind) is Expect.CHOICE} == CHOSEN
