"""Calls in the browser: keys, words, a person, voicemail; in Spanish, in Arabic, by keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from store import schema
from tests.browser import Visitors, check_page
from tests.pages.town import Here


def press(page: Page, *keys: str) -> None:
    """Press keys as they are shown, each when the line waits for it."""
    for key in keys:
        page.locator(f"[data-key='{key}']").click()


def heard(page: Page) -> str:
    return page.locator("#log").inner_text()


def test_a_call_in_spanish_ends_in_a_case(here: Here, visitors: Visitors) -> None:
    page = visitors.open(here.page("phone", "rosa"))
    check_page(page)
    page.get_by_role("button", name="Call the office").click()
    expect(page.locator("#log")).to_contain_text("Para español, oprima 2.")
    check_page(page)
    press(page, "2")
    expect(page.locator("#log")).to_contain_text("¿De qué se trata?")
    print(heard(page))
    page.screenshot(path="/tmp/b/phone.png", full_page=True)
