"""The README's walk of five minutes, as a newcomer takes it: each side in a browser of its own."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from core.staff import Staff
from store import schema
from tests.browser import Visitors
from tests.pages.test_messages import write
from tests.pages.test_phone import press, ready, wants
from tests.pages.town import Here

SOON = 15_000
"""Milliseconds."""


def at_the_console(here: Here, visitors: Visitors) -> Page:
    """A clerk signs in."""
    password = here.plainline.accounts.add(Staff(id=0, login="clerk", name="Clerk", phone="+14155550190"))
    page = visitors.open(f"{here.web}/console")
    page.locator("#login").fill("clerk")
    page.locator("#password").fill(password)
    page.locator("main button").click()
    return page


def take(page: Page) -> None:
    """Take the first who waits."""
    page.locator("form[action$='/claim'] button").first.click()


def test_someone_chats_asks_for_a_person_and_is_answered_in_the_other_tab(here: Here, visitors: Visitors) -> None:
    home = visitors.open(here.web)
    home.get_by_role("link", name="Try it: chat from this screen").click()
    home.get_by_role("button", name="Start the chat").click()
    expect(home.locator("#log > .line")).to_have_count(1, timeout=SOON)
    write(home, "my bus card does not work any more")
    write(home, "a person please")
    clerk = at_the_console(here, visitors)
    take(clerk)
    expect(clerk.get_by_text("my bus card does not work any more").first).to_be_visible()
    clerk.locator("#reply").fill("Bring the old card <b>to Civic Hall</b>.")
    clerk.get_by_role("button", name="Send the answer").click()
    expect(home.locator("#log > .line").last).to_contain_text("Bring the old card <b>to Civic Hall</b>.", timeout=SOON)
    home.locator("#words").fill("Thank you!")
    home.get_by_role("button", name="Send").click()
    expect(clerk.get_by_text("Thank you!").first).to_be_visible(timeout=SOON)
    clerk.get_by_label("The question was answered").check()
    clerk.get_by_role("button", name="Close the request").click()
    expect(home.locator("#log > .line").last).to_contain_text("closed your question", timeout=SOON)
    assert [row.outcome for row in here.rows(schema.handoffs)] == ["answered"]


def test_a_caller_who_hides_their_number_is_connected_with_the_clerk(here: Here, visitors: Visitors) -> None:
    clerk = at_the_console(here, visitors)
    expect(clerk.get_by_text("Nobody waits.").first).to_be_visible()
    here.clock.later(seconds=6)
    caller = visitors.open(here.page("phone", "hidden"))
    caller.get_by_role("button", name="Call the office").click()
    press(caller, "1")
    ready(caller)
    caller.locator("[data-key='0']").click()
    wants(caller, "You wait for a person at the office.")
    clerk.reload()
    take(clerk)
    telephone = visitors.open(here.page("phone", "clerk"))
    clerk.get_by_role("button", name="Call now").click()
    wants(telephone, "Your telephone rings.")
    telephone.get_by_role("button", name="Pick up").click()
    wants(telephone, "Press one key.")
    telephone.locator("[data-key='1']").click()
    wants(caller, "You are connected. Talk, then hang up.")
    caller.get_by_role("button", name="Hang up").click()
    wants(telephone, "The call is over.")
