"""The commands, as somebody at a terminal meets them."""

from __future__ import annotations

import importlib.resources
import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from app import bootstrap, cli
from app.settings import Settings
from core.ports import Answered
from core.types import Turn, Understanding
from store.database import open_database
from store.desk_store import SqlDesk
from store.unit_of_work import SqlStorage
from tests.store.opened import NOON, new


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("PLAINLINE_PUBLIC_URL", "PLAINLINE_CATALOGUE", "PLAINLINE_DATABASE_URL", "TWILIO_NUMBER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PLAINLINE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def _logger_as_it_was() -> Iterator[None]:
    """A command sends our log to the terminal for good; later tests look at it themselves."""
    logger = logging.getLogger("plainline")
    before = (logger.handlers[:], logger.propagate, logger.level)
    yield
    logger.handlers[:], logger.propagate, level = before
    logger.setLevel(level)


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    with importlib.resources.as_file(importlib.resources.files("services")) as folder:
        return Path(shutil.copytree(folder, tmp_path / "town"))


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for name in cli.names():
        with pytest.raises(SystemExit) as ended:
            cli.main([name, "--help"])
        assert ended.value.code == 0
        assert name in capsys.readouterr().out


def test_our_catalogue_has_no_mistakes(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["services", "lint"]) == 0
    assert capsys.readouterr().out == "No mistakes.\n"


def test_every_mistake_of_a_catalogue_is_told_with_file_line_and_field(
    catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card = catalogue / "senior_transport_card.yml"
    card.write_text(card.read_text().replace("number: 241", "number: 911").replace("category: travel", "category: x"))
    (catalogue / "noise.yml").write_text("number: [\n")
    assert cli.main(["services", "lint", "--catalogue", str(catalogue)]) == 1
    told = capsys.readouterr().out
    assert "senior_transport_card.yml:" in told
    assert "number" in told
    assert "category" in told
    assert "noise.yml:" in told


def test_a_broken_catalogue_stops_the_start_and_says_where(
    catalogue: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (catalogue / "town.yml").write_text("name: Alder Bay\n")
    monkeypatch.setenv("PLAINLINE_CATALOGUE", str(catalogue))
    assert cli.main(["parse", "hello"]) == 2
    told = capsys.readouterr().err
    assert "Please mend" in told
    assert "town.yml" in told


def test_a_new_database_is_made_and_then_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["db", "status"]) == 1
    assert cli.main(["db", "upgrade"]) == 0
    assert cli.main(["db", "status"]) == 0
    assert "up to date" in capsys.readouterr().out


def test_the_doctor_says_what_is_missing_and_how_to_mend_it(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["db", "upgrade"])
    capsys.readouterr()
    assert cli.main(["doctor"]) == 1
    assert "TWILIO_ACCOUNT_SID" in capsys.readouterr().out


def test_the_schema_of_a_service_file_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["services", "schema"]) == 0
    assert "number" in json.loads(capsys.readouterr().out)["properties"]


def test_days_with_other_hours_are_listed(catalogue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    year = datetime.now(UTC).year + 1
    (catalogue / "special_days.yml").write_text(
        f'- {{days: {year}-01-01, hours: ["09:00-12:00", "13:00-14:30"], offices: [civic_hall], note: By turns}}\n'
    )
    assert cli.main(["services", "days", "--catalogue", str(catalogue)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith(f"{year}-01-01") and line.endswith("14:30  civic_hall  By turns") for line in lines)
    assert any(line.endswith("closed       all offices  Labor Day") for line in lines)


def test_services_are_listed_by_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["services", "list"]) == 0
    numbers = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert numbers == sorted(numbers)
    assert len(numbers) >= 26


def test_several_web_processes_on_one_sqlite_file_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["web", "--processes", "2"]) != 0
    assert "one web process" in "".join(capsys.readouterr())


def corrected_once(folder: Path) -> None:
    """A clerk has said what was meant by words that were taken for noise."""
    settings = Settings.from_env({"PLAINLINE_DATA": str(folder)})
    bootstrap.upgrade(settings.database_url)
    words = "the glow thing over my porch walk went kaput, my name is Maria Gonzalez"
    believed = Understanding(service="noise", confidence=0.6, language="en", engine="embedded")
    answered = Answered(key="m1", content="x", messages=(), at=NOON, said=words, meant=believed)
    with closing(open_database(settings.database_url)) as database:
        with SqlStorage(database).writing() as work:
            work.save(new(version=0), Turn(conversation=new()), answered, "")
            work.commit()
        with SqlDesk(database).acting() as desk:
            desk.correct("CA1", "m1", "service_streetlight", 1, "n1", NOON)
            desk.unit.commit()


def test_what_staff_corrected_is_proposed_without_names_and_nothing_is_learnt(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corrected_once(data_folder)
    left = "the glow thing over my porch walk went kaput, my name is [name]"
    assert cli.main(["nlu", "suggest"]) == 0
    told = capsys.readouterr().out
    assert f'- {{text: "{left}"}}  # once, taken for service_noise' in told
    assert "Proposals: 1. Nothing is learnt from them until a person puts them into nlu/data." in told
    assert "Maria" not in told
    assert next(iter(yaml.safe_load_all(told)))["nlu"][0]["intent"] == "service_streetlight"
    assert cli.main(["nlu", "suggest", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["proposals"][0]["text"] == left
    assert cli.main(["nlu", "suggest", "--to", str(tmp_path / "proposals")]) == 0
    assert left in (tmp_path / "proposals" / "en.yml").read_text(encoding="utf-8")


def test_whoever_has_read_enough_may_leave() -> None:
    listing = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "services", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert listing.stdout is not None
    assert listing.stderr is not None
    listing.stdout.close()
    with listing.stderr as complaint:
        assert complaint.read() == b""
    assert listing.wait(60) == cli.ENOUGH_READ
