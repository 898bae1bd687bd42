"""A real Rasa for tests: made and trained by `make rasa-ready`, kept in .rasa for the next run."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from tests.rules.house import ROOT

CURE = "to run them, give `make rasa`: it says how to get a Python 3.10"

PATIENCE = 180.0
"""Seconds that the server may take to load TensorFlow and the model."""


def find_python() -> str:
    """A Python 3.10. Raises LookupError where there is none."""
    done = _run("sh", "requirements/find_python_for_rasa.sh")
    if done.returncode != 0:
        raise LookupError("no Python 3.10 was found")
    return done.stdout.strip()


def make(target: str) -> float:
    """Make it; seconds that it took."""
    began = time.monotonic()
    done = _run("make", target)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return time.monotonic() - began


def validate() -> subprocess.CompletedProcess[str]:
    """What Rasa says of the project."""
    return _run("sh", "requirements/rasa.sh", "validate")


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server with the model that was trained."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    server = subprocess.Popen(
        ["sh", "requirements/rasa.sh", "serve", str(port)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, server)
        yield url
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, "the Rasa server has ended"
        try:
            if requests.get(f"{url}/status", timeout=5).json().get("model_file"):
                return
        except (requests.RequestException, ValueError):
            pass
        time.sleep(0.5)
    raise AssertionError(f"no Rasa server within {PATIENCE:.0f} seconds")


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
