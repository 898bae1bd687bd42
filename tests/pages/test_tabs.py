"""Many tabs in one browser, and two that do the same thing at the same moment."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Page, expect

from app.pages import Page as Words
from simulator.exchange import NotNow
from simulator.pages.people import person
from tests.browser import Visitors
from tests.pages.test_safety import Client
from tests.pages.town import Here

SOON = 5.0
"""Seconds in which a key press must show its effect; one alone takes well under one."""

OPEN = [
    ("phone", "rosa"),
    ("phone", "wei"),
    ("phone", "amal"),
    ("phone", "clerk"),
    ("texts", "frank"),
    ("texts", "rosa"),
    ("chat", "frank"),
    ("chat", "rosa"),
]
"""More than a browser keeps connections open to one server."""


def tabs_of_one_browser(here: Here, visitors: Visitors) -> Page:
    """Frank's telephone, with eight more tabs open beside it in the same browser."""
    page = visitors.open(here.page("phone", "frank"))
    for device, who in OPEN:
        visitors.another_tab(page.context).goto(here.page(device, who))
    return page


def test_a_telephone_answers_at_once_beside_eight_other_tabs(here: Here, visitors: Visitors) -> None:
    page = tabs_of_one_browser(here, visitors)
    page.wait_for_timeout(1000)
    began = time.monotonic()
    page.get_by_role("button", name="Call the office").click()
    expect(page.locator("#log")).to_contain_text("For English, press 1.", timeout=60_000)
    assert time.monotonic() - began < SOON


@pytest.fixture
def hurried() -> Iterator[None]:
    """Threads that take turns as often as they can, so that what can come between does."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hurried")
def test_a_telephone_that_dials_in_several_tabs_at_once_makes_one_call(here: Here) -> None:
    frank = person("frank")
    assert frank
    for round in range(1, 13):
        together(lambda: here.telephones.dial(frank), tabs=6)
        assert len(here.exchange.calls) == round
        here.telephones.hang_up(frank)


def together(does: Callable[[], None], tabs: int) -> None:
    """Do the same in so many threads at once; what is not possible now is let go."""
    ready = threading.Barrier(tabs)

    def once() -> None:
        ready.wait()
        with suppress(NotNow):
            does()

    threads = [threading.Thread(target=once) for _ in range(tabs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_keys_pressed_in_two_tabs_at_once_are_taken_one_after_the_other(here: Here) -> None:
    first, second = Client(here), Client(here)
    assert first.post("/phone/frank/call", {})[0] == 200
    waiting, statuses = [first, second], list[int]()
    together(lambda: statuses.append(waiting.pop().post("/phone/frank/press", {"keys": "1"})[0]), tabs=2)
    assert statuses == [200, 200]
    (call,) = here.exchange.calls
    assert not call.over
    pressed = [dict(one.form)["Digits"] for one in here.exchange.attempts if "Digits" in dict(one.form)]
    assert pressed == ["1", "1"]


def test_what_is_refused_is_not_shown_as_done(here: Here) -> None:
    page = Client(here)
    assert page.post("/phone/frank/call", {})[0] == 200
    assert page.post("/phone/frank/press", {"keys": "A"})[0] == 400
    assert page.post("/phone/frank/press", {"keys": "1"})[0] == 200
    frank = person("frank")
    assert frank
    shown = here.telephones.shows(frank, Words(words=here.plainline.words, language="en"))
    call = shown["call"]
    assert isinstance(call, dict)
    assert [line["text"] for line in call["lines"] if line["who"] == "you"] == ["1"]
