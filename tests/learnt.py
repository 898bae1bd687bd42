"""What the engine learns from our examples, learnt once for all tests and kept for the next run."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nlu import embedded
from nlu.embedded import Embedded
from nlu.languages import KEPT
from tests.nlu import whole


def folder(config: pytest.Config, otherwise: Path) -> Path:
    """Where it is kept; `otherwise` if pytest keeps nothing."""
    cache: pytest.Cache | None = getattr(config, "cache", None)
    return cache.mkdir("learnt") if cache else otherwise


@contextmanager
def one_at_a_time(kept: Path) -> Iterator[None]:
    """Of several processes that run tests one learns, and the others wait and load what it learnt."""
    with (kept / "learning").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def engine(kept: Path) -> Embedded:
    """The engine, from this folder or for it."""
    with one_at_a_time(kept):
        return embedded.train_or_load(whole.source(), kept)


def bring(kept: Path, data: Path) -> None:
    """Put what was learnt into an installation's data folder, so that its first start need not learn."""
    engine(kept)
    data.mkdir(mode=0o700)
    for model in kept.glob("embedded-*.model"):
        shutil.copy2(model, data)
    for model in kept.glob(f"{KEPT}*"):
        (data / model.name).symlink_to(model.resolve())  # large, and never written to again
