"""What the shipped data are: the town's catalogue and every language's examples."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app import loading
from core.catalog import Catalog
from nlu import loader
from nlu.loader import TrainingData

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "nlu" / "data"


@cache
def catalog() -> Catalog:
    return loading.load()


@cache
def data() -> tuple[TrainingData, ...]:
    return loader.load(DATA, catalog())
