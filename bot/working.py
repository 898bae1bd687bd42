"""Works on what came: in order within a conversation, conversations side by side, each update to its end."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from core.ports import Received

PARALLEL = 4
"""Conversations worked on at once."""


class Queues:
    """One queue for each conversation that has something to do. Lives in one event loop."""

    def __init__(self, work: Callable[[Received], Awaitable[None]], parallel: int = PARALLEL) -> None:
        self._work = work
        self._room = asyncio.Semaphore(parallel)
        self._waiting: dict[str, deque[Received]] = {}
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._stopping = False

    def put(self, received: Received) -> None:
        """Work on it after what came before it in its conversation."""
        of = received.conversation
        self._waiting.setdefault(of, deque()).append(received)
        if of not in self._busy and not self._stopping:
            self._busy[of] = asyncio.create_task(self._run(of))

    async def stop(self) -> None:
        """Let what is under way come to its end, and begin nothing more: the rest is worked on at the next start."""
        self._stopping = True
        if self._busy:
            await asyncio.gather(*self._busy.values())

    async def _run(self, of: str) -> None:
        queue = self._waiting[of]
        while queue and not self._stopping:
            async with self._room:
                if not self._stopping:
                    await self._work(queue.popleft())
        del self._busy[of], self._waiting[of]
