"""Fetches what residents said in their own voice: take, fetch, keep, delete at the provider; or give up visibly.

The sound is kept here before it is deleted there, so that it is never nowhere. Each step can be done again: a worker
that dies in between leaves a row that is due again when its lease runs out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from app.log import event
from app.outbox import BACK_OFF, POLL
from app.sound import is_ogg, is_wav, ogg_seconds, silent
from core.errors import SendError, SendNever
from core.ports import Errand, Files, Recorder
from core.types import Recording

LEASE = timedelta(minutes=5)
"""How long a step may take before it is begun again; several times the fetching's own time limit."""


class RecordingStore(Protocol):
    """The rows of recordings. Each method is one transaction of its own, committed when it returns."""

    def came(self, recording: Recording, conversation: str, now: datetime) -> None:
        """The provider says that it is ready: it is to be fetched now, unless it was, or nobody wants it."""
        ...

    def failed(self, recording: Recording, conversation: str, code: str, now: datetime) -> None:
        """The provider says that there is none; an audit row says so."""
        ...

    def take(self, now: datetime, lease: timedelta) -> Errand | None:
        """The next one that is due, which is due again when the lease has passed."""
        ...

    def fetched(self, errand: Errand, silent: bool | None, now: datetime, seconds: int = 0) -> None:
        """It is kept here, and is to be deleted at the provider now; unless nobody wants it any more. `seconds` is its
        length where only the file tells it."""
        ...

    def done(self, errand: Errand) -> None:
        """It is deleted at the provider; one that is unwanted is gone from here too."""
        ...

    def later(self, errand: Errand, code: str, due: datetime) -> None:
        """It did not work; it is due again then."""
        ...

    def given_up(self, errand: Errand, code: str, now: datetime) -> None:
        """It does not work, and is not tried again; an audit row says so."""
        ...


OF_CALLS = "RE"
"""How the ids of what was recorded in a call begin; others are of a message (Twilio docs: SID prefixes)."""


def file_of(id: str) -> str:
    """The name of a recording's file: a WAV of what was said in a call, an Ogg of what was sent in a chat."""
    return f"{id}.wav" if id.startswith(OF_CALLS) else f"{id}.ogg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recordings:
    """Brings every recording where it belongs. `recorder` is the provider that has them."""

    store: RecordingStore
    files: Files
    recorder: Recorder
    clock: Callable[[], datetime]

    def work_once(self, now: datetime) -> int:
        """Deal with everything that is due; how many steps that were."""
        done = 0
        while self._step(now):
            done += 1
        return done

    def run(self, stop: Event) -> None:
        """Errand until `stop` is set. Whatever goes wrong is logged by its name, and tried again."""
        while not stop.is_set():
            if not self._try_step():
                stop.wait(POLL)

    def _try_step(self) -> bool:
        try:
            return self._step(self.clock())
        except Exception as fault:  # the outermost of the worker: the next one may well be fine
            event("recordings_fault", level=logging.ERROR, fault=type(fault).__name__)
            return False

    def _step(self, now: datetime) -> bool:
        errand = self.store.take(now, LEASE)
        if errand is None:
            return False
        try:
            self._do(errand, now)
        except SendNever as fault:
            self.store.given_up(errand, fault.code, now)
        except (SendError, OSError) as fault:
            self._again(errand, fault.code if isinstance(fault, SendError) else type(fault).__name__, now)
        return True

    def _do(self, errand: Errand, now: datetime) -> None:
        if errand.status == "wanted":
            self._fetch(errand, now)
            return
        if errand.status == "unwanted":
            self.files.delete(file_of(errand.id))
        self.recorder.delete(errand.id)
        self.store.done(errand)

    def _fetch(self, errand: Errand, now: datetime) -> None:
        content, name = self.recorder.fetch(errand.id), file_of(errand.id)
        kept = is_wav(content) if name.endswith(".wav") else is_ogg(content)
        if not kept:
            raise SendNever("not_a_wav" if name.endswith(".wav") else "not_an_ogg")
        self.files.put(name, content)
        self.store.fetched(errand, silent(content), now, 0 if name.endswith(".wav") else ogg_seconds(content))

    def _again(self, errand: Errand, code: str, now: datetime) -> None:
        if errand.attempts > len(BACK_OFF):
            self.store.given_up(errand, code, now)
        else:
            self.store.later(errand, code, now + BACK_OFF[errand.attempts - 1])
