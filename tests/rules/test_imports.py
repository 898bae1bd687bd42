"""Who may import whom (docs/decisions, and the table in CONTRIBUTING.md)."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.rules.house import CHANNELS, DATA, ROOMS, ROOT, named, parse, python_files, rooms
from tests.rules.imports import imported, package

MAY_IMPORT = {
    "core": {"core"},
    "app": {"app", "core"},
    "nlu": {"nlu", "core"},
    "store": {"store", "core"},
    **{channel: {channel, "app", "core"} for channel in CHANNELS},
}
# The one file that names concrete classes.
BOOTSTRAP = "app/bootstrap.py"

# Each of these is one room's business; the others reach it by a port.
ITS_ROOMS = {
    "aiogram": {"bot"},
    "alembic": {"store"},
    "flask": {"front", "handoff", "ivr", "simulator"},
    "flask_wtf": {"handoff", "simulator"},
    "holidays": {"app"},
    "sklearn": {"nlu"},
    "sqlalchemy": {"store"},
    "twilio": {"ivr", "simulator"},
}
# The web process has one Flask application, put together from what the channels and the operators' pages offer.
WEB = "app/web.py"


def wrong_ways(room: str, where: str, tree: ast.AST) -> list[str]:
    """Each import in `tree`, a file of `room` named `where`, that goes where it must not."""
    allowed = set(ROOMS) if where == BOOTSTRAP else MAY_IMPORT[room]
    return [
        f"{where}:{line} imports {name}"
        for line, name in imported(tree)
        if package(name) == "."
        or (package(name) in {*ROOMS, "tests", "bench"} and package(name) not in allowed)
        or (room not in ITS_ROOMS.get(package(name), {room}) and (where, package(name)) != (WEB, "flask"))
        or (room == "core" and package(name) not in {"core", *sys.stdlib_module_names})
    ]


@pytest.mark.parametrize("room", rooms())
def test_a_room_imports_only_what_it_may(room: str) -> None:
    assert [fault for path in python_files(room) for fault in wrong_ways(room, named(path), parse(path))] == []


def test_every_folder_with_python_is_a_room() -> None:
    known = {*ROOMS, *DATA, "bench", "tests"}
    assert {path.parent.name for path in ROOT.glob("*/*.py")} - known - {".venv"} == set()


@pytest.mark.parametrize(
    ("room", "written"),
    [
        ("core", "import yaml"),
        ("core", "from app.settings import Settings"),
        ("core", "import importlib\nimportlib.import_module('yaml')"),
        ("app", "def late():\n    from store.unit_of_work import Store"),
        ("app", "__import__('nlu.embedded')"),
        ("app", "from importlib import import_module\nimport_module(f'ivr.{name}')"),
        ("app", "import sqlalchemy.orm"),
        ("ivr", "import store"),
        ("ivr", "from handoff import channel"),
        ("ivr", "import aiogram"),
        ("simulator", "from ivr.voice import answer"),
        ("nlu", "import app.settings"),
        ("store", "from . import schema"),
        ("store", "import tests.postgres"),
    ],
)
def test_an_import_that_goes_the_wrong_way_is_found(room: str, written: str) -> None:
    assert len(wrong_ways(room, "somewhere.py", ast.parse(written))) == 1


@pytest.mark.parametrize(
    ("room", "where", "written"),
    [
        ("core", "core/speech.py", "import dataclasses\nfrom core.types import Inbound"),
        ("app", BOOTSTRAP, "from store.unit_of_work import Store\nimport nlu.embedded"),
        ("app", "app/wording.py", "import babel"),
        ("app", WEB, "from flask import Flask"),
        ("ivr", "ivr/voice.py", "from app.assistant import Assistant\nimport flask\nimport core.types"),
    ],
)
def test_an_import_that_goes_the_right_way_is_let_be(room: str, where: str, written: str) -> None:
    assert wrong_ways(room, where, ast.parse(written)) == []


def test_the_table_names_every_room() -> None:
    assert set(MAY_IMPORT) == set(ROOMS)
    assert Path(BOOTSTRAP).parts[0] == "app"
