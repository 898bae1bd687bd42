"""A process that `plainline up` started ends when whoever started it is gone, even if that was killed outright."""

from __future__ import annotations

import os
import signal
import threading
import time

STARTED_BY = "PLAINLINE_STARTED_BY"
"""The process id of whoever starts a process below `up`, in its environment. A process that asks the system for its
parent instead may ask too late: who was killed meanwhile is nobody's parent any more."""

LOOK_EVERY = 1.0
"""Seconds."""


def is_followed() -> bool:
    """Whether this process was started by `up`, which has prepared everything."""
    return STARTED_BY in os.environ


def follow() -> None:
    """Below `up`: watch whoever started this process; without them, stop as on SIGTERM."""
    if is_followed():
        parent = int(os.environ[STARTED_BY])
        threading.Thread(target=_watch, args=(parent,), name="following", daemon=True).start()


def lead() -> None:
    """Below `up`: what this process starts from now on follows this process."""
    if is_followed():
        os.environ[STARTED_BY] = str(os.getpid())


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    while True:  # while a server starts, it does not listen to the first
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(LOOK_EVERY)
