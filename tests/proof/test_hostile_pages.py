"""Hostile text on the pages of staff and of the simulator, in a real browser: it is shown as text, and does nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page

from app.desk import LONGEST_REPLY
from core.staff import Staff
from simulator.pages.people import person
from store import schema
from tests.browser import Visitors
from tests.calls.conftest import clock, line, wired  # noqa: F401 pytest looks for them here
from tests.calls.line import Line as Served
from tests.console.clerks import Clerk
from tests.pages.conftest import here  # noqa: F401 pytest looks for it here
from tests.pages.town import Here
from tests.proof.conftest import Found
from tests.proof.hostile import CORPUS, ELSEWHERE, FAMILIES, Bad, of, sendable
from tests.proof.planted import logged, some_of
from tests.store.fixtures import migrated_file, sqlite_url  # noqa: F401 pytest looks for them here

pytestmark = pytest.mark.timeout(600, func_only=True)

FAMILY_NUMBER = {family: number for number, family in enumerate(FAMILIES)}

MACHINERY = """() => ({
  pwned: Boolean(window.pwned),
  scripts: [...document.scripts].map(one => one.getAttribute('src')),
  handlers: [...document.querySelectorAll('*')].filter(one => [...one.attributes].some(a => a.name.startsWith('on')))
    .map(one => one.outerHTML.slice(0, 80)),
  strange: [...document.querySelectorAll(
      'iframe, object, embed, img, video, audio, base, meta[http-equiv], style, marquee, template, svg, math, dialog')]
    .map(one => one.outerHTML.slice(0, 80)),
  forms: [...document.forms].map(one => one.getAttribute('action')).filter(one => one && !one.startsWith('/console')),
  elsewhere: [...document.querySelectorAll('[href], [src]')]
    .map(one => String(one.href?.baseVal ?? one.href ?? one.src)).filter(one => !/^http:..127[.]0[.]0[.]1:/.test(one)),
})"""
"""What a page is made of, as far as words could change it."""

INSIDE = "one => one.matches('textarea') ? one.value : one.children.length ? 'ELEMENTS' : one.textContent"


class Watched:
    """A page that is watched for what words make it do."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("dialog", self._dialog)
        self.dialogs: list[str] = []

    def _dialog(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def opens(self, url: str) -> Watched:
        """Go there, and let what runs by itself run."""
        self.page.goto(url)
        self.page.wait_for_load_state("networkidle")
        return self

    def amiss(self) -> list[str]:
        """Everything that words have done to the page."""
        made = self.page.evaluate(MACHINERY)
        scripts = made.pop("scripts")
        found = [f"{kind}: {what}" for kind, what in made.items() if what]
        found += [f"script: {one}" for one in scripts if not re.fullmatch(r"/[\w/]*static/\w+\.js", one or "")]
        found += [f"asked: {url}" for url in self.asked if ELSEWHERE in url]
        return found + [f"dialog: {one}" for one in self.dialogs]

    @property
    def base(self) -> str:
        """Where the pages are served."""
        parts = urlsplit(self.page.url)
        return f"{parts.scheme}://{parts.netloc}"

    def out_of_place(self, selector: str) -> list[str]:
        """The rows that words have turned round."""
        found: list[str] = self.page.eval_on_selector_all(selector, OUT_OF_PLACE)
        return found

    def texts(self, selector: str) -> list[str]:
        """The words in each such element; "ELEMENTS" where they became more than words."""
        found: list[str] = self.page.eval_on_selector_all(selector, f"all => all.map({INSIDE})")
        return found


def missing(texts: Iterable[str], tried: Iterable[Bad]) -> list[str]:
    """The inputs whose mark stands in none of the texts."""
    whole = "\n".join(texts)
    return [bad.name for bad in tried if bad.mark not in whole]


def number(bad: Bad) -> str:
    """A telephone for each input."""
    return f"+1415557{bad.number:04d}"


OUT_OF_PLACE = """all => all.filter(box => [...box.children].some((one, place, row) => {
  if (!place) return false;
  const [here, before] = [one.getBoundingClientRect(), row[place - 1].getBoundingClientRect()];
  return before.width && Math.abs(here.top - before.top) < 3 && here.left < before.left;
})).map(box => box.textContent.slice(0, 80))"""
"""Rows whose pieces stand in another order than they were written in: words turned them round."""


# --- staff ---------------------------------------------------------------------------------------------------


def asks(ours: Served, bad: Bad) -> None:
    """Somebody tells of danger in hostile words, so that they stand on the list at once."""
    ours.exchange.sms(number(bad), "", sendable(f"there is a fire {bad.marked}"))


def relays(ours: Served, family: str) -> int:
    """Somebody asks for a person and then writes every input of a family; the request's id."""
    theirs = f"+1415556{FAMILY_NUMBER[family]:04d}"
    for words in ("hello", "0", *(sendable(bad.marked) for bad in of(family))):
        ours.exchange.sms(theirs, "", words)
    [row] = ours.rows(schema.handoffs, schema.handoffs.c.address == theirs)
    return int(row.id)


def colleague(ours: Served, bad: Bad) -> Staff:
    """A member of staff with a hostile name, and no way to sign in."""
    store = ours.plainline.accounts.store
    person = Staff(id=0, login=f"c{bad.number}", name=sendable(bad.marked), language="en")
    store.add(person, "no password fits", ours.clock())
    found = store.by_login(person.login)
    assert found is not None
    return found[0]


def at_desk(ours: Served, visitors: Visitors, clerk: Clerk) -> Watched:
    """A clerk at the console, in a browser."""
    page = visitors.open(f"http://127.0.0.1:{ours.port}/console")
    page.locator("#login").fill(clerk.login)
    page.locator("#password").fill(clerk.password)
    page.locator("main button").click()
    page.locator("#h-waiting").wait_for()
    return Watched(page)


def writes(clerk: Clerk, request: int, bad: Bad) -> None:
    """The clerk keeps a note and answers, by the forms of the page; the headers that keep a browser safe are there."""
    for form in ("/note", "/reply"):
        clerk.opens(f"/console/requests/{request}").sends(form, text=sendable(bad.marked)[:LONGEST_REPLY])
        assert clerk.answer.status_code == 200, f"{form} {bad.name}"
        assert "script-src 'self'" in clerk.answer.headers["Content-Security-Policy"], bad.name


def test_the_list_of_who_waits_shows_words_as_words(line: Served, visitors: Visitors, found: Found) -> None:  # noqa: F811 a fixture
    for bad in CORPUS:
        asks(line, bad)
    desk = at_desk(line, visitors, Clerk(line))
    desk.opens(f"{desk.base}/console")
    texts = desk.texts(".card h3 a, .card .words")
    assert desk.amiss() == []
    assert "ELEMENTS" not in texts
    assert missing(texts, CORPUS) == []
    assert desk.page.locator(".card form").count() == len(CORPUS)
    assert desk.out_of_place(".card .marks, .card .facts") == []
    found("hostile", "the list of who waits, in a browser", tried=len(CORPUS), held=len(CORPUS))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_conversation_shows_words_names_notes_and_answers_as_words(
    line: Served,  # noqa: F811 a fixture
    visitors: Visitors,
    found: Found,
    family: str,
) -> None:
    tried, clerk = of(family), Clerk(line)
    with logged() as logs:
        request = relays(line, family)
        clerk.signs_in().opens("/console").sends(f"/{request}/claim")
        for bad in some_of(family):
            writes(clerk, request, bad)
            line.plainline.desk.note(colleague(line, bad), request, "Please look at it.", f"n{bad.number}")
        desk = at_desk(line, visitors, clerk)
        desk.opens(f"{desk.base}/console/requests/{request}")
    assert desk.amiss() == []
    for where, all_of in ((".entry.resident .said", tried), (".entry.desk .said", some_of(family))):
        texts = desk.texts(where)
        assert "ELEMENTS" not in texts
        assert missing(texts, all_of) == [], where
    assert missing(desk.texts("[data-list=notes] .said"), some_of(family)) == []
    assert missing(desk.texts("[data-list=notes] bdi"), some_of(family)) == []
    assert desk.out_of_place(".who, .facts, .rows li") == []
    assert logs.holding([bad.mark for bad in tried]) == []
    assert "web_fault" not in logs.events
    found("hostile", "a conversation, its notes and answers, in a browser", tried=len(tried), held=len(tried))


def careless(tab: Watched, url: str, bad: Bad) -> bool:
    """Whether it is noticed that a page of ours shows this input as it is, unescaped."""
    tab.page.goto(url)
    tab.page.evaluate("words => document.querySelector('main').innerHTML = `<p class=said>${words}</p>`", bad.text)
    try:
        return tab.amiss() != [] or "ELEMENTS" in tab.texts(".said")
    except Error:  # it led the page away
        return True


def test_a_page_that_does_not_escape_is_found_out(line: Served, visitors: Visitors) -> None:  # noqa: F811 a fixture
    visitors.forgive("")
    url = f"http://127.0.0.1:{line.port}/console/sign-in"
    first = visitors.open(url)
    found_out = []
    for bad in (*of("script"), *of("event handler"), *of("element")):
        tab = Watched(visitors.another_tab(first.context))  # what the last one did may go on in its tab
        if careless(tab, url, bad):
            found_out.append(bad.name)
        tab.page.close()
    assert len(found_out) > 40, found_out
    assert not careless(Watched(first), url, of("emoji")[0])
    first.evaluate("document.body.innerHTML = '<p class=row>a \\u202e<b>1</b> <b>2</b></p>'")
    assert Watched(first).out_of_place(".row")


# --- the simulator's pages -----------------------------------------------------------------------------------


def test_the_simulators_pages_show_words_as_words(here: Here, visitors: Visitors, found: Found) -> None:  # noqa: F811 a fixture
    frank = person("frank")
    assert frank is not None
    chat = here.telephones.exchange.chat(frank.chat, frank.name, "en")
    tried = tuple(bad for family in FAMILIES for bad in some_of(family))
    for bad in tried:
        here.exchange.sms(frank.number, "", sendable(bad.marked))
        chat.send(sendable(bad.marked))
    for device in ("texts", "chat"):
        watched = Watched(visitors.open(here.page(device, "frank")))
        watched.page.locator("#log > .you").nth(len(tried) - 1).wait_for(timeout=30_000)
        texts = watched.texts("#log > .you .what")
        assert watched.amiss() == []
        assert "ELEMENTS" not in texts
        assert missing(texts, tried) == []
        found("hostile", f"the simulator's page of {device}, in a browser", tried=len(tried), held=len(tried))
