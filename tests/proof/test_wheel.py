"""A town installs one wheel in an empty environment, and everything that belongs to it is there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.house import ROOT, files, named

# Building, and unpacking some 50 packages, may take a minute each on a small machine.
pytestmark = pytest.mark.timeout(900)

COUNT = """
import json, sys
from importlib.resources import files
def below(folder):
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from below(entry)
        elif not entry.name.endswith((".py", ".pyc")):
            yield entry.name
print(json.dumps({package: sorted(below(files(package))) for package in sys.argv[1:]}))
"""
WITH_DATA = ("locales", "nlu.data", "services")


def run(*command: str | Path, folder: Path) -> str:
    """Run a command that must succeed in `folder`, with nothing of ours in the environment; its output."""
    ours = ("PLAINLINE_", "PYTHON", "TELEGRAM_", "TWILIO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(command, cwd=folder, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def copy_of_the_project(folder: Path) -> Path:
    """The project's files alone: what earlier builds left behind would find its way into the wheel."""
    for path in files():
        target = folder / named(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return folder


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = copy_of_the_project(tmp_path_factory.mktemp("source"))
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "made", ".", folder=source)
    (built,) = (source / "made").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the commands of a new environment that holds the locked packages and the wheel."""
    folder = tmp_path_factory.mktemp("town")
    run(sys.executable, "-m", "venv", "environment", folder=folder)
    commands = folder / "environment" / "bin"
    pip = (
        commands / "python",
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--no-compile",
    )
    run(*pip, "--require-hashes", "-r", ROOT / "requirements" / "main.txt", folder=folder)
    run(*pip, "--no-deps", wheel, folder=folder)
    yield commands
    shutil.rmtree(folder)  # half a gigabyte, which pytest would keep for three runs


def test_the_installed_command_reads_the_catalogue_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    assert "No mistakes" in run(installed / "plainline", "services", "lint", folder=tmp_path)


@pytest.mark.parametrize("package", WITH_DATA)
def test_the_installed_package_has_its_data(package: str, installed: Path, tmp_path: Path) -> None:
    here = [path for path in files(ROOT / package.replace(".", "/")) if path.suffix in {".po", ".pot", ".txt", ".yml"}]
    assert here, f"{package} has no data to install"
    found = json.loads(run(installed / "python", "-c", COUNT, package, folder=tmp_path))
    assert found[package] == sorted(path.name for path in here)


def test_the_installed_packages_fit_together(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "python", "-m", "pip", "check", folder=tmp_path).strip()
