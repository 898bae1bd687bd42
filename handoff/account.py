"""Signing in and out, and one's own account."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.log import event
from app.staff import SHORTEST_PASSWORD
from core.errors import Conflict
from handoff import words
from handoff.guard import SIGN_IN, Guard, clerk, signed_in

if TYPE_CHECKING:
    from app.bootstrap import Plainline

OUR_PAGE = re.compile(r"/console(/[a-z0-9/_-]*)?")


class Account:
    """The views of sessions and passwords."""

    def __init__(self, plainline: Plainline, guard: Guard) -> None:
        self.accounts = plainline.accounts
        self.guard = guard

    def add_to(self, routes: Blueprint) -> None:
        """Bring the routes."""
        for path, name, view, method in (
            ("/console/sign-in", "sign_in", self.sign_in_page, "GET"),
            ("/console/sign-in", "enter", self.sign_in, "POST"),
            ("/console/sign-out", "sign_out", self.sign_out, "POST"),
            ("/console/account", "account", self.account_page, "GET"),
            ("/console/account/password", "password", self.change_password, "POST"),
            ("/console/account/sessions", "sessions", self.end_sessions, "POST"),
        ):
            routes.add_url_rule(path, name, view, methods=[method])

    def sign_in_page(self) -> ResponseReturnValue:
        """The form, or the page that was wanted for who is signed in already."""
        if signed_in():
            return redirect(wanted(), 303)
        return render_template("console_sign_in.html", next=wanted(), done=words.DONE.get(request.args.get("done", "")))

    def sign_in(self) -> ResponseReturnValue:
        """Begin a session, and go where was wanted."""
        form, login = request.form, request.form.get("login", "").strip().lower()
        try:
            token = self.accounts.sign_in(login, form.get("password", ""), self.guard.source(login))
        except Conflict as conflict:
            event("sign_in_refused")
            said = {"conflict": conflict.phrase, "login": login, "next": wanted()}
            return render_template("console_sign_in.html", **said), 409
        event("signed_in")
        return self.guard.begin(_see(wanted()), token, login)

    def sign_out(self) -> ResponseReturnValue:
        """End the session."""
        event("signed_out", staff=clerk().id)
        return self.guard.end(_see(url_for(SIGN_IN, done="signed_out")))

    def account_page(self) -> ResponseReturnValue:
        """One's own account."""
        return render_template("console_account.html", shortest=SHORTEST_PASSWORD)

    def change_password(self) -> ResponseReturnValue:
        """Another password, after the old one; every session ends."""
        form = request.form
        try:
            self.accounts.change_password(clerk(), form.get("old", ""), form.get("new", ""))
        except Conflict as conflict:
            return render_template("console_account.html", shortest=SHORTEST_PASSWORD, conflict=conflict.phrase), 409
        event("password_changed", staff=clerk().id)
        return self.guard.end(_see(url_for(SIGN_IN, done="password")))

    def end_sessions(self) -> ResponseReturnValue:
        """End all of one's sessions, this one too: whoever found it open is out for certain."""
        event("sessions_ended", staff=clerk().id, count=self.accounts.sign_out_everywhere(clerk()))
        return self.guard.end(_see(url_for(SIGN_IN, done="elsewhere")))


def wanted() -> str:
    """The page that was wanted before signing in: one of ours, else the list."""
    path = request.values.get("next", "")
    return path if OUR_PAGE.fullmatch(path) else "/console"


def _see(path: str) -> Response:
    return make_response(redirect(path, 303))
