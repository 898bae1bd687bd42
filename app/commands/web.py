"""Answer telephone and text webhooks."""

from __future__ import annotations

import argparse
import os
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from app import bootstrap
from app.settings import here
from app.web import make_app

HELP = "Run the web server that Twilio calls."

THREADS = 16
"""Requests worked on at once."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")


def run(args: argparse.Namespace) -> int:
    """Create the schema where there is none, then serve until stopped."""
    settings = here()
    bootstrap.upgrade(settings.database_url)
    bootstrap.build(settings)  # every mistake is told, and the model trained, before a worker starts
    if settings.public_url.endswith(":8000") and args.port != 8000 and settings.on_loopback:
        os.environ.setdefault("PLAINLINE_PUBLIC_URL", f"http://127.0.0.1:{args.port}")
    print(f"Plainline listens on http://{args.host}:{args.port}", flush=True)
    server = Granian(
        "app.commands.web:application",
        factory=True,
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=1,  # with SQLite there is one web process (one writer lock in it)
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_access=False,
    )
    server.serve()
    return 0


def application() -> Any:
    """The WSGI application, made in the worker that serves it."""
    return make_app(bootstrap.build(here()))
