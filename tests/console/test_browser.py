"""The console in a real browser: by mouse, by keyboard alone, right to left, on a narrow screen, on a bad line."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core import desk_words
from core.staff import Staff
from store import schema
from tests.browser import Visitors, check_page
from tests.calls.line import LANGUAGES, Line
from tests.calls.test_desk import asks_for_person

MOST_KEYS = 80
"""Presses of the tab key after which something is taken to be out of reach."""


class AtDesk:
    """A clerk in front of a browser."""

    def __init__(self, line: Line, visitors: Visitors, login: str = "ines", language: str = "en", **more: Any) -> None:
        self.line = line
        self.base = f"http://127.0.0.1:{line.port}"
        account = Staff(id=0, login=login, name=login.title(), language=language, phone="+14155550111")
        self.login = login
        self.password = line.plainline.accounts.add(account)
        self.page: Page = visitors.open(f"{self.base}/console", **more)

    def signs_in(self) -> AtDesk:
        self.page.locator("#login").fill(self.login)
        self.page.locator("#password").fill(self.password)
        self.page.locator("main button").click()
        expect(self.page.locator(".cards").first).to_be_visible()
        return self

    def takes(self) -> AtDesk:
        """Take the one who waits."""
        self.page.locator("form[action$='/claim'] button").click()
        expect(self.page.locator("#reply")).to_be_visible()
        return self

    def tabs_to(self, selector: str) -> AtDesk:
        """Press the tab key until this has the focus, which must be seen.

        What is sought is waited for first: keys that are pressed while a page goes and the next one comes are lost."""
        expect(self.page.locator(selector).first).to_be_visible()
        self.page.wait_for_load_state()
        for _ in range(MOST_KEYS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("wanted => document.activeElement?.matches(wanted)", selector):
                outline = self.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none", f"the focus on {selector} is not seen"
                return self
        raise AssertionError(f"{selector} is out of the keyboard's reach")


def shown(page: Page, words: str) -> None:
    expect(page.get_by_text(words).first).to_be_visible()


def test_someone_is_taken_answered_and_closed(line: Line, visitors: Visitors) -> None:
    ana = asks_for_person(line)
    ines = AtDesk(line, visitors)
    check_page(ines.page)
    ines.signs_in()
    check_page(ines.page)
    ines.takes()
    check_page(ines.page)
    ines.page.locator("#reply").fill("Please bring the old card.")
    ines.page.get_by_role("button", name="Send the answer").click()
    shown(ines.page, "Your answer is on its way.")
    expect(ines.page.locator("#reply")).to_have_value("")
    line.deliver()
    assert ana.got[-1] == "Please bring the old card."
    ines.page.get_by_label("The question was answered").check()
    ines.page.get_by_role("button", name="Close the request").click()
    shown(ines.page, "The request is closed.")
    shown(ines.page, "Nobody waits.")
    assert [row.outcome for row in line.rows(schema.handoffs)] == ["answered"]


def test_by_keyboard_alone(line: Line, visitors: Visitors) -> None:
    ana = asks_for_person(line)
    ines = AtDesk(line, visitors)
    keys = ines.page.keyboard
    ines.tabs_to(".skip").tabs_to("#login")
    keys.type("ines")
    keys.press("Tab")
    keys.type(ines.password)
    keys.press("Enter")
    expect(ines.page.locator(".cards").first).to_be_visible()
    ines.tabs_to("form[action$='/claim'] button")
    keys.press("Enter")
    expect(ines.page.locator("#reply")).to_be_visible()
    ines.tabs_to("[data-list=log]").tabs_to("#reply")
    keys.type("Good morning.")
    ines.tabs_to("form[action$='/reply'] button")
    keys.press("Enter")
    shown(ines.page, "Your answer is on its way.")
    line.deliver()
    assert ana.got[-1] == "Good morning."
    ines.tabs_to("input[name=outcome]")
    keys.press("Space")
    ines.tabs_to("form[action$='/close'] button")
    keys.press("Enter")
    shown(ines.page, "The request is closed.")


def test_of_two_clerks_one_has_it_and_the_other_reads_who(line: Line, visitors: Visitors) -> None:
    visitors.forgive("409")
    asks_for_person(line)
    ines, omar = AtDesk(line, visitors).signs_in(), AtDesk(line, visitors, "omar").signs_in()
    claim = omar.page.locator("form[action$='/claim']")
    expect(claim).to_be_visible()
    ines.takes()
    claim.evaluate("form => form.requestSubmit()")
    alert = omar.page.get_by_role("alert").filter(has_text="Ines has this request.")
    expect(alert).to_be_focused()
    check_page(omar.page)


def test_new_requests_appear_by_themselves_and_leave_the_focus_alone(line: Line, visitors: Visitors) -> None:
    asks_for_person(line)
    ines = AtDesk(line, visitors).signs_in()
    first = ines.page.locator("form[action$='/claim'] button").first
    first.focus()
    focused = ines.page.evaluate("document.activeElement.id")
    line.clock.later(minutes=3)
    line.texter("en", "+14155550124").write("hello", "my husband cannot breathe")
    expect(ines.page.locator(".card.danger")).to_be_visible(timeout=20_000)
    shown(ines.page, "Danger: act first")
    shown(ines.page, "Waits 3 minutes")
    expect(ines.page.locator("[data-announce]")).to_have_text("2 requests wait.")
    assert ines.page.evaluate("document.activeElement.id") == focused
    check_page(ines.page)


def test_new_messages_appear_while_one_writes(line: Line, visitors: Visitors) -> None:
    ana = asks_for_person(line)
    ines = AtDesk(line, visitors).signs_in().takes()
    ines.page.locator("#reply").fill("Please bring")
    ana.write("it is about <b>my father</b>")
    expect(ines.page.locator(".log")).to_contain_text("it is about <b>my father</b>", timeout=20_000)
    expect(ines.page.locator("#reply")).to_be_focused()
    ines.page.locator("#reply").fill("Please bring his card.")
    ines.page.get_by_role("button", name="Send the answer").click()
    shown(ines.page, "Your answer is on its way.")
    line.deliver()
    assert ana.got[-1] == "Please bring his card."


def test_what_was_not_on_the_screen_was_not_seen(line: Line, visitors: Visitors) -> None:
    visitors.forgive("409")
    ana = asks_for_person(line)
    ana.write(
        *(f"one more thing, number {number}, and a long one, so that there is more than fits" for number in range(9))
    )
    ines = AtDesk(line, visitors, height=500).signs_in().takes()
    ines.page.locator(".log").evaluate("log => { log.scrollTop = 0 }")
    ana.write("the newest of all")
    shown(ines.page, "There are new messages below.")
    ines.page.locator("#reply").fill("Hello.")
    ines.page.get_by_role("button", name="Send the answer").click()
    expect(ines.page.locator("[data-focus]")).to_contain_text("There are new messages.")
    expect(ines.page.locator("#reply")).to_have_value("Hello.")


def test_what_was_typed_outlives_a_reload_and_signing_in_again(line: Line, visitors: Visitors) -> None:
    visitors.forgive("403")
    asks_for_person(line)
    ines = AtDesk(line, visitors).signs_in().takes()
    ines.page.locator("#reply").fill("Half a sentence")
    ines.page.reload()
    expect(ines.page.locator("#reply")).to_have_value("Half a sentence")
    [person] = line.plainline.accounts.store.all()
    line.plainline.accounts.sign_out_everywhere(person)
    ines.page.get_by_role("button", name="Send the answer").click()
    shown(ines.page, "You are signed out.")
    expect(ines.page.locator("#kept")).to_have_value("Half a sentence")
    check_page(ines.page)
    ines.page.get_by_role("link", name="Go on").click()
    ines.page.locator("#login").fill("ines")
    ines.page.locator("#password").fill(ines.password)
    ines.page.locator("main button").click()
    expect(ines.page.locator("#reply")).to_have_value("Half a sentence")
    ines.page.get_by_role("button", name="Sign out").click()
    shown(ines.page, "You are signed out.")
    assert ines.page.evaluate("Object.keys(sessionStorage).length") == 0


def test_who_signs_in_again_in_another_tab_goes_on_in_the_first(line: Line, visitors: Visitors) -> None:
    visitors.forgive("403")
    ana = asks_for_person(line)
    ines = AtDesk(line, visitors).signs_in().takes()
    ines.page.locator("#reply").fill("Good morning.")
    [person] = line.plainline.accounts.store.all()
    line.plainline.accounts.sign_out_everywhere(person)
    stale = ines.page.locator("[data-fresh]")
    expect(stale).to_contain_text("You are signed out.", timeout=20_000)
    other = visitors.another_tab(ines.page.context)
    other.goto(f"{ines.base}/console")
    other.locator("#login").fill("ines")
    other.locator("#password").fill(ines.password)
    other.locator("main button").click()
    shown(other, "With colleagues")
    ines.page.bring_to_front()
    expect(stale).to_have_text("Up to date again.", timeout=20_000)
    ines.page.get_by_role("button", name="Send the answer").click()
    shown(ines.page, "Your answer is on its way.")
    line.deliver()
    assert ana.got[-1] == "Good morning."


def test_danger_is_told_to_who_is_busy_with_another_request(line: Line, visitors: Visitors) -> None:
    asks_for_person(line)
    ines = AtDesk(line, visitors).signs_in().takes()
    line.texter("en", "+14155550124").write("hello", "my husband cannot breathe")
    alarm = ines.page.get_by_role("link", name="Danger: 1 person waits on the list.")
    expect(alarm).to_be_visible(timeout=20_000)
    check_page(ines.page)
    alarm.click()
    shown(ines.page, "Danger: act first")


def test_it_says_since_when_it_is_not_up_to_date(line: Line, visitors: Visitors) -> None:
    visitors.forgive("ERR_")
    asks_for_person(line)
    ines = AtDesk(line, visitors).signs_in()
    ines.page.context.set_offline(True)
    stale = ines.page.locator("[data-fresh]")
    expect(stale).to_have_text(re.compile(r"Not up to date since 10:30\sAM\. Trying again\."), timeout=20_000)
    check_page(ines.page)
    ines.page.context.set_offline(False)
    expect(stale).to_have_text("Up to date again.", timeout=20_000)


def test_without_scripts_everything_works_by_reloading(line: Line, visitors: Visitors) -> None:
    ana = asks_for_person(line)
    ines = AtDesk(line, visitors, java_script_enabled=False).signs_in().takes()
    ines.page.locator("#reply").fill("Good morning.")
    ines.page.get_by_role("button", name="Send the answer").click()
    shown(ines.page, "Your answer is on its way.")
    line.deliver()
    assert ana.got[-1] == "Good morning."
    ana.write("thank you")
    ines.page.reload()
    expect(ines.page.locator(".log")).to_contain_text("thank you")


def test_what_was_meant_is_said_by_keyboard_alone(line: Line, visitors: Visitors) -> None:
    line.texter().write("hello", "my bus card stopped working", "0")
    ines = AtDesk(line, visitors).signs_in()
    ines.page.locator(".card h3 a").click()
    ines.tabs_to("[data-list=log]").tabs_to(".meant a").tabs_to(".meant a")
    ines.page.keyboard.press("Enter")
    expect(ines.page.get_by_role("heading", name="What was meant?")).to_be_visible()
    expect(ines.page.locator("main .words")).to_have_text("my bus card stopped working")
    check_page(ines.page)
    assert ines.page.evaluate(SMALL, SMALLEST) == []
    ines.tabs_to("input[name=meant]")
    ines.page.keyboard.press("Space")
    ines.page.keyboard.press("ArrowDown")
    chosen = ines.page.locator("input[name=meant]:checked").get_attribute("value") or ""
    ines.tabs_to("form[action*='/meant/'] button")
    ines.page.keyboard.press("Enter")
    shown(ines.page, "What was meant is kept.")
    expect(ines.page.locator(".log .meant strong")).to_contain_text("Ines says it meant:")
    check_page(ines.page)
    assert [row.meant for row in line.rows(schema.corrections)] == [chosen]


def test_scripts_in_words_and_names_are_text(line: Line, visitors: Visitors) -> None:
    evil = "<img src=x onerror=alert(1)>"
    line.texter().write("hello", f"{evil}<script>alert(2)</script>", "0")
    ines = AtDesk(line, visitors, "ines")
    ines.page.on("dialog", lambda dialog: visitors.wrong.append(f"a script ran: {dialog.message}"))
    ines.signs_in().takes()
    expect(ines.page.locator(".log")).to_contain_text(evil)
    ines.page.locator("#note").fill(evil)
    ines.page.get_by_role("button", name="Keep the note").click()
    expect(ines.page.locator("[data-list=notes]")).to_contain_text(evil)
    assert ines.page.locator("main img").count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_in_the_clerks_language_and_good_to_read(
    line: Line, visitors: Visitors, language: str, scheme: str
) -> None:
    visitors.forgive("404")
    ana = line.texter(language)
    hello = {"en": "hello", "es": "hola, buenos días", "zh_Hans": "你好", "ar": "مرحبا"}[language]
    ana.write(hello, "2", "1", "4", "70", "0")
    browser = language.replace("_", "-")
    at = AtDesk(line, visitors, "ines", language, color_scheme=scheme)
    at.signs_in()
    html = at.page.locator("html")
    expect(html).to_have_attribute("lang", browser)
    expect(html).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    check_page(at.page)
    at.takes()
    check_page(at.page)
    at.page.goto(f"{at.base}/console/requests/1/meant/1")
    expect(at.page.locator("input[name=meant]").first).to_be_visible()
    check_page(at.page)
    at.page.goto(f"{at.base}/console/account")
    check_page(at.page)
    at.page.goto(f"{at.base}/console/requests/999")
    expect(at.page.get_by_role("alert")).to_be_visible()
    check_page(at.page)


def test_a_wrong_password_is_told_and_read_out(line: Line, visitors: Visitors) -> None:
    visitors.forgive("409")
    ines = AtDesk(line, visitors)
    ines.page.locator("#login").fill("ines")
    ines.page.locator("#password").fill("wrong")
    ines.page.locator("main button").click()
    expect(ines.page.get_by_role("alert")).to_have_text(desk_words.WRONG_SIGN_IN.id)
    check_page(ines.page)


SMALLEST = 24
"""CSS pixels of what is pressed, each way (WCAG 2.2, 2.5.8)."""

SMALL = """least => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
  .filter(one => !one.matches('.skip, [type=hidden]'))
  .filter(one => !one.closest('label'))
  .filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && (box.width < least || box.height < least);
  })
  .map(one => one.outerHTML.slice(0, 100))"""


def test_what_is_pressed_is_large_enough(line: Line, visitors: Visitors) -> None:
    asks_for_person(line)
    ines = AtDesk(line, visitors, width=320).signs_in()
    assert ines.page.evaluate(SMALL, SMALLEST) == []
    ines.takes()
    assert ines.page.evaluate(SMALL, SMALLEST) == []
