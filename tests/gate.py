"""A gate in front of a server, for tests: it lets through, holds everything back, slows down, cuts, or stays shut."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum

from sqlalchemy import make_url

PIECE = 65536


class Mood(Enum):
    """What the gate does with what comes."""

    OPEN = "everything goes through"
    SLOW = "everything goes through, each piece after a while"
    HELD = "everything is taken, and nothing goes through"
    CUT = "the next piece of a connection resets it"
    SHUT = "connections are reset, and new ones refused"


class Gate:
    """Listens on `port` and passes on to the server at `host` (where it begins with a slash, the folder of PostgreSQL's
    socket) and `to`, as the mood allows."""

    def __init__(self, host: str, to: int, lag: float = 0.05) -> None:
        self._server = (host, to)
        self._lag = lag
        self._mood = Mood.OPEN
        self._open = threading.Event()
        self._open.set()
        self._pairs: list[socket.socket] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._accept, args=(self._listener,), daemon=True)
        self._thread.start()

    @property
    def mood(self) -> Mood:
        """What it does now."""
        return self._mood

    @mood.setter
    def mood(self, mood: Mood) -> None:
        before, self._mood = self._mood, mood
        if before is Mood.HELD:
            self._reset_all()  # what was held back is lost, as behind a firewall that forgot the connection
        self._open.clear() if mood is Mood.HELD else self._open.set()
        if mood is Mood.SHUT:
            self._stop_listening()
            self._reset_all()
        elif before is Mood.SHUT:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self._thread = threading.Thread(target=self._accept, args=(self._listener,), daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Let go of everything."""
        self._mood = Mood.SHUT
        self._open.set()
        self._stop_listening()
        self._reset_all()

    def _stop_listening(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = self._beyond()
                with self._lock:
                    self._pairs += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _beyond(self) -> socket.socket:
        host, port = self._server
        if not host.startswith("/"):
            return socket.create_connection(self._server)
        made = socket.socket(socket.AF_UNIX)
        made.connect(f"{host}/.s.PGSQL.{port}")
        return made

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                if self._mood is Mood.CUT:
                    break
                if self._mood is Mood.SLOW:
                    time.sleep(self._lag)
                self._open.wait()
                sink.sendall(piece)
        _reset(source)
        _reset(sink)

    def _reset_all(self) -> None:
        with self._lock:
            for one in self._pairs:
                _reset(one)
            self._pairs.clear()


def _reset(one: socket.socket) -> None:
    """End a connection as a machine does that has gone: no goodbye."""
    with suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def gated(url: str) -> Iterator[tuple[Gate, str]]:
    """A gate in front of the PostgreSQL at `url`, and the address of the same database behind it."""
    address = make_url(url)
    host = address.host or str(address.query.get("host", "localhost"))
    made = Gate(host, address.port or int(str(address.query.get("port", "5432"))))
    try:
        behind = address.set(host="127.0.0.1", port=made.port, query={})
        yield made, behind.render_as_string(hide_password=False)
    finally:
        made.close()
