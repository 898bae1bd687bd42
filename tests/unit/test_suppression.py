"""What is not shown can not be reckoned from what is: tried with a solver of linear programs, which knows nothing of
how it was chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from core.suppression import ALL, FEWEST, Cell, Hidden, Table, hidden

LEAST, MOST = 0, 1
Named = tuple[int, str, str]
"""A cell of one of several tables; totals of columns are the same in all, and stand in the first."""


def one(rows: Mapping[str, tuple[int, ...]]) -> Table:
    columns = tuple("abcdef"[: len(next(iter(rows.values())))])
    counts = {(row, column): n for row, values in rows.items() for column, n in zip(columns, values, strict=True)}
    return Table(rows=tuple(rows), columns=columns, counts=counts)


def cells(table: Table) -> list[Cell]:
    return list(product((*table.rows, ALL), (*table.columns, ALL)))


def named(table: int, cell: Cell) -> Named:
    return (0 if cell[0] == ALL else table, *cell)


class Reckoned:
    """All that somebody can reckon who sees what is shown."""

    def __init__(self, tables: list[Table], away: tuple[Hidden, ...]) -> None:
        each = [(n, cell) for n, table in enumerate(tables) for cell in cells(table)]
        self.place = {cell: at for at, cell in enumerate(dict.fromkeys(named(n, cell) for n, cell in each))}
        self.bounds: list[tuple[float, float | None]] = [(0, None)] * len(self.place)
        for n, cell in each:
            if cell not in away[n]:
                self.bounds[self.place[named(n, cell)]] = (tables[n].value(cell), tables[n].value(cell))
        self.sums = np.array([line for n, table in enumerate(tables) for line in self._lines(n, table)])

    def _lines(self, n: int, table: Table) -> list[np.ndarray]:
        rows = [[(row, column) for column in (*table.columns, ALL)] for row in (*table.rows, ALL)]
        columns = [[(row, column) for row in (*table.rows, ALL)] for column in (*table.columns, ALL)]
        return [self._line([named(n, cell) for cell in line]) for line in rows + columns]

    def _line(self, parts: list[Named]) -> np.ndarray:
        line = np.zeros(len(self.place))
        for part in parts[:-1]:
            line[self.place[part]] += 1
        line[self.place[parts[-1]]] -= 1
        return line

    def range(self, cell: Named) -> tuple[float, float]:
        found = []
        for sign in (1, -1):
            aim = np.zeros(len(self.place))
            aim[self.place[cell]] = sign
            solved = linprog(aim, A_eq=self.sums, b_eq=np.zeros(len(self.sums)), bounds=self.bounds)
            found.append(float("inf") if solved.status == 3 else sign * solved.fun)
        return found[LEAST], found[MOST]


def held(tables: list[Table]) -> tuple[Hidden, ...]:
    """What is hidden, held against whoever reckons."""
    away = hidden(tables)
    reckoned = Reckoned(tables, away)
    for n, table in enumerate(tables):
        for cell in cells(table):
            if table.value(cell) < FEWEST:
                assert cell in away[n], (cell, table)
                least, most = reckoned.range(named(n, cell))
                assert most - least >= FEWEST - 1 - 1e-6, (cell, least, most, table, away[n])
    return away


FEW = st.sampled_from([0, 0, 1, 3, 9, 10, 12, 40, 200])


@st.composite
def several(draw: st.DrawFn) -> list[Table]:
    """The same people counted in up to three ways."""
    ways = draw(st.lists(st.integers(1, 4), min_size=1, max_size=2))
    columns = tuple("abc"[: draw(st.integers(1, 3))])
    people = draw(st.dictionaries(st.tuples(*(st.integers(0, n - 1) for n in ways), st.sampled_from(columns)), FEW))
    tables = []
    for way, rows in enumerate(ways):
        counts: Counter[Cell] = Counter()
        for key, count in people.items():
            counts[str(key[way]), str(key[-1])] += count
        tables.append(Table(rows=tuple(map(str, range(rows))), columns=columns, counts=counts))
    return tables


@given(several())
@settings(max_examples=25, deadline=None)
def test_nobody_can_reckon_a_small_count(tables: list[Table]) -> None:
    held(tables)


def test_a_single_small_count_takes_others_with_it() -> None:
    away = held([one({"card": (40, 3), "lamp": (50, 30), "trash": (60, 20)})])[0]
    assert ("card", "b") in away
    assert len(away) == 4  # a circle of four: one more in its row, two in another
    assert not any(cell[0] == ALL for cell in away)


def test_where_nothing_is_small_everything_is_shown() -> None:
    assert held([one({"card": (40, 30), "lamp": (50, 30)})]) == (frozenset(),)


def test_a_small_total_is_gone_in_every_table() -> None:
    services, languages = one({"card": (40, 2), "lamp": (50, 1)}), one({"en": (60, 3), "es": (30, 0)})
    for table, away in zip((services, languages), held([services, languages]), strict=True):
        assert {(row, "b") for row in (*table.rows, ALL)} <= away


def test_zeros_are_small() -> None:
    assert ("lamp", "b") in held([one({"card": (40, 30), "lamp": (50, 0), "trash": (20, 20)})])[0]


@pytest.mark.parametrize("count", [0, 9])
def test_of_few_people_nothing_is_shown(count: int) -> None:
    table = one({"card": (count, 0), "lamp": (0, 0)})
    assert hidden([table]) == (frozenset(cells(table)),)


def test_counts_that_lie_on_no_circle_are_found() -> None:
    """Two circles with one count between them: it has a partner in its row and its column, and is reckoned all the
    same."""
    rows = {"u": (3, 4, 90, 90, 90), "v": (5, 6, 2, 90, 90), "w": (90, 90, 90, 3, 4), "x": (90, 90, 7, 5, 6)}
    away = held([one(rows)])[0]
    assert ("v", "c") in away
