"""The exchange as another process tells it what residents do."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from simulator.exchange import BotApi, Exchange, told

TOKEN = "7000000001:exchange-token"


def lines(*what: dict[str, object]) -> Iterator[str]:
    yield from (json.dumps(one) + "\n" for one in what)


@contextmanager
def bot_that(answers: Callable[[BotApi, int], object], bot: BotApi) -> Iterator[None]:
    """A bot that does this with every update."""
    stop, offset = threading.Event(), 0

    def run() -> None:
        nonlocal offset
        while not stop.is_set():
            _, body = bot.answer(TOKEN, "getUpdates", {"offset": str(offset), "timeout": "1"})
            for update in body["result"]:
                offset = update["update_id"] + 1
                answers(bot, update["message"]["chat"]["id"])

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def says(bot: BotApi, chat: int) -> None:
    time.sleep(0.05)
    bot.answer(TOKEN, "sendMessage", {"chat_id": str(chat), "text": "Hello."})


def obeyed(answers: Callable[[BotApi, int], object], *what: dict[str, object]) -> list[dict[str, Any]]:
    """What the exchange said."""
    out = io.StringIO()
    with Exchange(bot_token=TOKEN) as exchange:
        assert exchange.bot is not None
        with bot_that(answers, exchange.bot):
            told.Told(exchange, out).obey(lines(*what))
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_it_says_first_where_it_plays() -> None:
    (where,) = obeyed(says)
    assert where["api"].startswith("http://127.0.0.1:")
    assert where["bot"].startswith("http://127.0.0.1:")


def test_it_says_how_long_each_answer_took() -> None:
    _, *answers = obeyed(says, {"chat": 5, "words": "Hi"}, {"chat": 6, "words": "Hi"})
    assert {one["chat"] for one in answers} == {5, 6}
    assert all(0.05 <= one["seconds"] < 10 for one in answers)


def test_it_says_that_no_answer_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "PATIENCE", 0.1)
    _, answer = obeyed(lambda _bot, _chat: None, {"chat": 5, "words": "Hi"})
    assert answer == {"chat": 5, "seconds": None}


def test_it_counts_what_residents_got() -> None:
    with Exchange(bot_token=TOKEN) as exchange:
        out = io.StringIO()
        assert exchange.bot is not None
        exchange.chat(5, "Ana").send("Hi")
        says(exchange.bot, 5)
        told.Told(exchange, out).obey(lines({"count": True}))
    assert json.loads(out.getvalue().splitlines()[-1]) == {"sms": 0, "telegram": 1}


def test_it_says_whether_the_bot_has_begun() -> None:
    with Exchange(bot_token=TOKEN) as exchange:
        assert exchange.bot is not None
        out = io.StringIO()
        told.Told(exchange, out).obey(lines({"begun": True}))
        exchange.bot.answer(TOKEN, "getUpdates", {})
        told.Told(exchange, out).obey(lines({"begun": True}))
    said = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [one["begun"] for one in said if "begun" in one] == [False, True]
