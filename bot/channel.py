"""The channel of this folder. aiogram takes seconds and 165 MB to load: only the bot's own process does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.channels import Channel
from app.settings import Settings
from core.render import Capabilities
from core.types import Medium

if TYPE_CHECKING:
    from app.bootstrap import Plainline

NAME = "telegram"

LONGEST = 4096
"""Characters in one message (Telegram Bot API, sendMessage)."""


def _process(plainline: Plainline) -> int:
    from bot.process import run

    return run(plainline)


def _check(settings: Settings) -> Iterator[str]:
    if settings.telegram:
        from bot.checking import amiss

        yield from amiss(settings.telegram)


CHAT = Channel(
    name=NAME,
    capabilities=Capabilities(medium=Medium.CHAT, limit=LONGEST, can_push=True),
    process=_process,
    check=_check,
)
CHANNELS = (CHAT,)
