"""How sure is sure enough."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.calibrating import PROMISE, danger_enough, sharpness, sure_enough, upper_bound


def test_the_bound_is_clopper_and_pearsons() -> None:
    assert upper_bound(0, 100) == pytest.approx(1 - 0.05 ** (1 / 100))
    assert upper_bound(0, 29) == pytest.approx(0.0981, abs=1e-4)
    assert upper_bound(5, 100) == pytest.approx(0.1023, abs=1e-4)  # tables of binomial confidence limits
    assert upper_bound(7, 7) == 1.0
    assert upper_bound(0, 0) == 1.0


@given(st.integers(0, 50), st.integers(51, 2000))
def test_the_bound_is_above_the_share(wrong: int, tries: int) -> None:
    assert wrong / tries < upper_bound(wrong, tries) <= 1


def test_scores_are_sharpened_until_they_say_how_often_they_are_right() -> None:
    scores = np.array([[1.0, 0.0]] * 100)
    right = np.array([0] * 90 + [1] * 10)
    by = sharpness(scores, right)
    assert 1 / (1 + np.exp(-by)) == pytest.approx(0.9, abs=0.01)


def test_the_least_confidence_is_the_lowest_at_which_the_promise_holds() -> None:
    confidences = np.linspace(0, 1, 1000)
    right = confidences > 0.7
    least = sure_enough(confidences, right, 0.9)
    named_wrong = int((~right[confidences >= least]).sum())
    assert upper_bound(named_wrong, 1000) <= PROMISE
    assert upper_bound(int((~right[confidences >= least - 0.01]).sum()), 1000) > PROMISE


def test_where_the_promise_can_not_be_held_the_usual_confidence_is_taken() -> None:
    assert sure_enough(np.full(50, 0.999), np.zeros(50, dtype=bool), 0.6) == 0.6


def test_danger_is_noticed_as_low_as_few_are_alarmed_in_vain() -> None:
    near, others = np.array([0.9] + [0.3] * 9), np.array([0.5] * 2 + [0.1] * 98)
    assert danger_enough(near, others, 0.4) == pytest.approx(0.305)
    assert danger_enough(near, np.array([0.5] * 20 + [0.1] * 80), 0.4) == pytest.approx(0.505)
    assert danger_enough(np.ones(10), others, 0.4) == 0.4
