"""Lines on which something fails: the telephone's, and the chat's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.bootstrap import Plainline
from tests.bot.line import Line as ChatLine
from tests.bot.line import standing
from tests.calls.line import OPEN, Clock, Line, served
from tests.gate import gated
from tests.proof.outages import NAMELESS, ON_POSTGRES, Engine, Stage
from tests.proof.unlimited import without_limits


def spoilt(wired: Plainline) -> Plainline:
    """The same, with an engine that a test can spoil; 0 may be an answer about an age, which no shipped service asks
    for; and however many write at once, none is held back as a flood."""
    card = wired.catalog.services["senior_transport_card"]
    steps = (replace(card.steps[0], least=0), *card.steps[1:])
    services = {**wired.catalog.services, card.slug: replace(card, steps=steps)}
    language = replace(wired.language, recognizer=Engine(wired.language.recognizer))
    return replace(without_limits(wired), catalog=replace(wired.catalog, services=services), language=language)


@contextmanager
def staged(request: pytest.FixtureRequest, wired: Plainline, folder: Path, *, chat: bool = False) -> Iterator[Stage]:
    """A line on SQLite, or on PostgreSQL behind a gate, as the test's `fault` needs."""
    installation = spoilt(wired)
    engine = installation.language.recognizer
    assert isinstance(engine, Engine)
    if request.getfixturevalue("fault") in ON_POSTGRES:
        url: str = request.getfixturevalue("migrated_postgres_url")
        server = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with gated(url) as (gate, behind):
            service = _by_service(request, behind, folder) if request.getfixturevalue("fault") == NAMELESS else None
            address = f"postgresql:///{make_url(url).database}?service=plainline" if service else behind
            with _line(installation, address, chat=chat) as line:
                yield Stage(line=line, engine=engine, gate=gate, server=server, service=service)
        return
    file = folder / "data" / "plainline.db"
    file.parent.mkdir()
    Path(request.getfixturevalue("sqlite_url").removeprefix("sqlite:///")).rename(file)
    with _line(installation, f"sqlite:///{file}", chat=chat) as line:
        yield Stage(line=line, engine=engine, file=file)


def _by_service(request: pytest.FixtureRequest, url: str, folder: Path) -> Path:
    """A file that tells where the server is, and is read for each connection."""
    file, address = folder / "pg_service.conf", make_url(url)
    user, password = address.username or "postgres", f"password={address.password}\n" if address.password else ""
    file.write_text(f"[plainline]\nhost={address.host}\nport={address.port}\nuser={user}\n{password}")
    request.getfixturevalue("monkeypatch").setenv("PGSERVICEFILE", str(file))
    return file


@contextmanager
def _line(installation: Plainline, url: str, *, chat: bool) -> Iterator[Line | ChatLine]:
    clock = Clock(OPEN)
    with standing(installation, url, clock) if chat else served(installation, url, clock) as made:
        yield made
