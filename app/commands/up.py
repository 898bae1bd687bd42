"""Everything on one machine: the web server, the worker, the chat, and without a provider the simulator."""

from __future__ import annotations

import argparse
import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event

from app.following import STARTED_BY
from app.listening import LISTENING, opened
from app.settings import Settings, here
from core.errors import Misconfigured
from core.staff import Staff

HELP = "Start everything on this machine; without a provider's account, with telephones in the browser."

NUMBER = "+14155550100"
"""The office's number in the simulator."""

CLERK = "clerk"
CLERK_PHONE = "+14155550190"
"""The first clerk's telephone in the simulator; numbers from 555-0100 to 0199 belong to nobody (NANPA)."""

READY_WITHIN = 60.0
"""Seconds for a process to answer."""

STOP_WITHIN = 15.0
"""Seconds for a process to end what it is at."""

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
"""Seconds before a process that died is started again; doubled each time it dies soon."""

STEADY = 60.0
"""Seconds after which a process counts as running well."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which ports."""
    parser.add_argument("--port", type=int, default=8000, help="port of the web server (default 8000)")
    parser.add_argument("--prepare", action="store_true", help="make what is needed before the first start, then stop")
    parser.add_argument("--pages-port", type=int, default=8001, help="first of the simulator's ports (default 8001)")


def run(args: argparse.Namespace) -> int:
    """Prepare, start, watch; stop all together."""
    if args.prepare:
        return _prepare()
    os.environ.setdefault("PLAINLINE_PUBLIC_URL", f"http://127.0.0.1:{args.port}")
    settings = here()
    simulated = is_simulated(os.environ, settings)
    environment = _environment(args) if simulated else {**os.environ}
    environment[STARTED_BY] = str(os.getpid())
    with alone(settings):
        # In a process of its own: this one stays, and should not hold in memory what only the others need.
        prepare = [sys.executable, "-m", "app.cli", "up", "--prepare"]
        if subprocess.run(prepare, env=environment, check=False).returncode:
            return 2
        return _supervise(_processes(args, settings, simulated), environment, _where(args, settings, simulated))


def is_simulated(environ: Mapping[str, str], settings: Settings) -> bool:
    """Whether to play the providers: on this machine only, and only where no real one is set up."""
    real = any(value for name, value in environ.items() if name.startswith(("TWILIO_", "TELEGRAM_")))
    return settings.on_loopback and not real


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the installation's lock: two on one SQLite file would each think that they are the only web process.
    Raises `Misconfigured` if another process has it. On PostgreSQL several may run."""
    if not settings.database_url.startswith("sqlite:"):
        yield
        return
    file = Path(f"{settings.database_url.removeprefix('sqlite:///')}.up")
    with file.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Misconfigured([_taken(lock.read().strip(), settings.database_url)]) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _taken(process: str, url: str) -> str:
    return f"`plainline up` runs already on {url} (process {process}). Stop it, or give PLAINLINE_DATA another folder."


def _prepare() -> int:
    """Make the tables, let the engine learn, and make an account for the console if there is none."""
    from app import bootstrap

    settings = here()
    bootstrap.upgrade(settings.database_url)
    print("Reading the services, and learning what people say (the first time some ten seconds) ...", flush=True)
    plainline = bootstrap.build(settings)
    if not plainline.accounts.store.all():
        phone = CLERK_PHONE if settings.simulator_url else ""
        person = Staff(id=0, login=CLERK, name=CLERK.title(), phone=phone, language=plainline.catalog.town.languages[0])
        print(f"\nThe console's first account, shown only now:\n  name      {CLERK}")
        print(f"  password  {plainline.accounts.add(person)}\n", flush=True)
    plainline.close()
    return 0


# --- what is started -----------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Process:
    """One process that is kept running. `port` is where it listens, 0 if nowhere. `listening` is the socket that is
    held open for it: while it is started again, callers wait for a moment and are not refused."""

    name: str
    command: tuple[str, ...]
    port: int = 0
    listening: socket.socket | None = None
    running: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = FIRST_WAIT
    due: float = field(default=0.0)

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it."""
        handed_on = (self.listening.fileno(),) if self.listening else ()
        # A group of its own, so that Ctrl-C reaches us alone and everything is stopped in order.
        self.running = subprocess.Popen(
            [sys.executable, *self.command],
            env={**environment, LISTENING: "".join(map(str, handed_on))},
            pass_fds=handed_on,
            stdin=subprocess.DEVNULL,
            process_group=0,
        )
        self.started = time.monotonic()

    def look(self, environment: Mapping[str, str]) -> None:
        """Start it again if it died, after a while that grows each time it dies soon."""
        now = time.monotonic()
        if self.running is not None and (code := self.running.poll()) is not None:
            self.wait = FIRST_WAIT if now - self.started > STEADY else min(2 * self.wait, LONGEST_WAIT)
            self.running, self.due = None, now + self.wait
            print(f"{self.name} ended ({code}). It is started again in {self.wait:.0f} s.", flush=True)
        if self.running is None and now >= self.due:
            self.start(environment)

    def stop(self) -> None:
        """Ask it to end; make it, if it does not."""
        if self.running is None:
            return
        try:
            self.running.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait()


def _processes(args: argparse.Namespace, settings: Settings, simulated: bool) -> list[Process]:
    found = []
    if simulated:
        first = args.pages_port
        ports = ("--port", str(first), "--api-port", str(first + 1), "--bot-port", str(first + 2))
        command = ("-m", "simulator.pages", *ports, "--web", settings.public_url)
        found.append(Process(name="simulator", command=command, port=first))
    web = ("-m", "app.cli", "web", "--port", str(args.port))
    found.append(Process(name="web", command=web, port=args.port, listening=opened("127.0.0.1", args.port)))
    found.append(Process(name="worker", command=("-m", "app.cli", "worker")))
    if simulated or settings.telegram:
        found.append(Process(name="bot", command=("-m", "app.cli", "bot")))
    return found


def _environment(args: argparse.Namespace) -> dict[str, str]:
    """Accounts that exist only as long as this runs, for both sides; `plainline bench` gives its own."""
    account = os.environ.get("PLAINLINE_SIMULATOR_ACCOUNT") or f"AC{secrets.token_hex(16)}"
    token = os.environ.get("PLAINLINE_SIMULATOR_TWILIO_TOKEN") or secrets.token_urlsafe(24)
    bot = f"{secrets.randbelow(10**9) + 10**9}:{secrets.token_urlsafe(26)}"
    pages, api, bots = (f"http://127.0.0.1:{args.pages_port + n}" for n in range(3))
    return {
        **os.environ,
        "TWILIO_ACCOUNT_SID": account,
        "TWILIO_AUTH_TOKEN": token,
        "TWILIO_NUMBER": NUMBER,
        "TWILIO_API_URL": api,
        "TELEGRAM_TOKEN": bot,
        "TELEGRAM_API_URL": bots,
        "PLAINLINE_SIMULATOR_URL": pages,
        "PLAINLINE_SIMULATOR_ACCOUNT": account,
        "PLAINLINE_SIMULATOR_NUMBER": NUMBER,
        "PLAINLINE_SIMULATOR_TELEGRAM_TOKEN": bot,
        "PLAINLINE_SIMULATOR_TWILIO_TOKEN": token,
    }


def _where(args: argparse.Namespace, settings: Settings, simulated: bool) -> str:
    lines = ["", f"  start here       {settings.public_url}/"]
    if simulated:
        lines.append(f"  telephones       http://127.0.0.1:{args.pages_port}/")
    lines += [f"  for staff        {settings.public_url}/console", "", "Ctrl-C stops everything.", ""]
    return "\n".join(lines)


# --- keeping it running --------------------------------------------------------------------------------------


def _supervise(processes: list[Process], environment: Mapping[str, str], where: str) -> int:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        for process in processes:
            if process.port:
                process.start(environment)
        for process in processes:
            _await(process, stop)
        print(where, flush=True)
        while not stop.is_set():
            for process in processes:
                process.look(environment)  # those that listen nowhere begin now, when callers are answered already
            stop.wait(0.5)
    finally:
        _stop(processes)
    return 0


def _await(process: Process, stop: Event) -> None:
    """Wait until it answers. Raises `Misconfigured` if it ends first or takes too long: what it said stands above."""
    until = time.monotonic() + READY_WITHIN
    while process.port and not stop.is_set():
        with suppress(OSError, HTTPException), closing(HTTPConnection("127.0.0.1", process.port, timeout=1)) as asked:
            asked.request("GET", "/healthz")
            asked.getresponse()
            return
        if (process.running and process.running.poll() is not None) or time.monotonic() > until:
            raise Misconfigured([f"{process.name} did not start on port {process.port}. What it said stands above."])
        time.sleep(0.05)


def _stop(processes: list[Process]) -> None:
    """The last started first, so that nobody loses whom they still talk to."""
    for process in reversed(processes):
        if process.running is not None and process.running.poll() is None:
            process.running.terminate()
    for process in reversed(processes):
        process.stop()
