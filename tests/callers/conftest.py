"""One wiring for all calls."""

from __future__ import annotations

import pytest

from app.bootstrap import Plainline
from simulator.callers.running import truth_of
from simulator.callers.truth import Truth
from tests.calls.conftest import wired  # noqa: F401 pytest looks for it here


@pytest.fixture(scope="session")
def truth(wired: Plainline) -> Truth:  # noqa: F811 a fixture
    return truth_of(wired)
