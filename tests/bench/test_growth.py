"""Whether anything grows: the arithmetic, and the story that the databases are filled with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from app import bench_growth
from app.bench_growth import Grown, Growth
from app.bench_inside import WAITING, Inside, inside, known_here
from app.bootstrap import Plainline
from tests.store.opened import opened, rows


def grown(*milliseconds: float, what: str = "key press") -> Grown:
    return Grown(database="SQLite", what=what, milliseconds=milliseconds)


@pytest.mark.parametrize(("most", "holding"), [(2.4, True), (2.5, False), (1.0, True)])
def test_a_thing_may_take_a_fifth_more(most: float, holding: bool) -> None:
    row = grown(2.0, 3.0, most)
    assert row.more == pytest.approx(most / 2 - 1)
    assert row.holds is holding


def test_the_worst_is_held_to_the_aim() -> None:
    found = Growth(
        stored=(10, 100), megabytes={"SQLite": (1.0, 9.0)}, rows=(grown(1.0, 1.1), grown(1.0, 1.5, what="a page"))
    )
    assert "50% (a page), does not hold" in "\n".join(bench_growth.table(found))
    rows = bench_growth.as_json(found)["rows"]
    assert isinstance(rows, list)
    assert [row["holds"] for row in rows] == [True, False]


def test_who_is_asked_first_changes() -> None:
    assert [list(bench_growth._from(first, 3)) for first in range(3)] == [[0, 1, 2], [1, 2, 0], [2, 0, 1]]


@pytest.fixture
def story(wired: Plainline, tmp_path: Path) -> Iterator[Inside]:
    """An installation that twenty conversations were held with."""
    one = inside(known_here(wired), f"sqlite:///{tmp_path / 'story.db'}")
    one.live_through(20, 5, Random(1))
    yield one
    one.plainline.close()


def test_a_story_leaves_a_row_of_each_kind(story: Inside) -> None:
    with opened(story.plainline.settings.database_url) as storage:
        counts = {
            table: rows(storage, f"SELECT count(*) FROM {table}")[0][0]
            for table in ("conversations", "turns", "outbox", "updates", "cases", "notes", "audit", "sessions")
        }
        assert min(counts.values()) > 0, counts
        assert rows(storage, "SELECT count(*) FROM outbox WHERE status <> 'sent'")[0][0] == 0
        assert rows(storage, "SELECT count(*) FROM handoffs WHERE settled IS NULL")[0][0] == WAITING
        assert rows(storage, "SELECT count(*) FROM handoffs WHERE outcome = 'answered'")[0][0] == 2


def test_each_thing_that_is_measured_does_what_it_says(story: Inside) -> None:
    before = story.plainline.measured.turns()
    for what in ("key press", "text message", "chat update"):
        story.doings[what]()
    after = story.plainline.measured.turns()
    assert {medium: after[medium] - before[medium] for medium in after} == {"voice": 3, "sms": 1, "chat": 1}
    assert sum(n for name, n in story.plainline.measured.texts().items() if name.endswith("pending")) == 2
    story.deliver()
    assert set(story.plainline.measured.texts()) == {"sms sent", "telegram sent"}
    for what in ("console: the list", "console: a request", "sweep with nothing due"):
        story.doings[what]()


def test_databases_are_filled_to_the_size_that_was_asked_for(wired: Plainline, tmp_path: Path) -> None:
    few, many = (
        bench_growth.filled(known_here(wired), f"sqlite:///{tmp_path}/{count}.db", count, lived=10)
        for count in (10, 500)
    )
    (first, *_) = bench_growth.compared("SQLite", [few, many], tries=2)
    assert len(first.milliseconds) == 2
    assert many.plainline.measured.size() > 2 * few.plainline.measured.size()
    few.plainline.close()
    many.plainline.close()
