"""What a turn costs when the line is in use: calls, text messages and chats at once, at the pace of people.

Everything runs as in a town: web, worker and bot are processes of their own, and what plays the providers is another.
Beside them stands the bare endpoint, asked by as many clients at the same pace; the two take turns, so that a busy
machine disturbs both alike.
"""

from __future__ import annotations

import http.client
import json
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from itertools import count, cycle
from pathlib import Path
from random import Random
from typing import Any, Protocol

from app import bootstrap
from app.bench_faults import LATE, LOST, SHARE, TWICE, Broken, Listening, Strikes, forging
from app.bench_inside import TEXTS, inside, parts
from app.bench_turn import (
    ACCOUNT,
    BARE,
    HOST,
    NUMBER,
    OURS,
    START_WITHIN,
    Cell,
    Plain,
    Press,
    Round,
    environment_of,
    free_ports,
    made_databases,
    running,
    served,
)
from core.errors import Misconfigured, PlainlineError, StoreUnavailable

CALLS, THREADS, CHATS = 20, 50, 50
"""Who use the line at once: by telephone, by text message, by chat."""

SECONDS = 300.0

LISTENS, WRITES = (2.0, 4.0), (5.0, 15.0)
"""Seconds from an answer to the next key, and to the next message: at least and at most. Real callers listen longer."""

ROUNDS = 6
"""How often the two sides take turns."""

BARE_SHARE = 0.2
"""Of each round's seconds, so many are added for the bare endpoint: it needs fewer requests for a steady median."""

MOST_P99 = 150.0
"""The aim: milliseconds of a voice turn, in all but one of a hundred."""

MOST_TIMES = 3.0
"""The aim: how many times the bare endpoint's median a voice turn's is."""

MOST_GROWTH = 1.0
"""The aim is no growth: of the megabytes that all processes hold, less than this much a thousand turns in the second
half. Caches fill at first, and allocators never stand quite still."""

WARM = 15.0
"""Seconds before anything is counted: the bot begins, connections are opened, caches fill."""

SETTLES_WITHIN = 60.0
"""Seconds until the last message is sent."""

REPLAYED = 50
"""How often each kind of turn is done again to find the slowest statement."""

TOKEN = "7000000001:a-token-for-measuring"
CALL = ("2", "3", "*", "3", "*", "*", "2", "3", "*")
"""What a caller presses after the key of their language, before they hang up: a category, a service, and back."""

SPOKEN = 4
"""In so many languages there are callers, one after the other: those of the town that comes with this."""

VOICE, SMS, CHAT = "voice turn", "SMS webhook", "chat, until the answer"
KINDS = (VOICE, SMS, CHAT)
MEDIA = {VOICE: "voice", SMS: "sms", CHAT: "chat"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of turn under load, and the bare endpoint asked as often by as many."""

    turn: Cell
    bare: Cell

    @property
    def times(self) -> float:
        """How many times the bare endpoint's median."""
        return self.turn.p50 / self.bare.p50


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was asked and answered, what was stored of it, and what reached those who write, by medium."""

    asked: dict[str, int]
    stored: dict[str, int]
    delivered: dict[str, int]

    @property
    def lost(self) -> int:
        """Turns that were answered and are not there, and answers that did not arrive."""
        gone = (max(0, self.asked[name] - self.stored.get(name, 0)) for name in self.asked)
        unsent = (max(0, self.asked[name] - self.delivered.get(name, 0)) for name in ("sms", "chat"))
        return sum(gone) + sum(unsent)

    @property
    def doubled(self) -> int:
        """Turns that are there twice, and answers that arrived twice."""
        twice = (max(0, self.stored.get(name, 0) - self.asked[name]) for name in self.asked)
        resent = (max(0, self.delivered.get(name, 0) - self.asked[name]) for name in ("sms", "chat"))
        return sum(twice) + sum(resent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slowest:
    """The statement that usually takes longest in such turns, in milliseconds, and how the database runs it."""

    statement: str
    milliseconds: float
    plan: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """All that was measured on one database. `megabytes` are of each process, from the first round's end on;
    `per_thousand` is by how much they grew in the second half, and `kilobytes` the database, for a thousand turns.
    `faults` are how many struck meanwhile, by their kind."""

    database: str
    kinds: tuple[Kind, ...]
    failed: tuple[str, ...]
    kept: Kept
    megabytes: dict[str, tuple[float, ...]]
    per_thousand: float
    kilobytes: float
    slowest: Slowest
    faults: dict[str, int] = field(default_factory=dict)

    @property
    def aims(self) -> dict[str, bool]:
        """What was aimed at, and whether it holds."""
        voice = self.kinds[0]
        return {
            f"p99 of a voice turn at most {MOST_P99:g} ms: {voice.turn.p99:.1f}": voice.turn.p99 <= MOST_P99,
            f"a voice turn at most {MOST_TIMES:g} times the bare endpoint: {voice.times:.2f}": voice.times
            <= MOST_TIMES,
            f"megabytes more a thousand turns, less than {MOST_GROWTH:g}: {self.per_thousand:.2f}": (
                self.per_thousand < MOST_GROWTH
            ),
            f"nothing failed, lost or doubled: {len(self.failed)}, {self.kept.lost}, {self.kept.doubled}": (
                not self.failed and not self.kept.lost and not self.kept.doubled
            ),
        }


def measure(seconds: float, pace: float, postgres: str, *, faults: bool) -> tuple[Load, ...]:
    """On SQLite, and on PostgreSQL if the URL of a server whose user may create databases is given. `pace` 1 is that of
    people, 0.5 twice as quick, 0 as quick as the answers come. With `faults` some strike meanwhile
    (`app.bench_faults`)."""
    with tempfile.TemporaryDirectory(prefix="plainline-bench-") as folder, ExitStack() as open_now:
        places: dict[str, Callable[[str], str]] = {"SQLite": lambda name: f"sqlite:///{folder}/{name}.db"}
        if postgres:
            places["PostgreSQL"] = open_now.enter_context(made_databases(postgres))
        return tuple(
            loaded(name, url_of, Path(folder), seconds, pace, faults=faults) for name, url_of in places.items()
        )


def loaded(
    database: str, url_of: Callable[[str], str], folder: Path, seconds: float, pace: float, *, faults: bool
) -> Load:
    """On one database; `url_of` names it, and another one for the bare endpoint."""
    strikes, let_in = Strikes(seed=1) if faults else None, list[str]()
    with _town(url_of("load"), url_of("bare"), folder) as town, ExitStack() as meanwhile:
        ours, bare, sizes = _Side(town.people(strikes), pace), _Side(town.plain(), pace), list[dict[str, float]]()
        if strikes:
            let_in = meanwhile.enter_context(forging(HOST, town.port, strikes))
        ours.warm(WARM)
        bare.warm(BARE_SHARE * WARM)
        turns, bytes_before = list[int](), town.database.size()
        for _ in range(ROUNDS):
            ours.live(seconds / ROUNDS)
            sizes.append(town.sizes())
            turns.append(ours.answered)
            bare.live(BARE_SHARE * seconds / ROUNDS)
        kept = town.settled(ours)
        grown = (town.database.size() - bytes_before) / 1024 / turns[-1] * 1000
    half = ROUNDS // 2
    more = sum(sizes[-1].values()) - sum(sizes[half - 1].values())
    return Load(
        database=database,
        kinds=tuple(
            Kind(turn=ours.rounds[kind].cell(database, kind), bare=bare.rounds[kind].cell(database, "bare endpoint"))
            for kind in KINDS
        ),
        failed=(*ours.failed, *bare.failed, *let_in),
        kept=kept,
        megabytes={name: tuple(one[name] for one in sizes) for name in sizes[0]},
        per_thousand=more / (turns[-1] - turns[half - 1]) * 1000,
        kilobytes=grown,
        slowest=_slowest(town.database_url),
        faults={kind: struck for kind, struck in strikes.counted.items() if kind} if strikes else {},
    )


# --- who uses it ---------------------------------------------------------------------------------------------


class Person(Protocol):
    """Somebody who does one thing after the other."""

    def ask(self) -> float:
        """Do the next thing; the seconds until it was answered."""
        ...

    def rest(self) -> None:
        """Nothing more comes for a while."""
        ...


class Bare(Plain):
    """A client of the bare endpoint at the pace of a person."""

    def rest(self) -> None:
        """Let go of the connection: a server closes one that nobody uses."""
        self._connection.close()


class Caller(Press, Bare):
    """Somebody who calls, presses some keys, the first of them for a language, hangs up, and calls again."""

    def __init__(self, *, port: int, calls: Iterator[int], language: str = "1", strikes: Strikes | None = None) -> None:
        super().__init__(port=port, call="")
        self._calls = calls
        self._keys_of_call = (language, *CALL)
        self._left: Iterator[str] = iter(())
        self._strikes = strikes
        self._listening = Listening()
        self.hung_up = 0

    def ask(self) -> float:
        key = next(self._left, "")
        try:
            return self._send(self._action, {"Digits": key}) if key else self._call_again()
        except BaseException:
            self._left = iter(())
            raise

    def _call_again(self) -> float:
        if self._form["CallSid"]:
            self._hang_up()
        self._form["CallSid"], self._action = f"CA{next(self._calls):032x}", ""
        self._listening.call()
        seconds = self._send("/voice", {})
        self._left = iter(self._keys_of_call)
        return seconds

    def _hang_up(self) -> None:
        over = self._signed("/voice/status", {"CallStatus": "completed"})
        self._post("/voice/status", *over)
        self.hung_up += 1
        if self._strikes and self._strikes(4 * SHARE, LATE):
            self._post("/voice/status", *self._signed("/voice/status", {"CallStatus": "in-progress"}))
            self._post("/voice/status", *over)

    def _send(self, path: str, more: dict[str, str]) -> float:
        struck = self._strikes(SHARE, LOST, TWICE) if self._strikes else ""
        if struck == LOST:  # the provider asks again
            self._connection.request("POST", path, *self._signed(path, more))
            self._connection.close()
        elif struck == TWICE:
            self._post(path, *self._signed(path, more))
        return super()._send(path, more)

    def _next(self, answer: str) -> str:
        self._listening.hear(answer)
        return super()._next(answer)


class Texter(Press, Bare):
    """Somebody who writes text messages. The answer is sent by the worker; what is timed is the webhook."""

    def __init__(self, *, port: int, number: str, messages: Iterator[int]) -> None:
        super().__init__(port=port, call="")
        self._messages = messages
        self._texts = cycle(TEXTS)
        self._form = {"AccountSid": ACCOUNT, "From": number, "To": NUMBER, "NumMedia": "0"}

    def ask(self) -> float:
        said = self._signed("/sms", {"MessageSid": f"SM{next(self._messages):032x}", "Body": next(self._texts)})
        began = time.perf_counter()
        self._post("/sms", *said)
        return time.perf_counter() - began


class Chatter:
    """Somebody who writes in the chat, and waits for the answer."""

    def __init__(self, providers: Providers, id: int) -> None:
        self._providers = providers
        self._id = id
        self._texts = cycle(TEXTS)
        self.written = 0

    def ask(self) -> float:
        """Write; the seconds until the answer was there."""
        self.written += 1
        return self._providers.chat(self._id, next(self._texts))

    def rest(self) -> None:
        """The chat stays open."""


_APART = "apart from the chats"


class Providers:
    """What plays Twilio and Telegram, in a process of its own (`simulator.exchange.told`)."""

    def __init__(self, environment: dict[str, str], said: Path) -> None:
        command = [sys.executable, "-m", "simulator.exchange.told"]
        with said.open("wb") as log:
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._in, self._out = self.process.stdin, self.process.stdout
        self._lock = threading.Lock()
        self._answers: dict[object, queue.Queue[dict[str, Any]]] = {}
        self.urls: dict[str, str] = json.loads(self._out.readline())
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def chat(self, id: int, words: str) -> float:
        """Somebody writes in the chat; the seconds until the answer."""
        seconds = self._told(id, {"chat": id, "words": words})["seconds"]
        if seconds is None:
            raise StoreUnavailable("the chat was not answered")
        return float(seconds)

    def count(self) -> dict[str, int]:
        """How many messages residents got, by channel."""
        return dict(self._told(_APART, {"count": True}))

    def wait_for_bot(self) -> None:
        """Wait until the bot asks what there is."""
        until = time.monotonic() + START_WITHIN
        while not self._told(_APART, {"begun": True})["begun"]:
            if time.monotonic() > until:
                raise Misconfigured(["The bot to measure did not start."])
            time.sleep(0.2)

    def close(self) -> None:
        """Let it end."""
        self._in.close()
        self.process.wait(60)
        self._reading.join()
        self._out.close()

    def _told(self, who: object, what: dict[str, object]) -> dict[str, Any]:
        answer = self._answers.setdefault(who, queue.Queue())
        with self._lock:
            self._in.write(json.dumps(what) + "\n")
            self._in.flush()
        try:
            return answer.get(timeout=SETTLES_WITHIN)
        except queue.Empty:
            raise StoreUnavailable("the providers do not answer") from None

    def _read(self) -> None:
        for line in self._out:
            said = json.loads(line)
            self._answers[said.get("chat", _APART)].put(said)


@dataclass
class _Side:
    """Those who use one side, and what was measured of them so far."""

    people: dict[str, Sequence[Person]]
    pace: float
    rounds: dict[str, Round] = field(default_factory=lambda: {kind: Round() for kind in KINDS})
    failed: list[str] = field(default_factory=list)
    uncounted: dict[str, int] = field(default_factory=dict)
    seeds: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def answered(self) -> int:
        """Turns so far."""
        return sum(len(one.times) for one in self.rounds.values())

    def warm(self, seconds: float) -> None:
        """All of them, at once, without counting how long it takes."""
        self.live(seconds)
        self.uncounted = {kind: len(one.times) for kind, one in self.rounds.items()}
        self.rounds = {kind: Round() for kind in KINDS}

    def live(self, seconds: float) -> None:
        """All of them, at once, for so many seconds."""
        until = time.perf_counter() + seconds
        everybody = [(kind, person) for kind, people in self.people.items() for person in people]
        with ThreadPoolExecutor(len(everybody)) as threads:
            found = [threads.submit(self._lived, kind, person, until, next(self.seeds)) for kind, person in everybody]
            for (kind, _), one in zip(everybody, found, strict=True):
                self.rounds[kind].times += one.result()
        for one_round in self.rounds.values():
            one_round.passed += seconds

    def _lived(self, kind: str, person: Person, until: float, seed: int) -> list[float]:
        """One of them; the seconds of each answer. What failed is noted, and they try again, as people do."""
        random, times = Random(seed), list[float]()
        least, most = (self.pace * one for one in (LISTENS if kind == VOICE else WRITES))
        time.sleep(random.uniform(0, min(most, until - time.perf_counter())))
        while time.perf_counter() < until:
            try:
                times.append(person.ask())
            except (PlainlineError, Broken, OSError, http.client.HTTPException) as fault:
                self.failed.append(f"{kind}: {fault!r}"[:200])
                person.rest()
            time.sleep(max(0.0, min(random.uniform(least, most), until - time.perf_counter())))
        person.rest()
        return times


# --- what is used --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Town:
    """The line with all its processes, and the bare endpoint beside it."""

    port: int
    bare_port: int
    processes: dict[str, int]
    providers: Providers
    database: Any
    database_url: str

    def people(self, strikes: Strikes | None) -> dict[str, Sequence[Person]]:
        """Everybody who uses the line."""
        calls, messages = count(time.time_ns()), count(time.time_ns())
        numbers = [f"+1415555{n:04}" for n in range(THREADS)]
        return {
            VOICE: [
                Caller(port=self.port, calls=calls, language=str(n % SPOKEN + 1), strikes=strikes) for n in range(CALLS)
            ],
            SMS: [Texter(port=self.port, number=number, messages=messages) for number in numbers],
            CHAT: [Chatter(self.providers, 5_550_000 + n) for n in range(CHATS)],
        }

    def plain(self) -> dict[str, Sequence[Person]]:
        """As many clients of the bare endpoint."""
        many = {VOICE: CALLS, SMS: THREADS, CHAT: CHATS}
        return {kind: [Bare(port=self.bare_port) for _ in range(many[kind])] for kind in KINDS}

    def sizes(self) -> dict[str, float]:
        """Megabytes of each process, with those that it started."""
        return {name: megabytes(pid) for name, pid in self.processes.items()}

    def settled(self, side: _Side) -> Kept:
        """What became of everything, once all is sent."""
        until = time.monotonic() + SETTLES_WITHIN
        while time.monotonic() < until and any(not name.endswith(" sent") for name in self.database.texts()):
            time.sleep(0.2)
        callers = [person for person in side.people[VOICE] if isinstance(person, Caller)]
        asked = {MEDIA[kind]: len(side.rounds[kind].times) + side.uncounted[kind] for kind in KINDS}
        asked["voice"] += sum(caller.hung_up for caller in callers)
        # What was not answered in time is there all the same.
        asked["chat"] = sum(person.written for person in side.people[CHAT] if isinstance(person, Chatter))
        got = self.providers.count()
        return Kept(asked=asked, stored=self.database.turns(), delivered={"sms": got["sms"], "chat": got["telegram"]})


@contextmanager
def _town(database_url: str, bare_url: str, folder: Path) -> Iterator[_Town]:
    port = free_ports()
    environment = environment_of(port, database_url) | {"TELEGRAM_TOKEN": TOKEN}
    with ExitStack() as open_now:
        providers = Providers(environment, folder / f"{port}.providers.log")
        open_now.callback(providers.close)
        environment |= {"TWILIO_API_URL": providers.urls["api"], "TELEGRAM_API_URL": providers.urls["bot"]}
        processes = {"web": open_now.enter_context(served(OURS, environment, folder, port))}
        for name in ("worker", "bot"):
            started = running(("app.cli", name), environment, folder / f"{port}.{name}.log")
            processes[name] = open_now.enter_context(started).pid
        providers.wait_for_bot()
        bare_port = free_ports()
        open_now.enter_context(served(BARE, environment_of(bare_port, bare_url), folder, bare_port))
        database = bootstrap.measured(database_url, SETTLES_WITHIN)
        open_now.callback(database.close)
        yield _Town(
            port=port,
            bare_port=bare_port,
            processes=processes,
            providers=providers,
            database=database,
            database_url=database_url,
        )


def megabytes(process: int) -> float:
    """What a process holds, with those that it started, without what they only read from files: how much of that
    counts here depends on who else reads it. Where the system does not tell these apart (Linux does), all."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in listed.splitlines()]
    held = {pid: rss for pid, _, rss in rows}
    tree, last = {process}, {process}
    while last:
        last = {pid for pid, parent, _ in rows if parent in last} - tree
        tree |= last
    return sum(_own(pid) or held.get(pid, 0) for pid in tree) / 1024


def _own(process: int) -> int:
    """Kilobytes of its own, what a fork shares in part; 0 where the system does not tell it."""
    with suppress(OSError):
        found = re.search(r"^Pss_Anon: +(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
        return int(found[1]) if found else 0
    return 0


def _slowest(database_url: str) -> Slowest:
    """The slowest statement of such turns, done again in this process on the database that was just filled."""
    one = inside(parts(), database_url)
    doings = [one.key, one.text, one.chat, one.deliver]
    for do in doings:
        do()
    with one.plainline.measured.watched() as seen:
        for _ in range(REPLAYED):
            for do in doings:
                do()
    often = [statement for statement in seen.values() if len(statement.seconds) >= REPLAYED]
    slowest = max(often, key=lambda statement: statement.usual)
    plan = one.plainline.measured.explained(slowest, run=True)
    one.plainline.close()
    return Slowest(statement=" ".join(slowest.text.split()), milliseconds=1000 * slowest.usual, plan=plan)


# --- as a table ----------------------------------------------------------------------------------------------


def table(loads: tuple[Load, ...], seconds: float, pace: float) -> Iterator[str]:
    """The figures as lines of text."""
    yield f"{CALLS} calls, {THREADS} SMS threads and {CHATS} chats at once for {seconds:g} seconds, pace {pace:g}"
    for load in loads:
        yield from _figures(load)
    if all(load.database != "PostgreSQL" for load in loads):
        yield "PostgreSQL was not measured: give --postgres or PLAINLINE_TEST_POSTGRES_URL."


def _figures(load: Load) -> Iterator[str]:
    yield ""
    heads = ("turns", "p50 ms", "p99 ms", "bare p50", "bare p99", "times")
    yield f"{load.database:28}" + "".join(f"{head:>10}" for head in heads)
    for kind in load.kinds:
        turn, bare = kind.turn, kind.bare
        figures = (turn.p50, turn.p99, bare.p50, bare.p99, kind.times)
        yield f"{turn.side:28}{turn.requests:10}" + "".join(f"{one:10.2f}" for one in figures)
    for name, sizes in load.megabytes.items():
        yield f"megabytes, {name:17}" + "".join(f"{one:10.1f}" for one in sizes)
    yield f"A thousand turns: {load.kilobytes:.0f} kB of database, {load.per_thousand:+.2f} MB of memory."
    if load.faults:
        yield "Faults meanwhile: " + ", ".join(f"{count} {kind}" for kind, count in sorted(load.faults.items())) + "."
    yield f"The slowest statement, usually {load.slowest.milliseconds:.3f} ms: {load.slowest.statement[:300]}"
    yield from (f"    {line}" for line in load.slowest.plan)
    yield from (f"Failed: {fault}" for fault in load.failed[:10])
    for aim, holds in load.aims.items():
        yield f"Aim: {aim}, {'holds' if holds else 'does not hold'}."


def as_json(loads: tuple[Load, ...]) -> list[dict[str, object]]:
    """The figures as plain values."""
    return [{**asdict(load), "aims": load.aims} for load in loads]
