"""The report as a town's manager asks for it: months, shares, what is not told, and sentences with names replaced."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import bootstrap, cli, report
from app.assistant import now
from app.loading import load
from app.report import Month, Row, newest
from app.retention import RATINGS_KEPT
from core.catalog import Catalog
from core.reporting import Counted, Fact, Unclear
from core.suppression import FEWEST
from nlu.unclear import told
from store.database import open_database
from tests.app.test_commands import _logger_as_it_was, data_folder  # noqa: F401 pytest looks for them here
from tests.console.month import FIRST, fill

CHICAGO = ZoneInfo("America/Chicago")
CATALOG = load(None)


def noise(fact: Fact, count: int, service: str = "noise", step: int = 0) -> Counted:
    return Counted(fact=fact, service=service, language="en", channel="voice", count=count, step=step)


class Kept:
    """What was counted. `app.report.ReportStore`."""

    def __init__(self, *counted: Counted) -> None:
        self.each = counted

    def counted(self, since: datetime, before: datetime, month: str) -> tuple[Counted, ...]:
        assert (since.isoformat(), before.isoformat()) == ("2026-10-01T00:00:00-04:00", "2026-11-01T00:00:00-04:00")
        assert month == "2026-10"
        return self.each

    def begun(self) -> datetime | None:
        return None

    def unclear(self) -> tuple[Unclear, ...]:
        return ()


def made(*counted: Counted, catalog: Catalog = CATALOG) -> report.Report:
    return report.make(Kept(*counted), Month(year=2026, month=10), catalog)


def counts(row: Row) -> list[int]:
    return [one for one in (*row.counts.values(), *row.sums.values()) if one is not None]


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2026, 12, 8, 5, 59, tzinfo=UTC), "2026-10"),
        (datetime(2026, 12, 8, 6, 0, tzinfo=UTC), "2026-11"),  # midnight in Chicago, a week after the month
        (datetime(2027, 1, 7, tzinfo=UTC), "2026-11"),
    ],
)
def test_the_newest_month_is_the_one_in_which_nothing_changes_any_more(at: datetime, month: str) -> None:
    assert str(newest(at, CHICAGO)) == month
    assert newest(at, CHICAGO).settled(at, CHICAGO)


@pytest.mark.parametrize(
    ("begun", "first"),
    [
        (datetime(2026, 9, 1, 6, tzinfo=UTC), "2026-09"),
        (datetime(2026, 9, 2, 6, tzinfo=UTC), "2026-10"),  # it would be told without its first day
        (datetime(2020, 1, 1, tzinfo=UTC), "2024-09"),
    ],
)
def test_months_are_told_that_were_counted_whole_and_whose_ratings_are_kept(begun: datetime, first: str) -> None:
    at = datetime(2026, 12, 8, 6, tzinfo=UTC)
    told = report.months(begun, at, CHICAGO)
    assert (str(told[0]), str(told[-1])) == ("2026-11", first)
    assert list(told) == sorted(set(told), reverse=True)
    assert told[-1].first >= (at - RATINGS_KEPT).date().replace(day=1)


def test_nothing_is_told_before_anything_was_counted_nor_of_the_month_it_began_in() -> None:
    at = datetime(2026, 12, 8, 6, tzinfo=UTC)
    assert report.months(None, at, CHICAGO) == ()
    assert report.months(at - timedelta(days=20), at, CHICAGO) == ()


@given(st.integers(0, 90 * 365 * 24))
def test_the_month_after_the_newest_is_never_settled(hours: int) -> None:
    at = datetime(2001, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    last = newest(at, CHICAGO)
    assert last.settled(at, CHICAGO)
    assert not report.month_of(last.end).settled(at, CHICAGO)
    assert report.month_of(last.end).before == last


def town(*more: Counted, about: str = "noise") -> report.Report:
    """A month with three services; the one of the fewest contacts hides that the others had none."""
    many = dict(zip(report.OUTCOMES, (145, 115, 60, 50, 40), strict=True))
    few = [noise(fact, count, slug) for slug, count in (("bus_times", 30), ("complaint", 20)) for fact in many]
    return made(*(noise(fact, count, about) for fact, count in many.items()), *few, *more)


def test_shares_are_told_with_their_intervals_as_those_of_simulated_callers() -> None:
    found = town()
    [row] = [one for one in found.of("service") if one.name == "noise"]
    assert row.sums[report.OUTCOMES] == 410
    assert str(row.share(Fact.ALONE)) == " 35.4 (31-40)"
    [told_of] = [one for one in report.as_data(found)["rows"] if one["name"] == "noise"]
    assert told_of["shares"]["alone"]["count"] == 145
    assert told_of["got_it"] is None
    assert [one.name for one in found.of("service") if one.share(Fact.LOST)] == ["bus_times", "noise"]


def test_what_belongs_to_no_service_that_there_is_stands_in_one_row() -> None:
    found = town(noise(Fact.ALONE, 5, ""), about="long_gone")
    [row] = [one for one in found.of("service") if one.name == report.NONE]
    assert row.counts[Fact.ALONE] == 150
    assert "long_gone" not in "\n".join(report.as_text(found))


def test_where_forms_are_left_is_told_where_enough_were() -> None:
    card = "senior_transport_card"
    left = [noise(Fact.LEFT, count, card, step) for step, count in ((1, 90), (2, 25), (3, 15), (0, 3))]
    found = made(*left, noise(Fact.LEFT, 20, step=1), noise(Fact.SENT, 200, card), noise(Fact.SENT, 30))
    steps = {one.step: one.count for one in found.left}
    assert {one.service for one in found.left} == {card}
    assert (steps[1], steps[2]) == (90, 25)
    assert (steps[3], steps[0]) == (None, None)  # the one with few, and one that would tell it
    assert "at the end" in "\n".join(report.as_text(found))


FACTS = st.sampled_from(Fact)
MANY = st.lists(
    st.builds(
        Counted,
        fact=FACTS,
        service=st.sampled_from(["noise", "bus_times", ""]),
        language=st.sampled_from(["en", "es"]),
        channel=st.sampled_from(["voice", "sms", "chat"]),
        count=st.integers(0, 40),
        step=st.integers(0, 3),
    ),
    max_size=8,
)


FEW = replace(CATALOG, services={slug: CATALOG.services[slug] for slug in ("noise", "bus_times", "complaint")})


@given(MANY)
@settings(max_examples=40, deadline=None)
def test_no_figure_is_of_fewer_than_ten(counted: list[Counted]) -> None:
    found = made(*counted, catalog=FEW)
    for row in found.rows:
        assert min(counts(row), default=FEWEST) >= FEWEST
    assert min((one.count for one in found.left if one.count is not None), default=FEWEST) >= FEWEST


def test_the_command_prints_a_month(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811 a fixture
    url = f"sqlite:///{data_folder / 'plainline.db'}"
    data_folder.mkdir()
    bootstrap.upgrade(url)
    database = open_database(url)
    october = FIRST.replace(year=now().year - 1)
    fill(database, 600, first=october)
    database.close()
    assert cli.main(["report", "--month", f"{october:%Y-%m}"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"{october:%Y-%m}: shares in per cent")
    assert "senior_transport_card" in printed
    assert cli.main(["report", "--month", f"{october:%Y-%m}", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert {row["group"] for row in rows} == {"all", "service", "language", "channel"}
    assert rows[0]["contacts"] == 600
    assert cli.main(["report", "--sentences"]) == 0
    assert capsys.readouterr().out == "None.\n"
    assert cli.main(["report", "--month", f"{october:%Y}-08"]) == 2  # the first contact came late in it
    assert f"the first is {october:%Y}-09" in capsys.readouterr().err


def test_before_a_whole_month_was_counted_there_is_nothing_to_tell(
    data_folder: Path,  # noqa: F811 a fixture
    capsys: pytest.CaptureFixture[str],
) -> None:
    data_folder.mkdir()
    for arguments in ((), ("--month", "2026-01")):
        assert cli.main(["report", *arguments]) == 2
        assert "can be told yet" in capsys.readouterr().err


@pytest.mark.parametrize("month", ["2026-13", "last", "2090-01", "2026-1"])
def test_a_month_that_is_none_or_not_over_is_refused(month: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["report", "--month", month]) == 2
    assert f"--month {month}:" in capsys.readouterr().err


def test_sentences_are_told_once_and_without_what_is_personal() -> None:
    said = [
        Unclear(language="en", words="my name is Maria Lopez and the gizmo hums"),
        Unclear(language="en", words="call me at 415 555 0123 about the gizmo"),
        Unclear(language="en", words="the gizmo hums"),
        Unclear(language="en", words="the gizmo hums"),
        Unclear(language="en", words="415 555 0123"),
        Unclear(language="pt", words="o gizmo faz barulho"),
    ]
    known = {"en": {"my", "name", "is", "and", "the", "call", "me", "at", "about", "hums", "gizmo"}, "es": set[str]()}
    found = told(said, known)
    assert found == {"en": sorted(found["en"])}
    assert found["en"].count("the gizmo hums") == 1
    assert not any(part in " ".join(found["en"]) for part in ("Maria", "Lopez", "555"))
    assert len(found["en"]) == 3
