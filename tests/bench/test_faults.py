"""What strikes while the line is in use strikes, is counted, and what the line does wrong is noticed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.bench_faults import FORGED, LATE, LOST, REFUSED, TWICE, Broken, Listening, Strikes, forging
from app.bench_load import CALL, Caller

ENGLISH, SPANISH = '<Say voice="a" language="en-US">', '<Say voice="b" language="es-US">'


def test_each_kind_strikes_about_as_often_as_it_is_told() -> None:
    strikes = Strikes(seed=7)
    for _ in range(2000):
        strikes(0.05, LOST, TWICE)
    assert 60 < strikes.counted[LOST] < 140
    assert 60 < strikes.counted[TWICE] < 140
    assert sum(strikes.counted.values()) == 2000


def test_the_greeting_may_be_in_every_language_and_the_rest_in_the_chosen_one() -> None:
    heard = Listening()
    for answer in (ENGLISH, SPANISH, SPANISH, '<Gather action="/x">'):
        heard.hear(answer)
    with pytest.raises(Broken, match="spoke en-US to who had chosen es-US"):
        heard.hear(ENGLISH)
    heard.call()
    heard.hear(SPANISH)
    heard.hear(ENGLISH)


def test_a_call_that_the_line_ends_is_noticed() -> None:
    with pytest.raises(Broken, match="ended the call"):
        Listening().hear("<Response><Hangup/></Response>")


@contextmanager
def answering(status: int) -> Iterator[int]:
    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.bench_faults.FORGED_EVERY", 0.01)


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize(("status", "amiss"), [(REFUSED, False), (200, True)])
def test_a_forged_request_that_is_not_refused_is_noticed(status: int, amiss: bool) -> None:
    strikes = Strikes(seed=1)
    with answering(status) as port, forging("127.0.0.1", port, strikes) as let_in:
        until = time.monotonic() + 20
        while strikes.counted[FORGED] < 2 and time.monotonic() < until:
            time.sleep(0.01)
    assert strikes.counted[FORGED] >= 2
    assert bool(let_in) is amiss


class Always(Strikes):
    """Always draws the same."""

    def __init__(self, kind: str) -> None:
        super().__init__(seed=1)
        self.kind = kind

    def __call__(self, share: float, *kinds: str) -> str:
        return self.kind if self.kind in kinds else ""


def posted_by(kind: str, asks: int) -> list[str]:
    """What a caller posts who asks so often, where this always strikes."""
    posted: list[str] = []

    class Heard(Caller):
        def _post(self, path: str, body: str, headers: dict[str, str]) -> str:
            posted.append(f"{path.partition('?')[0]} {body.partition('CallStatus=')[2]}".strip())
            return f'<Gather action="/voice/turn?turn={len(posted)}">'

    caller = Heard(port=1, calls=iter(range(1, 9)), strikes=Always(kind))
    for _ in range(asks):
        caller.ask()
    return posted


def test_a_request_comes_twice() -> None:
    assert posted_by(TWICE, asks=1) == ["/voice", "/voice"]


def test_the_end_of_a_call_is_told_twice_and_before_it_goes_on() -> None:
    told = [path for path in posted_by(LATE, asks=len(CALL) + 3) if path.startswith("/voice/status")]
    assert told == ["/voice/status completed", "/voice/status in-progress", "/voice/status completed"]
