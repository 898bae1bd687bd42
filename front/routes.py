"""Two pages: what the line is and how to reach it, and a card to print with every service's number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from app.pages import HEADERS, Page, pick_language
from core.catalog import Category, Service
from core.phrases import text
from core.types import Digits

if TYPE_CHECKING:
    from app.bootstrap import Plainline


def blueprint(plainline: Plainline) -> Blueprint:
    """The routes. Whoever asks is told the same: there is no session here."""
    front = _Front(plainline)
    routes = Blueprint("front", __name__, template_folder="templates", static_folder="static", static_url_path="/front")
    routes.after_request(harden)
    for path, view in (("/", front.home), ("/card", front.card)):
        routes.add_url_rule(path, view.__name__, view)
    return routes


def harden(response: Response) -> Response:
    """The headers of every page."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.add("Vary", "Accept-Language")
    return response


class _Front:
    """The views, with what they need."""

    def __init__(self, plainline: Plainline) -> None:
        self.settings = plainline.settings
        self.catalog = plainline.catalog
        self.words = plainline.words

    def home(self) -> str:
        """The front page."""
        return self.rendered("front_home.html")

    def card(self) -> str:
        """The card."""
        return self.rendered("front_card.html")

    def rendered(self, template: str) -> str:
        """A page, in the language asked for, or one that the browser accepts."""
        town = self.catalog.town
        language = pick_language(request.args.get("lang", ""), request.accept_languages.values(), town.languages)
        twilio = self.settings.twilio
        return render_template(
            template,
            page=Page(words=self.words, language=language),
            town=town,
            number=text("{number}", number=Digits(text=twilio.number)) if twilio else None,
            dialled=twilio.number if twilio else "",
            emergency=town.emergency,
            chat=self.settings.telegram is not None,
            simulator=self.settings.simulator_url,
            categories=list(self.categories()),
        )

    def categories(self) -> Iterator[tuple[Category, list[Service]]]:
        """Each category with its services, by number."""
        services = sorted(self.catalog.services.values(), key=lambda one: one.number)
        for category in sorted(self.catalog.categories, key=lambda one: one.key):
            yield category, [one for one in services if one.category == category.id]
