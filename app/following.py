"""A process that `plainline up` started ends when whoever started it is gone, even if that was killed outright."""

from __future__ import annotations

import os
import signal
import threading
import time

STARTED_BY = "PLAINLINE_STARTED_BY"
"""The process id of `up`, in the environment of all that it starts."""

LOOK_EVERY = 1.0
"""Seconds."""


def follow() -> None:
    """Below `up`: watch the process that started this one; without it, stop as on SIGTERM."""
    if STARTED_BY in os.environ:
        threading.Thread(target=_watch, args=(os.getppid(),), name="following", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
