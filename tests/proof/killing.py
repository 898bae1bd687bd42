"""Our own processes, as `plainline up` starts them, and whoever kills them at random moments."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random

from sqlalchemy import Select, func, select

from app.commands.up import Process
from app.following import STARTED_BY
from app.limit_settings import NO_LIMITS
from app.listening import opened
from simulator.exchange import Exchange
from simulator.exchange.exchange import ACCOUNT, TOKEN
from store import schema
from store.database import Database
from tests.bot.line import TOKEN as BOT
from tests.calls.line import OURS, PUBLIC, SECRET

WITHIN = 60.0
"""Seconds in which a process must work again. A busy machine is slow."""

LONGEST = 1.5
"""Seconds that a process may work before it is killed, at most: then it is in the middle of something."""

AT_A_COMMIT = 0.7
"""The share of kills that come the moment that something was committed: its answer is on its way, or never sets out."""


APART = 15.0
"""Seconds between two kills of the web server: so long Twilio tries to bring one request. Killed more often than that,
it may be away for longer than Twilio waits, and no program can help."""


class Busy(Exchange):
    """The exchange, when many act side by side: nobody waits for everybody's callbacks."""

    def settle(self) -> None:
        """Go on at once; `callbacks.settle` waits."""


def an_exchange(port: int) -> Busy:
    """The exchange, set up as the README sets up a number at Twilio and a bot."""
    return Busy(
        voice_url=f"{PUBLIC}/voice#rc=3&rp=5xx,ct,rt&rt=4000",
        voice_fallback_url=f"{PUBLIC}/voice/resume#rc=3&rp=5xx,ct,rt&rt=4000",
        status_url=f"{PUBLIC}/voice/status#rc=3&rp=5xx,ct,rt&rt=4000",
        sms_url=f"{PUBLIC}/sms#rc=3&rp=5xx,ct,rt&rt=4000",
        sms_fallback_url=f"{PUBLIC}/sms/fallback#rc=3&rp=5xx,ct,rt&rt=4000",
        hosts={PUBLIC: f"http://127.0.0.1:{port}"},
        bot_token=BOT,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """Who was killed, and when (seconds of the clock)."""

    whom: str
    at: float


@dataclass(slots=True, kw_only=True)
class Victim:
    """A process that is killed. `progress` counts what it has committed; `pid` finds whom to kill."""

    name: str
    process: Process
    environment: dict[str, str]
    progress: Callable[[], int]
    pid: Callable[[], int | None]
    apart: float = 0.0
    kills: list[Kill] = field(default_factory=list)

    def work(self) -> None:
        """Keep it running until it has done something."""
        self.revive()
        before, until = self.progress(), time.monotonic() + WITHIN
        while self.progress() == before:
            self.revive()
            assert time.monotonic() < until, f"{self.name} does nothing any more"
            time.sleep(0.02)

    def revive(self) -> None:
        """Start it if it is dead, as `up` does, only sooner."""
        if self.process.running is None or self.process.running.poll() is not None:
            self.process.start(self.environment)

    def kill(self, random: Random) -> None:
        """Kill it after a while, or the moment that it has committed something."""
        deadline = time.monotonic() + LONGEST * random.random()
        before = self.progress() if random.random() < AT_A_COMMIT else None
        while time.monotonic() < deadline and (before is None or self.progress() == before):
            time.sleep(0.002)
        pid, running = self.pid(), self.process.running
        if pid is None or running is None:
            return  # it is being started again just now: nobody to kill
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            self.kills.append(Kill(whom=self.name, at=time.time()))
        if pid == running.pid:
            running.wait(WITHIN)

    def keep_killing(self, times: int, random: Random) -> None:
        """Kill it so often, each time in the middle of its work, and let it work again."""
        while len(self.kills) < times:
            self.work()
            self.kill(random)
            self.work()
            time.sleep(max(0.0, self.apart - (time.time() - self.kills[-1].at)) if self.kills else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Web, worker and bot on one database, the exchange in front of them."""

    web: Process
    worker: Process
    bot: Process
    environment: dict[str, str]
    exchange: Busy
    database: Database

    def victims(self) -> dict[str, Victim]:
        """Whom to kill: the web server's working process, its first process, the worker, the bot."""
        turns = Count(
            self.database, select(func.count()).select_from(schema.turns).where(~schema.turns.c.key.like("m%"))
        )
        texts = Count(self.database, attempts("sms"))
        chats = Count(self.database, attempts("telegram"))
        return {
            "web's working process": self._victim("web's working process", self.web, turns, self.serving, APART),
            "web": self._victim("web", self.web, turns, lambda: self._pid(self.web), APART),
            "worker": self._victim("worker", self.worker, texts, lambda: self._pid(self.worker)),
            "bot": self._victim("bot", self.bot, chats, lambda: self._pid(self.bot)),
        }

    def _victim(
        self, name: str, process: Process, done: Callable[[], int], pid: Callable[[], int | None], apart: float = 0.0
    ) -> Victim:
        return Victim(name=name, process=process, environment=self.environment, progress=done, pid=pid, apart=apart)

    def _pid(self, process: Process) -> int | None:
        return process.running.pid if process.running else None

    def serving(self) -> int | None:
        """The process that the web server's first process started to answer requests."""
        listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = (line.split() for line in listed.splitlines())
        return next((int(pid) for pid, parent in pairs if int(parent) == self._pid(self.web)), None)

    def start(self) -> None:
        """Start all, and wait until the web server answers."""
        for process in (self.web, self.worker, self.bot):
            process.start(self.environment)
        until(lambda: answers(self.web.port))

    def stop(self, *which: Process) -> None:
        """Ask these (all, if none is named) to end what they are at."""
        for process in which or (self.web, self.worker, self.bot):
            if process.running is not None:
                process.running.terminate()
                process.stop()


@dataclass(frozen=True, slots=True)
class Count:
    """A number that the database tells, looked at as often as one likes."""

    database: Database
    query: Select[int]

    def __call__(self) -> int:
        with self.database.reading() as connection:
            return int(connection.scalar(self.query) or 0)


def attempts(channel: str) -> Select[int]:
    """How often something was sent on a channel, or may have been."""
    return select(func.sum(schema.outbox.c.attempts)).where(schema.outbox.c.channel == channel)


def until(holds: Callable[[], bool], seconds: float = WITHIN) -> None:
    """Wait until something holds; fail if it does not in time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never held"
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Whether the web server does."""
    with suppress(OSError, HTTPException), closing(HTTPConnection("127.0.0.1", port, timeout=5)) as asked:
        asked.request("GET", "/healthz")
        return asked.getresponse().status == 200
    return False


@contextmanager
def machine(url: str, data: Path, database: Database) -> Iterator[Machine]:
    """Everything on the database at `url`, not yet started."""
    with ExitStack() as open_now:
        listening = open_now.enter_context(opened("127.0.0.1", 0))
        port = int(listening.getsockname()[1])
        exchange = an_exchange(port)
        open_now.enter_context(exchange)
        made = Machine(
            web=_process("web", port, listening),
            worker=_process("worker"),
            bot=_process("bot"),
            environment=_environment(url, data, exchange),
            exchange=exchange,
            database=database,
        )
        open_now.callback(listening.close)  # whatever the exchange still wants to tell us at the end is refused at once
        open_now.callback(made.stop)
        yield made


def _process(name: str, port: int = 0, listening: socket.socket | None = None) -> Process:
    more = ("--port", str(port)) if port else ()
    return Process(name=name, command=("-m", "app.cli", name, *more), port=port, listening=listening)


def _environment(url: str, data: Path, exchange: Exchange) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        STARTED_BY: str(os.getpid()),
        "PLAINLINE_DATA": str(data),
        "PLAINLINE_DATABASE_URL": url,
        "PLAINLINE_PUBLIC_URL": PUBLIC,
        "PLAINLINE_SECRET_KEY": SECRET,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_NUMBER": OURS,
        "TWILIO_API_URL": exchange.api_url,
        "TELEGRAM_TOKEN": BOT,
        "TELEGRAM_API_URL": exchange.bot_url,
        **NO_LIMITS,
    }
