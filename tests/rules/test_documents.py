"""What a town's people must be able to read is written down."""

from __future__ import annotations

import re

import pytest

from tests.rules.house import ROOT, python_files, rooms

DOCUMENTS = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "GLOSSARY.md", "LICENSE"]
VARIABLE = re.compile(r"\b(?:PLAINLINE|TWILIO|TELEGRAM)_[A-Z0-9_]*[A-Z0-9]\b")


def variables() -> set[str]:
    """The settings that the source asks for by name."""
    sources = [path.read_text("utf-8") for room in rooms() for path in python_files(room)]
    assert sources, "no source was found to read"
    return {name for source in sources for name in VARIABLE.findall(source)}


def documented() -> str:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return "\n".join(page.read_text("utf-8") for page in pages if page.exists())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_newcomer_finds(name: str) -> None:
    assert (ROOT / name).read_text("utf-8").strip()


def test_every_setting_is_explained() -> None:
    said = set(VARIABLE.findall(documented()))
    assert sorted(variables() - said) == []


def test_settings_are_found_in_the_source() -> None:
    assert VARIABLE.findall('one("PLAINLINE_PUBLIC_URL"), TWILIO_AUTH_TOKEN') == [
        "PLAINLINE_PUBLIC_URL",
        "TWILIO_AUTH_TOKEN",
    ]
