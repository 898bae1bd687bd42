"""The front page and the card: in every language, narrow, by keyboard, and on one sheet of paper."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from markupsafe import escape
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from app.bootstrap import Plainline
from app.pages import Page
from app.web import make_app
from tests.browser import Visitors, check_page
from tests.calls.line import LANGUAGES
from tests.pages.town import Here

DIRECTIONS = {"ar": "rtl"}
A4 = re.compile(rb"/MediaBox\s*\[\s*0 0 (59[45][\d.]*) (84[12][\d.]*)\s*\]")


@pytest.mark.parametrize("path", ["/", "/card"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_in_each_language(here: Here, visitors: Visitors, language: str, path: str) -> None:
    page = visitors.open(f"{here.web}{path}?lang={language}")
    root = page.locator("html")
    assert root.get_attribute("lang") == language.replace("_", "-")
    assert root.get_attribute("dir") == DIRECTIONS.get(language, "ltr")
    check_page(page)


@pytest.mark.parametrize("path", ["/", "/card"])
def test_a_page_on_a_dark_screen(here: Here, visitors: Visitors, path: str) -> None:
    page = visitors.open(f"{here.web}{path}?lang=en", color_scheme="dark")
    assert brightness(page, "backgroundColor") < 64
    assert brightness(page, "color") > 192
    check_page(page)


def test_paper_is_white_though_the_screen_is_dark(here: Here, visitors: Visitors) -> None:
    page = visitors.open(f"{here.web}/card?lang=en", color_scheme="dark")
    page.emulate_media(media="print")
    assert brightness(page, "backgroundColor") == 255
    assert brightness(page, "color") < 64


def brightness(page: Tab, what: str) -> float:
    """How bright a colour of the page is: 0 is black, 255 white."""
    written = page.evaluate(f"getComputedStyle(document.body).{what}")
    parts = [int(one) for one in re.findall(r"\d+", written)]
    return sum(parts[:3]) / 3


@pytest.mark.parametrize(
    ("browser", "heading"), [("es-MX", "en su idioma"), ("zh-CN", "用您的语言"), ("sv-SE", "in your")]
)
def test_the_browser_says_which_language(here: Here, visitors: Visitors, browser: str, heading: str) -> None:
    page = visitors.open(here.web, language=browser)
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)


def test_the_front_page_says_how_to_reach_the_office(here: Here, visitors: Visitors) -> None:
    page = visitors.open(here.web)
    assert page.locator("a[href^='tel:']").get_attribute("href") == f"tel:{here.exchange.number}"
    assert page.get_by_role("link", name="For staff: the console").get_attribute("href") == "/console"
    expect(page.locator(".danger")).to_contain_text("911")


def test_the_front_page_leads_to_the_telephone_that_is_played(here: Here, visitors: Visitors) -> None:
    page = visitors.open(f"{here.web}/?lang=es")
    page.get_by_role("link", name="Pruébelo: llame desde esta pantalla").click()
    expect(page.get_by_role("button", name="Llamar a la oficina")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_fits_on_one_sheet(here: Here, visitors: Visitors, language: str) -> None:
    page = visitors.open(f"{here.web}/card?lang={language}")
    numbers = page.locator(".services b").all_inner_texts()
    assert sorted(numbers) == sorted(one.number for one in here.plainline.catalog.services.values())
    printed = page.pdf(prefer_css_page_size=True)
    assert len(A4.findall(printed)) == 1


def test_the_card_is_in_large_type(here: Here, visitors: Visitors) -> None:
    page = visitors.open(f"{here.web}/card")
    page.emulate_media(media="print")
    sizes = page.eval_on_selector_all(
        ".services li", "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) * 0.75 >= 14, "points"


def test_every_answer_of_the_front_page_keeps_a_browser_safe(here: Here, visitors: Visitors) -> None:
    page = visitors.open(here.web)
    for path in ("/", "/card", "/front/front.css"):
        headers = page.request.get(here.web + path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["referrer-policy"] == "same-origin", path


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_provider_it_says_that_nothing_is_set_up_yet(
    wired: Plainline, sqlite_url: str, language: str
) -> None:
    plain = without_provider(wired, sqlite_url)
    said = make_app(plain).test_client().get(f"/?lang={language}").text
    page = Page(words=plain.words, language=language)
    for missing in ("The telephone is not set up", "Text messages are not set up", "The chat is not set up"):
        assert str(escape(page.say(f"{missing} here yet."))) in said
    assert "tel:" not in said
    assert 'class="try"' not in said


def without_provider(wired: Plainline, url: str) -> Plainline:
    """An installation that has only its database."""
    settings = replace(wired.settings, database_url=url, twilio=None, telegram=None, simulator_url="")
    return replace(wired, settings=settings)


def test_what_the_browser_asks_for_can_not_break_the_page(wired: Plainline, sqlite_url: str) -> None:
    client = make_app(without_provider(wired, sqlite_url)).test_client()
    for asked in ("xx", "<script>", "zh_Hans\x00", "../../etc", "e" * 5000):
        said = client.get("/", query_string={"lang": asked}, headers={"Accept-Language": "*;q=0, ;;, =,"})
        assert said.status_code == 200
        assert "<script>" not in said.text
