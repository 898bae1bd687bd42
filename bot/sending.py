"""Messages out through Telegram, with buttons for the choices, at the pace that it allows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from aiohttp import ClientConnectorError

from app.log import event
from bot.connection import TIMEOUT
from core.errors import SendError, SendLater, SendNever, SendUnknown
from core.ports import Text

DATA_BYTES = 64
"""Bytes that a button can carry (Telegram Bot API, `callback_data`)."""


@dataclass(slots=True, kw_only=True)
class Pace:
    """How fast messages may go out: `each` seconds apart to one chat, after a few at once, and `all` seconds apart in
    all. Telegram's FAQ: one a second to a chat, with short bursts, and about 30 a second together."""

    each: float = 1.0
    burst: int = 3
    all: float = 1 / 30
    clock: Callable[[], float] = time.monotonic
    _next: float = 0.0
    _chats: dict[str, float] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, chat: str) -> float:
        """Seconds to wait before a message to this chat; its turn is taken by asking."""
        with self._lock:
            now = self.clock()
            self._chats = {name: until for name, until in self._chats.items() if until > now}
            paid = max(self._chats.get(chat, now), now) + self.each
            self._chats[chat] = paid
            free = max(self._next, now)
            self._next = free + self.all
            return max(free, paid - self.burst * self.each) - now


class TelegramSender:
    """Sends what the outbox holds for the chat: `core.ports.Sender`. Called from the outbox's threads; the connection
    lives in the event loop. `blocked` is told of a resident who does not want to hear from us."""

    def __init__(self, bot: Bot, loop: asyncio.AbstractEventLoop, pace: Pace, blocked: Callable[[Text], None]) -> None:
        self._bot = bot
        self._loop = loop
        self._pace = pace
        self._blocked = blocked

    def send(self, text: Text) -> str:
        """Send, and return the message's number. An answer that never came leaves it unknown whether it was sent."""
        time.sleep(self._pace.wait(text.to))
        try:
            return self._in_loop(self._send(text))
        except TelegramForbiddenError as refused:
            self._blocked(text)
            raise SendNever("403") from refused
        except (AiogramError, TooLate) as fault:
            raise in_our_terms(fault) from fault

    def find(self, text: Text, since: datetime) -> str:  # noqa: ARG002 the port passes them
        """Telegram tells no bot what it sent before: what is in doubt is left to staff."""
        return ""

    def _in_loop(self, job: Coroutine[Any, Any, str]) -> str:
        return asyncio.run_coroutine_threadsafe(job, self._loop).result(2 * TIMEOUT)

    async def _send(self, text: Text) -> str:
        sent = await self._bot.send_message(int(text.to), text.body, reply_markup=keyboard(text))
        return f"{text.conversation}:{sent.message_id}"


def keyboard(text: Text) -> InlineKeyboardMarkup | None:
    """A row for each choice: the number that it has on every channel, and its label."""
    rows = [
        [InlineKeyboardButton(text=f"{option.key} {option.label}".strip(), callback_data=data)]
        for option in text.options
        if len((data := f"{text.turn}:{option.id}").encode()) <= DATA_BYTES
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def in_our_terms(fault: Exception) -> SendError:
    """Whether to try again, never, or to leave it open. A connection that was not made sent nothing."""
    match fault:
        case TelegramRetryAfter():
            return SendLater("429", wait=float(fault.retry_after))
        case TelegramUnauthorizedError() | TelegramNotFound():
            event("telegram_refuses_token", cure="set TELEGRAM_TOKEN anew, then run plainline doctor")
            return SendLater("401")
        case TelegramBadRequest():
            return SendNever("400")
        case TelegramMigrateToChat() | TelegramEntityTooLarge():
            return SendNever("413" if isinstance(fault, TelegramEntityTooLarge) else "400")
        case TelegramNetworkError() if isinstance(fault.__cause__, ClientConnectorError):
            return SendLater("connect")
        case _:
            return SendUnknown(type(fault).__name__)
