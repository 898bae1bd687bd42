"""Status callbacks: delivered by a thread of their own, in order, unless a test holds them back."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

from simulator.exchange.signing import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """A status callback on its way."""

    url: str
    form: Form

    @property
    def said(self) -> dict[str, str]:
        """The form, by name."""
        return dict(self.form)


class Callbacks:
    """Runs jobs one after the other, apart from whoever asked for them: a server that answers a request must not
    have to wait for one of its own.
    """

    def __init__(self, deliver: Callable[[Callback], None]) -> None:
        self.held: list[Callback] = []
        self._deliver = deliver
        self._holding = False
        self._jobs: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._busy = threading.Condition()
        self._open = 0
        self._amiss: list[Exception] = []
        self._thread = threading.Thread(target=self._work, name="exchange-callbacks", daemon=True)

    def __enter__(self) -> Callbacks:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, reason: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._jobs.put(None)
        self._thread.join()

    def send(self, callback: Callback) -> None:
        """Deliver `callback` soon, or keep it if they are held."""
        with self._busy:
            if self._holding:
                self.held.append(callback)
                return
        self.later(lambda: self._deliver(callback))

    def later(self, job: Callable[[], None]) -> None:
        """Run `job` after everything that is already waiting."""
        with self._busy:
            self._open += 1
        self._jobs.put(job)

    def hold(self) -> None:
        """Keep callbacks back from now on, in `held`, where a test may reorder or repeat them."""
        with self._busy:
            self._holding = True

    def release(self) -> None:
        """Deliver what is held, in the order in which it now stands, and hold no longer."""
        with self._busy:
            self._holding, waiting = False, self.held
            self.held = []
        for callback in waiting:
            self.send(callback)

    def settle(self, seconds: float = 20.0) -> None:
        """Wait until nothing is on its way, at most `seconds`; at once on the callbacks' own thread.

        What went amiss in a job since the last time is raised here, in the test that it belongs to.
        """
        if threading.current_thread() is self._thread:
            return
        with self._busy:
            if not self._busy.wait_for(lambda: self._open == 0, seconds):
                raise TimeoutError(f"{self._open} callbacks were not delivered within {seconds:.0f} s")
            amiss, self._amiss = self._amiss, []
        if amiss:
            raise amiss[0]

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            amiss: list[Exception] = []
            try:
                job()
            except Exception as reason:  # raised again by settle(), in a thread that somebody watches
                amiss.append(reason)
            with self._busy:
                self._amiss += amiss
                self._open -= 1
                self._busy.notify_all()
