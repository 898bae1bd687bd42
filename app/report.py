"""The report of a month: what came of contacts, ratings and failures, by service, language and channel.

The tables are fixed, and so are the months: whoever could choose days and mix conditions could subtract one table from
another until one person is left. A month is told once nothing changes in it any more. Counts of few people are hidden
with what would reveal them (`core.suppression`). Nothing is counted by who worked on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from app.retention import RATINGS_KEPT
from core.catalog import Catalog
from core.reporting import Counted, Fact, Unclear
from core.shares import Share
from core.suppression import ALL, Cell, Hidden, Table, hidden
from core.types import WHATSAPP, Medium
from core.usage import SETTLES

NONE = "none"
"""The row of what belongs to no service that there is, to no language, or to no channel."""

CHANNELS = (Medium.VOICE.value, Medium.SMS.value, WHATSAPP, Medium.CHAT.value)

OUTCOMES = (Fact.ALONE, Fact.PERSON, Fact.CALL_BACK, Fact.GAVE_UP, Fact.LOST)
RATED = (Fact.GOT, Fact.NOT_GOT)
FORMS = (Fact.SENT, Fact.LEFT)
MEASURES: tuple[tuple[Fact, ...], ...] = (OUTCOMES, RATED, FORMS, (Fact.UNCLEAR,), (Fact.REOPENED,))
"""What is counted together: each is a part of the sum of its measure."""

GROUPS: dict[str, Callable[[Counted], str]] = {
    "service": lambda one: one.service,
    "language": lambda one: one.language,
    "channel": lambda one: one.channel,
}


class ReportStore(Protocol):
    """Where it is counted."""

    def counted(self, since: datetime, before: datetime, month: str) -> tuple[Counted, ...]:
        """All that is counted of what began from `since` on and before `before`; ratings of the town's month (as
        2026-11), which is the same span."""
        ...

    def begun(self) -> datetime | None:
        """When the first contact began of which it was counted what came of it; None if there is none."""
        ...

    def unclear(self) -> tuple[Unclear, ...]:
        """Wishes that were not understood, as long as their words are kept."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Month:
    """A month of the town's calendar."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        """The first day of the next one."""
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def before(self) -> Month:
        """The one before."""
        return month_of(self.first - timedelta(days=1))

    def settled(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether nothing changes in it any more."""
        return midnight(self.end, zone) + SETTLES <= now


def month_of(day: date) -> Month:
    """The month in which a day lies."""
    return Month(year=day.year, month=day.month)


def months(begun: datetime | None, now: datetime, zone: ZoneInfo) -> tuple[Month, ...]:
    """The months that can be told, the newest first: those that are settled, were counted from their first day on
    (`ReportStore.begun`), and whose ratings are not forgotten."""
    if begun is None:
        return ()
    kept = (now - RATINGS_KEPT).date().replace(day=1)
    first, month, told = max(begun.astimezone(zone).date(), kept), newest(now, zone), list[Month]()
    while month.first >= first:
        told.append(month)
        month = month.before
    return tuple(told)


def newest(now: datetime, zone: ZoneInfo) -> Month:
    """The newest month that is settled."""
    return month_of((now - SETTLES).astimezone(zone).date()).before


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in the town."""
    return datetime.combine(day, time(), zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One group's figures: a count for each fact that is shown, and None for one that is not told."""

    group: str
    name: str
    counts: Mapping[Fact, int | None]
    sums: Mapping[tuple[Fact, ...], int | None]

    def share(self, fact: Fact) -> Share | None:
        """The part of its measure, where both are shown."""
        count, of = self.counts[fact], self.sums[measure_of(fact)]
        return None if count is None or of is None else Share(count=count, of=of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """How many forms of a service were left at a step (its place from 1, 0 for where it is read back)."""

    service: str
    step: int
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A month's figures."""

    month: Month
    rows: tuple[Row, ...]
    left: tuple[Left, ...]

    def of(self, group: str) -> tuple[Row, ...]:
        """The rows of one group."""
        return tuple(row for row in self.rows if row.group == group)


def measure_of(fact: Fact) -> tuple[Fact, ...]:
    """What a fact is counted together with."""
    return next(measure for measure in MEASURES if fact in measure)


def make(store: ReportStore, month: Month, catalog: Catalog) -> Report:
    """The figures of a month that is settled."""
    zone = ZoneInfo(catalog.town.timezone)
    span = (midnight(month.first, zone), midnight(month.end, zone))
    counted = store.counted(*span, str(month))
    names = _names(catalog)
    shown = {measure: _Shown(measure, counted, names) for measure in MEASURES}
    groups = [("all", ALL), *((group, name) for group, of_group in names.items() for name in of_group)]
    rows = tuple(_row(group, name, shown) for group, name in groups)
    return Report(month=month, rows=rows, left=tuple(_left(rows, counted, catalog)))


def _names(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """The rows of each group: the same whatever is counted, so that none tells by being there."""
    services = sorted(catalog.services.values(), key=lambda one: one.number)
    return {
        "service": (*(one.slug for one in services), NONE),
        "language": (*catalog.town.languages, NONE),
        "channel": CHANNELS,
    }


class _Shown:
    """One measure by every group, with what is hidden in it."""

    def __init__(
        self, measure: Sequence[Fact], counted: Iterable[Counted], names: Mapping[str, tuple[str, ...]]
    ) -> None:
        mine = [one for one in counted if one.fact in measure]
        self.tables = {group: _table(measure, mine, group, rows) for group, rows in names.items()}
        away: Mapping[str, Hidden] = dict(zip(self.tables, hidden(tuple(self.tables.values())), strict=True))
        self.away = away

    def count(self, group: str, cell: Cell) -> int | None:
        """A count, None where it is hidden. Totals are the same in every group."""
        group = group if group in self.tables else next(iter(self.tables))
        return None if cell in self.away[group] else self.tables[group].value(cell)


def _table(measure: Sequence[Fact], counted: Iterable[Counted], group: str, rows: tuple[str, ...]) -> Table:
    counts: Counter[Cell] = Counter()
    for one in counted:
        name = GROUPS[group](one)
        counts[name if name in rows else NONE if NONE in rows else rows[-1], one.fact] += one.count
    return Table(rows=rows, columns=tuple(measure), counts=counts)


def _row(group: str, name: str, shown: Mapping[tuple[Fact, ...], _Shown]) -> Row:
    return Row(
        group=group,
        name="all" if name == ALL else name,
        counts={fact: one.count(group, (name, fact)) for measure, one in shown.items() for fact in measure},
        sums={measure: one.count(group, (name, ALL)) for measure, one in shown.items()},
    )


def _left(rows: Iterable[Row], counted: Sequence[Counted], catalog: Catalog) -> Iterator[Left]:
    """Where forms were left, of each service of which it is told how many were."""
    told = {row.name for row in rows if row.group == "service" and row.counts[Fact.LEFT] is not None}
    for slug in (slug for slug in catalog.services if slug in told):
        steps = (*range(1, len(catalog.services[slug].steps) + 1), 0)
        counts: Counter[Cell] = Counter()
        for one in counted:
            if one.fact is Fact.LEFT and one.service == slug:
                counts[str(one.step if one.step in steps else 0), Fact.LEFT] += one.count
        table = Table(rows=tuple(map(str, steps)), columns=(Fact.LEFT,), counts=counts)
        away = hidden((table,))[0]
        cells = ((step, (str(step), str(Fact.LEFT))) for step in steps)
        yield from (Left(service=slug, step=step, count=None if c in away else table.value(c)) for step, c in cells)


# --- as text and as data --------------------------------------------------------------------------------------------

HIDDEN = "-"
"""In place of what is not told."""


def as_text(report: Report) -> Iterator[str]:
    """The tables, as lines."""
    yield f"{report.month}: shares in per cent with their 95 % intervals."
    yield f"{HIDDEN}: fewer than 10, or it would tell a count that is."
    for group in ("all", *GROUPS):
        yield ""
        yield f"{group:28}{'contacts':>9}" + "".join(f"{fact:>16}" for fact in OUTCOMES)
        yield from _rows(report.of(group), _outcomes)
    yield ""
    yield 'Answers to "Did you get what you needed?"; forms begun; not understood; cases reopened'
    for group in ("all", *GROUPS):
        yield ""
        yield f"{group:28}{'answers':>9}{'got it':>16}{'forms':>9}{'left':>16}{'not underst.':>14}{'reopened':>10}"
        yield from _rows(report.of(group), _besides)
    yield from _where_left(report)


def _rows(rows: Iterable[Row], line: Callable[[Row], str]) -> Iterator[str]:
    """A line for each row of which anything is told, and the names of the others."""
    lines = [(row.name, line(row)) for row in rows]
    yield from (f"{name:28}{told}" for name, told in lines if _tells(told))
    untold = [name for name, told in lines if not _tells(told)]
    if untold:
        yield f"{HIDDEN} {', '.join(untold)}"


def _tells(line: str) -> bool:
    return bool(set(line) - {" ", HIDDEN})


def _outcomes(row: Row) -> str:
    return f"{_number(row.sums[OUTCOMES]):>9}" + "".join(f"{_share(row, fact):>16}" for fact in OUTCOMES)


def _besides(row: Row) -> str:
    rated, forms = _number(row.sums[RATED]), _number(row.sums[FORMS])
    single = (_number(row.counts[fact]) for fact in (Fact.UNCLEAR, Fact.REOPENED))
    first = f"{rated:>9}{_share(row, Fact.GOT):>16}{forms:>9}{_share(row, Fact.LEFT):>16}"
    return first + "{:>14}{:>10}".format(*single)


def _where_left(report: Report) -> Iterator[str]:
    if report.left:
        yield ""
        yield f"{'forms left at question':28}{'question':>9}{'left':>9}"
    for one in report.left:
        yield f"{one.service:28}{one.step or 'at the end':>9}{_number(one.count):>9}"


def _number(count: int | None) -> str:
    return HIDDEN if count is None else f"{count:,}"


def _share(row: Row, fact: Fact) -> str:
    share = row.share(fact)
    return HIDDEN if share is None else str(share)


def as_data(report: Report) -> dict[str, Any]:
    """The same for JSON; null is what is not told."""
    left = [{"service": one.service, "step": one.step, "left": one.count} for one in report.left]
    return {"month": str(report.month), "rows": list(map(_row_as_data, report.rows)), "left_at": left}


def _row_as_data(row: Row) -> dict[str, Any]:
    return {
        "group": row.group,
        "name": row.name,
        "contacts": row.sums[OUTCOMES],
        "shares": {fact.value: _share_as_data(row, fact) for fact in OUTCOMES},
        "rated": row.sums[RATED],
        "got_it": _share_as_data(row, Fact.GOT),
        "forms": row.sums[FORMS],
        "forms_left": _share_as_data(row, Fact.LEFT),
        "not_understood": row.counts[Fact.UNCLEAR],
        "reopened": row.counts[Fact.REOPENED],
    }


def _share_as_data(row: Row, fact: Fact) -> dict[str, Any] | None:
    share = row.share(fact)
    if share is None:
        return None
    least, most = share.interval
    return {"count": share.count, "share": share.value, "least": least, "most": most}
