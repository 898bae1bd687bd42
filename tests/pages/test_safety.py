"""What the simulator's pages refuse, and that they hold no token."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from core.errors import Misconfigured
from simulator.exchange.exchange import TOKEN
from simulator.pages.__main__ import refuse
from simulator.pages.people import PEOPLE
from simulator.pages.telephone import Telephones
from simulator.pages.troubles import Troubles
from simulator.pages.web import make_pages
from tests.bot.line import TOKEN as BOT_TOKEN
from tests.browser import Visitors, check_page
from tests.calls.line import LANGUAGES
from tests.pages.town import Here, serving, town_at

MADE_UP = {
    "PLAINLINE_SIMULATOR_ACCOUNT": "AC1",
    "PLAINLINE_SIMULATOR_TWILIO_TOKEN": "made up",
    "PLAINLINE_SIMULATOR_NUMBER": "+14155550100",
    "PLAINLINE_SIMULATOR_TELEGRAM_TOKEN": "1:made-up",
}
SAME = {
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "made up",
    "TWILIO_NUMBER": "+14155550100",
    "TELEGRAM_TOKEN": "1:made-up",
    "TWILIO_API_URL": "http://127.0.0.1:8002",
    "TELEGRAM_API_URL": "http://127.0.0.1:8003",
}
HERE = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"TWILIO_AUTH_TOKEN": "a real one"}, "TWILIO_AUTH_TOKEN: set"),
        ({"TWILIO_API_KEY": "SK1"}, "TWILIO_API_KEY: set"),
        ({"TELEGRAM_TOKEN": "2:a-real-one"}, "TELEGRAM_TOKEN: set"),
        ({"TWILIO_API_URL": "https://api.twilio.com"}, "TWILIO_API_URL: set"),
        ({"PLAINLINE_SIMULATOR_ACCOUNT": ""}, "PLAINLINE_SIMULATOR_ACCOUNT: missing"),
    ],
)
def test_it_does_not_start_where_real_people_could_be_reached(environ: dict[str, str], told: str) -> None:
    with pytest.raises(Misconfigured, match=told):
        refuse({**MADE_UP, **SAME, **environ}, HERE)


@pytest.mark.parametrize("web", ["https://line.example.org", "http://10.0.0.1:8000", ""])
def test_it_does_not_start_for_a_public_address(web: str) -> None:
    with pytest.raises(Misconfigured, match="public"):
        refuse({**MADE_UP, **SAME}, web)


def test_it_starts_with_what_up_has_made_up() -> None:
    refuse({**MADE_UP, **SAME}, HERE)
    refuse(MADE_UP, "http://localhost:8000")


def asked(url: str, method: str = "GET", *, host: str = "", body: str = "", **headers: str) -> tuple[int, str]:
    """Status and body of one request, made without a browser."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    sent = {name.replace("_", "-"): value for name, value in headers.items()} | ({"Host": host} if host else {})
    connection.request(method, f"{parts.path}?{parts.query}", body or None, sent)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8001", "127.0.0.1.evil.example", "0.0.0.0", "10.0.0.1"])
def test_another_name_for_this_machine_is_refused(here: Here, host: str) -> None:
    assert asked(f"{here.pages}/phone/frank/state?version=", host=host)[0] == 400


@pytest.mark.parametrize("host", ["localhost:8001", "127.0.0.1", "[::1]:8001"])
def test_its_own_names_are_answered(here: Here, host: str) -> None:
    assert asked(f"{here.pages}/", host=host)[0] == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/phone/frank/call", "{}"),
        ("/texts/frank/send", '{"words": "hello"}'),
        ("/chat/frank/send", '{"words": "hello"}'),
    ],
)
def test_a_request_of_another_page_is_refused(here: Here, path: str, body: str) -> None:
    status, told = asked(here.pages + path, "POST", body=body, Content_Type="application/json")
    assert status == 403
    assert "csrf" not in told.lower()
    assert (
        asked(here.pages + "/trouble", "POST", body="on=slow", Content_Type="application/x-www-form-urlencoded")[0]
        == 403
    )
    assert (here.exchange.calls, here.exchange.texts.all, here.troubles.on) == ([], [], frozenset())


WRONG = [
    ("phone", "press", {"keys": "A"}),
    ("phone", "press", {"keys": "1" * 41}),
    ("phone", "press", {"keys": 1}),
    ("phone", "press", {}),
    ("phone", "say", {"words": ""}),
    ("phone", "fly", {}),
    ("texts", "send", {"words": "a" * 1601}),
    ("texts", "call", {}),
    ("chat", "press", {"message": "x", "data": "y"}),
    ("chat", "press", {}),
    ("chat", "send", ["words"]),
]


@pytest.mark.parametrize(("device", "action", "fields"), WRONG)
def test_what_makes_no_sense_is_refused_in_words(here: Here, device: str, action: str, fields: Any) -> None:
    page = Client(here)
    assert page.post(f"/{device}/frank/call", {})[0] in (200, 400)
    status, told = page.post(f"/{device}/frank/{action}", fields)
    assert status == 400
    assert json.loads(told)["said"]


def test_what_is_not_possible_now_is_said(here: Here) -> None:
    page = Client(here)
    for action, fields in (("hang_up", {}), ("answer", {}), ("press", {"keys": "1"}), ("office-answer", {})):
        status, told = page.post(f"/phone/frank/{action}", fields)
        assert (status, json.loads(told)["said"]) == (409, "That is not possible now. Look at what the page shows.")


@pytest.mark.parametrize(
    "path", ["/phone/nobody", "/chat/hidden", "/texts/hidden", "/fax/frank", "/phone/frank/state/x"]
)
def test_what_is_not_there_is_not_found(here: Here, path: str) -> None:
    assert asked(here.pages + path)[0] == 404


class Client:
    """A page that has its cookie and its mark, without a browser."""

    def __init__(self, here: Here) -> None:
        parts = urlsplit(here.pages)
        self._at = (parts.hostname or "", parts.port)
        connection = HTTPConnection(*self._at, timeout=30)
        connection.request("GET", "/phone/frank/state?version=")
        answer = connection.getresponse()
        self._cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        self._csrf = json.loads(answer.read())["csrf"]
        connection.close()

    def post(self, path: str, fields: Any) -> tuple[int, str]:
        connection = HTTPConnection(*self._at, timeout=30)
        headers = {"Cookie": self._cookie, "X-CSRFToken": self._csrf, "Content-Type": "application/json"}
        connection.request("POST", f"{path}?lang=en", json.dumps(fields), headers)
        answer = connection.getresponse()
        found = answer.status, answer.read().decode()
        connection.close()
        return found


def everything(here: Here) -> Iterator[tuple[str, str]]:
    """Every page and state, as it is sent."""
    paths = ["/", "/trouble", "/static/simulator.js", "/static/simulator.css"]
    for one in PEOPLE:
        devices = ["phone", *(["texts"] if one.texts else []), *(["chat"] if one.chat else [])]
        paths += [f"/{device}/{one.id}{part}" for device in devices for part in ("", "/state?version=")]
    for path in paths:
        status, body = asked(here.pages + path)
        assert status == 200, path
        yield path, body


def test_no_page_holds_a_token_of_a_provider(here: Here) -> None:
    here.exchange.call("+14155550121")
    pages = list(everything(here))
    assert len(pages) > 20
    assert [
        path for path, body in pages if TOKEN in body or BOT_TOKEN in body or here.exchange.account_sid in body
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_telephones_in_each_language(here: Here, visitors: Visitors, language: str) -> None:
    page = visitors.open(f"{here.pages}/?lang={language}")
    expect(page.locator(".people > li")).to_have_count(len(PEOPLE))
    check_page(page)
    headers = page.request.get(here.pages).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def test_a_page_goes_on_when_the_server_was_started_anew(here: Here, visitors: Visitors) -> None:
    visitors.forgive("ERR_CONNECTION_REFUSED")
    visitors.forgive("ERR_CONNECTION_RESET")  # what was still being fetched when the server went
    visitors.forgive("403 (FORBIDDEN)")
    troubles = Troubles(here.exchange)
    with serving(make_pages(here.exchange, town_at(here.plainline, here.web), here.telephones, troubles)) as pages:
        page = visitors.open(f"{pages}/phone/frank?lang=en")
        expect(page.locator("#wants")).to_have_text("The telephone is quiet.")
    expect(page.locator("#said")).to_contain_text("does not answer", timeout=30_000)
    check_page(page)
    again = make_pages(here.exchange, town_at(here.plainline, here.web), Telephones(here.exchange, {}), troubles)
    with serving(again, int(pages.rpartition(":")[2])):
        expect(page.locator("#said")).to_be_empty(timeout=30_000)
        page.get_by_role("button", name="Call the office").click()
        expect(page.locator("#log")).to_contain_text("For English, press 1.")
