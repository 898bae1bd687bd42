"""What a keypad turn is measured against: our own web application without its channels, with one route that commits
one row and says "ok". Only `app.bench_turn` starts it, in a process of its own."""

from __future__ import annotations

import argparse
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg

from app import bootstrap
from app.commands.web import serve
from app.settings import here
from app.web import make_app

PATH = "/bare"
_TABLE = "CREATE TABLE IF NOT EXISTS bare (at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, keys TEXT NOT NULL)"
_INSERT = "INSERT INTO bare (keys) VALUES ('1')"


def application() -> Any:
    """The WSGI application, made in the worker that serves it."""
    settings = here()
    app = make_app(replace(bootstrap.build(settings), channels=(), sites=()))
    commit = one_commit(settings.database_url)

    def answer() -> str:
        commit()
        return "ok"

    app.add_url_rule(PATH, "bare", answer, methods=["POST"])
    return app


def one_commit(url: str) -> Callable[[], None]:
    """What commits one row to the database at `url`, from any thread; it makes the table."""
    return _sqlite(url.removeprefix("sqlite:///")) if url.startswith("sqlite:") else _postgres(url)


def _sqlite(file: str) -> Callable[[], None]:
    """As durable as ours (WAL, full sync), and as fair: one writer at a time, by a lock."""
    mine, lock = threading.local(), threading.Lock()

    def connection() -> sqlite3.Connection:
        if not hasattr(mine, "connection"):
            mine.connection = sqlite3.connect(file, isolation_level=None)
            mine.connection.execute("PRAGMA journal_mode=WAL")
            mine.connection.execute("PRAGMA synchronous=FULL")
        made: sqlite3.Connection = mine.connection
        return made

    def commit() -> None:
        with lock:
            connection().execute(_INSERT)  # without a BEGIN each statement is a transaction

    connection().execute(_TABLE)
    return commit


def _postgres(url: str) -> Callable[[], None]:
    mine, url = threading.local(), url.replace("postgresql+psycopg:", "postgresql:", 1)

    def connection() -> psycopg.Connection:
        if not hasattr(mine, "connection"):
            mine.connection = psycopg.connect(url, autocommit=True)
        made: psycopg.Connection = mine.connection
        return made

    def commit() -> None:
        connection().execute(_INSERT)

    connection().execute(_TABLE)
    return commit


def main() -> None:
    """Serve on a port of this machine until stopped, as `plainline web` does."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    serve("app.bench_bare:application", "127.0.0.1", parser.parse_args().port, processes=1)


if __name__ == "__main__":
    main()
