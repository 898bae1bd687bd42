"""Whether Telegram takes our token: for `plainline doctor`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from aiogram.exceptions import AiogramError, TelegramNotFound, TelegramUnauthorizedError

from app.settings import Telegram
from bot.connection import connect


def amiss(telegram: Telegram) -> Iterator[str]:
    """What to mend, as sentences."""
    finding = asyncio.run(_asked(telegram))
    if finding:
        yield finding


async def _asked(telegram: Telegram) -> str:
    async with connect(telegram) as bot:
        try:
            await bot.get_me()
        except (TelegramUnauthorizedError, TelegramNotFound):
            return "Telegram does not know TELEGRAM_TOKEN: it is wrong, or was revoked. Copy it anew from @BotFather."
        except AiogramError as fault:
            where = telegram.api_url or "Telegram"
            return f"{where} does not answer ({type(fault).__name__}). Check the way there, and TELEGRAM_API_URL."
    return ""
