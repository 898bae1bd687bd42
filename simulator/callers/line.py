"""A line to call: a web application on a free port, and the exchange that plays Twilio in front of it.

Each call meets a line on which nobody has called before, at the hour that it is given: so that no call depends on
another, and the same call can be made on two designs.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.serving import WSGIRequestHandler, make_server

from app import bootstrap
from app.bootstrap import Plainline
from app.settings import Settings, Twilio
from app.web import make_app
from core.catalog import Catalog
from core.staff import Case
from simulator.callers.designs import Change, rewritten
from simulator.exchange import Exchange
from simulator.exchange.exchange import ACCOUNT, NUMBER, TOKEN

PUBLIC = "https://line.example"
SECRET = "a secret for simulated callers, long enough for the settings"

OPEN = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
"""A Wednesday, half past ten in New York: every office of the town that comes with Plainline answers."""

CLOSED = datetime(2026, 11, 29, 15, 30, tzinfo=UTC)
"""A Sunday: none does."""

KEPT = 10
"""Requests that the exchange remembers."""

MOST_SENT = 10
"""Cases of one caller that are looked at; nobody has sent more than two."""


class Clock:
    """Shows the hour at which a call began, and how long it lasts by now."""

    def __init__(self) -> None:
        self.began = OPEN
        self.seconds = 0.0

    def __call__(self) -> datetime:
        return self.began + timedelta(seconds=self.seconds)


class Design(Protocol):
    """A design of the line."""

    @property
    def numbers(self) -> bool:
        """Whether leaflets have numbers of services."""
        ...

    def fresh(self, _api_url: str, /) -> WSGIApplication:
        """The application of a line on which nobody has called."""
        ...

    def sent(self) -> tuple[Case, ...]:
        """What was sent in by whoever called."""
        ...


@dataclass(kw_only=True)
class Shipped:
    """The line as it is, with this catalogue, on a database of its own in a folder."""

    wired: Plainline
    folder: Path
    clock: Clock
    name: str
    numbers: bool
    change: Change | None = None
    _before: Plainline | None = None

    def __post_init__(self) -> None:
        bootstrap.upgrade(f"sqlite:///{self.folder / 'empty.db'}")

    def fresh(self, api_url: str, /) -> WSGIApplication:
        """On a new copy of an empty database."""
        if self._before is not None:
            self._before.close()
        database = self.folder / "call.db"
        for old in self.folder.glob("call.db*"):
            old.unlink()
        shutil.copyfile(self.folder / "empty.db", database)
        twilio = Twilio(account=ACCOUNT, tokens=(TOKEN,), number=NUMBER, api_url=api_url)
        settings = replace(
            self.wired.settings, database_url=f"sqlite:///{database}", files=self.folder / "files", twilio=twilio
        )
        self._before = replace(self.wired, settings=settings, clock=self.clock, sites=())
        made = make_app(self._before)
        return rewritten(made, self.change) if self.change else made

    def deliver(self) -> None:
        """The worker sends what is owed."""
        if self._before is not None:
            self._before.outbox.deliver_once(self.clock())

    def sent(self) -> tuple[Case, ...]:
        """As the desk sees it."""
        return self._before.desk.store.cases((), MOST_SENT) if self._before is not None else ()

    def close(self) -> None:
        """Let go of the database."""
        if self._before is not None:
            self._before.close()


def wired(data: Path) -> Plainline:
    """The catalogue, the words and the engine of the town that is set up here; what the engine learns is kept in
    `data`."""
    return bootstrap.build(Settings(database_url="", public_url=PUBLIC, secret_key=SECRET, folder=data))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is called."""

    exchange: Exchange
    clock: Clock
    design: Design
    catalog: Catalog
    use: Callable[[WSGIApplication], None]

    def begin(self, began: datetime) -> None:
        """A line on which nobody has called, at this hour."""
        self.clock.began, self.clock.seconds = began, 0.0
        self.use(self.design.fresh(self.exchange.api_url))


@contextmanager
def ours(built: Plainline, name: str, change: Change | None = None, numbers: bool = True) -> Iterator[Line]:
    """Our line; `change` puts its sentences otherwise, and without `numbers` no leaflet has a service's number."""
    clock = Clock()
    with TemporaryDirectory(prefix="plainline-callers-") as folder:
        design = Shipped(wired=built, folder=Path(folder), clock=clock, name=name, numbers=numbers, change=change)
        try:
            with served(design, clock, built.catalog) as line:
                yield line
        finally:
            design.close()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served(design: Design, clock: Clock, catalog: Catalog) -> Iterator[Line]:
    """The design, over HTTP, with the exchange in front of it."""
    now: list[WSGIApplication] = []

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return now[-1](environ, start_response)

    def use(made: WSGIApplication) -> None:
        now[:] = [made]

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        with Exchange(
            voice_url=f"{PUBLIC}/voice#rc=3&rp=5xx,ct,rt&rt=4000",
            voice_fallback_url=f"{PUBLIC}/voice/resume#rc=3&rp=5xx,ct,rt&rt=4000",
            status_url=f"{PUBLIC}/voice/status#rc=3&rp=5xx,ct,rt&rt=4000",
            sms_url=f"{PUBLIC}/sms#rc=3&rp=5xx,ct,rt&rt=4000",
            hosts={PUBLIC: f"http://127.0.0.1:{server.server_port}"},
            keep=KEPT,
        ) as exchange:
            yield Line(exchange=exchange, clock=clock, design=design, catalog=catalog, use=use)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
