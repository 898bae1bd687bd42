"""The pages, on a Flask application of their own: bound to this machine, without any token of a provider in them."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from app.log import event
from app.pages import HEADERS, Page, pick_language
from app.settings import is_loopback
from core.phrases import phrase, text
from core.ports import Words
from core.types import Digits
from simulator.exchange import Exchange, NotNow, RunawayCall
from simulator.pages.messages import LONGEST_CHAT, LONGEST_TEXT, Chats, TextMessages
from simulator.pages.people import PEOPLE, Person, person
from simulator.pages.telephone import CONFIDENCES, LONGEST_SPEECH, MOST_KEYS, Telephones
from simulator.pages.troubles import KINDS, Troubles

DEVICES = ("phone", "texts", "chat")

NOT_NOW = phrase("That is not possible now. Look at what the page shows.")
WRONG = phrase("That can not be sent like this.")
RELOAD = phrase("This page is too old. It is renewed now; try again.")

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """What the pages show: the words, the languages, whom the office's numbers belong to, and where its pages are."""

    name: str
    words: Words
    languages: tuple[str, ...]
    number: str
    web: str
    offices: Mapping[str, str]


def make_pages(exchange: Exchange, town: Town, telephones: Telephones, troubles: Troubles) -> Flask:
    """The application."""
    app = Flask("simulator.pages", static_folder="static")
    app.config.from_mapping(
        SECRET_KEY=secrets.token_bytes(32),
        SESSION_COOKIE_NAME="plainline_simulator",  # cookies do not tell ports apart, and the console has one too
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=64 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.before_request(refuse_other_hosts)  # before Flask-WTF's own check
    CSRFProtect(app)
    app.after_request(harden)
    app.register_error_handler(Exception, fault)
    _Pages(exchange, town, telephones, troubles).add_to(app)
    return app


def refuse_other_hosts() -> None:
    """Answer under this machine's own names only, or a page elsewhere could have its name point here."""
    if not is_loopback(urlsplit(f"//{request.host}").hostname or ""):
        event("simulator_host_refused")
        abort(400)


def harden(response: Response) -> Response:
    """The headers of every page; nothing is kept, since all of it changes."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def fault(reason: Exception) -> AnyResponse | HTTPException:
    """The one broad handler of this process."""
    if isinstance(reason, HTTPException):
        return reason
    logging.getLogger("plainline").error("simulator_fault", exc_info=reason)
    return Response("Something went wrong on our side.\n", status=500, content_type="text/plain")


class _Pages:
    """The views, with what they need."""

    def __init__(self, exchange: Exchange, town: Town, telephones: Telephones, troubles: Troubles) -> None:
        self.exchange = exchange
        self.town = town
        self.telephones = telephones
        self.troubles = troubles
        self.texts = TextMessages(exchange)
        self.chats = Chats(exchange)

    def add_to(self, app: Flask) -> None:
        """Add the routes."""
        app.add_url_rule("/", "home", self.home)
        app.add_url_rule("/trouble", "trouble", self.trouble)
        app.add_url_rule("/trouble", "set_trouble", self.set_trouble, methods=["POST"])
        app.add_url_rule("/<any(phone,texts,chat):device>/<who>", "device", self.device)
        app.add_url_rule("/<any(phone,texts,chat):device>/<who>/state", "state", self.state)
        app.add_url_rule("/<any(phone,texts,chat):device>/<who>/<action>", "act", self.act, methods=["POST"])
        app.register_error_handler(CSRFError, self.forged)

    @property
    def page(self) -> Page:
        """The words of this request, in its language."""
        wanted, accepted = request.args.get("lang", ""), request.accept_languages.values()
        language = pick_language(wanted, accepted, self.town.languages)
        return Page(words=self.town.words, language=language)

    # --- pages -------------------------------------------------------------------------------------------

    def home(self) -> str:
        """Who has a telephone."""
        return self.rendered("home.html", "home", None)

    def device(self, device: str, who: str) -> str:
        """One device of one person."""
        return self.rendered(f"{'phone' if device == 'phone' else 'messages'}.html", device, has(who, device))

    def trouble(self) -> str:
        """The switches."""
        return self.rendered("trouble.html", "trouble", None)

    def set_trouble(self) -> AnyResponse:
        """Switch."""
        self.troubles.set(frozenset(request.form.getlist("on")))
        return redirect(url_for("trouble", lang=self.page.language))

    def rendered(self, template: str, device: str, who: Person | None) -> str:
        """A page."""
        return render_template(
            template,
            page=self.page,
            town=self.town,
            number=Digits(text=self.town.number),
            theirs=text("{number}", number=Digits(text=who.number)) if who and who.texts else None,
            device=device,
            who=who,
            people=PEOPLE,
            has=has_device,
            called=called,
            kinds=KINDS,
            on=self.troubles.on,
            confidences=CONFIDENCES,
            longest={"phone": LONGEST_SPEECH, "texts": LONGEST_TEXT, "chat": LONGEST_CHAT},
        )

    # --- what the pages ask ------------------------------------------------------------------------------

    def state(self, device: str, who: str) -> Response:
        """What a device shows; 204 if that is the version which the page has.

        Answered at once: a browser opens six connections to a server, so six tabs that hold one each would stop all.
        """
        shown = self.show(device)(has(who, device), self.page)
        version = hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]
        if version == request.args.get("version", ""):
            return Response(status=204)
        return answered({**shown, "version": version, "csrf": generate_csrf()})

    def show(self, device: str) -> Callable[[Person, Page], dict[str, object]]:
        """What shows a device."""
        shows = {"phone": self.telephones.shows, "texts": self.texts.shows, "chat": self.chats.shows}
        return shows[device]

    def act(self, device: str, who: str, action: str) -> Response:
        """Do something with a device."""
        one, fields = has(who, device), request.get_json()
        actions = {"phone": self.with_phone, "texts": self.with_texts, "chat": self.with_chat}
        time.sleep(self.troubles.seconds)
        try:
            done = actions[device](one, action, fields if isinstance(fields, dict) else {})
        except (ValueError, TypeError, KeyError):
            return answered({"said": self.page.say(WRONG)}, 400)
        except (NotNow, RunawayCall, TimeoutError) as reason:
            event("simulator_not_now", device=device, action=action, reason=type(reason).__name__)
            return answered({"said": self.page.say(NOT_NOW)}, 409)
        return answered({"said": ""}) if done else answered({"said": self.page.say(WRONG)}, 400)

    def with_phone(self, who: Person, action: str, fields: Fields) -> bool:
        """Do something with a telephone; False for what it can not."""
        phones = self.telephones
        match action:
            case "call":
                phones.dial(who)
            case "press":
                phones.press(who, written(fields, "keys", MOST_KEYS))
            case "say":
                words = written(fields, "words", LONGEST_SPEECH)
                phones.say(who, words, CONFIDENCES.get(str(fields.get("confidence")), CONFIDENCES["high"]))
            case "silence":
                phones.say_nothing(who)
            case "hang_up":
                phones.hang_up(who)
            case "answer":
                phones.answer(who)
            case "voicemail":
                phones.voicemail(who)
            case "no-answer" | "busy":
                phones.decline(who, action)
            case "office-answer" | "office-no-answer" | "office-busy":
                phones.play_office(who, action.removeprefix("office-"))
            case "office-hang-up":
                phones.office_hangs_up(who)
            case _:
                return False
        return True

    def with_texts(self, who: Person, action: str, fields: Fields) -> bool:
        """Do something with the text messages."""
        match action:
            case "send":
                self.texts.send(who, written(fields, "words", LONGEST_TEXT))
            case "off" | "on":
                self.texts.switch(who, off=action == "off")
            case _:
                return False
        return True

    def with_chat(self, who: Person, action: str, fields: Fields) -> bool:
        """Do something with the chat."""
        match action:
            case "send":
                self.chats.send(who, written(fields, "words", LONGEST_CHAT))
            case "press":
                self.chats.press(who, int(fields["message"]), str(fields["data"])[:64])
            case "off" | "on":
                self.chats.switch(who, off=action == "off")
            case _:
                return False
        return True

    def forged(self, _reason: CSRFError) -> Response:
        """A request that no page of ours made since the start."""
        event("simulator_forged")
        return answered({"said": self.page.say(RELOAD)}, 403)


def answered(what: Mapping[str, object], status: int = 200) -> Response:
    """An answer in JSON."""
    return Response(json.dumps(what, ensure_ascii=False), status=status, content_type="application/json")


def written(fields: Fields, name: str, most: int) -> str:
    """Words or keys of a request. Raises ValueError for none, and for too many."""
    given = fields.get(name)
    if not isinstance(given, str) or not given.strip() or len(given) > most:
        raise ValueError(name)
    return given


def has(id: str, device: str) -> Person:
    """The person, if they have this device; else 404."""
    found = person(id)
    if found is None or not has_device(found, device):
        abort(404)
    return found


def has_device(who: Person, device: str) -> bool:
    """Whether they have a telephone, texts or a chat."""
    return device == "phone" or (who.texts if device == "texts" else bool(who.chat))


def called(who: Person, page: Page) -> str:
    """What they are called on the page."""
    return page.say(who.role) if who.role else who.name
