"""What is installed is known to the byte, and comes from wherever the machine gets its packages."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.rules.house import ROOT

LOCKS = ["main.txt", "dev.txt", "rasa.txt"]
PINNED = re.compile(r"^([a-z0-9][a-z0-9.-]*)(?:\[[a-z,]+\])?==(\S+)")
NAME = re.compile(r"^[A-Za-z0-9._-]+(?:\[[a-z,]+\])?")


def entries(lock: str) -> list[str]:
    """The requirements of a lock file, each in one line with its marker and hashes."""
    read = (ROOT / "requirements" / lock).read_text("utf-8")
    plain = "\n".join(line for line in read.splitlines() if not line.lstrip().startswith("#"))
    found = [line for line in plain.replace("\\\n", " ").splitlines() if line.strip()]
    assert found, f"{lock} locks nothing"
    return found


def pins(lock: str) -> set[str]:
    return {pinned[0] for entry in entries(lock) for pinned in [PINNED.match(entry)] if pinned}


def asked_for(name: str) -> set[str]:
    lines = (ROOT / "requirements" / name).read_text("utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith(("#", "-"))}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_with_hashes(lock: str) -> None:
    loose = [entry for entry in entries(lock) if not (PINNED.match(entry) and "--hash=sha256:" in entry)]
    assert loose == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_is_recorded(lock: str) -> None:
    read = (ROOT / "requirements" / lock).read_text("utf-8")
    assert re.findall(r"--(?:index|extra|find|trusted)[\w-]*|\w+://\S*", read) == []


def test_development_uses_what_a_town_installs() -> None:
    assert pins("main.txt") - pins("dev.txt") == set()


def test_the_project_asks_for_what_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {name[0] for entry in project["dependencies"] for name in [NAME.match(entry)] if name}
    assert declared == asked_for("main.in")
