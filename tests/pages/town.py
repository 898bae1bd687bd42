"""The whole town on one machine, in one process: web, worker, bot, exchange and the simulator's pages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from sqlalchemy import Row, Table, select
from werkzeug.serving import make_server

from app.bootstrap import Plainline
from app.settings import Telegram, Twilio
from app.web import make_app
from bot.sending import Pace
from core.types import Phrase
from simulator.exchange import Exchange
from simulator.exchange.exchange import ACCOUNT, NUMBER, TOKEN
from simulator.pages.passing import Passing
from simulator.pages.telephone import Telephones
from simulator.pages.troubles import Troubles
from simulator.pages.web import Town, make_pages
from store.database import Database, open_database
from tests.bot.line import TOKEN as BOT_TOKEN
from tests.bot.line import Bot, Counting
from tests.calls.line import SECRET, Clock

App = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Where everything is."""

    plainline: Plainline
    exchange: Exchange
    telephones: Telephones
    troubles: Troubles
    database: Database
    clock: Clock
    web: str
    pages: str

    def page(self, device: str, who: str, language: str = "en") -> str:
        """The address of somebody's telephone, texts or chat."""
        return f"{self.pages}/{device}/{who}?lang={language}"

    def rows(self, table: Table) -> list[Row[Any]]:
        """What stands in a table."""
        with self.database.reading() as connection:
            return list(connection.execute(select(table)))

    def words(self, phrase: Phrase, language: str = "en", context: str = "") -> str:
        """A sentence as this language says it."""
        return self.plainline.words.say(phrase, language, context)


class Later:
    """An application that is named later: its address must be known before it can be made."""

    def __init__(self) -> None:
        self.app: App | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        assert self.app is not None
        return self.app(environ, start_response)


@contextmanager
def serving(app: App, port: int = 0) -> Iterator[str]:
    """Serve an application on a free port, or this one."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def working(plainline: Plainline) -> Iterator[None]:
    """The worker: sends texts as they come."""
    stop = threading.Event()
    thread = threading.Thread(target=plainline.outbox.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def a_town(wired: Plainline, url: str, clock: Clock) -> Iterator[Here]:
    """Everything, on the database at `url`."""
    with ExitStack() as stack:
        later, named = Later(), Later()
        web, pages = stack.enter_context(serving(later)), stack.enter_context(serving(named))
        exchange = stack.enter_context(an_exchange(web))
        plainline = stack.enter_context(closing(installed(wired, url, clock, web, exchange, pages)))
        later.app = make_app(plainline)
        town = town_at(plainline, web)
        telephones, troubles = Telephones(exchange, town.offices), Troubles(exchange)
        stack.enter_context(Passing(telephones, troubles))
        stack.callback(troubles.set, frozenset())
        named.app = make_pages(exchange, town, telephones, troubles)
        stack.enter_context(working(plainline))
        stack.enter_context(Bot(bot_of(plainline), Pace(each=0.0, all=0.0)))
        database = stack.enter_context(closing(open_database(url)))
        yield Here(
            plainline=plainline,
            exchange=exchange,
            telephones=telephones,
            troubles=troubles,
            database=database,
            clock=clock,
            web=web,
            pages=pages,
        )


def town_at(plainline: Plainline, web: str) -> Town:
    """What the simulator's pages show of an installation."""
    return Town(
        name=plainline.catalog.town.name,
        words=plainline.words,
        languages=plainline.catalog.town.languages,
        number=NUMBER,
        web=web,
        offices={office.phone: office.title for office in plainline.catalog.offices.values()},
    )


def an_exchange(web: str) -> Exchange:
    """Set up as the simulator's own process sets it up."""
    return Exchange(
        voice_url=f"{web}/voice#rc=3&rp=5xx,ct,rt&rt=4000",
        voice_fallback_url=f"{web}/voice/resume#rc=3&rp=5xx,ct,rt&rt=4000",
        status_url=f"{web}/voice/status#rc=3&rp=5xx,ct,rt&rt=4000",
        sms_url=f"{web}/sms#rc=3&rp=5xx,ct,rt&rt=4000",
        sms_fallback_url=f"{web}/sms/fallback#rc=3&rp=5xx,ct,rt&rt=4000",
        bot_token=BOT_TOKEN,
        strict=False,
    )


def installed(wired: Plainline, url: str, clock: Clock, web: str, exchange: Exchange, pages: str) -> Plainline:
    """The installation."""
    settings = replace(
        wired.settings,
        database_url=url,
        public_url=web,
        secret_key=SECRET,
        simulator_url=pages,
        twilio=Twilio(account=ACCOUNT, tokens=(TOKEN,), number=NUMBER, api_url=exchange.api_url),
        telegram=Telegram(token=BOT_TOKEN, api_url=exchange.bot_url),
    )
    return replace(wired, settings=settings, clock=clock)


def bot_of(plainline: Plainline) -> Counting:
    """The same installation, as the bot's own process has it: with a connection of its own."""
    return Counting(
        settings=plainline.settings,
        catalog=plainline.catalog,
        words=plainline.words,
        language=plainline.language,
        channels=plainline.channels,
        clock=plainline.clock,
    )
