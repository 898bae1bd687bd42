"""Clerks who use the console by its pages and forms, as a browser would."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from werkzeug.test import Client, TestResponse

from app.web import make_app
from core.staff import Staff
from tests.calls.line import PUBLIC, Line

FIELDS = ("input", "textarea", "select", "button")
VOID = frozenset({"input", "meta", "link", "br"})


@dataclass
class Form:
    """A form of a page: where it goes, and what it carries before anybody types."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Reader(HTMLParser):
    """The forms of a page, its words, and the words of what has a role."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.roles: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self._area = ""
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(action=has["action"], method=has["method"]))
        if tag in FIELDS and "name" in has and self.forms and has.get("type") != "radio":
            self.forms[-1].fields[has["name"]] = has.get("value", "")
        self._area = has.get("name", "") if tag == "textarea" else ""
        if tag not in VOID:
            self._open.append((tag, has.get("role", "")))

    def handle_endtag(self, tag: str) -> None:
        self._area = ""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._area and self.forms:
            self.forms[-1].fields[self._area] += data
        for _, role in self._open:
            if role:
                self.roles[role] = self.roles.get(role, "") + data


class Clerk:
    """Somebody at the console; `page` is what they look at now."""

    def __init__(
        self, line: Line, login: str = "ines", department: str = "", language: str = "en", phone: str = ""
    ) -> None:
        self.line = line
        self.login = login
        self.browser = Client(make_app(line.plainline))
        self.password = line.plainline.accounts.add(
            Staff(id=0, login=login, name=login.title(), department=department, language=language, phone=phone)
        )
        self.answer: TestResponse

    @property
    def page(self) -> Reader:
        return Reader(self.answer.text)

    @property
    def alert(self) -> str:
        """What the page says is wrong."""
        return self.page.roles.get("alert", "").strip()

    @property
    def path(self) -> str:
        """Where the page stands."""
        return self.answer.request.path

    def opens(self, path: str) -> Clerk:
        """Look at a page; redirects are followed."""
        self.answer = self.browser.get(path, base_url=PUBLIC, follow_redirects=True)
        return self

    def form(self, ending: str) -> Form:
        """The form of this page whose action ends so."""
        found = [form for form in self.page.forms if form.action.endswith(ending)]
        assert found, f"no form goes to {ending}: {[form.action for form in self.page.forms]}"
        return found[0]

    def sends(self, ending: str, **typed: str) -> Clerk:
        """Fill in a form of this page and send it."""
        return self.posts(self.form(ending), **typed)

    def posts(self, form: Form, **typed: str) -> Clerk:
        """Send a form that was read before."""
        headers = {"Referer": f"{PUBLIC}/console"}
        data = {**form.fields, **typed}
        self.answer = self.browser.post(form.action, base_url=PUBLIC, data=data, headers=headers, follow_redirects=True)
        return self

    def signs_in(self, wanted: str = "/console") -> Clerk:
        """Go to a page, and sign in on the way."""
        self.opens(wanted)
        return self.sends("/sign-in", login=self.login, password=self.password)
