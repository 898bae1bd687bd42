"""A wiring that takes nobody for a flood, where one number, or one block of them, writes all that there is to write."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.bootstrap import Plainline
from app.limit_settings import NO_LIMITS, read_limiting
from tests.calls.conftest import wired as limited

__all__ = ["limited", "wired"]


@pytest.fixture
def wired(limited: Plainline) -> Plainline:
    """In place of the usual one, for tests that import it together with `limited`."""
    return replace(limited, settings=replace(limited.settings, limiting=read_limiting(NO_LIMITS, [])))
