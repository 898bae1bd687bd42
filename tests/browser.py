"""A real browser for the tests of our pages: Chromium, driven by Playwright, and what every page is held to."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)
CURE = (
    "to run them, install Chromium and letters for every language, on Debian: chromium fonts-noto-core fonts-noto-cjk"
)

NARROW = 320
"""Width in CSS pixels at which nothing may have to be scrolled sideways (WCAG 2.2, 1.4.10)."""

GRAVE = frozenset({"serious", "critical"})
"""What axe may find nothing of."""


def find_chromium() -> str:
    """The browser's program. Raises LookupError where there is none."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise LookupError("no Chromium was found")


@contextmanager
def started() -> Iterator[Browser]:
    """A browser without a window. While it is open, nothing else in this thread can run an event loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(OPTIONS))
        yield browser
        browser.close()


class Visitors:
    """People in front of browsers, each with cookies of their own. What goes wrong in a page is kept, and fails the
    test at its end: errors in the console, exceptions, what Content-Security-Policy refused, answers of 400 and more.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._forgiven: list[str] = []
        self.wrong: list[str] = []

    def open(self, url: str, *, language: str = "en-US", width: int = 1100, height: int = 900, **more: Any) -> Page:
        """Someone new opens `url`. `language` is the browser's; `more` goes to Playwright's `new_context`."""
        context = self._browser.new_context(locale=language, viewport={"width": width, "height": height}, **more)
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        page = self.another_tab(context)
        page.goto(url)
        return page

    def another_tab(self, context: BrowserContext) -> Page:
        """One more tab for the same person."""
        page = context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrong.append(f"exception: {error}"))
        return page

    def forgive(self, part: str) -> None:
        """What holds this text is what the test is about, and no fault."""
        self._forgiven.append(part)

    def close(self) -> None:
        """Let everyone go, and say what went wrong."""
        for context in self._contexts:
            context.close()
        unforgiven = [one for one in self.wrong if not any(part in one for part in self._forgiven)]
        assert not unforgiven, "\n".join(unforgiven)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"console: {message.text} ({message.location.get('url', '')})")


def check_page(page: Page) -> None:
    """What holds for each page in each state: axe finds nothing grave, and at 320 px nothing stands out sideways."""
    check_axe(page)
    check_narrow(page)


def check_axe(page: Page) -> None:
    """axe finds nothing serious or critical (WCAG 2.2 AA and good practice)."""
    page.wait_for_load_state()  # after a click the styles of the next page may still be on their way
    found = Axe().run(page).response
    assert found["passes"], "axe has looked at nothing"
    grave = [rule for rule in found["violations"] if rule["impact"] in GRAVE]
    assert not grave, "\n".join(told(rule) for rule in grave)


def told(rule: dict[str, Any]) -> str:
    """A rule that is broken, and where."""
    places = "\n".join(f"    {node['html']}  {node['failureSummary']}" for node in rule["nodes"])
    return f"{rule['id']} ({rule['impact']}): {rule['help']}\n{places}"


def check_narrow(page: Page) -> None:
    """At 320 px nothing has to be scrolled sideways, but what is in a box that scrolls by itself."""
    before = page.viewport_size
    page.set_viewport_size({"width": NARROW, "height": 640})
    wide = page.evaluate(STANDS_OUT, NARROW)
    if before:
        page.set_viewport_size(before)
    assert not wide, f"wider than {NARROW} px: {wide}"


STANDS_OUT = """width => {
  if (document.scrollingElement.scrollWidth <= width) return [];
  const out = [...document.body.querySelectorAll('*')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && (box.right > width + 1 || box.left < -1);
  });
  return [`page: ${document.scrollingElement.scrollWidth}`,
          ...out.slice(0, 8).map(one => one.outerHTML.slice(0, 120))];
}"""
