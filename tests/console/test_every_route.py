"""Every route of the web process is open on purpose, or refused: a new one fails here until somebody has decided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.recordings import file_of
from app.web import make_app
from core.staff import Staff
from core.types import Recording
from store import schema
from store.unit_of_work import recording_row
from tests.calls.line import OPEN as OPEN_AT
from tests.calls.line import PUBLIC, Line

SIGN_IN = "/console/sign-in"
OPEN = {
    ("GET", "/"),
    ("GET", "/card"),
    ("GET", "/front/<path:filename>"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", SIGN_IN),
    ("GET", "/console/static/<path:filename>"),
    ("GET", "/voice/own/<language>/<file>"),
}
"""What anyone may ask for."""

CASE = "123456785"
"""The reference of the case that `a_request` leaves too."""

RECORDING = "RE" + "1" * 32
OF_CASE = "RE" + "2" * 32
"""The recordings that `a_request` leaves, one with the request and one with the case."""

WITH_TOKEN = {("GET", "/metrics")}
A_CASE = {
    "reference": CASE,
    "service": "senior_transport_card",
    "language": "en",
    "answers": '{"age": "bus card"}',
    "status": "received",
    "opened": OPEN_AT,
    "conversation": "c",
}

HIDDEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Route(NamedTuple):
    """One way to call one rule."""

    method: str
    rule: str
    blueprint: str

    def path(self, id: int) -> str:
        """An address of this rule; `id` wherever it wants one, and the case's reference where it wants that."""
        recording = RECORDING if "<int:" in self.rule else OF_CASE
        named = self.rule.replace("<reference>", CASE).replace("<recording>", recording)
        return re.sub(r"<[^>]+>", str(id), named)

    @property
    def known(self) -> tuple[str, str]:
        return self.method, self.rule


@pytest.fixture
def web(line: Line) -> Flask:
    return make_app(line.plainline)


def routes(web: Flask, blueprint: str = "") -> list[Route]:
    found = [one for rule in web.url_map.iter_rules() for one in of_rule(rule)]
    assert found, "the web process has no routes"
    return [one for one in found if blueprint in ("", one.blueprint)]


def of_rule(rule: Rule) -> Iterator[Route]:
    blueprint = rule.endpoint.rpartition(".")[0]
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        yield Route(method, rule.rule, blueprint)


def guarded(web: Flask) -> list[Route]:
    """What staff alone may call."""
    found = [one for one in routes(web, "console") if one.known not in OPEN and one.rule != SIGN_IN]
    assert {"GET", "POST"} <= {one.method for one in found}
    return found


def ask(client: FlaskClient, route: Route, id: int = 1, **form: str) -> TestResponse:
    return client.open(
        route.path(id), method=route.method, data=form, base_url=PUBLIC, headers={"Referer": f"{PUBLIC}/console"}
    )


def signed_in(line: Line, web: Flask, login: str, department: str = "") -> FlaskClient:
    """A browser in which this member of staff has signed in."""
    person = Staff(id=0, login=login, name=login.title(), department=department)
    password = line.plainline.accounts.add(person)
    client = web.test_client()
    sign_in = Route("POST", SIGN_IN, "console")
    entered = ask(client, sign_in, login=login, password=password, csrf_token=token(client, SIGN_IN))
    assert entered.status_code == 303
    return client


def token(client: FlaskClient, path: str) -> str:
    page = client.get(path, base_url=PUBLIC).text
    found = HIDDEN.search(page)
    assert found, page
    return found[1]


def a_request(line: Line, web: Flask) -> int:
    """Somebody waits for the department of transport, which has a case too."""
    line.texter().write("hello", "my bus card stopped working", "0")
    everyone = Staff(id=0, login="", name="")
    [waiting] = line.plainline.desk.waiting(everyone)
    assert waiting.department == "transport"
    with line.database.writing() as connection:
        connection.execute(insert(schema.cases).values(A_CASE))
        for recording, reference in ((RECORDING, ""), (OF_CASE, CASE)):
            row = recording_row(Recording(id=recording, seconds=5), waiting.conversation, OPEN_AT)
            there = {"kept": True, "reference": reference, "status": "here", "due": None}
            connection.execute(insert(schema.recordings).values(row | there))
            line.plainline.files.put(file_of(recording), b"bus card")
        connection.commit()
    return waiting.id


def test_every_route_is_open_on_purpose_or_of_a_kind_that_is_refused(web: Flask) -> None:
    kinds = {one.blueprint for one in routes(web)}
    assert {"console", "ivr"} <= kinds
    undecided = [
        one for one in routes(web) if one.blueprint not in ("console", "ivr") and one.known not in OPEN | WITH_TOKEN
    ]
    assert undecided == []
    assert {one.known for one in routes(web)} >= OPEN | WITH_TOKEN


def test_what_the_provider_calls_is_refused_without_its_signature(line: Line, web: Flask) -> None:
    before = line.counts()
    called = [one for one in routes(web, "ivr") if one.known not in OPEN]
    answers = {one.known: ask(web.test_client(), one).status_code for one in called}
    assert set(answers.values()) == {403}, answers
    assert line.counts() == before


def test_figures_are_refused_without_the_token(web: Flask) -> None:
    assert web.test_client().get("/metrics").status_code in (401, 404)


def test_without_a_session_nothing_of_the_console_is_shown_or_done(line: Line, web: Flask) -> None:
    id, stranger = a_request(line, web), web.test_client()
    given, before = token(stranger, SIGN_IN), line.counts()
    for one in guarded(web):
        answer = ask(stranger, one, id, csrf_token=given)
        away = answer.status_code == 303 and answer.location.startswith(SIGN_IN)
        assert away or answer.status_code == 403, (one, answer.status_code)
        assert "bus card" not in answer.text, one
    assert line.counts() == before


@pytest.mark.parametrize("forged", ["", "a made-up token"])
def test_no_form_is_taken_that_is_not_from_a_page_of_ours(line: Line, web: Flask, forged: str) -> None:
    id, ines = a_request(line, web), signed_in(line, web, "ines")
    before = line.counts()
    posts = [one for one in routes(web, "console") if one.method != "GET"]
    answers = {one.known: ask(ines, one, id, csrf_token=forged, text="x", nonce="n").status_code for one in posts}
    assert set(answers.values()) == {400}, answers
    assert line.counts() == before


@pytest.mark.parametrize("which", ["another department's", "nobody's"])
def test_a_request_that_is_not_theirs_is_not_there(line: Line, web: Flask, which: str) -> None:
    id = a_request(line, web)
    omar = signed_in(line, web, "omar", department="housing")
    given, before = token(omar, "/console/account"), line.counts()
    about_one = [one for one in guarded(web) if "<int:" in one.rule or "<reference>" in one.rule]
    assert len(about_one) > 5
    for one in about_one:
        asked = id if which == "another department's" else id + 1000
        answer = ask(omar, one, asked, csrf_token=given, text="x", nonce="n", department="", outcome="done", seen="99")
        assert answer.status_code == 404, (one, answer.status_code)
        assert "bus card" not in answer.text
    assert line.counts() == before


def test_every_page_is_kept_safe_by_its_headers(line: Line, web: Flask) -> None:
    id, ines = a_request(line, web), signed_in(line, web, "ines")
    pages = [one for one in routes(web, "console") if one.method == "GET" and "<path:" not in one.rule]
    for one in pages:
        answer = ask(ines, one, id)
        assert answer.status_code == (303 if one.rule == SIGN_IN else 200), one
        headers = answer.headers
        assert "script-src 'self'" in headers["Content-Security-Policy"], one
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store", one
        assert "Strict-Transport-Security" in headers
