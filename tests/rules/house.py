"""Where things are: the root, the rooms and the files that the rules are held against."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

CHANNELS = ("bot", "front", "handoff", "ivr", "simulator")
ROOMS = ("core", "app", "nlu", "store", *CHANNELS)
DATA = ("locales", "services")

# What the set-up, the tests and the tools leave behind; .gitignore says the same.
CACHES = {".hypothesis", ".proof", ".mypy_cache", ".pytest_cache", ".ruff_cache", "__pycache__"}
MADE = {".git", ".rasa", ".venv", "build", "dist", "var", *CACHES}
# What `plainline nlu export rasa` writes into the project.
WRITTEN = {ROOT / "nlu" / "rasa" / name for name in ("data", "domain.yml", "models")}


def rooms() -> list[str]:
    """The rooms that have been built so far."""
    return [room for room in ROOMS if (ROOT / room).is_dir()]


def files(under: Path = ROOT) -> list[Path]:
    """Every file that belongs to the project below `under`, in a fixed order."""
    return sorted(walk(under))


def walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in MADE or path in WRITTEN or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            yield from walk(path)
        elif path.suffix != ".pyc":
            yield path


def python_files(room: str) -> list[Path]:
    """The room's Python files; a room without any is a mistake in the walk, not a quiet pass."""
    found = [path for path in files(ROOT / room) if path.suffix == ".py"]
    assert found, f"{room}/ has no Python file to hold to the rule"
    return found


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module(path: Path) -> str:
    """The name under which a Python file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
