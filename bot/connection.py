"""aiogram's `Bot` on the settings: the one way to Telegram, or to a stand-in on this machine."""

from __future__ import annotations

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer

from app.settings import Telegram

TIMEOUT = 20.0
"""Seconds to wait for an answer; a long poll waits for its own time on top."""


def connect(telegram: Telegram) -> Bot:
    """The bot. Texts go out plain, with no parse mode: what residents and editors write is never taken for markup."""
    api = TelegramAPIServer.from_base(telegram.api_url) if telegram.api_url else PRODUCTION
    return Bot(telegram.token, session=AiohttpSession(api=api, timeout=TIMEOUT))
