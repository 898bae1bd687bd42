"""The commands, as somebody at a terminal meets them."""

from __future__ import annotations

import importlib.resources
import json
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import cli


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


def test_services_are_listed_by_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["services", "list"]) == 0
    numbers = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert numbers == sorted(numbers)
    assert len(numbers) >= 26


def test_several_web_processes_on_one_sqlite_file_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["web", "--processes", "2"]) != 0
    assert "one web process" in "".join(capsys.readouterr())
