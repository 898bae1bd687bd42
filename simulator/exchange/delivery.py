"""Deliver a webhook as Twilio does: signed, with the retries that its URL asks for, within 15 seconds in all.

Source: Twilio docs, usage/webhooks/webhooks-connection-overrides and usage/security; error codes from
api/errors. Time that a fault costs is counted, not waited for.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urljoin, urlsplit

from simulator.exchange import wire
from simulator.exchange.overrides import MisreadFragment, Overrides, overrides
from simulator.exchange.signing import Form, signature, signed_url
from simulator.exchange.trouble import Arranged, Fault, Line

BAD_REPLY = 11200  # a status that is no success, or no reply
NO_CONNECTION = 11205
BAD_URL = 11100
TOO_MANY_REDIRECTS = 11215
REDIRECTS = 10
IDEMPOTENCY = "I-Twilio-Idempotency-Token"
FORM_TYPE = "application/x-www-form-urlencoded; charset=UTF-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request that was made (or lost on its way), for tests to look at.

    `status` is 0 without a reply; `failure` is "", or ct, rt, 4xx, 5xx as in the retry policy; `number`
    counts from 1; `token` is the idempotency token, the same on every attempt of one delivery.
    """

    url: str
    method: str
    form: Form
    token: str
    number: int
    status: int = 0
    body: bytes = b""
    content_type: str = ""
    failure: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """How a delivery ended: the last attempt, an error code (0: a success) and the seconds that faults
    cost."""

    last: Attempt
    error: int
    late: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What is to be delivered, and how."""

    url: str
    form: Form
    method: str
    voice: bool
    asked: Overrides
    token: str

    def moved(self, attempt: Attempt) -> Parcel:
        """The same parcel to where a redirect leads; 301 to 303 turn it into a GET without a form."""
        to = replace(self, url=urljoin(self.url, attempt.location))
        return replace(to, method="GET", form=()) if attempt.status in {301, 302, 303} else to


class Webhooks:
    """Signs and posts. `hosts` says where a public origin is really served, such as
    {"https://line.example": "http://127.0.0.1:5123"}; other URLs are reached as they are. The last `keep` attempts are
    remembered, all of them without one."""

    def __init__(self, token: str, hosts: Mapping[str, str], keep: int | None = None) -> None:
        self.token = token
        self.hosts = {origin.rstrip("/"): real for origin, real in hosts.items()}
        self.trouble = Line()
        self.attempts: deque[Attempt] = deque(maxlen=keep)
        self._lock = threading.Lock()

    def deliver(self, url: str, form: Form, *, method: str = "POST", voice: bool = False) -> Delivered:
        """Deliver `form` to `url` and try again as its fragment asks."""
        try:
            asked = overrides(url)
        except MisreadFragment:
            nothing = Attempt(url=url, method=method, form=form, token="", number=0)
            return Delivered(last=nothing, error=BAD_URL, late=0.0)
        token = str(uuid.uuid4())
        return self._try(Parcel(url=url, form=form, method=method, voice=voice, asked=asked, token=token))

    def _try(self, parcel: Parcel) -> Delivered:
        asked, clock = parcel.asked, Clock()
        for number in range(1, asked.retries + 2):
            attempt = self._follow(parcel, number, clock)
            if not asked.retries_on(attempt.failure) or clock.spent >= asked.total:
                break
        return Delivered(last=attempt, error=error_of(attempt), late=clock.late)

    def _follow(self, parcel: Parcel, number: int, clock: Clock) -> Attempt:
        """One attempt with the redirects that it leads through."""
        for _ in range(REDIRECTS + 1):
            attempt = self._once(parcel, number, clock)
            if not attempt.location:
                break
            parcel = parcel.moved(attempt)
        return attempt

    def _once(self, parcel: Parcel, number: int, clock: Clock) -> Attempt:
        faults = self.trouble.take(urlsplit(parcel.url).path or "/")
        left = max(parcel.asked.total - clock.spent, 0.001)
        patience = min(parcel.asked.read, left)
        reply, failure = self._send(parcel, faults, left)
        late = faults[Fault.LATE_ANSWER].seconds if Fault.LATE_ANSWER in faults else 0.0
        if late > patience:
            reply, failure = NOTHING, "rt"
        clock.late += min(late, patience)
        attempt = recorded(parcel, number, reply, failure)
        with self._lock:
            self.attempts.append(attempt)
        return attempt

    def _send(self, parcel: Parcel, faults: Mapping[Fault, Arranged], left: float) -> tuple[wire.Reply, str]:
        """The reply, and "" or the kind of failure."""
        if Fault.LOST_REQUEST in faults:
            return NOTHING, "ct"
        if Fault.REFUSED in faults:
            return wire.Reply(status=faults[Fault.REFUSED].status), ""
        ask, asked = self._ask(parcel, faults), parcel.asked
        try:
            reply = wire.over_http(ask, min(asked.connect, left), min(asked.read, left))
            if Fault.TWICE in faults:
                wire.over_http(ask, asked.connect, asked.read)
        except wire.NotConnected:
            return NOTHING, "ct"
        except wire.NoReply:
            return NOTHING, "rt"
        return (NOTHING, "rt") if Fault.LOST_ANSWER in faults else (reply, "")

    def _ask(self, parcel: Parcel, faults: Mapping[Fault, Arranged]) -> wire.Ask:
        posted = parcel.form if parcel.method == "POST" else ()
        url = address(parcel)
        headers = {"Accept": "*/*", "User-Agent": "TwilioProxy/1.1", IDEMPOTENCY: parcel.token}
        if parcel.method == "POST":
            headers["Content-Type"] = FORM_TYPE
        if Fault.NO_SIGNATURE not in faults:
            key = "another token" if Fault.BAD_SIGNATURE in faults else self.token
            headers["X-Twilio-Signature"] = signature(key, signed_url(url, voice=parcel.voice), posted)
        parts = urlsplit(url)
        return wire.Ask(
            url=url,
            method=parcel.method,
            body=urlencode(posted).encode() if parcel.method == "POST" else None,
            headers=headers,
            origin=self.hosts.get(f"{parts.scheme}://{parts.netloc}"),
        )


class Clock:
    """The seconds of one delivery: those that really passed, and those that a fault is said to have cost."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.late = 0.0

    @property
    def spent(self) -> float:
        return time.monotonic() - self.begun + self.late


NOTHING = wire.Reply(status=0)


def address(parcel: Parcel) -> str:
    """The URL that is asked: without its fragment, and for GET with the form as a query."""
    bare = parcel.url.partition("#")[0]
    if parcel.method != "GET" or not parcel.form:
        return bare
    return bare + ("&" if "?" in bare else "?") + urlencode(parcel.form)


def recorded(parcel: Parcel, number: int, reply: wire.Reply, failure: str) -> Attempt:
    """What tests may look at afterwards."""
    return Attempt(
        url=parcel.url,
        method=parcel.method,
        form=parcel.form,
        token=parcel.token,
        number=number,
        status=reply.status,
        body=reply.body,
        content_type=reply.content_type,
        failure=failure or family(reply.status),
        location=reply.headers.get("location", "") if 300 < reply.status < 309 else "",
    )


def family(status: int) -> str:
    """The retry policy's word for a status: "" for a success or a redirect."""
    return f"{status // 100}xx" if status >= 400 else ""


def error_of(attempt: Attempt) -> int:
    """Twilio's error code for how an attempt ended; 0 for a success."""
    if attempt.location:
        return TOO_MANY_REDIRECTS
    if attempt.failure == "ct":
        return NO_CONNECTION
    return BAD_REPLY if attempt.failure or not 200 <= attempt.status < 300 else 0
