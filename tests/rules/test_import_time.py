"""Nothing happens when a module is imported: no engine or client is built, no file or socket opened."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.house import ROOMS, ROOT, module, named, parse, python_files, rooms
from tests.rules.imports import called
from tests.rules.test_imports import ITS_ROOMS

# Alembic runs this file itself, and then it has to act.
RUN_BY_ALEMBIC = "store/migrations/env.py"

# Each takes its time or its 165 MB: a process that does not speak to it must not load it.
HEAVY = {"aiogram", "flask", "twilio"}
# Loaded when first asked, by whoever needs it: no start waits for it that reads no catalogue.
LATE = {"holidays"}
# `app/web.py` puts the Flask application together, and the list of commands names it.
FOR_THE_WEB = {"app": {"flask"}}

BUILDING = {"Application", "Bot", "Client", "Dispatcher", "Flask", "create_engine", "sessionmaker"}
READING = {"connect", "from_env", "getenv", "open", "read_bytes", "read_text"}
CHANCE = {"now", "today", "token_hex", "urandom", "utcnow", "uuid4"}
ACTING_CALLS = {*BUILDING, *READING, *CHANCE, "basicConfig", "dictConfig"}

START = "import sys; sys.path[:0] = ['.', {folder!r}]; import tests.rules.importing as it; it.main()"


def import_all(modules: list[str], folder: str = ".") -> dict[str, list[str]]:
    """What importing these in a fresh process with an empty environment did and loaded."""
    command = [sys.executable, "-B", "-I", "-c", START.format(folder=folder), *modules]
    done = subprocess.run(command, cwd=ROOT, env={}, capture_output=True, text=True, check=False, timeout=110)
    assert done.returncode == 0, done.stderr
    answer: dict[str, list[str]] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("room", rooms())
def test_importing_a_room_does_nothing_and_loads_no_framework_of_another(room: str) -> None:
    done = import_all([module(path) for path in python_files(room) if named(path) != RUN_BY_ALEMBIC])
    theirs = {name for name in HEAVY if room not in ITS_ROOMS[name]} - FOR_THE_WEB.get(room, set())
    assert done["acts"] == []
    assert (theirs | LATE).intersection(done["loaded"]) == set()


def test_a_channel_is_found_without_loading_its_framework() -> None:
    channels = [module(path) for path in sorted(ROOT.glob("*/channel.py"))]
    assert channels, "no room has a channel.py"
    assert HEAVY.intersection(import_all(channels)["loaded"]) == set()


def test_a_module_that_writes_when_imported_is_found(tmp_path: Path) -> None:
    (tmp_path / "writes.py").write_text("from pathlib import Path\nPath('/dev/null').write_text('here')\n")
    assert import_all(["writes"], str(tmp_path))["acts"] == ["writes: opens /dev/null for writing"]


def at_import(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """All that Python runs when it imports the module: not functions' bodies, and not the guarded main."""
    for statement in body:
        if not (isinstance(statement, ast.If) and "__main__" in ast.unparse(statement.test)):
            yield from run_now(statement)


def run_now(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        now: list[ast.AST] = [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
    elif isinstance(node, ast.Lambda):
        now = []
    else:
        now = list(ast.iter_child_nodes(node))
    for child in now:
        yield from run_now(child)


def acts_at_import(where: str, tree: ast.Module) -> list[str]:
    return [
        f"{where}:{node.lineno} {ast.unparse(node)}"
        for node in at_import(tree.body)
        if (isinstance(node, ast.Call) and called(node) in ACTING_CALLS)
        or (isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "sys.argv"})
    ]


@pytest.mark.parametrize("room", rooms())
def test_no_module_acts_or_looks_around_at_its_top_level(room: str) -> None:
    paths = [path for path in python_files(room) if named(path) != RUN_BY_ALEMBIC]
    assert [fault for path in paths for fault in acts_at_import(named(path), parse(path))] == []


@pytest.mark.parametrize(
    "written",
    [
        "engine = create_engine('sqlite://')",
        "class Web:\n    app = flask.Flask(__name__)",
        "import os\nTOKEN = os.environ['TELEGRAM_BOT_TOKEN']",
        "def answer(at=datetime.now(UTC)): ...",
        "WORDS = Path('words.txt').read_text()",
    ],
)
def test_an_act_at_the_top_level_is_found(written: str) -> None:
    assert len(acts_at_import("somewhere.py", ast.parse(written))) == 1


@pytest.mark.parametrize(
    "written",
    [
        "def engine():\n    return create_engine('sqlite://')",
        "LATER = lambda: open('words.txt')",
        "import re\nWORD = re.compile('a')",
        "if __name__ == '__main__':\n    run()",
    ],
)
def test_what_waits_for_its_call_is_let_be(written: str) -> None:
    assert acts_at_import("somewhere.py", ast.parse(written)) == []


def test_there_is_a_room_to_hold_to_it() -> None:
    assert set(rooms()) <= set(ROOMS)
    assert {"core", "app"} <= set(rooms())
