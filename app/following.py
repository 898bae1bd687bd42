"""A process that `plainline up` started ends when `up` is gone, even if that was killed outright."""

from __future__ import annotations

import os
import signal
import threading
import time

STARTED_BY = "PLAINLINE_STARTED_BY"
"""The process id of `up`, in the environment of what it starts."""

LOOK_EVERY = 1.0
"""Seconds."""


def follow() -> None:
    """Watch the process that started this one, if that was `up`; without it, stop as on SIGTERM."""
    parent = os.environ.get(STARTED_BY, "")
    if parent.isdigit() and int(parent) == os.getppid():
        threading.Thread(target=_watch, args=(int(parent),), name="following", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
