"""What becomes of a text when the provider is away, refuses, is slow, or answers nonsense."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from app.bootstrap import Plainline
from app.outbox import BACK_OFF, LOOKS
from core.delivery import Lost
from core.errors import SendUnknown
from ivr.calling import TwilioCaller
from ivr.lost import why_lost
from simulator.exchange import Fault
from store import schema
from tests.calls.line import ANA, Line

NONSENSE = {
    "no JSON": (201, b"<html>Welcome to the wireless network</html>"),
    "a list": (201, b"[1, 2, 3]"),
    "a number": (201, b"7"),
    "nothing": (201, b""),
    "no Sid": (201, b'{"status": "queued"}'),
    "a Sid that is none": (201, b'{"sid": 7}'),
    "half of it": (201, b'{"sid": "SM'),
    "another error": (500, b'{"type": "t", "title": "t", "status": 500, "code": 20500}'),
    "a gateway": (502, b"<html>Bad gateway</html>"),
}


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """A server that answers everything with the same; its address."""

    class Handler(BaseHTTPRequestHandler):
        told: ClassVar[tuple[int, bytes]] = (status, body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(self.told[0])
            self.send_header("Content-Length", str(len(self.told[1])))
            self.end_headers()
            self.wfile.write(self.told[1])

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def elsewhere(line: Line, api_url: str) -> Iterator[Plainline]:
    """The same installation, its provider at another address."""
    settings = line.plainline.settings
    assert settings.twilio is not None
    moved = replace(settings, twilio=replace(settings.twilio, api_url=api_url))
    with closing(replace(line.plainline, settings=moved)) as plainline:
        yield plainline


def owed(line: Line) -> None:
    """An answer to ANA waits to be sent."""
    line.exchange.sms(ANA, "", "?")


def state_of_it(line: Line) -> str:
    (row,) = line.rows(schema.outbox)
    return str(row.status)


def sent(line: Line) -> int:
    return len(line.exchange.outbox(ANA))


def nowhere() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.parametrize("address", ["http://api.twilio.invalid", nowhere()], ids=["no address", "refused"])
def test_a_provider_that_cannot_be_reached_got_nothing_and_is_tried_again(line: Line, address: str) -> None:
    owed(line)
    with elsewhere(line, address) as plainline:
        assert plainline.outbox.deliver_once(line.clock()) == 1
    assert state_of_it(line) == "pending"
    line.clock.now += BACK_OFF[0] + timedelta(seconds=1)
    line.deliver()
    assert (state_of_it(line), sent(line)) == ("sent", 1)


@pytest.mark.parametrize("kind", NONSENSE)
def test_an_answer_that_says_nothing_leaves_it_unknown_and_is_looked_up(line: Line, kind: str) -> None:
    owed(line)
    with answering(*NONSENSE[kind]) as address, elsewhere(line, address) as plainline:
        assert plainline.outbox.deliver_once(line.clock()) == 1
        assert state_of_it(line) == "unknown"
        line.clock.now += LOOKS[0] + timedelta(seconds=1)
        assert plainline.outbox.deliver_once(line.clock()) == 1  # it is asked, and tells nothing
        (row,) = line.rows(schema.outbox)
        assert (row.status, row.looks) == ("unknown", 0)
    for wait in (LOOKS[2], *LOOKS):
        line.clock.now += wait + timedelta(seconds=1)
        line.deliver()
    (row,) = line.rows(schema.outbox)
    assert (row.status, row.due, sent(line)) == ("unknown", None, 0)
    assert [one.event for one in line.rows(schema.audit)][-1] == "text_unknown"


def test_a_text_that_was_sent_though_its_answer_was_lost_is_found_and_not_sent_again(line: Line) -> None:
    owed(line)
    line.exchange.rest_trouble.arrange(Fault.LOST_ANSWER, "/")
    line.deliver()
    assert (state_of_it(line), sent(line)) == ("unknown", 1)
    line.clock.now += LOOKS[0] + timedelta(seconds=1)
    line.deliver()
    assert (state_of_it(line), sent(line)) == ("sent", 1)


@pytest.mark.parametrize("kind", NONSENSE)
def test_a_call_whose_answer_says_nothing_is_a_fault_of_the_provider(line: Line, kind: str) -> None:
    with answering(*NONSENSE[kind]) as address, elsewhere(line, address) as plainline, pytest.raises(SendUnknown):
        TwilioCaller(plainline.settings).place(ANA, 1)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("30005", Lost.NO_NUMBER),
        ("99999", Lost.OTHER),
        ("", Lost.OTHER),
        ("no", Lost.OTHER),
        ("٣", Lost.OTHER),
        ("0" * 5000, Lost.OTHER),
    ],
)
def test_a_code_that_says_nothing_to_us_is_some_other_reason(code: str, why: Lost) -> None:
    assert why_lost(code) is why
