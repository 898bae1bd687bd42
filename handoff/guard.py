"""Who may come in: our own sessions, forms that came from our own pages, and headers that keep a browser safe.

The session is a row that can be ended (OWASP ASVS 5.0, 7.4); the cookie carries nothing but its token. Flask's own
signed cookie holds the secret of the forms alone.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, g, redirect, render_template, request, session, url_for
from flask.sansio.app import App
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.exceptions import HTTPException

from app.log import event
from app.pages import HEADERS, Page, pick_language
from core.errors import CommitUnknown, StoreUnavailable
from core.staff import Staff
from core.types import Phrase
from handoff import words

if TYPE_CHECKING:
    from app.bootstrap import Plainline

STATIC = "console.static"
SIGN_IN = "console.sign_in"
OPEN = frozenset({SIGN_IN, "console.enter"})
"""What is there for anyone."""

SIGN_OUT = "console.sign_out"
FRAGMENTS = frozenset({"console.list_now", "console.thread_now"})
"""What a script asks for: it is refused, never led elsewhere."""

LARGEST_ID = 2**63 - 1
"""What a database can look for."""

A_YEAR = 365 * 24 * 3600


class Guard:
    """Stands before every view of the console."""

    def __init__(self, plainline: Plainline) -> None:
        self.plainline = plainline
        self.encrypted = plainline.settings.public_url.startswith("https:")
        self.cookie = "__Host-console" if self.encrypted else "console"
        self.known = "__Host-known" if self.encrypted else "known"
        self.forms = CSRFProtect()
        self._browsers = URLSafeSerializer(plainline.settings.secret_key, salt="a browser known to an account")

    def add_to(self, routes: Blueprint) -> None:
        """Stand before these routes."""
        routes.record_once(lambda state: self._set_up(state.app))
        routes.before_request(self.admit)
        routes.after_request(self.harden)
        routes.context_processor(self._for_templates)
        routes.register_error_handler(CSRFError, self._expired)
        routes.register_error_handler(HTTPException, self._refused)
        routes.register_error_handler(StoreUnavailable, self._no_database)

    def admit(self) -> ResponseReturnValue | None:
        """Let staff in, and anyone to the sign-in page; what changes something must come from a form of ours."""
        if request.endpoint == STATIC:
            return None
        g.staff, g.page = None, self._page("")
        token, asked = request.cookies.get(self.cookie, ""), request.endpoint not in FRAGMENTS
        g.staff = self.plainline.accounts.signed_in(token, used=asked)
        if g.staff is None and request.endpoint not in OPEN:
            return self._signed_out()
        if g.staff is not None:
            g.page = self._page(g.staff.language)
        self.forms.protect()
        if any(isinstance(value, int) and value > LARGEST_ID for value in (request.view_args or {}).values()):
            abort(404)
        return None

    def harden(self, response: Response) -> Response:
        """Headers on every answer; pages are never kept by a browser, so that "back" shows how things are now."""
        response.headers.update(HEADERS)
        if self.encrypted:
            response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
        if request.endpoint != STATIC:
            response.headers["Cache-Control"] = "no-store"
        return response

    def begin(self, response: Response, token: str, login: str) -> Response:
        """Give the browser its session, and the forms a new secret. From now on the browser is known to the account."""
        session.clear()
        self._keep(response, self.cookie, token)
        known = self._browsers.dumps([login, secrets.token_urlsafe(8)])
        self._keep(response, self.known, str(known), max_age=A_YEAR)
        return response

    def source(self, login: str) -> str:
        """Where a password comes from: a browser in which this account was signed in before, else an address.

        So strangers' tries at an account do not count against the browsers of whoever it belongs to (OWASP, "Slow down
        online guessing attacks with device cookies").
        """
        try:
            account, browser = self._browsers.loads(request.cookies.get(self.known, ""))
        except (BadSignature, ValueError, TypeError):
            account, browser = "", ""
        return f"browser {browser}" if account == login and browser else request.remote_addr or ""

    def end(self, response: Response) -> Response:
        """Take the session away."""
        self.plainline.accounts.sign_out(request.cookies.get(self.cookie, ""))
        session.clear()
        self._keep(response, self.cookie, "", max_age=0)
        return response

    def _keep(self, response: Response, name: str, value: str, max_age: int | None = None) -> None:
        response.set_cookie(
            name, value, max_age=max_age, secure=self.encrypted, httponly=True, samesite="Lax", path="/"
        )

    def _set_up(self, app: App) -> None:
        app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
        self.forms.init_app(app)

    def _signed_out(self) -> ResponseReturnValue:
        here = request.path
        if request.method == "GET" and request.endpoint not in FRAGMENTS:
            return redirect(url_for(SIGN_IN, next=here), 303)
        if request.endpoint == SIGN_OUT:
            return redirect(url_for(SIGN_IN, done="signed_out"), 303)
        return trouble(words.SIGNED_OUT, 403, back=url_for(SIGN_IN, next=page_of(here)))

    def _expired(self, _error: CSRFError) -> ResponseReturnValue:
        event("console_form_refused")
        return trouble(words.EXPIRED, 400, back=page_of(request.path))

    def _refused(self, error: HTTPException) -> ResponseReturnValue:
        code = error.code or 500
        if code < 400:
            return error.get_response()
        return trouble(words.NOT_HERE if code in (403, 404) else words.NOT_ALLOWED, code)

    def _no_database(self, error: StoreUnavailable) -> ResponseReturnValue:
        event("console_no_database", reason=type(error).__name__)
        said = words.NOT_SURE if isinstance(error, CommitUnknown) else words.NO_DATABASE
        return trouble(said, 503, back=page_of(request.path))

    def _for_templates(self) -> dict[str, Any]:
        return {"page": page_now(), "staff": signed_in(), "nonce": lambda: secrets.token_urlsafe(12)}

    def _page(self, wanted: str) -> Page:
        languages = self.plainline.catalog.town.languages
        language = pick_language(wanted, request.accept_languages.values(), languages)
        return Page(words=self.plainline.words, language=language)


def signed_in() -> Staff | None:
    """Who asks, None before they have signed in."""
    staff: Staff | None = g.get("staff")
    return staff


def clerk() -> Staff:
    """Who asks, where the guard has let in nobody else."""
    staff = signed_in()
    assert staff is not None, "the guard lets nobody in without a session"
    return staff


def page_now() -> Page:
    """The words of the page that is asked for, in the language of who asks."""
    page: Page = g.page
    return page


def page_of(path: str) -> str:
    """The page that a form's or a fragment's address belongs to."""
    parts = path.split("/")
    if parts[1:3] == ["console", "requests"] and len(parts) > 3:
        return "/".join(parts[:4])
    if parts[1:3] == ["console", "cases"] and len(parts) > 3:
        return "/".join(parts[:4])
    return "/console/account" if parts[1:3] == ["console", "account"] else "/console"


def trouble(said: Phrase, code: int, back: str = "/console") -> ResponseReturnValue:
    """A page that says what is wrong and what to do next, with the words that were typed."""
    kept = request.form.get("text", "") if request.method == "POST" else ""
    return render_template("console_error.html", said=said, kept=kept, back=back), code
