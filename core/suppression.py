"""Counts of few people are not shown, nor what would reveal them.

A table counts the same people by its rows and its columns, with the totals of both. A count below `FEWEST` is hidden;
then others are, until whoever adds and subtracts all that is shown, and knows that nothing is below 0, can not tell a
hidden small count closer than as one of `FEWEST` values. What is hidden looks the same, whether it is small or not.

Several tables may count the same people in different ways: their totals are the same, and are hidden together. A total
that is hidden takes its whole column with it, in every table, so that none can be added up again; then no table tells
more of the totals than that they have the sum that they have, and each can be looked at by itself.

How far a hidden count may lie from what it is, is a question of flows. Each hidden count stands in one row and one
column; one that grows makes others in its row and column shrink, round in a circle. The largest flow back to where it
began is how far it can go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

FEWEST = 10
"""People that a count must be of to be shown, as several health departments have it (docs/decisions/report.md)."""

ALL = "*"
"""The row, or the column, of the totals."""

Cell = tuple[str, str]
"""A row and a column."""

Hidden = frozenset[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Counts by row and column; what is not in `counts` is 0. Totals are not among them."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Mapping[Cell, int]

    def value(self, cell: Cell) -> int:
        """A count, or a total."""
        row, column = cell
        rows = self.rows if row == ALL else (row,)
        columns = self.columns if column == ALL else (column,)
        return sum(self.counts.get((r, c), 0) for r in rows for c in columns)


def hidden(tables: Sequence[Table]) -> tuple[Hidden, ...]:
    """What is not shown of each of these tables, which count the same people: their totals are the same."""
    totals = _hidden_totals(tables[0])
    return tuple(_hidden_in(table, totals) for table in tables)


def _hidden_totals(table: Table) -> Hidden:
    """Of the row of totals alone: those that are small, and so many more that none can be reckoned from the others."""
    sums = {column: table.value((ALL, column)) for column in table.columns}
    least_first = sorted(sums, key=lambda column: sums[column])
    away = {column for column in sums if sums[column] < FEWEST}
    while away and (len(away) == 1 or sum(sums[column] for column in away) < FEWEST):
        further = next((column for column in least_first if column not in away), ALL)
        away.add(further)
        if further == ALL:
            break
    return frozenset((ALL, column) for column in away)


def _hidden_in(table: Table, totals: Hidden) -> Hidden:
    columns = (*table.columns, ALL)
    values = {(row, column): table.value((row, column)) for row in (*table.rows, ALL) for column in columns}
    small = {cell for cell, value in values.items() if value < FEWEST and cell[0] != ALL}
    away = set(totals) | small | {(row, column) for _, column in totals for row in table.rows}
    changes = {cell: value for cell, value in values.items() if cell[0] != ALL or cell in totals}
    for cell in sorted(small):
        away |= _besides(cell, away, changes)
    return frozenset(away)


def _besides(cell: Cell, away: set[Cell], values: Mapping[Cell, int]) -> set[Cell]:
    """What has to be hidden besides, so that this hidden count may be one of `FEWEST` values: the cheapest circles, on
    which the fewest people are lost. More that is hidden later only gives it more room."""
    start, end = _ends(cell)
    price = {one: 0 if one in away else value for one, value in values.items() if one != cell}
    grown = _flow(end, start, values, price, FEWEST - 1)
    _flow(start, end, values, price, min(values[cell], FEWEST - 1 - grown))
    return {one for one, asked in price.items() if asked == 0}


Node = tuple[str, str]
"""A row, or a column, by name: what is in it adds up."""


def _ends(cell: Cell) -> tuple[Node, Node]:
    """From where to where more of this count flows: a total the other way round than what it is the total of."""
    row, column = ("row", cell[0]), ("column", cell[1])
    return (row, column) if (cell[0] == ALL) == (cell[1] == ALL) else (column, row)


def _flow(start: Node, end: Node, values: Mapping[Cell, int], price: dict[Cell, int], enough: int) -> int:
    """How much can flow from start to end through the cells that have a price, `enough` at most. A count can grow
    without end, and shrink to 0. Whatever is used costs nothing from then on."""
    left: dict[Node, list[_Way]] = {}
    for cell in price:
        here, there = _ends(cell)
        more, less = _Way(cell=cell, to=there, room=enough), _Way(cell=cell, to=here, room=values[cell])
        more.back, less.back = less, more
        left.setdefault(here, []).append(more)
        left.setdefault(there, []).append(less)
    flow = 0
    while flow < enough and (path := _cheapest(start, end, left, price)):
        step = min(enough - flow, *(way.room for way in path))
        for way in path:
            way.take(step)
            price[way.cell] = 0
        flow += step
    return flow


@dataclass(slots=True, eq=False, kw_only=True)
class _Way:
    """One direction in which a count can change, and by how much still."""

    cell: Cell
    to: Node
    room: int
    back: _Way | None = None

    def take(self, step: int) -> None:
        """Use up a part of it; the other direction gets that."""
        assert self.back is not None
        self.room -= step
        self.back.room += step


def _cheapest(start: Node, end: Node, left: Mapping[Node, list[_Way]], price: Mapping[Cell, int]) -> list[_Way]:
    """The cheapest way with room on all of it; none if there is no way."""
    came: dict[Node, _Way] = {}
    cost, queue = {start: 0}, [(0, start)]
    while queue:
        so_far, here = heappop(queue)
        if here == end:
            break
        for way in left.get(here, ()) if so_far == cost[here] else ():
            dear = so_far + price[way.cell]
            if way.room and dear < cost.get(way.to, dear + 1):
                cost[way.to], came[way.to] = dear, way
                heappush(queue, (dear, way.to))
    return list(_back(came, end))


def _back(came: Mapping[Node, _Way], at: Node) -> Iterator[_Way]:
    while way := came.get(at):
        yield way
        assert way.back is not None
        at = way.back.to
