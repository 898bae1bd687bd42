"""Texts out through Twilio's REST API (Twilio docs: Messages resource, error codes)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from requests.exceptions import ConnectionError as NotConnected
from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from app.settings import Settings, Twilio
from core.errors import SendLater, SendNever, SendUnknown
from core.ports import Text
from ivr.lost import why_lost

TIMEOUT = 10.0
"""Seconds to wait for Twilio; its client has none of its own."""

WHATSAPP_PREFIX = "whatsapp:"
"""Stands before a number that is written to on WhatsApp (Twilio docs: WhatsApp)."""

LATER = frozenset({20429, 14107, 22005, 10004})
"""Codes of limits: try again later."""


class RedirectingClient(TwilioHttpClient):  # type: ignore[misc]  # twilio publishes no types
    """Twilio's HTTP client, sent to another base URL: a stand-in on this machine, or a regional edge."""

    def __init__(self, base_url: str) -> None:
        super().__init__(timeout=TIMEOUT)
        self._base = urlsplit(base_url) if base_url else None

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """Send the request, its scheme and host replaced."""
        if self._base:
            url = urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc).geturl()
        return super().request(method, url, *args, **kwargs)


class TwilioSender:
    """Sends SMS, or with `prefix` "whatsapp:" messages on WhatsApp, from `number`. `core.ports.Sender`."""

    def __init__(self, settings: Settings, number: str, prefix: str = "") -> None:
        assert settings.twilio is not None
        self._from = f"{prefix}{number}"
        self._prefix = prefix
        self._status = f"{settings.public_url}/sms/status"
        self._client = client(settings.twilio)

    def send(self, text: Text) -> str:
        """Send, and return the MessageSid. An answer that never came leaves it unknown whether it was sent."""
        return self._send(text, body=text.body)

    def find(self, text: Text, since: datetime) -> str:
        """The MessageSid of the same words to the same number sent since then, "" if there is none."""
        with asking():
            sent = self._client.messages.list(to=self._to(text), from_=self._from, date_sent_after=since, limit=50)
            return next((named(m.sid) for m in sent if m.body == text.body), "")

    def _send(self, text: Text, **what: str) -> str:
        with asking():
            sent = self._client.messages.create(
                to=self._to(text), from_=self._from, status_callback=self._status, **what
            )
            return named(sent.sid)

    def _to(self, text: Text) -> str:
        return f"{self._prefix}{text.to}"


class WhatsAppInviter(TwilioSender):
    """Sends the approved message that asks a resident to write. `core.ports.Inviter`.

    Its first variable is the telephone number of the line, for whoever would rather call. Twilio takes neither `Body`
    nor media with it (Twilio docs: content templates).
    """

    def __init__(self, settings: Settings) -> None:
        assert settings.twilio is not None
        super().__init__(settings, settings.twilio.whatsapp, WHATSAPP_PREFIX)
        self._template = settings.twilio.whatsapp_template
        self._variables = json.dumps({"1": settings.twilio.number})

    def invite(self, text: Text) -> str:
        """Send it to whom the text is for, and return the MessageSid."""
        return self._send(text, content_sid=self._template, content_variables=self._variables)


def client(twilio: Twilio) -> Client:
    """Twilio's own client, with a time limit, for this account."""
    http = RedirectingClient(twilio.api_url)
    return Client(twilio.account, twilio.tokens[0], http_client=http)


_NONSENSE = (ValueError, TypeError, LookupError, AttributeError)
"""What Twilio's client meets in an answer that is none of Twilio's: no JSON, or of another shape."""


@contextmanager
def asking() -> Iterator[None]:
    """Ask Twilio. Whatever goes wrong is a `core.errors.SendError`."""
    try:
        yield
    except (TwilioException, RequestException, *_NONSENSE) as fault:
        raise in_our_terms(fault) from fault


def named(sid: Any) -> str:
    """The Sid in an answer. Raises ValueError if there is none."""
    if not isinstance(sid, str) or not sid:
        raise ValueError("an answer without a Sid")
    return sid


def in_our_terms(fault: Exception) -> SendLater | SendNever | SendUnknown:
    """What a fault of the provider means for a text or a call. An answer that never came, or says nothing, leaves it
    unknown; a connection that was not made sent nothing."""
    if isinstance(fault, ConnectTimeout):
        return SendLater()
    if isinstance(fault, NotConnected) and isinstance(_reason(fault), NewConnectionError):
        return SendLater("connect")
    if not isinstance(fault, TwilioRestException | TwilioServiceException):
        return SendUnknown("" if isinstance(fault, RequestException) else "nonsense")
    code = str(fault.code or fault.status)
    if fault.status == 429 or fault.code in LATER:
        return SendLater(code)
    return SendUnknown(code) if fault.status >= 500 else SendNever(code, why=why_lost(code))


def _reason(fault: NotConnected) -> object:
    """Why there was no connection, as far down as is told."""
    return getattr(fault.args[0], "reason", None) if fault.args else None
