"""What no file of the project may say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.rules.house import files, named

# Written in pieces, or this file would break its own rules.
ELSEWHERE = {
    "the address of a package registry": re.compile(
        r"pypi\." + r"org|pythonhosted\." + r"org|npmjs\." + r"(org|com)|(deb|security)\.debian\." + r"org"
    ),
    "a folder of one machine": re.compile(r"(?<![\w.)])/(root|work|home/\w+)" + r"/\w"),
    "a tool of one workplace": re.compile(r"issues (show|" + r"file|list)\b|\.library" + r"/"),
}

LATER = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
LEFT_OUT = re.compile(r"pytest\.(skip|xfail|importor" + r"skip)\b|mark\.(skip|skip" + r"if|xfail)\b|@unittest\.skip")
SILENCED = re.compile(r"#\s*(type:\s*ignore|noqa|ruff:\s*noqa|mypy:|pragma:\s*no cover).*")
SILENCED_WELL = re.compile(r"#\s*(type:\s*ignore\[[\w, -]+\]|noqa:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)\s+\S.*\w")

NOT_OURS = {"LICENSE"}
WORK = {".py", ".sh", ".toml", ".md", ".mako", ".html", ".css", ".js", ""}


def text(path: Path) -> str:
    """The file's text, or nothing if it is not text."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def said(pattern: re.Pattern[str], endings: set[str] | None = None) -> list[str]:
    """Each place where a file, of these endings if any are given, says what the pattern finds."""
    looked_at = [path for path in files() if named(path) not in NOT_OURS]
    looked_at = [path for path in looked_at if endings is None or path.suffix in endings]
    assert looked_at, "no file was found to read"
    return [
        f"{named(path)}:{number} {found[0]}"
        for path in looked_at
        for number, line in enumerate(text(path).splitlines(), start=1)
        for found in [pattern.search(line)]
        if found
    ]


@pytest.mark.parametrize("what", ELSEWHERE)
def test_no_file_names(what: str) -> None:
    assert said(ELSEWHERE[what]) == []


def test_nothing_is_left_for_later_in_a_remark() -> None:
    assert said(LATER, WORK) == []


def test_no_test_is_left_out() -> None:
    assert said(LEFT_OUT, {".py"}) == []


def test_whoever_silences_a_check_says_which_and_why() -> None:
    places = said(SILENCED, {".py"})
    assert [place for place in places if not SILENCED_WELL.search(place)] == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (ELSEWHERE["the address of a package registry"], "see pypi." + "org for it"),
        (ELSEWHERE["a folder of one machine"], "cd /root" + "/thing"),
        (ELSEWHERE["a folder of one machine"], "'/home/ana" + "/x'"),
        (ELSEWHERE["a tool of one workplace"], "run issues " + "show 3"),
        (LATER, "# TO" + "DO: later"),
        (LEFT_OUT, "@pytest.mark." + "skip(reason='slow')"),
        (SILENCED, "x = y()  # type" + ": ignore"),
        (SILENCED, "x = y()  # no" + "qa"),
    ],
)
def test_what_must_not_be_said_is_found(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


def test_a_reason_is_asked_for_and_recognised() -> None:
    assert not SILENCED_WELL.search("x = y()  # type" + ": ignore[arg-type]")
    assert SILENCED_WELL.search("x = y()  # type" + ": ignore[arg-type]  # the library's own type is too narrow")
    assert not SILENCED_WELL.search("x = y()  # no" + "qa: ARG001")
    assert SILENCED_WELL.search("x = y()  # no" + "qa: ARG001  # Flask passes it")
