"""Which socket the web server listens on."""

from __future__ import annotations

import socket

import pytest

from app.listening import LISTENING, handed_on, listening, opened
from core.errors import Misconfigured


@pytest.mark.parametrize(
    ("environ", "number"),
    [
        ({}, None),
        ({LISTENING: "7"}, 7),
        ({LISTENING: ""}, None),
        ({"LISTEN_PID": "42", "LISTEN_FDS": "1"}, 3),
        ({"LISTEN_PID": "41", "LISTEN_FDS": "1"}, None),
    ],
    ids=["none", "from up", "not from up", "from systemd", "for another process"],
)
def test_the_socket_that_was_handed_on_to_this_process_is_taken(environ: dict[str, str], number: int | None) -> None:
    assert handed_on(environ, process=42) == number


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_new_socket_lets_callers_wait_before_anybody_accepts(host: str) -> None:
    with opened(host, 0) as waiting, socket.create_connection(waiting.getsockname()[:2], 5):
        pass


@pytest.mark.parametrize("handed", [True, False])
def test_an_answer_in_two_pieces_does_not_wait_for_an_acknowledgement(
    handed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened("127.0.0.1", 0) as other:
        if handed:
            monkeypatch.setenv(LISTENING, str(other.fileno()))
        mine = listening("127.0.0.1", 0)
        with socket.create_connection(mine.getsockname(), 5), mine.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
        assert (mine.fileno() == other.fileno()) == handed
        mine.detach() if handed else mine.close()


def test_a_port_that_is_taken_is_told_with_its_cure() -> None:
    with opened("127.0.0.1", 0) as other, pytest.raises(Misconfigured, match="give another --host or --port"):
        opened("127.0.0.1", other.getsockname()[1])
