"""The report of an evaluation."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from core.types import Act, Alternative, Understanding
from nlu.report import ALL, Report, report

SENTENCES = """
services: {noise: [loud music, "<b>drums</b>"], complaint: [rude clerk]}
acts: {cost: [how much]}
out_of_scope: [a pizza]
danger: [fire]
near_danger: [fire station]
"""
NOISE = (Alternative(service="noise", confidence=0.9), Alternative(service="complaint", confidence=0.1))


def understood(text: str, language: str) -> Understanding:
    """Everything about clerks and music is noise, and every fire is danger."""
    if text in ("loud music", "rude clerk"):
        return Understanding(service="noise", confidence=0.9, considered=NOISE, engine="ears", language=language)
    act = Act.COST if text == "how much" else None
    return Understanding(act=act, danger=text if "fire" in text else "", engine="x")


@pytest.fixture
def found(tmp_path: Path) -> Report:
    for language in ("en", "ar"):
        (tmp_path / f"{language}.yml").write_text(SENTENCES, "utf-8")
    return report(understood, tmp_path, ("en", "ar"))


def test_each_language_and_all_of_them_have_a_line(found: Report) -> None:
    heading, *lines = found.table()
    assert [line.split()[:2] for line in lines] == [["en", "7"], ["ar", "7"], [ALL, "14"]]
    shares = dict(zip(re.split(r"  +", heading)[2:], lines[0].split()[2:], strict=True))
    assert (shares["first"], shares["act"], shares["danger"], shares["alarms"]) == ("0.333", "1.000", "1.000", "1.000")


def test_one_language_is_not_told_twice(found: Report, tmp_path: Path) -> None:
    assert len(list(report(understood, tmp_path, ["en"]).table())) == 2


def test_the_values_name_every_sentence_that_was_not_understood(found: Report) -> None:
    told = json.loads(json.dumps(found.values()))["en"]
    assert told["missed"]["service"] == ["<b>drums</b>", "rude clerk"]
    assert told["missed"]["misled"] == ["rude clerk"]
    assert ["complaint", "noise", 1] in told["confusions"]
    assert told["figures"]["first"] == 0.3333


class Page(HTMLParser):
    """What a page holds: its elements, and where it points to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_shows_pictures_and_needs_nothing_from_elsewhere(found: Report) -> None:
    page = Page(found.page())
    assert (page.open, page.links) == ([], [])
    assert page.elements.count("svg") == 2 * 3
    assert {"circle", "polyline", "table"} <= set(page.elements)


def test_what_people_say_stays_words_on_the_page(found: Report) -> None:
    assert "<b>drums" not in found.page()
    assert "&lt;b&gt;drums&lt;/b&gt;" in found.page()
    assert "ears (" in found.page()
