"""How sure is sure enough: chosen on sentences that nothing was learnt from (`nlu/calibration`), for a stated promise.

The promise: of all that people say, at most `PROMISE` is answered at once with a service that was not meant. It is held
with 95 % confidence on the sentences of the calibration: their one-sided upper bound (Clopper and Pearson 1934) is not
above it. What is less sure is asked about.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlu.features import Floats

PROMISE = 0.02
"""The most that is answered at once and wrong, of everything said."""

MOST_ALARMS, MOST_DISTURBED = 0.15, 0.03
"""The most that the engine takes for danger of what only sounds like it, and of everything else. A question too many is
better than somebody in danger who was not noticed."""

_CONFIDENCE = 0.95
_SHARPNESSES = np.geomspace(0.5, 16.0, 60)
_STEPS = np.round(np.arange(0.2, 0.9951, 0.005), 3)
"""The confidences that are tried as the least."""


def upper_bound(wrong: int, tries: int) -> float:
    """The share that is wrong at most, with 95 % confidence, where so many of so many were; 1 if none was tried."""
    from scipy.special import betaincinv  # only what learns or measures asks, and SciPy takes 20 MB

    return float(betaincinv(wrong + 1, tries - wrong, _CONFIDENCE)) if wrong < tries else 1.0


def sharpness(scores: Floats, right: NDArray[np.int64]) -> float:
    """What scores are multiplied by so that confidences say how often they are right: the least log loss. `right` is
    the column of each row's class."""
    from scipy.special import logsumexp

    at = np.arange(len(right))
    losses = [np.mean(logsumexp(by * scores, axis=1) - by * scores[at, right]) for by in _SHARPNESSES]
    return float(_SHARPNESSES[int(np.argmin(losses))])


def sure_enough(confidences: Floats, right: NDArray[np.bool_], otherwise: float) -> float:
    """The least confidence at which the promise holds; `otherwise` if it holds at none. One of each for every sentence:
    of the service it named most surely, and whether that was meant."""
    for least in _STEPS:
        wrong = int((~right[confidences >= least]).sum())
        if upper_bound(wrong, len(right)) <= PROMISE:
            return float(least)
    return otherwise


def danger_enough(near: Floats, others: Floats, otherwise: float) -> float:
    """The least confidence in danger at which few are alarmed in vain, of sentences that only sound like it and of all
    others; `otherwise` if many are at any."""
    for least in _STEPS:
        if np.mean(near >= least) <= MOST_ALARMS and np.mean(others >= least) <= MOST_DISTURBED:
            return float(least)
    return otherwise
