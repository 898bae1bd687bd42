"""What the shipped data are: the town's catalogue and every language's examples."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app import loading
from core.catalog import Catalog
from nlu.loader import Source, TrainingData

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "nlu" / "data"


@cache
def catalog() -> Catalog:
    return loading.load()


def source() -> Source:
    return Source(folder=DATA, catalog=catalog())


@cache
def data() -> tuple[TrainingData, ...]:
    return source().read()
