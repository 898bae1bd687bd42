"""Text messages and the chat in the browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from store import schema
from tests.browser import Visitors, check_axe, check_page
from tests.pages.town import Here

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def write(page: Page, words: str, send: str = "Send") -> None:
    """Write, and wait for the answer."""
    before = page.locator("#log > .line").count()
    page.locator("#words").fill(words)
    page.get_by_role("button", name=send, exact=True).click()
    page.wait_for_function("n => document.querySelectorAll('#log > .line').length > n", arg=before)


def test_a_text_is_answered_without_reloading(here: Here, visitors: Visitors) -> None:
    page = visitors.open(here.page("texts", "frank"))
    check_page(page)
    write(page, "hello")
    write(page, "241")
    expect(page.locator("#log > .line").last).to_contain_text("Senior transport card")
    expect(page.locator("#log > .line .status").last).to_have_text("Delivered")
    check_page(page)


def test_a_text_can_be_sent_with_the_enter_key(here: Here, visitors: Visitors) -> None:
    page = visitors.open(here.page("texts", "rosa", "es"))
    page.get_by_label("Escribir a la oficina").press_sequentially("hola")
    page.keyboard.press("Enter")
    expect(page.locator("#log > .line")).to_have_count(1, timeout=10_000)
    expect(page.locator("#words")).to_have_value("")


def test_a_text_to_a_telephone_that_is_switched_off_is_marked(here: Here, visitors: Visitors) -> None:
    page = visitors.open(here.page("texts", "frank"))
    page.get_by_label("This telephone is switched off").check()
    write(page, "hello")
    expect(page.locator("#log > .line.bad .status").first).to_contain_text("Did not arrive")
    check_page(page)


def test_texts_of_two_people_stay_apart(here: Here, visitors: Visitors) -> None:
    frank, wei = visitors.open(here.page("texts", "frank")), visitors.open(here.page("texts", "wei", "zh_Hans"))
    write(frank, "241")
    write(wei, "你好", "发送")
    assert "你好" not in frank.locator("#log").inner_text()
    assert "241" not in wei.locator("#log > .you").all_inner_texts()


def test_script_in_a_text_is_shown_as_text(here: Here, visitors: Visitors) -> None:
    page = visitors.open(here.page("texts", "frank"))
    write(page, SCRIPT)
    expect(page.locator("#log > .you .what")).to_have_text(SCRIPT)
    assert page.locator("#log img, #log script").count() == 0


def test_a_chat_by_buttons_comes_to_an_answer(here: Here, visitors: Visitors) -> None:
    page = visitors.open(here.page("chat", "frank"))
    check_page(page)
    page.get_by_role("button", name="Start the chat").click()
    expect(page.locator("#log .buttons button").first).to_be_visible(timeout=10_000)
    check_page(page)
    page.get_by_role("button", name="2 buses and parking").click()
    page.get_by_role("button", name="3 Senior transport card").click(timeout=10_000)
    expect(page.locator("#log > .line").last).to_contain_text("65", timeout=10_000)
    assert "<" not in page.locator("#log > .line").last.inner_text()


def test_a_chat_in_arabic_runs_from_right_to_left(here: Here, visitors: Visitors) -> None:
    page = visitors.open(here.page("chat", "amal", "ar"))
    write(page, "/start", "إرسال")
    first = page.locator("#log > .line .what").first
    assert first.evaluate("one => getComputedStyle(one).direction") == "rtl"
    check_page(page)


def test_a_chat_by_keyboard_alone(here: Here, visitors: Visitors) -> None:
    page = visitors.open(here.page("chat", "frank"))
    page.get_by_label("Write to the office").focus()
    page.keyboard.type("/start")
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="2 buses and parking")
    expect(button).to_be_visible(timeout=10_000)
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="3 Senior transport card")).to_be_visible(timeout=10_000)


def test_script_in_a_chat_is_shown_as_text(here: Here, visitors: Visitors) -> None:
    page = visitors.open(here.page("chat", "frank"))
    write(page, SCRIPT)
    expect(page.locator("#log > .you .what")).to_have_text(SCRIPT)
    assert page.locator("#log img, #log script").count() == 0


def test_a_blocked_office_is_shown_as_blocked_in_every_tab(here: Here, visitors: Visitors) -> None:
    first, second = visitors.open(here.page("chat", "frank")), visitors.open(here.page("chat", "frank"))
    first.get_by_label("Block the office").check()
    expect(second.get_by_label("Block the office")).to_be_checked()
    check_axe(second)


def test_ten_thousand_characters_arrive_in_pieces(here: Here, visitors: Visitors) -> None:
    page = visitors.open(here.page("chat", "frank"))
    write(page, "a " * 5000)
    assert page.locator("#log > .you").count() == 3


def test_trouble_loses_nothing_and_does_nothing_twice(here: Here, visitors: Visitors) -> None:
    switches = visitors.open(f"{here.pages}/trouble?lang=en")
    check_page(switches)
    for kind in ("Failing", "Twice", "Out of order"):
        switches.get_by_label(kind, exact=True).check()
    switches.get_by_role("button", name="Save").click()
    expect(switches.get_by_role("status")).to_have_text("3 kinds of trouble are on.")
    check_page(switches)
    page = visitors.open(here.page("texts", "frank"))
    write(page, "241")
    page.wait_for_timeout(1500)
    assert page.locator("#log > .line").count() == 1
    assert len([row for row in here.rows(schema.turns) if row.key.startswith("SM")]) == 1
    chat = visitors.open(here.page("chat", "frank"))
    write(chat, "/start")
    chat.wait_for_timeout(1500)
    assert chat.locator("#log > .line").count() == 1


def test_slow_is_slow_and_can_be_switched_off(here: Here, visitors: Visitors) -> None:
    switches = visitors.open(f"{here.pages}/trouble?lang=en")
    switches.get_by_label("Slow").check()
    switches.get_by_role("button", name="Save").click()
    assert here.troubles.seconds > 0
    switches.get_by_label("Slow").uncheck()
    switches.get_by_role("button", name="Save").click()
    expect(switches.get_by_role("status")).to_have_text("No trouble is on.")
    assert here.troubles.seconds == 0
    assert here.exchange.trouble.take("/voice") == {}
