"""Make the pictures of the README anew: `make pictures`. Real pages, in a real browser, at a fixed time."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect

from app.bootstrap import build
from app.settings import Settings
from core.staff import Staff
from store import migrate
from tests.browser import Visitors, started
from tests.calls.line import OPEN, PUBLIC, SECRET, Clock
from tests.pages.town import Here, a_town

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WIDE, HIGH = 1000, 860
SOON = 15_000
"""Milliseconds."""


def main() -> int:
    """Make all of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'pictures.db'}"
        migrate.upgrade(url)
        wired = build(Settings(database_url="", public_url=PUBLIC, secret_key=SECRET, folder=Path("var")))
        with a_town(wired, url, Clock(OPEN)) as here, started() as browser:
            visitors = Visitors(browser)
            front(here, visitors)
            phone(here, visitors)
            chat_and_console(here, visitors)
            visitors.close()
    return 0


def opened(visitors: Visitors, url: str) -> Page:
    return visitors.open(url, width=WIDE, height=HIGH)


def keep(page: Page, name: str) -> None:
    """What is on the screen, with nothing marked as having the focus."""
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.mouse.move(0, 0)
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


def front(here: Here, visitors: Visitors) -> None:
    keep(opened(visitors, f"{here.web}/?lang=en"), "front")


def phone(here: Here, visitors: Visitors) -> None:
    """Rosa asks about the bus card, in Spanish."""
    page = opened(visitors, here.page("phone", "rosa"))
    page.get_by_role("button", name="Call the office").click()
    for key, said in (("2", 6), ("2", 7), ("3", 8)):
        expect(page.locator("#device")).to_have_attribute("data-now", "listens", timeout=SOON)
        page.locator(f"[data-key='{key}']").click()
        expect(page.locator("#log > .line")).to_have_count(said, timeout=SOON)
    expect(page.locator("#device")).to_have_attribute("data-now", "listens", timeout=SOON)
    keep(page, "phone")


def chat_and_console(here: Here, visitors: Visitors) -> None:
    """Frank asks in the chat and wants a person; a clerk answers."""
    frank = opened(visitors, here.page("chat", "frank"))
    writes(frank, "/start", 1)
    writes(frank, "my bus card does not work any more", 2)
    writes(frank, "a person please", 3)
    clerk = signed_in(here, visitors)
    clerk.locator("form[action$='/claim'] button").first.click()
    clerk.locator("#reply").fill("Good morning, Mr. Miller. Bring the old card to Civic Hall; a new one is free.")
    clerk.get_by_role("button", name="Send the answer").click()
    expect(clerk.get_by_text("Good morning, Mr. Miller.").first).to_be_visible(timeout=SOON)
    keep(clerk, "console")
    expect(frank.locator("#log")).to_contain_text("Good morning, Mr. Miller.", timeout=SOON)
    keep(frank, "chat")


def writes(page: Page, words: str, answers: int) -> None:
    page.locator("#words").fill(words)
    page.get_by_role("button", name="Send").click()
    page.wait_for_function("n => document.querySelectorAll('#log > .line').length >= n", arg=answers, timeout=SOON)


def signed_in(here: Here, visitors: Visitors) -> Page:
    password = here.plainline.accounts.add(Staff(id=0, login="ines", name="Ines", phone="+14155550190"))
    page = opened(visitors, f"{here.web}/console")
    page.locator("#login").fill("ines")
    page.locator("#password").fill(password)
    page.locator("main button").click()
    return page


if __name__ == "__main__":
    sys.exit(main())
