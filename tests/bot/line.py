"""A bot that runs: in a thread with an event loop of its own, the exchange playing Telegram in front of it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from functools import cached_property, partial
from typing import Any

from sqlalchemy import Row, Select, Table, select

from app import bootstrap
from app.assistant import Assistant
from app.bootstrap import Plainline
from app.commands.talk import CountedNumbers
from app.settings import Telegram
from bot.process import serve
from bot.sending import Pace
from core.ports import Storage
from core.types import Phrase
from simulator.exchange import BotApi, Chat, ChatMessage, Exchange
from store import schema
from store.database import Database, open_database
from tests.calls.line import PUBLIC, SECRET, Clock

TOKEN = "7000000001:a-token-for-tests"
PATIENCE = 15.0
ANA, BEN = 5550123, 5550124


@dataclass(frozen=True, kw_only=True)
class Counting(Plainline):
    """An installation whose references count up, on a storage that a test may bring."""

    given: Storage | None = None

    @cached_property
    def storage(self) -> Storage:
        return self.given or super().storage

    @cached_property
    def assistant(self) -> Assistant:
        return bootstrap.assistant(self.catalog, self.words, self.language, self.storage, CountedNumbers())


class Bot:
    """One running bot. Leaving the `with` stops it as SIGTERM does."""

    def __init__(self, plainline: Plainline, pace: Pace) -> None:
        self._plainline = plainline
        self._pace = pace
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._ready.set()
        await serve(self._plainline, self._stop, self._pace)

    def __enter__(self) -> Bot:
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the bot did not stop"
        self._plainline.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The exchange, an installation, and what is in its database."""

    plainline: Counting
    exchange: Exchange
    clock: Clock
    database: Database

    @property
    def telegram(self) -> BotApi:
        assert self.exchange.bot is not None
        return self.exchange.bot

    def bot(self, storage: Storage | None = None, pace: Pace | None = None) -> Bot:
        """A bot, ready to run."""
        plainline = replace(self.plainline, given=storage) if storage else self.plainline
        return Bot(plainline, pace or Pace(each=0.0, all=0.0))

    def resident(self, language: str = "", id: int = ANA, name: str = "Ana") -> Resident:
        """Somebody who writes to us; `language` is their telephone's."""
        return Resident(self, self.exchange.chat(id, name, language))

    def rows(self, table: Table, *where: Any) -> list[Row[Any]]:
        """What stands in a table, oldest first."""
        query: Select[Any] = select(table).where(*where)
        with self.database.reading() as connection:
            return list(connection.execute(query.order_by(table.c.id) if "id" in table.c else query))

    def words(self, phrase: Phrase, language: str = "en") -> str:
        """A sentence as the chat says it."""
        return self.plainline.words.say(phrase, language, "chat")

    def settle(self) -> None:
        """Wait until all that came is answered, and all that is due is sent."""
        self.until(self._settled)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; fail if it does not soon."""
        self.until_in(PATIENCE, holds)

    def until_in(self, seconds: float, holds: Callable[[], bool]) -> None:
        """The same, for what takes longer."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"it never held: {self.rows(schema.updates)} {self.rows(schema.outbox)}"
            time.sleep(0.01)

    def _settled(self) -> bool:
        if self.telegram.updates.waiting or self.rows(schema.updates, schema.updates.c.done.is_(None)):
            return False
        owed = schema.outbox.c.status.in_(("pending", "sending"))
        rows = self.rows(schema.outbox, schema.outbox.c.channel == "telegram", owed)
        first = {row.to_address: row for row in reversed(rows)}.values()
        return all(row.status == "pending" and row.due > self.clock() for row in first)


class Resident:
    """Somebody in a chat, and what they got for the last thing they did."""

    def __init__(self, line: Line, chat: Chat) -> None:
        self.line = line
        self.chat = chat
        self._before = 0

    def write(self, *texts: str) -> Resident:
        """Write, and wait for the answer, one text after the other."""
        for text in texts:
            self.does(partial(self.chat.send, text))
        return self

    def press(self, label: str, message: ChatMessage | None = None) -> Resident:
        """Press the button that begins with this label, under the last message that has any."""
        under = message or next(m for m in reversed(self.chat.received) if m.buttons)
        data = next(data for shown, data in under.buttons if shown.startswith(label))
        return self.does(lambda: self.chat.press(under.id, data))

    def does(self, what: Callable[[], object]) -> Resident:
        """Do something, and wait until all is settled."""
        self._before = len(self.chat.received)
        what()
        self.line.settle()
        return self

    @property
    def got(self) -> tuple[ChatMessage, ...]:
        """What came since."""
        return self.chat.received[self._before :]

    @property
    def answer(self) -> str:
        """The same, as words."""
        return "\n".join(message.text for message in self.got)

    def reads(self, *phrases: Phrase, language: str = "en") -> Resident:
        """Check that each of these sentences was in the answer."""
        for phrase in phrases:
            words = self.line.words(phrase, language)
            assert words in self.answer, f"did not read: {words}\n{self.chat.transcript()}"
        return self


@contextmanager
def standing(wired: Plainline, url: str, clock: Clock) -> Iterator[Line]:
    """The exchange and an installation on the database at `url`; no bot runs yet."""
    database = open_database(url)
    with Exchange(bot_token=TOKEN) as exchange:
        telegram = Telegram(token=TOKEN, api_url=exchange.bot_url)
        settings = replace(
            wired.settings, database_url=url, public_url=PUBLIC, secret_key=SECRET, twilio=None, telegram=telegram
        )
        parts = {field.name: getattr(wired, field.name) for field in fields(wired)}
        plainline = Counting(**{**parts, "settings": settings, "clock": clock})
        try:
            yield Line(plainline=plainline, exchange=exchange, clock=clock, database=database)
        finally:
            plainline.close()
            database.close()
