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


def is_followed() -> bool:
    """Whether this process was started by `up`, which has prepared everything."""
    return STARTED_BY in os.environ


def follow(parent: int | None = None) -> None:
    """Below `up`: watch it, or another `parent`; without it, stop as on SIGTERM."""
    if is_followed():
        watched = parent or int(os.environ[STARTED_BY])
        threading.Thread(target=_watch, args=(watched,), name="following", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
