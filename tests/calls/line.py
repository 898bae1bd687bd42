"""A line that works: the web application on a free port, the exchange in front of it, and a clock that stands still."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from sqlalchemy import Row, Select, Table, select
from werkzeug.serving import make_server

from app.bootstrap import Plainline
from app.settings import Twilio
from app.web import make_app
from core.ports import Storage
from core.sms import plain
from core.types import Phrase
from simulator.exchange import Call, Exchange
from simulator.exchange.exchange import ACCOUNT, NUMBER, TOKEN
from simulator.exchange.signing import Form, signature
from store import schema
from store.database import Database, open_database

ANA = "+14155550123"
BEN = "+14155550124"
OURS = NUMBER
ON_WHATSAPP = "+14155550110"
"""Our number on WhatsApp."""

TEMPLATE = "HX" + "a" * 32
CIVIC_HALL = "+14155550101"
PUBLIC = "https://line.example"
SECRET = "a secret for tests, long enough for the settings"
LANGUAGES = ("en", "es", "zh_Hans", "ar")
KEY = {language: str(place) for place, language in enumerate(LANGUAGES, 1)}
"""The key that chooses a language in the greeting."""

OPEN = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
"""A Wednesday, half past ten in New York: every office answers."""

CLOSED = datetime(2026, 11, 29, 15, 30, tzinfo=UTC)
"""A Sunday: no office answers."""


class Clock:
    """Shows the time it was set to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@dataclass(frozen=True, kw_only=True)
class OnStorage(Plainline):
    """An installation on a storage that a test brings."""

    given: Storage

    @cached_property
    def storage(self) -> Storage:
        return self.given


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The exchange and what is behind it. Tests ask `rows` what was stored, and `caller` for somebody who calls."""

    plainline: Plainline
    exchange: Exchange
    clock: Clock
    database: Database
    port: int

    def caller(self, language: str = "en", from_: str = ANA) -> Caller:
        """Somebody calls, and hears the greeting."""
        return Caller(self, self.exchange.call(from_), language)

    def at_home(self, language: str = "en", from_: str = ANA) -> Caller:
        """Somebody calls and chooses a language."""
        return self.caller(language, from_).press(KEY[language])

    def texter(self, language: str = "en", number: str = ANA) -> Texter:
        """Somebody who writes."""
        return Texter(self, number, language)

    def on_whatsapp(self, language: str = "en", number: str = ANA) -> Texter:
        """Somebody who writes on WhatsApp."""
        return Texter(self, number, language, "whatsapp:")

    def rows(self, table: Table, *where: Any) -> list[Row[Any]]:
        """What stands in a table, oldest first."""
        order = table.c.get("id") if "id" in table.c else None
        query: Select[Any] = select(table).where(*where)
        with self.database.reading() as connection:
            return list(connection.execute(query if order is None else query.order_by(order)))

    def counts(self) -> dict[str, int]:
        """How many rows each table has, to see that nothing was stored."""
        return {table.name: len(self.rows(table)) for table in schema.metadata.sorted_tables}

    def deliver(self) -> int:
        """The worker sends what is owed, and the provider reports what became of it."""
        sent = self.plainline.outbox.deliver_once(self.clock())
        self.exchange.settle()
        return sent

    def fetch(self) -> int:
        """The worker fetches recordings, once the provider has told of them; how many steps that took."""
        self.exchange.settle()
        fetching = self.plainline.fetching
        assert fetching is not None
        return fetching.work_once(self.clock())

    def words(self, phrase: Phrase, language: str, context: str = "voice") -> str:
        """A sentence as this language says it."""
        return self.plainline.words.say(phrase, language, context)

    def post(self, path: str, form: Mapping[str, str], *, sign: Signer | None = None) -> Posted:
        """Post a form to a path (with its query) of the application."""
        whole: Form = tuple(form.items())
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if sign is not None:
            headers["X-Twilio-Signature"] = sign(PUBLIC + path, whole)
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            asked.request("POST", path, urlencode(whole), headers)
            answer = asked.getresponse()
            return Posted(status=answer.status, body=answer.read().decode())
        finally:
            asked.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What a request was answered with."""

    status: int
    body: str


Signer = Callable[[str, Form], str]


def twilio_signs(url: str, form: Form) -> str:
    """The signature that Twilio would give."""
    return signature(TOKEN, url, form)


class Caller:
    """Somebody on the telephone, and what they heard since they last did something."""

    def __init__(self, line: Line, call: Call, language: str) -> None:
        self.line = line
        self.call = call
        self.language = language
        self.before = 0

    @property
    def heard(self) -> str:
        """The words since the last thing they did."""
        return " ".join(utterance.text for utterance in self.call.heard[self.before :])

    @property
    def path(self) -> str:
        """Where the answer that the line now waits for will go, with its query."""
        assert self.call.gather is not None, self.call.transcript()
        parts = urlsplit(self.call.gather.action)
        return f"{parts.path}?{parts.query}"

    def press(self, *keys: str) -> Caller:
        """Press keys, one answer after the other."""
        for pressed in keys:
            self.before = len(self.call.heard)
            self.call.press(pressed)
        return self

    def say(self, *words: str, confidence: float = 0.9) -> Caller:
        """Say something, one answer after the other."""
        for said in words:
            self.before = len(self.call.heard)
            self.call.say(said, confidence=confidence)
        return self

    def speak(self, seconds: float, ends: str = "#", *, silent: bool = False) -> Caller:
        """Speak while it is recorded, then press a key, hang up ("hangup") or be quiet ("")."""
        self.before = len(self.call.heard)
        self.call.record(seconds, ends=ends, silent=silent)
        return self

    def enter(self, key: str) -> Caller:
        """One key, ended by # where the line waits for several."""
        gather = self.call.gather
        assert gather is not None, self.call.transcript()
        return self.press(key if gather.num_digits == 1 else f"{key}#")

    def silence(self, times: int = 1) -> Caller:
        """Say and press nothing."""
        for _ in range(times):
            self.before = len(self.call.heard)
            self.call.silence()
        return self

    def dial_result(self, status: str) -> Caller:
        """What became of the call to the office."""
        self.before = len(self.call.heard)
        self.call.dial_result(status)
        return self

    def hears(self, *phrases: Phrase) -> Caller:
        """Check that each of these sentences was just heard, in their language."""
        for phrase in phrases:
            words = self.line.words(phrase, self.language)
            assert words in self.heard, f"did not hear: {words}\n{self.call.transcript()}"
        return self

    def hears_nothing_of(self, *phrases: Phrase) -> Caller:
        """Check that none of these sentences was ever heard in this call."""
        whole = " ".join(utterance.text for utterance in self.call.heard)
        for phrase in phrases:
            assert self.line.words(phrase, self.language) not in whole, self.call.transcript()
        return self

    def hang_up(self) -> None:
        """Put the telephone down."""
        self.call.hang_up()


class Texter:
    """Somebody who writes to us, and what they got for it. `prefix` is "whatsapp:" for whoever does so there."""

    def __init__(self, line: Line, number: str, language: str, prefix: str = "") -> None:
        self.line = line
        self.number = f"{prefix}{number}"
        self.language = language
        self._ours = f"{prefix}{ON_WHATSAPP}" if prefix else ""
        self._before = 0

    def write(self, *bodies: str, **extra: str) -> Texter:
        """Write, one text after the other; the worker sends the answers."""
        for body in bodies:
            self._before = len(self.got)
            self.line.exchange.sms(self.number, self._ours, body, **extra)
            self.line.deliver()
        return self

    def picture(self) -> Texter:
        """Send a picture without a word."""
        self._before = len(self.got)
        self.line.exchange.sms(self.number, self._ours, "", media=["https://media.example/1.jpg"])
        self.line.deliver()
        return self

    def speak(self, seconds: float) -> Texter:
        """Send something recorded, on WhatsApp."""
        self._before = len(self.got)
        self.line.exchange.voice_message(self.number.partition(":")[2], seconds)
        self.line.deliver()
        return self

    @property
    def got(self) -> list[str]:
        """Every text of ours they have got, first to last (none of the provider's own)."""
        return [text.body for text in self.line.exchange.outbox(self.number) if not text.by_exchange]

    @property
    def answer(self) -> str:
        """What they got for the last thing they wrote."""
        return "\n".join(self.got[self._before :])

    def reads(self, *phrases: Phrase) -> Texter:
        """Check that each of these sentences was in the last answer."""
        for phrase in phrases:
            chat = self.line.words(phrase, self.language, "chat")
            words = chat if self._ours else plain(self.line.words(phrase, self.language, "sms"))
            assert words in self.answer, f"did not read: {words}\n{self.got}"
        return self


@contextmanager
def served(wired: Plainline, url: str, clock: Clock, storage: Storage | None = None) -> Iterator[Line]:
    """The application on the database at `url` (or on `storage`), and the exchange in front of it."""
    later: list[Any] = []

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer: Iterable[bytes] = later[0](environ, start_response)
        return answer

    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    database = open_database(url)
    try:
        with (
            an_exchange(server.server_port) as exchange,
            TemporaryDirectory() as files,
            closing(installed(wired, url, clock, exchange.api_url, storage, Path(files))) as plainline,
        ):
            later.append(make_app(plainline))
            yield Line(plainline=plainline, exchange=exchange, clock=clock, database=database, port=server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        database.close()


def an_exchange(port: int) -> Exchange:
    """The exchange, set up as the README sets up a number at Twilio."""
    return Exchange(
        voice_url=f"{PUBLIC}/voice#rc=3&rp=5xx,ct,rt&rt=4000",
        voice_fallback_url=f"{PUBLIC}/voice/resume#rc=3&rp=5xx,ct,rt&rt=4000",
        status_url=f"{PUBLIC}/voice/status#rc=3&rp=5xx,ct,rt&rt=4000",
        sms_url=f"{PUBLIC}/sms#rc=3&rp=5xx,ct,rt&rt=4000",
        sms_fallback_url=f"{PUBLIC}/sms/fallback#rc=3&rp=5xx,ct,rt&rt=4000",
        hosts={PUBLIC: f"http://127.0.0.1:{port}"},
        whatsapp_number=ON_WHATSAPP,
    )


def installed(
    wired: Plainline, url: str, clock: Clock, api_url: str, storage: Storage | None, files: Path | None = None
) -> Plainline:
    """The installation, on this database and with this account at the provider."""
    ours = Twilio(account=ACCOUNT, tokens=(TOKEN,), number=OURS, whatsapp=ON_WHATSAPP, whatsapp_template=TEMPLATE)
    twilio = replace(wired.settings.twilio or ours, account=ACCOUNT, tokens=(TOKEN,), number=OURS, api_url=api_url)
    kept = files or wired.settings.files
    settings = replace(
        wired.settings, database_url=url, public_url=PUBLIC, secret_key=SECRET, files=kept, twilio=twilio
    )
    if storage is None:
        return replace(wired, settings=settings, clock=clock)
    return OnStorage(
        settings=settings,
        catalog=wired.catalog,
        words=wired.words,
        language=wired.language,
        channels=wired.channels,
        clock=clock,
        given=storage,
    )
