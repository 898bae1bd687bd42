"""An installation in this process, and what its residents, clerks and processes do, one thing at a time. Where it is
asked what a database adds, servers and sockets would only blur the answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from random import Random
from typing import Any
from urllib.parse import urlencode

from app import bootstrap
from app.bench_turn import ACCOUNT, NUMBER, TOKEN, Press, signature
from app.bootstrap import Plainline
from app.limit_settings import NO_LIMITS, read_limiting
from app.outbox import Outbox
from app.retention import sweep
from app.settings import Twilio, here
from app.web import make_app
from core.errors import StoreUnavailable
from core.ports import Received, Text
from core.staff import Staff
from core.types import Address, Inbound, Kind, Medium

TEXTS = ("How much is the senior transport card?", "2", "back", "start")
"""What somebody who writes sends, over and over: words for the engine, a choice, and back."""

PEOPLE = 50
"""Who write by text message, and as many by chat."""

BASE_URL = "http://127.0.0.1:8000"

_LEAVES_A_CASE = ("415", "4", "3", "12 Oak Street", "2", "(415) 555-0123", "1")
_WANTS_A_PERSON = ("How much is the senior transport card?", "person", "It is about my mother.")
_CALL = ("1", "2", "3", "*", "3", "1")


def parts() -> Plainline:
    """Everything but a database, to be put on one by `inside`; read once."""
    return known_here(bootstrap.build(here()))


def known_here(wired: Plainline) -> Plainline:
    """The same, with an account at the provider that is known here."""
    twilio = Twilio(account=ACCOUNT, tokens=(TOKEN,), number=NUMBER)
    limiting = read_limiting(NO_LIMITS, [])
    known = replace(wired.settings, public_url=BASE_URL, twilio=twilio, telegram=None, limiting=limiting)
    return replace(wired, settings=known)


class Moving:
    """A clock: the time, or a time that was set."""

    def __init__(self) -> None:
        self.at: datetime | None = None

    def __call__(self) -> datetime:
        return self.at or datetime.now(UTC)


class Taker:
    """A provider that takes every text. `core.ports.Sender`."""

    def send(self, text: Text) -> str:
        """Take it."""
        return f"taken {text.nonce}"

    def find(self, text: Text, since: datetime) -> str:  # noqa: ARG002 the port passes them
        """Nothing is ever in doubt."""
        return ""


class Caller(Press):
    """A caller whose requests go to an application in this process."""

    def __init__(self, client: Any, call: str) -> None:
        super().__init__(port=8000, call=call)
        self._client = client

    def press(self, keys: tuple[str, ...]) -> None:
        """Call, press these keys one after the other, and hang up."""
        self._send("/voice", {})
        for key in keys:
            self._send(self._action, {"Digits": key})
        self._post("/voice/status", *self._signed("/voice/status", {"CallStatus": "completed"}))

    def _post(self, path: str, body: str, headers: dict[str, str]) -> str:
        answer = self._client.post(path, data=body, headers=headers)
        if answer.status_code not in (200, 204):
            raise StoreUnavailable(f"{path.partition('?')[0]} answered {answer.status_code}")
        return str(answer.text)


@dataclass(kw_only=True)
class Inside:
    """One installation. Every method without arguments is one turn, or one thing that a clerk or a process does."""

    plainline: Plainline
    clock: Moving
    outbox: Outbox
    client: Any
    clerk: Staff
    numbers: Iterator[int] = field(default_factory=lambda: count(time.time_ns()))
    _writes: dict[str, Iterator[str]] = field(default_factory=dict)
    _caller: Caller | None = None

    @property
    def doings(self) -> dict[str, Callable[[], None]]:
        """What can be measured, by name."""
        return {
            "key press": self.key,
            "text message": self.text,
            "chat update": self.chat,
            "worker's round": self.deliver,
            "console: the list": self.see_list,
            "console: a request": self.see_request,
            "sweep with nothing due": self.forget,
        }

    # --- residents -----------------------------------------------------------------------------------------------

    def key(self) -> None:
        """A key is pressed."""
        self._caller = self._caller or Caller(self.client, f"CA{next(self.numbers):032x}")
        self._caller.ask()

    def text(self) -> None:
        """A text message comes."""
        number = next(self.numbers) % PEOPLE
        self.write(f"+1415557{number:04}", self._next(f"sms{number}"))

    def chat(self) -> None:
        """Somebody writes in the chat."""
        number = next(self.numbers) % PEOPLE
        self.say(7_000_000 + number, self._next(f"chat{number}"))

    def write(self, number: str, body: str) -> None:
        """A text message with these words comes."""
        form = {
            "AccountSid": ACCOUNT,
            "MessageSid": f"SM{next(self.numbers):032x}",
            "From": number,
            "To": NUMBER,
            "Body": body,
            "NumMedia": "0",
        }
        signed = {"X-Twilio-Signature": signature(f"{BASE_URL}/sms", form)}
        answer = self.client.post("/sms", data=urlencode(form), headers=signed, content_type=_FORM)
        if answer.status_code != 200:
            raise StoreUnavailable(f"/sms answered {answer.status_code}")

    def say(self, who: int, words: str) -> None:
        """Somebody writes this in the chat: kept, answered, and done, as the bot's process does it."""
        id, at, conversation = next(self.numbers), self.clock(), f"chat-{who:032x}"
        kept = self.plainline.inbox.keep((Received(id=id, conversation=conversation, payload=words, came=at),))
        said = Inbound(
            conversation=conversation,
            medium=Medium.CHAT,
            address=Address(channel="telegram", value=str(who)),
            message_id=f"message:{kept[0].id}",
            kind=Kind.TEXT,
            text=words,
            language_hint="en",
            at=at,
        )
        self.plainline.assistant.handle(said, self.plainline.channel("telegram").capabilities)
        self.plainline.inbox.done(id, self.clock())

    def _next(self, who: str) -> str:
        return next(self._writes.setdefault(who, cycle(TEXTS)))

    # --- our own -------------------------------------------------------------------------------------------------

    def deliver(self) -> None:
        """The worker looks for what is to be sent, and sends it."""
        self.outbox.deliver_once(self.clock())

    def see_list(self) -> None:
        """A clerk looks at who is waiting."""
        self._see("/console")

    def see_request(self) -> None:
        """A clerk looks at a request, with its whole conversation."""
        waiting = self.plainline.desk.waiting(self.clerk)
        self._see(f"/console/requests/{waiting[0].id}")

    def _see(self, path: str) -> None:
        answer = self.client.get(path)
        if answer.status_code != 200:
            raise StoreUnavailable(f"{path} answered {answer.status_code}")

    def forget(self) -> None:
        """What is too old is forgotten."""
        sweep(self.plainline.retention, self.clock())

    # --- a story -------------------------------------------------------------------------------------------------

    def live_through(self, conversations: int, days: int, random: Random) -> None:
        """So many conversations of each kind in turn, spread over the days before now; in one of ten a case is opened,
        in another a person asked for, who answers. The last three requests still wait."""
        kinds = (self._a_call, self._a_thread, self._a_chat, self._a_case, self._a_talk)
        now = datetime.now(UTC)
        for number in range(conversations):
            self.clock.at = now - timedelta(days=days * random.random())
            kinds[(0, 1, 2, 0, 1, 2, 0, 1, 3, 4)[number % 10]](number)
            self.deliver()
        for number in range(WAITING):
            self.clock.at = now - timedelta(minutes=number)
            self._wish(number)
        self.clock.at = None
        self.deliver()

    def _a_call(self, number: int) -> None:
        Caller(self.client, f"CA{number:032x}").press(_CALL)

    def _a_thread(self, number: int) -> None:
        for words in TEXTS:
            self.write(f"+1415556{number:04}", words)

    def _a_chat(self, number: int) -> None:
        for words in TEXTS:
            self.say(6_000_000 + number, words)

    def _a_case(self, number: int) -> None:
        for words in _LEAVES_A_CASE:
            self.say(6_000_000 + number, words)

    def _wish(self, number: int) -> None:
        for words in _WANTS_A_PERSON:
            self.say(5_000_000 + number, words)

    def _a_talk(self, number: int) -> None:
        """Somebody asks for a person, who notes something, answers, and is done."""
        desk, clerk = self.plainline.desk, self.clerk
        self._wish(WAITING + number)
        for request in desk.waiting(clerk):
            nonce = f"{number} {request.id}"
            desk.claim(clerk, request.id, f"claim {nonce}")
            desk.note(clerk, request.id, "Called twice.", f"note {nonce}")
            desk.reply(clerk, request.id, "It is free.", LARGEST, f"reply {nonce}")
            desk.close(clerk, request.id, "answered", f"close {nonce}")


WAITING = 20
"""Requests for a person that are open."""

LARGEST = 2**31
"""Newer than anything a resident did."""

_FORM = "application/x-www-form-urlencoded"


def inside(wired: Plainline, database_url: str) -> Inside:
    """The installation on a database, which gets its schema and a clerk who is signed in."""
    bootstrap.upgrade(database_url)
    clock = Moving()
    plainline = replace(wired, settings=replace(wired.settings, database_url=database_url), clock=clock)
    login = f"bench{time.time_ns()}"
    password = plainline.accounts.add(Staff(id=0, login=login, name="Bench"))
    clerk = plainline.accounts.signed_in(token := plainline.accounts.sign_in(login, password, "bench"))
    assert clerk is not None
    client = make_app(plainline).test_client()
    client.set_cookie("console", token)
    outbox = plainline.outbox_of({"sms": Taker(), "telegram": Taker()})
    return Inside(plainline=plainline, clock=clock, outbox=outbox, client=client, clerk=clerk)
