"""Chats over the Bot API, which the exchange plays, with the bot's own process behind it.

A chat takes turns with others: the bot sends one a second to each, as Telegram asks, and meanwhile serves the rest. No
two share anything but the database.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from tempfile import TemporaryDirectory

from app import bootstrap
from app.settings import Settings, Telegram
from simulator.callers.calling import Outcome, Plan
from simulator.callers.line import CLOSED, OPEN
from simulator.callers.texting import Done
from simulator.callers.threads import begun, is_closed
from simulator.callers.truth import Truth
from simulator.exchange import Chat, Exchange

TOKEN = "7000000001:simulated"
FIRST = 5_000_000
"""The chats' ids count from here."""

AT_ONCE = 12
"""Chats that go on at the same time in one process."""

PATIENCE = 120.0
"""Seconds until an answer must have come: the bot may be busy with all the others."""

SPOKEN = {"file_id": "spoken", "file_unique_id": "spoken", "duration": 4}
"""A voice message, as Telegram describes it."""


@dataclass(frozen=True, kw_only=True)
class ChatLine:
    """What is written to. `ahead` holds by how many seconds the bot's clock is ahead of this machine's."""

    exchange: Exchange
    ahead: Synchronized[float]
    truth: Truth

    def make(self, plans: Sequence[Plan]) -> list[Outcome]:
        """Hold all of these chats: first those while the offices answer, then the others."""
        found = dict[str, Outcome]()
        for closed, began in ((False, OPEN), (True, CLOSED)):
            self.ahead.value = began.timestamp() - time.time()
            with ThreadPoolExecutor(AT_ONCE) as threads:
                these = [plan for plan in plans if is_closed(plan) is closed]
                found.update((one.key, one) for one in threads.map(self._hold, these))
        return [found[plan.key] for plan in plans]

    def _hold(self, plan: Plan) -> Outcome:
        thread = begun(plan, self.truth)
        languages = self.truth.caller.catalog.town.languages
        chat = self.exchange.chat(FIRST + plan.number, plan.persona, thread.writer.telephone(languages))

        def does(done: Done) -> Sequence[str]:
            before = len(chat.received)
            _do(chat, done)
            return [message.text for message in chat.wait(before + 1, PATIENCE)[before:]]

        return thread.lived(Done(words="/start"), does)


def _do(chat: Chat, done: Done) -> None:
    """Write it, say it, or press the button with this key."""
    under = next((message for message in reversed(chat.received) if message.buttons), None)
    buttons = under.buttons if under else ()
    data = next((data for label, data in buttons if label.startswith(f"{done.key} ")), "")
    if done.spoken:
        chat.share(done.words, voice=SPOKEN)
    elif under and data and not done.words:
        chat.press(under.id, data)
    else:
        chat.send(done.words or done.key)


@contextmanager
def chatting(settings: Settings, truth: Truth) -> Iterator[ChatLine]:
    """The bot in a process of its own, as it runs in a town, and the exchange in front of it. What the engine learnt
    is kept in the settings' folder."""
    processes = multiprocessing.get_context("spawn")
    ahead = processes.Value("d", 0.0)
    with TemporaryDirectory(prefix="plainline-chats-") as folder, Exchange(bot_token=TOKEN) as exchange:
        database = f"sqlite:///{Path(folder) / 'chats.db'}"
        bootstrap.upgrade(database)
        telegram = Telegram(token=TOKEN, api_url=exchange.bot_url)
        ours = replace(settings, database_url=database, telegram=telegram, twilio=None)
        bot = processes.Process(target=_bot, args=(ours, ahead), name="bot")
        bot.start()
        try:
            yield ChatLine(exchange=exchange, ahead=ahead, truth=truth)
        finally:
            bot.terminate()
            bot.join()


def _bot(settings: Settings, ahead: Synchronized[float]) -> None:
    """The bot's process, by a clock that is told."""
    plainline = replace(bootstrap.build(settings), clock=_clock(ahead))
    process = plainline.channel("telegram").process
    assert process is not None
    process(plainline)


def _clock(ahead: Synchronized[float]) -> Callable[[], datetime]:
    return lambda: datetime.fromtimestamp(time.time() + ahead.value, UTC)
