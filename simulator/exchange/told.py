"""The exchange in a process of its own, told by lines of JSON what residents write in the chat: for measuring, where
what plays the providers must not share an interpreter with what is timed.

It says first where it plays: `{"api": URL, "bot": URL}`. Told `{"chat": 5550123, "words": "2"}`, it says
`{"chat": 5550123, "seconds": 0.012}` as soon as the bot has answered, null if that took longer than `PATIENCE`. Told
`{"count": true}`, it says how many messages residents got: `{"sms": 7, "telegram": 9}`; told `{"begun": true}`, whether
the bot has asked for updates by now: `{"begun": false}`. It ends with its input.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import IO

from simulator.exchange import Exchange

PATIENCE = 30.0
"""Seconds to wait for the bot's answer."""

AT_ONCE = 200
"""Chats that wait for an answer at once."""

KEPT = 50
"""Requests that are remembered: no more memory at the end than at the beginning."""


class Told:
    """Does what it is told, and says what came of it."""

    def __init__(self, exchange: Exchange, out: IO[str]) -> None:
        self._exchange = exchange
        self._out = out
        self._lock = threading.Lock()

    def obey(self, lines: Iterable[str]) -> None:
        """Until there are no more."""
        self._say({"api": self._exchange.api_url, "bot": self._exchange.bot_url})
        with ThreadPoolExecutor(AT_ONCE) as threads:
            for line in lines:
                told = json.loads(line)
                if "chat" in told:
                    threads.submit(self._write, int(told["chat"]), str(told["words"]))
                elif "begun" in told:
                    self._say({"begun": bool(self._exchange.bot and self._exchange.bot.updates.polls)})
                else:
                    self._count()

    def _write(self, who: int, words: str) -> None:
        chat = self._exchange.chat(who, "Ana", "en")
        before, began = len(chat.received), time.perf_counter()
        chat.send(words)
        try:
            chat.wait(before + 1, PATIENCE)
        except TimeoutError:
            self._say({"chat": who, "seconds": None})
        else:
            self._say({"chat": who, "seconds": time.perf_counter() - began})

    def _count(self) -> None:
        self._exchange.settle()
        texts = sum(text.direction != "inbound" for text in self._exchange.texts.all)
        bot = self._exchange.bot
        self._say({"sms": texts, "telegram": len(bot.sent) if bot else 0})

    def _say(self, what: dict[str, object]) -> None:
        with self._lock:
            self._out.write(json.dumps(what) + "\n")
            self._out.flush()


def main() -> None:
    """Play the account and the bot of the environment."""
    exchange = Exchange(
        account_sid=os.environ["TWILIO_ACCOUNT_SID"],
        auth_token=os.environ["TWILIO_AUTH_TOKEN"],
        number=os.environ["TWILIO_NUMBER"],
        bot_token=os.environ["TELEGRAM_TOKEN"],
        keep=KEPT,
    )
    with exchange:
        Told(exchange, sys.stdout).obey(sys.stdin)


if __name__ == "__main__":
    main()
