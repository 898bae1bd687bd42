"""How fast a key press is answered, over HTTP, beside a bare Flask endpoint with one commit.

Both are served by the same server on this machine, on databases made for this and thrown away. Their turns take each
other's place every few seconds, so that a busy machine disturbs both alike.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import http.client
import math
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from itertools import cycle
from pathlib import Path
from statistics import median
from urllib.parse import urlencode, urlsplit, urlunsplit

import psycopg

from app import bench_bare
from app.limit_settings import NO_LIMITS
from core.errors import Misconfigured, StoreUnavailable

CLIENTS = 16
SECONDS = 10.0
"""Seconds of measuring a cell."""

ROUNDS = 4
"""How often the two sides take turns."""

WARM = 1.0
"""Seconds before anything is counted."""

MOST_TIMES = 3.0
"""The aim: how many times the bare endpoint's time a keypad turn may take."""

KEYS = ("2", "3", "*", "*")
"""What each client presses, over and over: from the first menu to a category, to a service, and back."""

ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "a token for measuring", "+14155550100"
OURS, BARE = ("app.cli", "web"), ("app.bench_bare",)
"""The modules that serve."""

START_WITHIN = 180.0
"""Seconds for a server to start; the first start trains the engine."""

HOST = "127.0.0.1"
_ACTION = re.compile(r'<Gather[^>]* action="([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One side on one database. Times in milliseconds."""

    database: str
    side: str
    a_second: float
    p50: float
    p99: float
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A keypad turn and the bare endpoint, on the same database in the same minutes."""

    turn: Cell
    bare: Cell

    @property
    def times(self) -> float:
        """How many times the bare endpoint's median time a turn takes."""
        return self.turn.p50 / self.bare.p50

    @property
    def holds(self) -> bool:
        """Whether that is within the aim."""
        return self.times <= MOST_TIMES


def measure(seconds: float, clients: int, postgres: str) -> tuple[Pair, ...]:
    """On SQLite, and on PostgreSQL if the URL of a server whose user may create databases is given."""
    with tempfile.TemporaryDirectory(prefix="plainline-bench-") as folder:
        pairs = [_pair("SQLite", lambda name: f"sqlite:///{folder}/{name}.db", folder, seconds, clients)]
        if postgres:
            with made_databases(postgres) as url_of:
                pairs.append(_pair("PostgreSQL", url_of, folder, seconds, clients))
    return tuple(pairs)


def _pair(database: str, url_of: Callable[[str], str], folder: str, seconds: float, clients: int) -> Pair:
    with ExitStack() as open_now:
        ours, bare = free_ports(), free_ports()
        for module, port, url in ((OURS, ours, url_of("turn")), (BARE, bare, url_of("bare"))):
            open_now.enter_context(served(module, environment_of(port, url), Path(folder), port))
        pressing = [Press(port=ours, call=f"CA{n:032x}") for n in range(clients)]
        plain = [Plain(port=bare) for _ in range(clients)]
        turns, commits = Round(), Round()
        run(pressing, WARM)
        run(plain, WARM)
        for _ in range(ROUNDS):
            turns.add(run(pressing, seconds / ROUNDS))
            commits.add(run(plain, seconds / ROUNDS))
    return Pair(turn=turns.cell(database, "keypad turn"), bare=commits.cell(database, "bare Flask, one commit"))


# --- the servers ---------------------------------------------------------------------------------------------


@contextmanager
def served(module: tuple[str, ...], environment: dict[str, str], folder: Path, port: int) -> Iterator[int]:
    """A server on a port, in a process of its own; its process id."""
    said = folder / f"{port}.log"
    with running((*module, "--port", str(port)), environment, said) as process:
        _wait(process, port, said)
        yield process.pid


@contextmanager
def running(module: tuple[str, ...], environment: dict[str, str], said: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A module in a process of its own; what it says goes into the file."""
    with said.open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", *module], env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def environment_of(port: int, database_url: str) -> dict[str, str]:
    """What a server on this port and database is told, with an account that is known here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")}
    return kept | {
        "PLAINLINE_DATABASE_URL": database_url,
        "PLAINLINE_PUBLIC_URL": f"http://{HOST}:{port}",
        "PLAINLINE_SECRET_KEY": secrets.token_urlsafe(48),
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_NUMBER": NUMBER,
        **NO_LIMITS,
    }


def free_ports(count: int = 1) -> int:
    """The first of so many free ports in a row, below those that a system gives to connections going out (32768 on
    Linux, 49152 elsewhere), which could be taken before we listen."""
    while True:
        first = 20_000 + secrets.randbelow(10_000)
        with suppress(OSError), ExitStack() as held:
            for port in range(first, first + count):
                held.enter_context(socket.socket()).bind((HOST, port))
            return first


def _wait(process: subprocess.Popen[bytes], port: int, said: Path) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until and process.poll() is None:
        with (
            suppress(OSError, http.client.HTTPException),
            closing(http.client.HTTPConnection(HOST, port, timeout=1)) as asked,
        ):
            # Its socket is open before it is ready, and stays open if it can not begin
            asked.request("GET", "/healthz")
            if asked.getresponse().status == HTTPStatus.OK:
                return
        time.sleep(0.1)
    raise Misconfigured([f"The server to measure did not start: {said.read_text(errors='replace')[-2000:]}"])


@contextmanager
def made_databases(server: str) -> Iterator[Callable[[str], str]]:
    """What makes new databases on a PostgreSQL server, dropped at the end."""
    parts = urlsplit(server.replace("postgresql+psycopg:", "postgresql:", 1))
    made: list[str] = []
    with psycopg.connect(urlunsplit(parts), autocommit=True) as connection:

        def make(name: str) -> str:
            made.append(f"plainline_bench_{name}_{secrets.token_hex(4)}")
            connection.execute(f'CREATE DATABASE "{made[-1]}"'.encode())
            return urlunsplit(parts._replace(path=f"/{made[-1]}"))

        try:
            yield make
        finally:
            for name in made:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


# --- the clients ---------------------------------------------------------------------------------------------


class Plain:
    """A client of the bare endpoint, on a connection that stays open."""

    def __init__(self, *, port: int) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=15)

    def ask(self) -> float:
        """One request; its seconds."""
        began = time.perf_counter()
        self._post(bench_bare.PATH, "", {})
        return time.perf_counter() - began

    def _post(self, path: str, body: str, headers: dict[str, str]) -> str:
        self._connection.request("POST", path, body, headers)
        response = self._connection.getresponse()
        text = response.read().decode()
        if response.status not in (200, 204):
            raise StoreUnavailable(f"{path.partition('?')[0]} answered {response.status}")
        return text


class Press(Plain):
    """A caller: signed requests, each pressing the next key where the last answer asked for one."""

    def __init__(self, *, port: int, call: str) -> None:
        super().__init__(port=port)
        self._base = f"http://{HOST}:{port}"
        self._form = {"AccountSid": ACCOUNT, "CallSid": call, "From": "+14155550123", "To": NUMBER}
        self._keys = cycle(KEYS)
        self._action = ""

    def ask(self) -> float:
        if not self._action:
            self._send("/voice", {})
            self._send(self._action, {"Digits": "1"})
        return self._send(self._action, {"Digits": next(self._keys)})

    def _send(self, path: str, more: dict[str, str]) -> float:
        signed = self._signed(path, more)
        began = time.perf_counter()
        answer = self._post(path, *signed)
        seconds = time.perf_counter() - began
        self._action = self._next(answer)
        return seconds

    def _signed(self, path: str, more: dict[str, str]) -> tuple[str, dict[str, str]]:
        """The body and the headers of a request."""
        form = self._form | more
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": signature(self._base + path, form),
        }
        return urlencode(form), headers

    def _next(self, answer: str) -> str:
        """Where the answer wants the next key sent: another turn than the last, or the press was not taken."""
        found = _ACTION.search(answer)
        action = html.unescape(found[1]).partition("#")[0] if found else ""
        if not action or action == self._action:
            raise StoreUnavailable(f"the line did not go on: {answer[:300]}")
        return action


def signature(url: str, form: dict[str, str]) -> str:
    """Twilio's signature of a request (Twilio docs: security)."""
    whole = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(TOKEN.encode(), whole.encode(), hashlib.sha1).digest()).decode()


def run(clients: list[Press] | list[Plain], seconds: float) -> tuple[list[float], float]:
    """Every client asks again and again. The seconds of each request, and those that passed in all."""
    began = time.perf_counter()

    def asked(client: Plain) -> list[float]:
        times = []
        while time.perf_counter() - began < seconds:
            times.append(client.ask())
        return times

    with ThreadPoolExecutor(len(clients)) as threads:
        all_times = [one for times in threads.map(asked, clients) for one in times]
    return all_times, time.perf_counter() - began


def run_turns(clients: list[Press], turns: int) -> None:
    """The clients ask together until there were about so many turns."""

    def asked(client: Press) -> None:
        for _ in range(turns // len(clients)):
            client.ask()

    with ThreadPoolExecutor(len(clients)) as threads:
        list(threads.map(asked, clients))


@dataclass(slots=True, kw_only=True)
class Round:
    """What was measured of one side so far."""

    times: list[float] = field(default_factory=list)
    passed: float = 0.0

    def add(self, more: tuple[list[float], float]) -> None:
        """What another round brought."""
        self.times += more[0]
        self.passed += more[1]

    def cell(self, database: str, side: str) -> Cell:
        """The figures."""
        return Cell(
            database=database,
            side=side,
            a_second=len(self.times) / self.passed,
            p50=1000 * median(self.times),
            p99=1000 * percentile(self.times, 0.99),
            requests=len(self.times),
        )


def percentile(times: list[float], share: float) -> float:
    """The least of the times that this share of them does not exceed (nearest rank)."""
    return sorted(times)[math.ceil(share * len(times)) - 1]


# --- as a table ----------------------------------------------------------------------------------------------


def table(pairs: tuple[Pair, ...], clients: int) -> Iterator[str]:
    """The figures as lines of text."""
    yield f"A key press over HTTP, {clients} clients, one server process"
    yield f"{'':12}{'':24}{'a second':>10}{'p50 ms':>9}{'p99 ms':>9}{'times':>8}"
    for pair in pairs:
        for cell, times in ((pair.turn, f"{pair.times:8.2f}"), (pair.bare, "")):
            yield f"{cell.database:12}{cell.side:24}{cell.a_second:10.0f}{cell.p50:9.2f}{cell.p99:9.2f}{times}"
    yield ""
    for pair in pairs:
        kept = "holds" if pair.holds else "does not hold"
        yield f"Aim: a turn on {pair.turn.database} at most {MOST_TIMES:g} times: {pair.times:.2f}, {kept}."
    if all(pair.turn.database != "PostgreSQL" for pair in pairs):
        yield "PostgreSQL was not measured: give --postgres or PLAINLINE_TEST_POSTGRES_URL."


def as_json(pairs: tuple[Pair, ...]) -> list[dict[str, object]]:
    """The figures as plain values."""
    return [{**asdict(pair), "times": pair.times, "holds": pair.holds} for pair in pairs]
