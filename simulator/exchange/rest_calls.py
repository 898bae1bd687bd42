"""The REST API's Calls: place, fetch, change, list. Source: Twilio docs, voice/api/call-resource."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

from simulator.exchange.call import Call
from simulator.exchange.leg import API_VERSION, Leg
from simulator.exchange.pages import Body, Fields, page, rfc2822, window
from simulator.exchange.refusal import Refused
from simulator.exchange.rest_errors import RestError
from simulator.exchange.rules import E164, is_url
from simulator.exchange.twiml import read_voice
from simulator.exchange.verbs import Dial, Enqueue, Gather, Record, Redirect, Verb

EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
TWIML_CHARACTERS = 4000


class Switchboard(Protocol):
    """What the REST API needs of the exchange to place and change calls."""

    account_sid: str
    own_numbers: frozenset[str]
    calls: list[Call]

    def new_sid(self, kind: str) -> str: ...
    def later(self, job: Callable[[], None]) -> None: ...
    def place(self, leg: Leg, verbs: Sequence[Verb]) -> Call: ...


class Calls:
    """`/Accounts/{sid}/Calls` over the exchange's calls."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._root = f"/{API_VERSION}/Accounts/{board.account_sid}/Calls"

    def create(self, form: Fields, events: Sequence[str]) -> tuple[int, Body]:
        """Place a call; a test then answers it or does not. Raises RestError."""
        self._check(form)
        verbs = document(form.get("Twiml", "")) if not form.get("Url") else ()
        if not verbs and not complete(form.get("Url", "")):
            raise RestError(21205, form.get("Url", ""))
        wanted = frozenset(" ".join(events).split()) or frozenset({"completed"})
        if not wanted <= EVENTS:
            raise RestError(20001, f"StatusCallbackEvent={' '.join(sorted(wanted))}")
        leg = Leg(
            sid=self._board.new_sid("CA"),
            account=self._board.account_sid,
            from_=form["From"],
            to=form["To"],
            url=form.get("Url", ""),
            method=form.get("Method", "POST"),
            fallback_url=form.get("FallbackUrl", ""),
            status_url=form.get("StatusCallback", ""),
            direction="outbound-api",
            events=wanted,
        )
        call = self._board.place(leg, verbs)
        return 201, self.shape(call)

    def _check(self, form: Fields) -> None:
        if not form.get("To"):
            raise RestError(21201)
        if not form.get("From"):
            raise RestError(21213)
        if not E164.holds(form["To"]):
            raise RestError(21211, form["To"])
        if form["From"] not in self._board.own_numbers:
            raise RestError(21210, form["From"])

    def update(self, sid: str, form: Fields) -> tuple[int, Body]:
        """Cancel or end a call, or send a live one to another document. Raises RestError."""
        call = self._find(sid)
        status = form.get("Status", "")
        if status not in {"", "canceled", "completed"}:
            raise RestError(20001, f"Status={status}")
        if status:
            return 200, self.shape(call) | {"status": self._end(call, status)}
        if form.get("Url") or form.get("Twiml"):
            self._redirect(call, form)
        return 200, self.shape(call)

    def _end(self, call: Call, status: str) -> str:
        """End `call` after this request is answered; the status that it will then have."""
        waiting = call.status in {"queued", "ringing"} and call.leg.direction != "inbound"
        if call.over or (status == "canceled" and not waiting):
            return call.status
        final = "canceled" if waiting else "completed"
        self._board.later(lambda: call.end_by_request(final))
        return final

    def _redirect(self, call: Call, form: Fields) -> None:
        if call.over or call.status != "in-progress":
            raise RestError(21220)
        url = form.get("Url", "")
        verbs = () if url else document(form["Twiml"])
        if url and not complete(url):
            raise RestError(21205, url)
        self._board.later(lambda: call.redirect(url, form.get("Method", "POST"), verbs))

    def fetch(self, sid: str) -> tuple[int, Body]:
        """One call."""
        return 200, self.shape(self._find(sid))

    def list(self, query: Fields) -> tuple[int, Body]:
        """Calls, newest first, by To, From, Status and StartTime."""
        started = window("StartTime", query)
        found = [
            call
            for call in reversed(self._board.calls)
            if query.get("To", call.leg.to) == call.leg.to
            and query.get("From", call.leg.from_) == call.leg.from_
            and query.get("Status", call.status) == call.status
            and started.holds(call.started)
        ]
        return 200, page(found, "calls", f"{self._root}.json", query, self.shape)

    def _find(self, sid: str) -> Call:
        for call in self._board.calls:
            if call.sid == sid:
                return call
        raise RestError(20404, f"{self._root}/{sid}.json")

    def shape(self, call: Call) -> Body:
        """A call as JSON."""
        uri = f"{self._root}/{call.sid}"
        answered = call.status in {"in-progress", "completed"}
        ended = call.started + timedelta(seconds=call.seconds) if call.over else None
        return {
            "sid": call.sid,
            "account_sid": call.leg.account,
            "from": call.leg.from_,
            "from_formatted": call.leg.from_,
            "to": call.leg.to,
            "to_formatted": call.leg.to,
            "direction": call.leg.direction,
            "status": call.status,
            "start_time": rfc2822(call.started) if answered else None,
            "end_time": rfc2822(ended),
            "duration": str(round(call.seconds)) if call.over else None,
            "date_created": rfc2822(call.started),
            "date_updated": rfc2822(ended or call.started),
            "price": None,
            "price_unit": "USD",
            "answered_by": call.answered_by or None,
            "caller_name": None,
            "forwarded_from": None,
            "group_sid": None,
            "parent_call_sid": None,
            "phone_number_sid": None,
            "trunk_sid": None,
            "queue_time": "0",
            "api_version": API_VERSION,
            "uri": f"{uri}.json",
            "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
        }


def complete(url: str) -> bool:
    """True for a whole http(s) address."""
    return url.startswith(("http://", "https://")) and is_url(url)


def document(twiml: str) -> tuple[Verb, ...]:
    """TwiML given outright: at most 4000 characters, every URL in it complete (there is no page to start from)."""
    if not twiml or len(twiml) > TWIML_CHARACTERS:
        raise RestError(21205 if not twiml else 20001, f"Twiml of {len(twiml)} characters")
    try:
        verbs = read_voice(twiml.encode(), "text/xml")
    except Refused as reason:
        raise RestError(20001, f"Twiml: {reason}") from reason
    for url in filter(None, itertools.chain.from_iterable(map(addresses, verbs))):
        if not complete(url):
            raise RestError(20001, f"Twiml: {url} is not a complete address")
    return verbs


def addresses(verb: Verb) -> tuple[str | None, ...]:
    """The URLs that a verb leads to."""
    match verb:
        case Gather(action=url) | Redirect(url=url):
            return (url,)
        case Record(action=url, status_url=status_url):
            return (url, status_url)
        case Dial(action=url, screens=screens):
            return (url, *(address for screen in screens for address in (screen.url, screen.answered_by_url)))
        case Enqueue(action=url, wait_url=wait_url):
            return (url, wait_url)
    return ()
