"""The bot's process: polls, answers, and sends what is owed to chats, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING

from aiogram import Bot
from aiogram.exceptions import AiogramError

from app.log import event
from app.outbox import Outbox
from bot.channel import CHAT, NAME
from bot.connection import connect
from bot.inbound import Ignored, Mapper
from bot.polling import BACK_OFF, Poller, unless
from bot.sending import Pace, TelegramSender
from bot.words import menus
from bot.working import PARALLEL, Queues
from core.errors import Misconfigured, StoreUnavailable
from core.phrases import TROUBLE
from core.ports import Received, Text
from core.types import Address, Inbound, Kind, Medium, Pick

if TYPE_CHECKING:
    from app.bootstrap import Plainline

SENDERS = 4
"""Messages on their way to Telegram at once."""

DOUBLE_CLICK = timedelta(seconds=3)
"""The same button pressed again within this time is the same press."""

TRIES = 3
"""How often an update is tried that our own fault keeps from being worked on."""


def run(plainline: Plainline) -> int:
    """Run until SIGTERM or SIGINT. Raises `core.errors.Misconfigured` where no bot is set up."""
    if plainline.settings.telegram is None:
        raise Misconfigured(["TELEGRAM_TOKEN: missing. Get one from @BotFather (docs/operators.md, Telegram)."])
    asyncio.run(_until_signalled(plainline))
    return 0


async def _until_signalled(plainline: Plainline) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(plainline, stop, Pace())


async def serve(plainline: Plainline, stop: asyncio.Event, pace: Pace) -> None:
    """Serve the chat until `stop` is set; then finish the turns and the messages that are under way."""
    assert plainline.settings.telegram is not None
    async with connect(plainline.settings.telegram) as bot:
        await Bureau(plainline, bot, stop, pace).serve()


class Bureau:
    """The parts, put together: what comes is kept, queued and answered. All but the answering is in one event loop."""

    def __init__(self, plainline: Plainline, bot: Bot, stop: asyncio.Event, pace: Pace) -> None:
        self._plainline = plainline
        self._bot = bot
        self._stop = stop
        self._mapper = Mapper(languages=plainline.catalog.town.languages, secret=plainline.settings.secret_key)
        self._presses = Presses()
        self._queues = Queues(self._work)
        self._threads = ThreadPoolExecutor(PARALLEL, thread_name_prefix="turn")
        self._confirming: set[asyncio.Task[None]] = set()
        self._begun = False
        sender = TelegramSender(bot, asyncio.get_running_loop(), pace, self._blocked)
        self._senders = Senders(plainline.outbox_of({NAME: sender}))

    async def serve(self) -> None:
        """Poll and answer until `stop`."""
        inbox, clock = self._plainline.inbox, self._plainline.clock
        poller = Poller(self._bot, inbox.keep, self._came, self._mapper.conversation_in, clock)
        self._senders.start()
        await poller.run(self._stop, self._prepare)
        await self._queues.stop()
        self._threads.shutdown()
        await asyncio.gather(*self._confirming)
        await asyncio.to_thread(self._senders.stop)
        event("bot_ended")

    async def _prepare(self) -> None:
        """Go on with what an earlier run left; then see to it that updates come here."""
        if not self._begun:
            for left in await asyncio.to_thread(self._plainline.inbox.undone):
                self._queues.put(left)
            self._begun = True
        await self._bot.delete_webhook()
        await self._show_menus()
        event("bot_began")

    async def _show_menus(self) -> None:
        """Without menus all works all the same."""
        try:
            for code, menu in menus(self._plainline.words, self._plainline.catalog.town.languages).items():
                await self._bot.set_my_commands(menu, language_code=code or None)
        except AiogramError as fault:
            event("menu_not_shown", level=logging.WARNING, reason=type(fault).__name__)

    # --- what came -----------------------------------------------------------------------------------------------

    def _came(self, received: Received) -> None:
        """It is stored. A pressed button turns until it is confirmed, so that is done before the answer is found."""
        query = self._mapper.query(received)
        if query:
            confirming = asyncio.create_task(self._confirm(query))
            self._confirming.add(confirming)
            confirming.add_done_callback(self._confirming.discard)
        self._queues.put(received)

    async def _confirm(self, query: str) -> None:
        try:
            await self._bot.answer_callback_query(query)
        except AiogramError as fault:  # too late: harmless
            event("button_not_confirmed", reason=type(fault).__name__)

    async def _work(self, received: Received) -> None:
        """Work on an update to its end, however often that takes; only `stop` puts it off to the next start."""
        said = self._mapper.read(received)
        if isinstance(said, Ignored):
            event("update_ignored", update=received.id, reason=said.why)
            await self._leave(said.group)
        elif said.pick and self._presses.again(said):
            event("pressed_again", update=received.id)
            said = Ignored(why="again")
        failures = 0
        while not await self._tried(received, said, failures):
            failures += 1
            await unless(self._stop, asyncio.sleep(BACK_OFF[min(failures, len(BACK_OFF)) - 1]))
            if self._stop.is_set():
                return

    async def _tried(self, received: Received, said: Inbound | Ignored, failures: int) -> bool:
        """Try once; whether the update is dealt with. The one broad handler of this process."""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._threads, self._answer, received, said)
        except StoreUnavailable as fault:
            event("update_put_off", level=logging.ERROR, update=received.id, reason=type(fault).__name__)
            return False
        except Exception:
            logging.getLogger("plainline").exception("bot_fault", extra={"ids": {"update": received.id}})
            if failures + 1 < TRIES or isinstance(said, Ignored):
                return False
            await self._apologise(said)
            await loop.run_in_executor(self._threads, self._answer, received, Ignored(why="fault"))
        return True

    def _answer(self, received: Received, said: Inbound | Ignored) -> None:
        """One turn, and the update is done: each committed. Killed in between, the turn is found done already."""
        if isinstance(said, Inbound):
            self._plainline.assistant.handle(said, CHAT.capabilities)
            self._senders.ring()
        self._plainline.inbox.done(received.id, self._plainline.clock())

    async def _apologise(self, said: Inbound) -> None:
        """Our own fault keeps their message from being answered: say so, past all that may be broken."""
        assert said.address is not None
        language = said.language_hint or self._plainline.catalog.town.languages[0]
        words = self._plainline.words.say(TROUBLE, language, "chat")
        try:
            await self._bot.send_message(int(said.address.value), words)
        except AiogramError as fault:
            event("apology_not_sent", reason=type(fault).__name__)

    async def _leave(self, group: int) -> None:
        """What residents tell us is not for groups."""
        try:
            if group:
                await self._bot.leave_chat(group)
        except AiogramError as fault:
            event("group_not_left", reason=type(fault).__name__)

    def _blocked(self, text: Text) -> None:
        """Telegram says that this resident blocked us: as if they had said STOP. Called from a sender's thread."""
        said = Inbound(
            conversation=self._mapper.conversation(int(text.to)),
            medium=Medium.CHAT,
            address=Address(channel=NAME, value=text.to),
            message_id=f"refused:{text.nonce}",
            kind=Kind.STOP,
            at=self._plainline.clock(),
        )
        try:
            self._plainline.assistant.handle(said, CHAT.capabilities)
        except StoreUnavailable as fault:
            event("block_not_noted", reason=type(fault).__name__)


class Presses:
    """Remembers for a moment which button each resident pressed: a shaking finger presses twice and means it once."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[Pick | None, datetime]] = {}

    def again(self, said: Inbound) -> bool:
        """Whether this is the second half of a double click."""
        self._last = {of: last for of, last in self._last.items() if said.at - last[1] < DOUBLE_CLICK}
        before = self._last.get(said.conversation)
        self._last[said.conversation] = (said.pick, said.at)
        return before is not None and before[0] == said.pick


class Senders:
    """The threads that send what is owed to chats."""

    def __init__(self, outbox: Outbox) -> None:
        self._stop = Event()
        self._bells = [Event() for _ in range(SENDERS)]
        self._threads = [
            Thread(target=outbox.run, args=(self._stop, bell), name=f"outbox-{n}") for n, bell in enumerate(self._bells)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def ring(self) -> None:
        """There is something to send."""
        for bell in self._bells:
            bell.set()

    def stop(self) -> None:
        """Finish the messages under way."""
        self._stop.set()
        self.ring()
        for thread in self._threads:
            thread.join()
