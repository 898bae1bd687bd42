"""`plainline up` as its user meets it: started, started twice, a part killed, itself killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from app.bench_turn import free_ports
from app.commands.up import is_simulated
from app.settings import Settings
from tests import learnt

pytestmark = pytest.mark.timeout(240)

WITHIN = 90.0
"""Seconds for whatever is waited for; a busy machine is slow."""


class Up:
    """One `plainline up` on a data folder of its own."""

    def __init__(self, folder: Path, *, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = free_ports(4)
        self.log = folder / f"{self.port}.log"
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("TWILIO_", "TELEGRAM_", "PLAINLINE_"))}
        whole = kept | {"PLAINLINE_DATA": str(folder / "data")} | dict(environment or {})
        command = [sys.executable, "-m", "app.cli", "up", "--port", str(self.port), "--pages-port", str(self.port + 1)]
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(command, env=whole, stdout=out, stderr=out)

    @property
    def told(self) -> str:
        """What it wrote to the terminal so far."""
        return self.log.read_text()

    def ready(self) -> Up:
        """Wait until it says where to go."""
        until(lambda: "Ctrl-C" in self.told or self.process.poll() is not None)
        assert self.process.poll() is None, self.told
        return self

    def children(self, of: int = 0) -> dict[int, str]:
        """Its own processes (or those of one of them), and theirs, with their commands."""
        listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
        rows = [line.split(None, 2) for line in listed.splitlines()]
        found, parents = dict[int, str](), {of or self.process.pid}
        while parents:
            below = {int(pid): args for pid, parent, args in rows if int(parent) in parents}
            found |= below
            parents = set(below)
        return found

    def child(self, word: str) -> int:
        """The process whose command has this word."""
        return next(pid for pid, args in self.children().items() if f"app.cli {word}" in args)

    def words(self) -> set[str]:
        """The commands that run below it."""
        return {found[1] for args in self.children().values() if (found := re.search(r"app\.cli (\w+)", args))}

    def answers(self, within: float = 5.0) -> bool:
        """Whether the web server does, at the first try."""
        url = f"http://127.0.0.1:{self.port}/healthz"
        with suppress(OSError), urllib.request.urlopen(url, timeout=within) as answer:
            return bool(answer.status == 200)
        return False

    def end(self) -> int:
        """Stop it as Ctrl-C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def kill(pid: int) -> None:
    """Kill it, and wait until it is gone."""
    os.kill(pid, signal.SIGKILL)
    until(lambda: not alive(pid))


@pytest.fixture
def start(tmp_path: Path, pytestconfig: pytest.Config) -> Iterator[Callable[..., Up]]:
    """Start `plainline up`; all are stopped at the end."""
    learnt.bring(learnt.folder(pytestconfig, tmp_path), tmp_path / "data")
    started: list[Up] = []

    def one(**how: Mapping[str, str]) -> Up:
        started.append(Up(tmp_path, **how))
        return started[-1]

    yield one
    for up in started:
        up.end()


def test_everything_starts_is_told_where_and_ends_together(start: Callable[..., Up]) -> None:
    up = start().ready()
    assert up.answers()
    assert f"http://127.0.0.1:{up.port}/console" in up.told
    assert re.search(r"password +\S{20}\n", up.told)
    secret = up.folder / "data" / "secret"
    assert secret.stat().st_mode & 0o777 == 0o600
    until(lambda: up.words() >= {"web", "worker", "bot"})
    children = up.children()
    assert up.end() == 0
    until(lambda: not any(map(alive, children)))


def test_a_second_one_on_the_same_file_is_refused_and_says_which_has_it(start: Callable[..., Up]) -> None:
    first = start().ready()
    second = start()
    assert second.process.wait(60) == 2
    assert f"(process {first.process.pid})" in second.told
    assert first.answers()


def test_the_password_is_shown_once(start: Callable[..., Up]) -> None:
    start().ready().end()
    again = start().ready()
    assert "password" not in again.told


def test_a_part_that_is_killed_is_started_again(start: Callable[..., Up]) -> None:
    up = start().ready()
    web = up.child("web")
    os.kill(web, signal.SIGKILL)
    until(lambda: "web ended" in up.told)
    until(lambda: any("app.cli web" in args and pid != web for pid, args in up.children().items()))
    until(up.answers)


def test_callers_wait_and_are_not_refused_while_the_web_server_is_started_again(start: Callable[..., Up]) -> None:
    up = start().ready()
    web = up.child("web")
    (worker,) = up.children(web)
    kill(worker)
    assert up.answers(WITHIN), up.told
    kill(web)
    assert up.answers(WITHIN), up.told


def test_nothing_stays_behind_when_it_is_killed_itself(start: Callable[..., Up]) -> None:
    up = start().ready()
    children = up.children()
    up.process.kill()
    up.process.wait()
    until(lambda: not any(map(alive, children)))


def test_what_a_killed_server_had_just_started_ends_too(start: Callable[..., Up]) -> None:
    """Killed while its working process still starts: that one would go on answering for ever, with the old code."""
    up = start().ready()
    killed = up.child("web")
    kill(killed)
    until(lambda: killed not in up.children() and "web" in up.words())
    server = up.child("web")
    until(lambda: bool(up.children(server)))
    (working,) = up.children(server)
    kill(server)
    until(lambda: not alive(working))


def test_a_wrong_setting_stops_the_start_with_its_cure(start: Callable[..., Up]) -> None:
    up = start(environment={"PLAINLINE_CATALOGUE": "nowhere"})
    assert up.process.wait(60) == 2
    assert "PLAINLINE_CATALOGUE: nowhere is no folder" in up.told


@pytest.mark.parametrize("real", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN_SECOND", "TELEGRAM_TOKEN"])
def test_nothing_is_played_where_a_real_provider_is_set_up(real: str) -> None:
    here = Settings(database_url="", public_url="http://127.0.0.1:8000", secret_key="")
    assert is_simulated({}, here)
    assert not is_simulated({real: "something"}, here)


def test_nothing_is_played_where_others_can_reach_us() -> None:
    public = Settings(database_url="", public_url="https://line.example.org", secret_key="")
    assert not is_simulated({}, public)
