"""What the tests of the exchange share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.exchange.application import Application, served


@pytest.fixture
def application() -> Iterator[Application]:
    made = Application()
    with served(made.flask) as made.public:
        yield made
