"""Databases on a bad day, for tests: gone, of two minds about a commit, or behind a mistake of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any, cast

from core.errors import CommitUnknown, StoreUnavailable
from core.ports import Storage, UnitOfWork


class Trouble(Enum):
    """What happens to the next transaction that writes."""

    GONE = "the database does not answer"
    SAVED = "committed, but we are not told"
    NOT_SAVED = "not committed, and we are not told"
    MISTAKE = "a mistake in our own code"


class Troubled:
    """`behind`, with trouble ahead: one entry of `ahead` for each transaction that writes. `gone`: nothing answers.
    `mistaken`: whatever is asked of it ends in a mistake of ours, which quotes what a resident said."""

    def __init__(self, behind: Storage) -> None:
        self.behind = behind
        self.ahead: list[Trouble] = []
        self.gone = self.mistaken = False

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        self._fail()
        with self.behind.reading() as unit:
            yield unit

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        self._fail()
        trouble = self.ahead.pop(0) if self.ahead else None
        if trouble is Trouble.GONE:
            raise StoreUnavailable("gone")
        if trouble is Trouble.MISTAKE:
            raise RuntimeError("Maria Lopez said so on +14155550123")
        with self.behind.writing() as unit:
            yield cast(UnitOfWork, Unsure(unit, trouble)) if trouble else unit

    def _fail(self) -> None:
        if self.gone:
            raise StoreUnavailable("gone")
        if self.mistaken:
            raise RuntimeError("Maria Lopez said so on +14155550123")


class Unsure:
    """A transaction whose commit ends without an answer."""

    def __init__(self, unit: UnitOfWork, trouble: Trouble) -> None:
        self._unit = unit
        self._trouble = trouble

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)

    def commit(self) -> None:
        if self._trouble is Trouble.SAVED:
            self._unit.commit()
        raise CommitUnknown("no answer")
