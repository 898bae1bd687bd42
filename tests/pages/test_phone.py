"""Calls in the browser: keys, words, a person, voicemail; in Spanish, in Arabic, by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.bootstrap import Plainline
from app.own_voice import name_of
from core import phrases as say
from core.staff import Staff
from store import schema
from tests.browser import Visitors, check_axe, check_page
from tests.calls.line import Clock
from tests.pages.town import Here, a_town

CALL = {"en": "Call the office", "es": "Llamar a la oficina", "ar": "اتصل بالمكتب"}
KEYS = {"en": "1", "es": "2", "zh_Hans": "3", "ar": "4"}


def wants(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator("#wants")).to_have_text(words, timeout=15_000)


def said(page: Page) -> int:
    return page.locator("#log > .line").count()


def ready(page: Page) -> None:
    """Wait until the line listens."""
    expect(page.locator("#device")).to_have_attribute("data-now", "listens", timeout=15_000)


def hears_more(page: Page, before: int) -> None:
    """Wait until more was said than before, and nothing is being worked on."""
    page.wait_for_function("n => document.querySelectorAll('#log > .line').length > n", arg=before)
    expect(page.locator("#device")).not_to_have_attribute("data-now", "works")


def press(page: Page, *keys: str) -> None:
    """Press keys; after each, wait for what is said next."""
    for key in keys:
        ready(page)
        before = said(page)
        page.locator(f"[data-key='{key}']").click()
        hears_more(page, before)


def type_in(page: Page, keys: str) -> None:
    """Type several keys, the last of which ends it."""
    ready(page)
    before = said(page)
    for key in keys:
        page.locator(f"[data-key='{key}']").click()
    hears_more(page, before)


def call(visitors: Visitors, here: Here, who: str, language: str = "en") -> Page:
    """Somebody calls from their telephone, with the page in this language, and chooses it."""
    page = visitors.open(here.page("phone", who, language))
    page.get_by_role("button", name=CALL[language]).click()
    expect(page.locator("#log")).to_contain_text("For English, press 1.")
    press(page, KEYS[language])
    return page


def test_a_call_in_spanish_comes_to_an_answer_and_a_case(here: Here, visitors: Visitors) -> None:
    page = visitors.open(here.page("phone", "rosa", "es"))
    check_page(page)
    page.get_by_role("button", name=CALL["es"]).click()
    expect(page.locator("#log")).to_contain_text("español, 2.")
    wants(page, "Oprima una tecla o diga qué necesita.")
    check_page(page)
    press(page, "2", "2", "3")
    expect(page.locator("#log [lang='es-US']").last).to_contain_text("Con esta tarjeta los autobuses son gratis")
    press(page, "1")
    expect(page.locator("#log")).to_contain_text("Lleve su identificación")
    press(page, "4")
    type_in(page, "72#")
    press(page, "2", "1", "1")
    expect(page.locator("#log")).to_contain_text(re.compile("Su (referencia|número)"))
    assert [row.service for row in here.rows(schema.cases)] == ["senior_transport_card"]
    page.get_by_role("button", name="Colgar").click()
    wants(page, "La llamada terminó.")
    check_page(page)


def test_words_are_said_as_surely_as_is_chosen(here: Here, visitors: Visitors) -> None:
    page = call(visitors, here, "frank")
    page.get_by_label("Say something").fill("my streetlight is broken")
    page.get_by_label("How well you are understood").select_option("high")
    page.get_by_role("button", name="Say it").click()
    expect(page.locator("#log")).to_contain_text("“my streetlight is broken”")
    expect(page.locator("#log")).to_contain_text("treetlight", timeout=10_000)
    asked = [dict(one.form) for one in here.exchange.attempts]
    assert [form["Confidence"] for form in asked if "SpeechResult" in form] == ["0.9"]
    assert [one.over for one in here.exchange.calls] == [False]


def test_saying_nothing_lets_the_time_out_pass(here: Here, visitors: Visitors) -> None:
    page = call(visitors, here, "frank")
    before = said(page)
    page.get_by_role("button", name="Say nothing").click()
    expect(page.locator("#log > .you").last).to_contain_text("(says nothing)")
    page.wait_for_function("n => document.querySelectorAll('#log > .line').length > n", arg=before)


@pytest.mark.parametrize("choice", ["Nobody answers", "The line is busy"])
def test_the_page_plays_the_office_that_is_not_reached(here: Here, visitors: Visitors, choice: str) -> None:
    page = call(visitors, here, "frank")
    press(page, "0")
    wants(page, "It rings: Civic Hall.")
    check_page(page)
    page.get_by_role("button", name=choice).click()
    wants(page, re.compile("Press one key"))


def test_the_page_plays_the_office_that_answers(here: Here, visitors: Visitors) -> None:
    page = call(visitors, here, "frank")
    press(page, "0")
    page.get_by_role("button", name="Somebody answers").click()
    wants(page, "You are connected. Talk, then hang up.")
    check_page(page)
    page.get_by_role("button", name="The office hangs up").click()
    wants(page, re.compile("Press one key"))


def test_two_people_call_at_once_from_two_tabs(here: Here, visitors: Visitors) -> None:
    frank, rosa = call(visitors, here, "frank"), call(visitors, here, "rosa", "es")
    press(frank, "2")
    press(rosa, "3")
    expect(frank.locator("#log")).to_contain_text("Bus times")
    expect(rosa.locator("#log")).to_contain_text("Árbol caído")
    assert len(here.exchange.calls) == 2


def test_a_second_tab_of_the_same_telephone_shows_the_same_call(here: Here, visitors: Visitors) -> None:
    first = call(visitors, here, "frank")
    second = visitors.open(here.page("phone", "frank"))
    expect(second.locator("#log")).to_contain_text("Alder Bay services.")
    press(second, "2")
    expect(first.locator("#log")).to_contain_text("Bus times")


def test_a_call_by_keyboard_alone(here: Here, visitors: Visitors) -> None:
    page = visitors.open(here.page("phone", "frank"))
    button = page.get_by_role("button", name="Call the office")
    for _ in range(30):
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    outline = button.evaluate("one => getComputedStyle(one).outlineStyle")
    assert outline == "solid", "the focus is not to be seen"
    page.keyboard.press("Enter")
    expect(page.locator("#log")).to_contain_text("For English, press 1.")
    assert page.evaluate("document.activeElement.closest('#device') !== null"), "the focus was lost"
    page.keyboard.press("1")
    expect(page.locator("#log > .line")).to_have_count(6)
    ready(page)
    page.keyboard.press("2")
    expect(page.locator("#log")).to_contain_text("Bus times")
    ready(page)
    page.keyboard.press("8")
    wants(page, re.compile("Type it"))
    page.keyboard.type("241#")
    expect(page.locator("#log")).to_contain_text("Senior transport card.")


def test_keys_typed_into_the_words_are_words(here: Here, visitors: Visitors) -> None:
    page = call(visitors, here, "frank")
    page.get_by_label("Say something").press_sequentially("241")
    expect(page.get_by_label("Say something")).to_have_value("241")
    assert page.locator("#log > .you").count() == 1


def test_the_telephone_in_arabic_runs_from_right_to_left_but_its_keys_do_not(here: Here, visitors: Visitors) -> None:
    page = call(visitors, here, "amal", "ar")
    assert page.locator("html").get_attribute("dir") == "rtl"
    one, three = page.locator("[data-key='1']").bounding_box(), page.locator("[data-key='3']").bounding_box()
    assert one is not None
    assert three is not None
    assert one["x"] < three["x"]
    last = page.locator("#log > .line .what").last
    assert (last.get_attribute("dir"), last.get_attribute("lang")) == ("rtl", "ar")
    check_page(page)


def test_what_is_heard_is_a_log_that_is_read_out_politely(here: Here, visitors: Visitors) -> None:
    page = call(visitors, here, "frank")
    heard = page.get_by_role("log", name="What is heard")
    expect(heard).to_be_visible()
    first = heard.locator("div").first.element_handle()
    press(page, "2")
    assert first.evaluate("one => one.isConnected"), "what was read out already is put there anew"


def test_a_clerk_who_calls_back_is_answered_by_both_telephones(here: Here, visitors: Visitors) -> None:
    clerk, frank = rung(here, visitors)
    frank.get_by_role("button", name="Pick up").click()
    wants(frank, "Press one key.")
    check_page(frank)
    frank.locator("[data-key='1']").click()
    wants(frank, "You are connected. Talk, then hang up.")
    wants(clerk, "You are connected. Talk, then hang up.")
    check_axe(clerk)
    frank.get_by_role("button", name="Hang up").click()
    wants(frank, "The call is over.")
    assert result(here) == "completed"


def test_a_voicemail_hears_no_private_word(here: Here, visitors: Visitors) -> None:
    clerk, frank = rung(here, visitors)
    frank.get_by_role("button", name="Voicemail takes it").click()
    wants(clerk, "The call is over.")
    assert result(here) == "machine"
    (heard,) = [one.heard for one in here.telephones.calls() if one.leg.direction == "outbound-dial"]
    assert heard
    assert [one.text for one in heard] == [heard[0].text] * len(heard)
    assert "Alder Bay is calling" in heard[0].text


@pytest.fixture
def here_spoken(wired: Plainline, sqlite_url: str, clock: Clock, tmp_path: Path) -> Iterator[Here]:
    """A town whose office has spoken itself how to choose."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / f"{name_of(wired.words.say(say.WHAT_ABOUT, 'en', 'voice'))}.wav").touch()
    with a_town(replace(wired, settings=replace(wired.settings, own_voice=tmp_path)), sqlite_url, clock) as town:
        yield town


def test_what_is_played_is_named_and_no_address(here_spoken: Here, visitors: Visitors) -> None:
    page = call(visitors, here_spoken, "frank")
    expect(page.locator("#log")).to_contain_text("(plays something that was recorded)")
    expect(page.locator("#log")).not_to_contain_text("/voice/own")
    check_page(page)


@pytest.mark.parametrize(("choice", "became"), [("Let it ring", "no-answer"), ("Be busy", "busy")])
def test_a_telephone_that_is_not_picked_up(here: Here, visitors: Visitors, choice: str, became: str) -> None:
    clerk, frank = rung(here, visitors)
    frank.get_by_role("button", name=choice).click()
    wants(clerk, "The call is over.")
    wants(frank, "The call is over.")
    assert result(here) == became


def test_a_caller_waits_for_the_clerk_at_the_desk(here: Here, visitors: Visitors) -> None:
    staff = at_the_desk(here)
    frank = call(visitors, here, "frank")
    frank.locator("[data-key='0']").click()
    wants(frank, "You wait for a person at the office.")
    expect(frank.locator("#log")).to_contain_text("We are looking for a person.")
    check_page(frank)
    clerk = visitors.open(here.page("phone", "clerk"))
    call_now(here, staff)
    wants(clerk, "Your telephone rings.")
    check_page(clerk)
    clerk.get_by_role("button", name="Pick up").click()
    press_when_asked(clerk, "1")
    for page in (clerk, frank):
        wants(page, "You are connected. Talk, then hang up.")
    clerk.get_by_role("button", name="Hang up").click()
    wants(clerk, "The call is over.")


def rung(here: Here, visitors: Visitors) -> tuple[Page, Page]:
    """Somebody has asked for a call back; the clerk has picked up, and now the resident's telephone rings."""
    frank = call(visitors, here, "frank")
    press(frank, "0")
    frank.get_by_role("button", name="Nobody answers").click()
    wants(frank, re.compile("Press one key"))
    press(frank, "1")
    frank.get_by_role("button", name="Hang up").click()
    wants(frank, "The call is over.")
    staff = at_the_desk(here)
    clerk = visitors.open(here.page("phone", "clerk"))
    call_now(here, staff)
    wants(clerk, "Your telephone rings.")
    clerk.get_by_role("button", name="Pick up").click()
    press_when_asked(clerk, "1")
    wants(frank, "Your telephone rings.")
    return clerk, frank


def at_the_desk(here: Here) -> Staff:
    """A clerk, signed in, with the telephone that the simulator has for one."""
    accounts = here.plainline.accounts
    password = accounts.add(Staff(id=0, login="ines", name="Ines", phone="+14155550190"))
    staff = accounts.signed_in(accounts.sign_in("ines", password, "127.0.0.1"))
    assert staff
    here.clock.later(seconds=6)
    return staff


def call_now(here: Here, staff: Staff) -> None:
    """The clerk takes the request and presses "call now"."""
    (request,) = here.plainline.desk.waiting(staff)
    here.plainline.desk.claim(staff, request.id, "claim")
    here.plainline.desk_calls.call(staff, request.id, "call")


def press_when_asked(page: Page, key: str) -> None:
    wants(page, "Press one key.")
    page.locator(f"[data-key='{key}']").click()


def result(here: Here) -> str:
    """How the call now ended."""
    here.exchange.settle()
    (row,) = here.rows(schema.phone_calls)
    return str(row.result)
