"""What a turn, a clerk's page and a round of the worker cost when 10 and 100 times as many conversations are stored.

Three databases of the same story, one, ten and a hundred times as large, are asked in turns, each thing on each of them
one after the other, so that a busy machine disturbs all alike.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from random import Random

from app import bootstrap
from app.bench_inside import Inside, inside, parts
from app.bench_turn import made_databases, percentile
from app.bootstrap import Plainline

CONVERSATIONS = 1_000
TIMES = (1, 10, 100)
MOST_MORE = 0.20
"""The aim: how much longer a thing may take with 100 times the stored conversations."""

LIVED = 100
"""Conversations that are held in earnest; the others are copies of them."""

DAYS = 90
"""Days over which they are spread. What is due to be forgotten is, so most of what was said is gone, and what is kept
for years is there."""

TRIES = 200
"""How often each thing is done on each database."""

WARM = 10
"""How often before anything is counted."""

PATIENCE = 600.0
"""Seconds that making so many conversations may take."""

SEED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """One thing on one database: its milliseconds with each number of stored conversations, the lower quartile of all:
    what else runs on the machine makes a thing slower, never quicker."""

    database: str
    what: str
    milliseconds: tuple[float, ...]

    @property
    def more(self) -> float:
        """How much longer it takes with the most stored than with the fewest: 0.2 is a fifth longer."""
        return self.milliseconds[-1] / self.milliseconds[0] - 1

    @property
    def holds(self) -> bool:
        """Whether that is within the aim."""
        return self.more <= MOST_MORE


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """All that was measured; `stored` are conversations over the `DAYS`, `megabytes` the size with each number."""

    stored: tuple[int, ...]
    megabytes: dict[str, tuple[float, ...]]
    rows: tuple[Grown, ...]


def measure(conversations: int, tries: int, postgres: str, times: Sequence[int] = TIMES) -> Growth:
    """On SQLite, and on PostgreSQL if the URL of a server whose user may create databases is given."""
    wired, megabytes, rows = parts(), dict[str, tuple[float, ...]](), list[Grown]()
    with tempfile.TemporaryDirectory(prefix="plainline-bench-") as folder, ExitStack() as open_now:
        places: dict[str, Callable[[str], str]] = {"SQLite": lambda name: f"sqlite:///{folder}/{name}.db"}
        if postgres:
            places["PostgreSQL"] = open_now.enter_context(made_databases(postgres))
        for database, url_of in places.items():
            grown = [filled(wired, url_of(f"grown{more}"), conversations * more) for more in times]
            rows += compared(database, grown, tries)
            megabytes[database] = tuple(one.plainline.measured.size() / 2**20 for one in grown)
            for one in grown:
                one.plainline.close()
    return Growth(stored=tuple(conversations * more for more in times), megabytes=megabytes, rows=tuple(rows))


def filled(wired: Plainline, database_url: str, conversations: int, lived: int = LIVED) -> Inside:
    """An installation that so many conversations were held with, `lived` of them in earnest, and that forgot what is
    due."""
    one = inside(wired, database_url)
    lived = min(lived, conversations)
    one.live_through(lived, DAYS, Random(SEED))
    making = bootstrap.measured(database_url, PATIENCE)
    making.multiply(conversations // lived)
    one.forget()
    making.tidy()
    making.close()
    return one


def compared(database: str, grown: Sequence[Inside], tries: int) -> Iterator[Grown]:
    """Each thing on each of these, in turns; who is asked first changes."""
    for what in grown[0].doings:
        doings = [one.doings[what] for one in grown]
        for _ in range(WARM):
            for do in doings:
                do()
        times = [list[float]() for _ in doings]
        for number in range(tries):
            for place in _from(number % len(doings), len(doings)):
                times[place].append(_seconds(doings[place]))
        yield Grown(
            database=database, what=what, milliseconds=tuple(1000 * percentile(all_of, 0.25) for all_of in times)
        )


def _from(first: int, count: int) -> Iterator[int]:
    """The places of `count`, beginning with `first`."""
    return ((first + step) % count for step in range(count))


def _seconds(do: Callable[[], None]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


# --- as a table ----------------------------------------------------------------------------------------------


def table(found: Growth) -> Iterator[str]:
    """The figures as lines of text."""
    yield f"Milliseconds with so many conversations stored in {DAYS} days, without server and sockets (lower quartile)"
    yield f"{'':12}{'':26}" + "".join(f"{stored:>10,}" for stored in found.stored) + f"{'more':>8}"
    for row in found.rows:
        cells = "".join(f"{one:10.2f}" for one in row.milliseconds)
        yield f"{row.database:12}{row.what:26}{cells}{row.more:>8.0%}"
    for database, sizes in found.megabytes.items():
        yield f"{database:12}{'megabytes':26}" + "".join(f"{one:10.0f}" for one in sizes)
    yield ""
    for database in found.megabytes:
        worst = max((row for row in found.rows if row.database == database), key=lambda row: row.more)
        kept = "holds" if worst.holds else "does not hold"
        yield f"Aim: at most {MOST_MORE:.0%} more on {database}: {worst.more:.0%} ({worst.what}), {kept}."


def as_json(found: Growth) -> dict[str, object]:
    """The figures as plain values."""
    rows = [{**asdict(row), "more": row.more, "holds": row.holds} for row in found.rows]
    return {"stored": found.stored, "megabytes": found.megabytes, "rows": rows}
