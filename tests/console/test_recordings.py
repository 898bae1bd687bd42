"""Recordings at the console: heard by who may, never kept by a browser, and typed."""

from __future__ import annotations

import pytest

from app.retention import sweep
from core import phrases as say
from store import schema
from tests.browser import Visitors, check_page
from tests.calls.line import CLOSED, PUBLIC, Line
from tests.calls.test_recording import message, to_be_recorded
from tests.console.clerks import Clerk
from tests.console.test_browser import AtDesk
from tests.console.test_console import request_id

LOADED = """sound => new Promise((done, failed) => {
    sound.onloadedmetadata = () => done(sound.duration);
    sound.onerror = () => failed(sound.error.message);
    sound.preload = "metadata";
    sound.load();
})"""
"""How many seconds a browser finds in it."""

WORDS = "The lamp by the church is out since Monday."


def left_on_sunday(line: Line) -> str:
    """Somebody leaves a message; the page of their request."""
    line.clock.now = CLOSED
    message(line).press("1").hang_up()
    line.fetch()
    return f"/console/requests/{request_id(line)}"


def reported(line: Line, *, silent: bool = False) -> str:
    """Somebody reports a lamp, and says where in a recording; the page of the case."""
    caller = to_be_recorded(line).speak(7, silent=silent).press("1")
    while line.words(say.ALL_RIGHT, "en") not in caller.heard:
        caller.press("1")
    caller.press("1").hang_up()
    line.fetch()
    [case] = line.rows(schema.cases)
    return f"/console/cases/{case.reference}"


def sound_of(line: Line, page: str) -> str:
    [row] = line.rows(schema.recordings)
    return f"{page}/recordings/{row.id}"


@pytest.mark.parametrize("of", ["a request", "a case"])
def test_it_is_heard_and_typed_at(line: Line, of: str) -> None:
    page = left_on_sunday(line) if of == "a request" else reported(line)
    clerk = Clerk(line).signs_in(page)
    assert "In their own voice" in clerk.page.words
    assert "SILENT" not in clerk.page.words
    assert f'src="{sound_of(line, page)}"' in clerk.answer.text
    heard = clerk.browser.get(sound_of(line, page), base_url=PUBLIC)
    assert heard.data == line.exchange.recordings.made[0].body
    assert heard.headers["Content-Type"] == "audio/x-wav"
    assert heard.headers["Cache-Control"] == "no-store"
    part = clerk.browser.get(sound_of(line, page), base_url=PUBLIC, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"RIFF")
    clerk.opens(page).sends("/words", text=WORDS)
    assert clerk.path == page
    assert WORDS in clerk.page.words
    assert "Typed by Ines." in clerk.page.words
    [row] = line.rows(schema.recordings)
    assert row.transcript == WORDS
    told = [one for one in line.rows(schema.audit) if "transcribed" in one.detail]
    assert len(told) == 1
    assert "church" not in told[0].detail


@pytest.mark.parametrize("typed", ["", "   ", "x" * 1001])
def test_nothing_and_too_much_is_not_kept(line: Line, typed: str) -> None:
    page = reported(line)
    clerk = Clerk(line).signs_in(page).sends("/words", text=typed)
    assert clerk.answer.status_code == 409
    assert line.rows(schema.recordings)[0].transcript == ""


def test_a_silent_one_is_marked(line: Line) -> None:
    assert "SILENT" in Clerk(line).signs_in(reported(line, silent=True)).page.words


def test_one_that_has_not_come_and_one_that_never_came_say_so(closed_line: Line) -> None:
    line = closed_line
    message(line).press("1").hang_up()
    page = f"/console/requests/{request_id(line)}"
    line.exchange.settle()
    clerk = Clerk(line).signs_in(page)
    assert "It has not come yet from the telephone provider." in clerk.page.words
    assert "<audio" not in clerk.answer.text
    line.exchange.recordings.made[0].kind = "text/html"
    line.fetch()
    assert "NOT HERE" in clerk.opens(page).page.words


def test_another_department_hears_nothing(line: Line) -> None:
    page = reported(line)
    other = Clerk(line, "omar", department="housing").signs_in()
    assert other.browser.get(sound_of(line, page), base_url=PUBLIC).status_code == 404
    assert other.browser.get(page, base_url=PUBLIC).status_code == 404


def test_what_is_not_left_for_staff_is_not_there(line: Line) -> None:
    to_be_recorded(line).speak(7).press("0")
    line.fetch()
    page = f"/console/requests/{request_id(line)}"
    clerk = Clerk(line).signs_in(page)
    assert "In their own voice" not in clerk.page.words
    assert clerk.browser.get(sound_of(line, page), base_url=PUBLIC).status_code == 404


def test_a_file_that_is_gone_is_not_there(line: Line) -> None:
    page = reported(line)
    [row] = line.rows(schema.recordings)
    line.plainline.files.delete(f"{row.id}.wav")
    assert Clerk(line).signs_in(page).browser.get(sound_of(line, page), base_url=PUBLIC).status_code == 404


def test_what_staff_typed_stays_with_a_case_when_the_sound_goes(line: Line) -> None:
    page = reported(line)
    clerk = Clerk(line).signs_in(page).sends("/words", text=WORDS)
    for _ in range(2):
        line.clock.later(days=91)
        sweep(line.plainline.retention, line.clock())
        line.fetch()
    assert line.rows(schema.recordings)[0].status == "gone"
    clerk.signs_in(page)
    assert WORDS in clerk.page.words
    assert "The sound was kept as long as it may be, and is deleted." in clerk.page.words
    assert "<audio" not in clerk.answer.text


def test_a_recorded_answer_is_named_among_the_answers(line: Line) -> None:
    assert "a recording" in Clerk(line).signs_in(reported(line)).page.words


@pytest.mark.parametrize("language", ["en", "ar"])
def test_in_a_real_browser_it_can_be_played(line: Line, visitors: Visitors, language: str) -> None:
    page = reported(line)
    desk = AtDesk(line, visitors, language=language).signs_in()
    desk.page.goto(desk.base + page)
    check_page(desk.page)
    assert 6.9 < desk.page.locator("audio").evaluate(LOADED) < 7.1
    desk.tabs_to("#words-1")
