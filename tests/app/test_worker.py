"""The worker outlives a database that is away."""

from __future__ import annotations

from pathlib import Path

from app import bootstrap
from app.commands.worker import SWEEP_AGAIN, SWEEP_EVERY, swept
from app.settings import Settings


def test_what_could_not_be_forgotten_while_the_database_was_away_is_forgotten_soon_after(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    url = f"sqlite:///{folder / 'plainline.db'}"
    settings = Settings(database_url=url, public_url="https://line.example", secret_key="x" * 40, folder=tmp_path)
    retention = bootstrap.work(settings).retention
    assert swept(retention) == SWEEP_AGAIN
    folder.mkdir()
    bootstrap.upgrade(url)
    assert swept(retention) == SWEEP_EVERY
