"""`plainline bot` as a process: started, asked to stop, killed; and what `plainline doctor` says of its token."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.outbox import LEASE
from app.settings import Settings
from core.errors import Misconfigured
from simulator.exchange import Exchange
from store import schema
from tests.bot.line import TOKEN, Line
from tests.calls.line import SECRET

ROOT = Path(__file__).resolve().parents[2]


def environment(line: Line, **more: str) -> dict[str, str]:
    given = {
        "PATH": os.environ["PATH"],
        "PLAINLINE_DATA": str(line.plainline.settings.folder),
        "PLAINLINE_DATABASE_URL": line.plainline.settings.database_url,
        "PLAINLINE_SECRET_KEY": SECRET,
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": line.exchange.bot_url,
    }
    return {**given, **more}


def command(name: str, environ: Mapping[str, str]) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-m", "app.cli", name]
    return subprocess.Popen(arguments, cwd=ROOT, env=environ, stdout=-1, stderr=-1, text=True)


@contextmanager
def running(line: Line) -> Iterator[subprocess.Popen[str]]:
    """A bot in a process of its own."""
    with command("bot", environment(line)) as process:
        try:
            yield process
        finally:
            process.kill()


def test_the_process_answers_and_stops_when_it_is_asked_to(line: Line) -> None:
    with running(line) as process:
        resident = line.resident("en")
        resident.chat.send("/start")
        resident.chat.wait(1, 60.0)
        process.send_signal(signal.SIGTERM)
        said, logged = process.communicate(timeout=20)
    assert process.returncode == 0, logged
    assert '"event": "bot_began"' in logged
    assert '"event": "bot_ended"' in logged
    assert TOKEN not in said + logged


def test_killed_in_the_middle_each_message_is_answered_once_all_the_same(each_line: Line) -> None:
    residents = [each_line.resident("en", id, f"R{id}") for id in range(1, 7)]
    with running(each_line) as process:
        for resident in residents:
            for text in ("/start", "241", "1", "2"):
                resident.chat.send(text)
        each_line.until_in(60.0, lambda: len(each_line.rows(schema.turns)) >= 3)
        process.kill()
    # The process went by the real time: what it was just sending is given up as unknown once its lease is over.
    each_line.clock.now = datetime.now(UTC) + 2 * LEASE
    with each_line.bot():
        each_line.settle()
    turns = each_line.rows(schema.turns)
    assert len(turns) == len({(row.conversation, row.key) for row in turns}) == 24
    assert len(each_line.rows(schema.outbox)) == 24
    sent = [m.text for resident in residents for m in resident.chat.received]
    in_doubt = [row for row in each_line.rows(schema.outbox) if row.status != "sent"]
    assert 24 - len(in_doubt) <= len(sent) <= 24
    assert all(len(r.chat.received) == len({m.text for m in r.chat.received}) for r in residents)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"TELEGRAM_TOKEN": "7000000001:wrong"}, "Telegram does not know TELEGRAM_TOKEN"),
        ({"TELEGRAM_API_URL": "http://127.0.0.1:9"}, "http://127.0.0.1:9 does not answer"),
        ({"TELEGRAM_TOKEN": "no token"}, "TELEGRAM_TOKEN: no bot's token"),
    ],
)
def test_doctor_says_what_is_wrong_with_the_token(line: Line, changed: Mapping[str, str], words: str) -> None:
    with command("doctor", environment(line, **changed)) as process:
        said, _ = process.communicate(timeout=60)
    assert words in said
    assert "a-token-for-tests" not in said


def test_doctor_has_nothing_to_say_about_a_token_that_works(line: Line) -> None:
    with command("doctor", environment(line)) as process:
        said, _ = process.communicate(timeout=60)
    assert "TELEGRAM" not in said


def test_without_a_token_the_bot_says_what_is_missing(line: Line) -> None:
    environ = environment(line)
    del environ["TELEGRAM_TOKEN"]
    with command("bot", environ) as process:
        _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "TELEGRAM_TOKEN: missing" in said


def test_the_token_stands_in_no_representation_of_the_settings(tmp_path: Path) -> None:
    with Exchange(bot_token=TOKEN) as exchange:
        environ = {"PLAINLINE_DATA": str(tmp_path), "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": exchange.bot_url + "/"}
        settings = Settings.from_env(environ)
        assert settings.telegram is not None
        assert settings.telegram.api_url == exchange.bot_url
    assert TOKEN not in repr(settings)


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    environ = {"PLAINLINE_DATA": str(tmp_path), "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": "telegram.example"}
    with pytest.raises(Misconfigured, match="TELEGRAM_API_URL"):
        Settings.from_env(environ)
