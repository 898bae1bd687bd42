"""The set-up finds a Python that will do, or says what to install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "requirements" / "find_python.sh"
UNABLE = "exit 1"
FINE = "exit 0"
# Debian's python3 without python3-venv: it answers everything but an import of `ensurepip`.
NO_VENV = 'case "$2" in *ensurepip*) exit 1 ;; *print*) echo 3.12 ;; esac'


def find(bin_folder: Path, *, python: str = "", **commands: str) -> subprocess.CompletedProcess[str]:
    """Run the script where only these commands exist; each is the body of a shell script."""
    for name, body in commands.items():
        command = bin_folder / name.replace("_", ".")
        command.write_text(f"#!/bin/sh\n{body}\n")
        command.chmod(0o755)
    return subprocess.run(
        ["/bin/sh", str(SCRIPT)],
        env={"PATH": str(bin_folder), "PYTHON": python},
        capture_output=True,
        text=True,
        check=False,
    )


def test_python3_is_taken_when_it_will_do(tmp_path: Path) -> None:
    assert find(tmp_path, python3=FINE, python3_12=FINE).stdout == f"{tmp_path}/python3\n"


def test_a_newer_one_beside_an_old_python3_is_found(tmp_path: Path) -> None:
    assert find(tmp_path, python3=UNABLE, python3_12=FINE).stdout == f"{tmp_path}/python3.12\n"


def test_one_that_makes_environments_goes_before_one_that_does_not(tmp_path: Path) -> None:
    assert find(tmp_path, python3=NO_VENV, python3_11=FINE).stdout == f"{tmp_path}/python3.11\n"


def test_a_missing_venv_module_is_named_with_its_package(tmp_path: Path) -> None:
    found = find(tmp_path, python3=NO_VENV)
    assert found.returncode == 1
    assert "apt-get install python3.12-venv" in found.stderr


def test_without_a_python_it_says_which_is_needed(tmp_path: Path) -> None:
    found = find(tmp_path, python3=UNABLE)
    assert found.returncode == 1
    assert "Python 3.11 or later" in found.stderr
    assert "apt-get install python3 python3-venv" in found.stderr


def test_a_python_of_ones_own_choice_is_taken(tmp_path: Path) -> None:
    assert find(tmp_path, python=sys.executable, python3=UNABLE).stdout == f"{sys.executable}\n"
