"""Hostile text in everything that a browser can send to the console: addresses, fields, headers, cookies, names to sign
in with. Each answer is made of what the answer to a harmless word is made of, and no log holds a word of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from core import phrases as say
from tests.calls.conftest import clock, line  # noqa: F401 pytest looks for them here
from tests.calls.line import PUBLIC, Line
from tests.console.clerks import Clerk, Reader
from tests.proof.conftest import Found
from tests.proof.hostile import FAMILIES, of, sendable
from tests.proof.planted import LEAST, logged, some_of
from tests.proof.record import FULL
from tests.proof.test_hostile import FAULTS
from tests.proof.unlimited import wired  # noqa: F401 pytest looks for it here
from tests.store.fixtures import migrated_file, sqlite_url  # noqa: F401 pytest looks for them here

pytestmark = pytest.mark.timeout(600, func_only=True)

HARMLESS = "maria"

HEADERS = ("User-Agent", "Referer", "Accept-Language", "X-Forwarded-For", "X-Forwarded-Host", "Range", "Cookie")
COOKIES = ("__Host-console", "__Host-known", "session")

ADDRESSES = {
    "what was done": "/console?done={}",
    "a field that there is not": "/console?{}=1",
    "a request": "/console/requests/{}",
    "another page": "/console/{}",
}
FIELDS = {
    "note": ("nonce",),
    "reply": ("nonce", "seen"),
    "transfer": ("department",),
    "close": ("outcome",),
}
"""The fields of a request's forms that nobody types in."""


class Skeleton(HTMLParser):
    """What a page is made of: its kinds of elements with the names of their attributes, without words or values. How
    many there are is not part of it: each note makes the page of a request longer."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.add(f"{tag} {[name for name, _ in attrs]}")


Made = tuple[int, set[str]]
Asking = Callable[[str], TestResponse]
"""Send something with this text in it."""


def made(answer: TestResponse) -> Made:
    """The code of an answer, and what it is made of."""
    return answer.status_code, Skeleton(answer.text).parts


def in_header(text: str) -> str:
    """The text as a server hands it on: bytes read as Latin-1, without those that no server lets through (RFC 9110,
    5.5)."""
    return "".join(c for c in sendable(text).encode().decode("latin-1") if c == "\t" or (" " <= c != "\x7f"))


def asked(clerk: Clerk, path: str, headers: Mapping[str, str]) -> TestResponse:
    """A page, with these headers as a server hands them on."""
    given = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()}
    return clerk.browser.get(path, base_url=PUBLIC, environ_overrides=given)


def in_the_header(clerk: Clerk, name: str, text: str) -> TestResponse:
    """In one header of a page that is there for anyone."""
    pairs = "; ".join(f"{cookie}={in_header(text)}" for cookie in COOKIES)
    return asked(clerk, "/console/sign-in", {name: pairs if name == "Cookie" else in_header(text)})


def in_the_address(clerk: Clerk, address: str, text: str) -> TestResponse:
    """In an address, as a browser writes it."""
    return asked(clerk, address.format(quote(sendable(text), safe="")), {})


def in_the_form(clerk: Clerk, page: Reader, ending: str, name: str, text: str) -> TestResponse:
    """In one field of a form of this page, as if it had been changed there."""
    (form,) = (one for one in page.forms if one.action.endswith(f"/{ending}"))
    data = {**form.fields, "text": "Please come.", name: sendable(text)}
    return clerk.browser.post(form.action, base_url=PUBLIC, data=data, headers={"Referer": f"{PUBLIC}/console"})


def signing_in(clerk: Clerk, text: str) -> TestResponse:
    """As the name, the password, and the page that was wanted."""
    form = clerk.opens("/console/sign-in").form("/sign-in")
    data = {**form.fields, "login": sendable(text), "password": sendable(text), "next": sendable(text)}
    return clerk.browser.post(form.action, base_url=PUBLIC, data=data, headers={"Referer": f"{PUBLIC}/console"})


def ways(line: Line) -> dict[str, Asking]:  # noqa: F811 a fixture
    """Everything that a text can stand in. A clerk has taken a request; somebody else has not signed in."""
    line.texter().write("?", "1", "0").reads(say.WAITING_TEXT)
    clerk, stranger = Clerk(line).signs_in(), Clerk(line, login="omar")
    (request,) = line.plainline.desk.waiting(line.plainline.accounts.store.all()[0])
    page = clerk.opens(f"/console/requests/{request.id}").sends("/claim").page
    found: dict[str, Asking] = {f"header {name}": partial(in_the_header, stranger, name) for name in HEADERS}
    found |= {what: partial(in_the_address, clerk, address) for what, address in ADDRESSES.items()}
    for ending, names in FIELDS.items():
        found |= {f"{ending}: {name}": partial(in_the_form, clerk, page, ending, name) for name in names}
    return {
        **found,
        "where to go": partial(in_the_address, stranger, "/console/sign-in?next={}"),
        "name": partial(signing_in, stranger),
    }


def usual(line: Line, everything: Mapping[str, Asking]) -> dict[str, list[Made]]:  # noqa: F811 a fixture
    """What answers are made of where a harmless word is sent. An address with slashes in it may be none of the
    console's, or another way to write one that is."""
    anyone = Clerk(line, login="nobody").browser
    outside = [made(anyone.get(path, base_url=PUBLIC)) for path in ("/nowhere", "/console//nowhere")]
    addresses = frozenset(ADDRESSES)
    return {what: [made(send(HARMLESS)), *(outside if what in addresses else ())] for what, send in everything.items()}


def test_nothing_that_a_browser_sends_is_more_than_words(line: Line, found: Found) -> None:  # noqa: F811 a fixture
    everything, tried = ways(line), [bad for family in FAMILIES for bad in some_of(family)[: None if FULL else LEAST]]
    right = usual(line, everything)
    assert {first[0] for first, *_ in right.values()} == {200, 303, 404, 409}
    with logged() as logs:
        for bad in tried:
            for what, send in everything.items():
                answer = send(bad.marked)
                assert made(answer) in right[what], f"{what}: {bad.name}"
                led_on = answer.status_code == 308  # to the same address, written as it should be
                assert bad.mark not in answer.text or what == "name" or led_on, f"{what}: {bad.name}"
    assert FAULTS.isdisjoint(logs.events)
    assert logs.holding([bad.mark for bad in tried]) == []
    found(
        "hostile",
        "in what a browser sends to the console",
        tried=len(tried) * len(everything),
        held=len(tried) * len(everything),
    )


def test_a_page_that_is_made_of_something_else_is_found() -> None:
    assert Skeleton(f"<p>{of('script')[0].text}</p>").parts != Skeleton(f"<p>{HARMLESS}</p>").parts
    assert Skeleton('<p title="a" onclick="b">').parts != Skeleton('<p title="a">').parts
