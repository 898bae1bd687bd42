"""That the checks on our pages can fail."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from tests.browser import Visitors, check_axe, check_narrow

GOOD = "<title>A page</title><main><h1>A page</h1><p>With a word on it.</p></main>"


def page_of(body: str) -> str:
    return "data:text/html," + quote(f'<!doctype html><html lang="en"><meta charset="utf-8">{body}</html>')


def test_a_good_page_passes(visitors: Visitors) -> None:
    page = visitors.open(page_of(GOOD))
    check_axe(page)
    check_narrow(page)


def test_a_field_without_a_label_is_found(visitors: Visitors) -> None:
    page = visitors.open(page_of(GOOD + "<input>"))
    with pytest.raises(AssertionError, match="label"):
        check_axe(page)


def test_what_is_too_wide_is_found(visitors: Visitors) -> None:
    page = visitors.open(page_of(GOOD + '<div style="width: 400px">wide</div>'))
    with pytest.raises(AssertionError, match="wider than 320 px"):
        check_narrow(page)


@pytest.mark.parametrize("script", ["console.error('no')", "throw new Error('no')"])
def test_what_goes_wrong_in_a_page_is_found(chromium: Browser, script: str) -> None:
    visitors = Visitors(chromium)
    visitors.open(page_of(GOOD + f"<script>{script}</script>"))
    with pytest.raises(AssertionError, match="no"):
        visitors.close()


def test_what_was_expected_to_go_wrong_is_forgiven(chromium: Browser) -> None:
    visitors = Visitors(chromium)
    visitors.forgive("404 of the test")
    visitors.open(page_of(GOOD + "<script>console.error('404 of the test')</script>"))
    visitors.close()
