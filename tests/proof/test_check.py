"""`plainline check` over the catalogue that we ship, as an office runs it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.proof.conftest import Found

pytestmark = pytest.mark.timeout(1800)


def test_every_promise_holds_over_our_own_catalogue(found: Found) -> None:
    done = subprocess.run([sys.executable, "-m", "app.cli", "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    states, edges, promises = (int(n) for n in re.findall(r"(\d+) (?:states|edges|promises)", done.stdout)[:3])
    found("check", "promises", tried=promises, held=promises, note=f"{states:,} states, {edges:,} edges")
