"""`make rasa` finds a Python 3.10, or says in plain words how to get one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "requirements" / "find_python_for_rasa.sh"
OTHER = "exit 1"
# It answers every question with yes, and its own path where it is asked for that.
FINE = 'case "$2" in *executable*) echo "$0" ;; esac'
NO_VENV = 'case "$2" in *ensurepip*) exit 1 ;; esac'


def command(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def commands(tmp_path: Path) -> Path:
    """A folder with the one program that the script itself needs."""
    command(tmp_path / "bin" / "ls", 'exec /bin/ls "$@"')
    return tmp_path / "bin"


def find(commands: Path, *, python: str = "") -> subprocess.CompletedProcess[str]:
    """Run the script in a folder without an environment, where only these commands exist."""
    return subprocess.run(
        ["/bin/sh", str(SCRIPT)],
        env={"PATH": str(commands), "HOME": str(commands.parent), "PYTHON": python},
        cwd=commands,
        capture_output=True,
        text=True,
        check=False,
    )


def test_python3_10_is_taken_where_it_can_be_called(commands: Path) -> None:
    python = command(commands / "python3.10", FINE)
    assert find(commands).stdout == f"{python}\n"


def test_one_that_pyenv_keeps_is_found_beside_another_python3(commands: Path) -> None:
    command(commands / "python3", OTHER)
    kept = command(commands.parent / ".pyenv" / "versions" / "3.10.13" / "bin" / "python3.10", FINE)
    assert find(commands).stdout == f"{kept}\n"


def test_one_that_uv_knows_is_found(commands: Path) -> None:
    known = command(commands.parent / "elsewhere" / "python3.10", FINE)
    command(commands / "uv", f'echo "{known}"')
    assert find(commands).stdout == f"{known}\n"


def test_one_of_ones_own_choice_is_taken(commands: Path) -> None:
    command(commands / "python3.10", FINE)
    mine = command(commands.parent / "mine" / "python", FINE)
    assert find(commands, python=str(mine)).stdout == f"{mine}\n"


def test_a_missing_venv_module_is_named_with_its_package(commands: Path) -> None:
    command(commands / "python3.10", NO_VENV)
    found = find(commands)
    assert found.returncode == 1
    assert "apt-get install python3.10-venv" in found.stderr


def test_without_one_it_says_how_to_get_one(commands: Path) -> None:
    command(commands / "python3", OTHER)
    found = find(commands)
    assert found.returncode == 1
    for way in ("needs Python 3.10", "apt-get install", "pyenv install 3.10", "uv python install 3.10", "RASA_PYTHON="):
        assert way in found.stderr
