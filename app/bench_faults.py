"""What goes wrong on the way between the provider and the line, while it is in use.

Answers get lost and are asked for again, requests come twice, the end of a call is told twice and in the wrong order,
and somebody sends requests that the provider never signed.
"""

from __future__ import annotations

import http.client
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

LOST, TWICE, LATE = "answers lost", "requests twice", "callbacks late or twice"
FORGED = "forged requests"

SHARE = 0.05
"""Of requests, so many lose their answer, and as many come twice; of calls, four times as many are told of wrongly."""

FORGED_EVERY = 0.5
"""Seconds between two requests that nobody signed."""

REFUSED = 403

_VOICE = re.compile(r'<Say[^>]* language="([^"]+)"')


class Broken(Exception):
    """The line did to a caller what it never may."""


class Strikes:
    """Draws what goes wrong, and counts it. One for all callers."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._lock = threading.Lock()
        self.counted = Counter[str]()

    def __call__(self, share: float, *kinds: str) -> str:
        """One of these kinds, each with this share; "" for none."""
        with self._lock:
            drawn = int(self._random.random() / share)
            kind = kinds[drawn] if drawn < len(kinds) else ""
            self.counted[kind] += 1
        return kind


class Listening:
    """What a caller hears of the line's voices: that it ends no call, and speaks the language that was chosen."""

    def __init__(self) -> None:
        self._answers = 0
        self._voice = ""

    def call(self) -> None:
        """Another call begins."""
        self._answers, self._voice = 0, ""

    def hear(self, answer: str) -> None:
        """The answer to a key. Raises `Broken` if it ends the call or is in another language."""
        if "<Hangup" in answer:
            raise Broken("the line ended the call")
        self._answers += 1
        spoken = _VOICE.search(answer)
        if self._answers == 1 or spoken is None:  # the greeting is in every language
            return
        self._voice = self._voice or spoken[1]
        if spoken[1] != self._voice:
            raise Broken(f"the line spoke {spoken[1]} to who had chosen {self._voice}")


@contextmanager
def forging(host: str, port: int, strikes: Strikes) -> Iterator[list[str]]:
    """Meanwhile somebody sends requests without a signature; what was not refused is in the list."""
    over, let_in = threading.Event(), list[str]()

    def forge() -> None:
        while not over.wait(FORGED_EVERY):
            connection = http.client.HTTPConnection(host, port, timeout=15)
            try:
                connection.request("POST", "/voice", "CallSid=CA0&From=%2B14155550199", {"X-Twilio-Signature": "x"})
                status = connection.getresponse().status
            except OSError as fault:
                let_in.append(f"forged: {fault!r}")
            else:
                strikes.counted[FORGED] += 1
                let_in.extend([f"forged: answered {status}"] if status != REFUSED else [])
            finally:
                connection.close()

    thread = threading.Thread(target=forge)
    thread.start()
    try:
        yield let_in
    finally:
        over.set()
        thread.join()
