"""The queues in which calls wait, made on demand. Source: Twilio docs, voice/twiml/enqueue and voice/twiml/queue."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from simulator.exchange.bridging import Party
from simulator.exchange.signing import Form
from simulator.exchange.verbs import Enqueue, Verb

MOST_CALLS = 1000


@dataclass(slots=True, kw_only=True, eq=False)
class Waiting:
    """One call in a queue: where its Enqueue stood, the verbs `after` it, and since which second it waits.

    `left` is the second at which it was connected, if it was.
    """

    party: Party
    enqueue: Enqueue
    document: str
    after: tuple[Verb, ...]
    since: float
    queue_sid: str = ""
    left: float | None = None

    @property
    def seconds(self) -> int:
        """QueueTime: how long it has waited, or had until it was connected."""
        until = self.party.seconds if self.left is None else self.left
        return round(until - self.since)

    def parameters(self, result: str) -> Form:
        """What the Enqueue's action is told; a call that never got in has no queue and no time."""
        inside = (("QueueSid", self.queue_sid), ("QueueTime", str(self.seconds))) if self.queue_sid else ()
        return (("QueueResult", result), *inside)


class Queue:
    """Calls in the order in which they came, and those who asked for the next of them."""

    def __init__(self, sid: str) -> None:
        self.sid = sid
        self.calls: list[Waiting] = []
        self.asking: list[Party] = []


class Queues:
    """Every queue of the account. `size` is how many calls each takes; `out_of_order` plays a system-error."""

    def __init__(self, new_sid: Callable[[str], str], later: Callable[[Callable[[], None]], None]) -> None:
        self.size = MOST_CALLS
        self.out_of_order = False
        self._new_sid = new_sid
        self._later = later
        self._queues: dict[str, Queue] = {}
        self._lock = threading.Lock()

    def join(self, waiting: Waiting) -> str:
        """Put a call at the end of its queue; "", or the QueueResult of a call that does not get in."""
        if self.out_of_order:
            return "system-error"
        name = waiting.enqueue.name
        with self._lock:
            queue = self._queues.get(name) or self._queues.setdefault(name, Queue(self._new_sid("QU")))
            if len(queue.calls) >= self.size:
                return "queue-full"
            waiting.queue_sid = queue.sid
            queue.calls.append(waiting)
            asking, queue.asking = queue.asking, []
        for party in asking:
            self._later(party.look_again)
        return ""

    def leave(self, waiting: Waiting) -> None:
        """Take a call out, wherever in the queue it stands; nothing if it is out already."""
        with self._lock:
            queue = self._queues.get(waiting.enqueue.name)
            if queue and waiting in queue.calls:
                queue.calls.remove(waiting)

    def exists(self, name: str) -> bool:
        """True once a call has waited in the queue: it stays when the last has left."""
        with self._lock:
            return name in self._queues

    def take(self, name: str, party: Party) -> Waiting | None:
        """The first of the queue; if there is none, `party` is told when one comes."""
        with self._lock:
            queue = self._queues[name]
            if queue.calls:
                return queue.calls.pop(0)
            queue.asking.append(party)
            return None

    def waiting(self, name: str) -> list[str]:
        """The Sids of the calls in a queue, first to last."""
        with self._lock:
            queue = self._queues.get(name)
            return [call.party.sid for call in queue.calls] if queue else []

    def parameters(self, waiting: Waiting) -> Form:
        """What the waitUrl is told beside the call's own parameters."""
        with self._lock:
            calls = list(self._queues[waiting.enqueue.name].calls)
        # A call that is just being taken out is still the first.
        position = calls.index(waiting) + 1 if waiting in calls else 1
        average = sum(call.seconds for call in calls) / max(len(calls), 1)
        return (
            ("QueuePosition", str(position)),
            ("QueueSid", waiting.queue_sid),
            ("QueueTime", str(waiting.seconds)),
            ("AvgQueueTime", str(round(average))),
            ("CurrentQueueSize", str(len(calls))),
            ("MaxQueueSize", str(self.size)),
        )
