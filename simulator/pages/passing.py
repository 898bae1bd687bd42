"""What happens by itself as time passes: those who wait in a queue hear what is due, and held callbacks go out."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from weakref import WeakKeyDictionary

from app.log import event
from simulator.exchange import Call, NotNow, RunawayCall
from simulator.pages.telephone import Telephones
from simulator.pages.troubles import Troubles

STEP = 0.5
"""Seconds between two looks."""

STIR_EVERY = 3.0
"""Seconds for which callbacks are collected, to be delivered in the wrong order."""


class Passing:
    """A thread that works while this is open."""

    def __init__(self, telephones: Telephones, troubles: Troubles) -> None:
        self._telephones = telephones
        self._troubles = troubles
        self._began: WeakKeyDictionary[Call, float] = WeakKeyDictionary()
        self._stirred = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="passing", daemon=True)

    def __enter__(self) -> Passing:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, reason: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(STEP):
            for call in self._telephones.calls():
                if call.talking:
                    self._telephones.talks(call)
                elif call.queued:
                    self._move(call)
            if time.monotonic() - self._stirred > STIR_EVERY:
                self._troubles.stir()
                self._stirred = time.monotonic()

    def _move(self, call: Call) -> None:
        """Let a call hear what is due by now."""
        now = time.monotonic()
        if now - self._began.setdefault(call, now) < call.seconds - call.queued_at:
            return
        try:
            call.wait(STEP)
        except (NotNow, RunawayCall, TimeoutError) as fault:  # it was connected or ended in between
            event("wait_ended", call=call.sid, reason=type(fault).__name__)
