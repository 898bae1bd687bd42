"""What is installed is what is here."""

from __future__ import annotations

import tomllib
from importlib.resources import files as resources
from pathlib import PurePosixPath
from typing import Any

import pytest

from tests.rules.house import DATA, ROOT, files, named, rooms


def build() -> dict[str, Any]:
    tools: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    settings: dict[str, Any] = tools["setuptools"]
    return settings


def holding(*rooms: str) -> list[str]:
    """The files of these rooms, by their path from the root."""
    found = [named(path) for room in rooms for path in files(ROOT / room)]
    assert found, f"nothing is in {rooms}"
    return found


def test_every_folder_with_python_is_a_listed_package() -> None:
    folders = {PurePosixPath(path).parent for path in holding(*rooms(), *DATA) if path.endswith(".py")}
    assert sorted(".".join(folder.parts) for folder in folders) == sorted(build()["packages"])


def test_every_data_file_travels_with_its_package() -> None:
    patterns = [
        f"{package.replace('.', '/')}/{pattern}"
        for package, wanted in build()["package-data"].items()
        for pattern in wanted
    ]
    data = [path for path in holding(*rooms(), *DATA) if not path.endswith((".py", ".md"))]
    assert [path for path in data if not any(PurePosixPath(path).match(pattern) for pattern in patterns)] == []


@pytest.mark.parametrize("package", [*DATA, "nlu.calibration", "nlu.data", "nlu.test"])
def test_data_is_found_as_a_resource(package: str) -> None:
    assert resources(package).joinpath("__init__.py").is_file()
