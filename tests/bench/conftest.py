"""One wiring for all."""

from tests.calls.conftest import wired  # noqa: F401 pytest looks for it here
