"""References and codes find every single wrong digit and every swap of neighbours."""

from hypothesis import given
from hypothesis import strategies as st

from core import codes

NUMBERS = st.integers(0, 10**8 - 1)


@given(NUMBERS, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number: int, at: int, by: int) -> None:
    reference = codes.reference(number)
    wrong = reference[:at] + str((int(reference[at]) + by) % 10) + reference[at + 1 :]
    assert codes.holds(reference)
    assert not codes.holds(wrong)


@given(NUMBERS, st.integers(0, 7))
def test_two_neighbours_swapped_are_noticed(number: int, at: int) -> None:
    reference = codes.reference(number)
    swapped = reference[:at] + reference[at + 1] + reference[at] + reference[at + 2 :]
    assert codes.holds(swapped) == (swapped == reference)


def test_lengths_are_those_that_people_are_told() -> None:
    assert len(codes.reference(1)) == 9
    assert len(codes.code(1)) == 8


@given(st.text())
def test_anything_may_be_asked_about(text: str) -> None:
    assert not codes.holds(text) or text.isdigit()
