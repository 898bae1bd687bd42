"""Fetches updates by long polling. Each is stored, and that is committed, before Telegram is told that we have it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, TypeVar

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

from app.log import event
from bot.connection import TIMEOUT
from bot.inbound import WANTED
from core.errors import StoreUnavailable
from core.ports import Received

POLL = 25
"""Seconds that Telegram keeps a poll open while nothing happens."""

BACK_OFF = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
"""Seconds to wait after the first, second ... failure in a row; the last one from then on."""

CURES: dict[type[Exception], str] = {
    TelegramUnauthorizedError: "the token is wrong or was revoked: set TELEGRAM_TOKEN anew, then start the bot again",
    TelegramNotFound: "the token is wrong or was revoked: set TELEGRAM_TOKEN anew, then start the bot again",
    TelegramConflictError: "another program polls with this token, or a webhook was set: stop it; only one may run",
}
"""What an operator can do. All else passes by itself, or is told by `plainline doctor`."""

T = TypeVar("T")


class RawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates, its answer as plain JSON: one update that aiogram can not read must not keep back all others."""

    __returning__: ClassVar[Any] = list[dict[str, Any]]
    __api_method__: ClassVar[str] = "getUpdates"

    offset: int | None = None
    timeout: int = POLL
    allowed_updates: tuple[str, ...] = WANTED


class Poller:
    """Polls until `stop`. `keep` stores updates (in another thread) and returns those that are new; `fresh` is told of
    each of them, in order."""

    def __init__(
        self,
        bot: Bot,
        keep: Callable[[Collection[Received]], tuple[Received, ...]],
        fresh: Callable[[Received], None],
        conversation_in: Callable[[dict[str, Any]], str],
        clock: Callable[[], datetime],
    ) -> None:
        self._bot = bot
        self._keep = keep
        self._fresh = fresh
        self._conversation_in = conversation_in
        self._clock = clock
        self._failures = 0

    async def run(self, stop: asyncio.Event, prepare: Callable[[], Awaitable[None]]) -> None:
        """Do what `prepare` does, once it works; then poll. Trouble is logged and waited out; nothing ends this but
        `stop`."""
        while not stop.is_set() and not await self._tried(stop, prepare):
            pass
        offset: int | None = None
        while not stop.is_set():
            found = await self._tried(stop, partial(self._fetch_and_keep, offset))
            offset = found[0] if found else offset

    async def _tried(self, stop: asyncio.Event, job: Callable[[], Awaitable[T]]) -> tuple[T] | None:
        """The outcome, None if `stop` came first or it failed: then after a wait."""
        try:
            outcome = await unless(stop, job())
        except (AiogramError, StoreUnavailable) as fault:
            await self._wait_out(stop, fault)
            return None
        self._failures = 0
        return outcome

    async def _wait_out(self, stop: asyncio.Event, fault: Exception) -> None:
        wait = BACK_OFF[min(self._failures, len(BACK_OFF) - 1)]
        self._failures += 1
        if isinstance(fault, TelegramRetryAfter):
            wait = max(wait, float(fault.retry_after))
        cure = CURES.get(type(fault), "")
        event("polling_failed", level=logging.ERROR, reason=type(fault).__name__, wait=wait, cure=cure)
        await unless(stop, asyncio.sleep(wait))

    async def _fetch_and_keep(self, offset: int | None) -> int | None:
        """Fetch and store; the offset that confirms what was stored. After an empty poll everything is confirmed, and
        the next needs none: after a quiet week Telegram may begin to number anew."""
        raw = await self._bot(RawUpdates(offset=offset), request_timeout=int(POLL + TIMEOUT))
        now = self._clock()
        numbered = (one for one in raw if isinstance(one.get("update_id"), int))  # any other can not be confirmed
        found = {one.id: one for one in sorted((self._received(r, now) for r in numbered), key=lambda one: one.id)}
        if not found:
            return None
        # A thread goes on when this is cancelled: what it stores is worked on at the next start.
        for new in await asyncio.to_thread(self._keep, tuple(found.values())):
            self._fresh(new)
        return max(found) + 1

    def _received(self, raw: dict[str, Any], now: datetime) -> Received:
        conversation = self._conversation_in(raw)
        return Received(id=raw["update_id"], conversation=conversation, payload=json.dumps(raw), came=now)


async def unless(stop: asyncio.Event, job: Awaitable[T]) -> tuple[T] | None:
    """The outcome of `job`; None if `stop` came first, and `job` was cancelled."""
    doing, stopping = asyncio.ensure_future(job), asyncio.create_task(stop.wait())
    await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if doing.done():
        return (doing.result(),)
    doing.cancel()
    await asyncio.wait({doing})
    return None
