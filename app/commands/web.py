"""Answer telephone and text webhooks."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
from typing import Any

from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.server.mp import MPServer

from app.following import follow, is_followed, lead
from app.listening import BACKLOG, listening
from app.settings import here
from core.errors import Misconfigured

HELP = "Run the web server that Twilio calls."

THREADS = 8
"""Requests that one process works on at once. Python runs one of them at a time, and the more wait for it the less is
done; while the database is away each waits two seconds, so that eight still answer four callers a second."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, with how many processes."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    parser.add_argument("--check", action="store_true", help="check what is read at the start, train, then stop")
    parser.add_argument("--processes", type=int, default=1, help="more than one needs PostgreSQL (default 1)")


def run(args: argparse.Namespace) -> int:
    """Create the schema where there is none, tell every mistake, and serve until stopped."""
    if args.check:
        return _check()
    settings = here()
    if args.processes > 1 and settings.database_url.startswith("sqlite:"):
        raise Misconfigured(["With SQLite there is one web process: leave --processes out, or use PostgreSQL."])
    # In a process of its own, since this one stays; below `plainline up` it was done before.
    check = [sys.executable, "-m", "app.cli", "web", "--check"]
    if not is_followed() and subprocess.run(check, check=False).returncode:
        return 2
    if settings.public_url.endswith(":8000") and args.port != 8000 and settings.on_loopback:
        os.environ.setdefault("PLAINLINE_PUBLIC_URL", f"http://127.0.0.1:{args.port}")
    print(f"Plainline listens on http://{args.host}:{args.port}", flush=True)
    serve("app.commands.web:application", args.host, args.port, args.processes)
    return 0


def _check() -> int:
    from app import bootstrap

    settings = here()
    bootstrap.upgrade(settings.database_url)
    bootstrap.build(settings)
    return 0


class _Server(MPServer):
    """Granian on a socket that is open already. Its workers share it, and it outlives them. Left alone, on Linux each
    worker opens one of its own: from its death until the next one has loaded everything, callers would be refused."""

    def __init__(self, listening: socket.socket, **settings: Any) -> None:
        self._listening = listening
        super().__init__(**settings)

    def _init_shared_socket(self) -> None:
        self._listening.setblocking(False)
        shared = (self._listening.fileno(), False, BACKLOG)  # False: it is no Unix socket
        self._shd: Any = SocketHolder(*shared)  # type: ignore[call-arg]  # its types leave this out
        self._sso: socket.socket | None = self._listening
        self._ssp = None


def serve(application: str, host: str, port: int, processes: int) -> None:
    """Serve a WSGI application, named as "module:function that makes it", until stopped."""
    server = _Server(
        listening(host, port),
        target=application,
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_access=False,
    )
    lead()
    server.serve()


def application() -> Any:
    """The WSGI application, made in the worker that serves it, which ends with the server that started it."""
    from app import bootstrap
    from app.web import make_app

    follow()
    return make_app(bootstrap.build(here()))
