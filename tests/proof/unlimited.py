"""Nobody is taken for a flood, where one number, or one block of them, writes all that there is to write."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.bootstrap import Plainline
from app.limit_settings import NO_LIMITS, read_limiting


def without_limits(wired: Plainline) -> Plainline:
    """The same wiring, without limits."""
    return replace(wired, settings=replace(wired.settings, limiting=read_limiting(NO_LIMITS, [])))


@pytest.fixture
def wired(wired: Plainline) -> Plainline:
    """In place of the usual one, for tests that import it."""
    return without_limits(wired)
