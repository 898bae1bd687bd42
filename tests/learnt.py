"""What the engine learns from our examples, learnt once for all tests and kept for the next run."""

from __future__ import annotations

import shutil
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


def engine(kept: Path) -> Embedded:
    """The engine, from this folder or for it."""
    return embedded.train_or_load(whole.source(), kept)


def bring(kept: Path, data: Path) -> None:
    """Put what was learnt into an installation's data folder, so that its first start need not learn."""
    engine(kept)
    data.mkdir(mode=0o700)
    for model in kept.glob("embedded-*.model"):
        shutil.copy2(model, data)
    for model in kept.glob(f"{KEPT}*"):
        (data / model.name).symlink_to(model.resolve())  # large, and never written to again
