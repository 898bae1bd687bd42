"""Texts out through Twilio's REST API (Twilio docs: Messages resource, error codes)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from app.settings import Settings, Twilio
from core.errors import SendLater, SendNever, SendUnknown
from core.ports import Text

TIMEOUT = 10.0
"""Seconds to wait for Twilio; its client has none of its own."""

NEVER = frozenset({21211, 21408, 21610, 21614, 21635, 30003, 30005, 30006, 30007, 30034, 21617, 63016})
"""Codes after which another try cannot help: no such number, opted out, landline, filtered, too long ..."""

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
    """Sends SMS. `core.ports.Sender`."""

    def __init__(self, settings: Settings) -> None:
        assert settings.twilio is not None
        self._twilio = settings.twilio
        self._status = f"{settings.public_url}/sms/status"
        self._client = client(self._twilio)

    def send(self, text: Text) -> str:
        """Send, and return the MessageSid. An answer that never came leaves it unknown whether it was sent."""
        try:
            sent = self._client.messages.create(
                to=text.to, from_=self._twilio.number, body=text.body, status_callback=self._status
            )
        except (TwilioRestException, RequestException) as fault:
            raise in_our_terms(fault) from fault
        return str(sent.sid)

    def find(self, text: Text, since: datetime) -> str:
        """The MessageSid of the same words to the same number sent since then, "" if there is none."""
        try:
            sent = self._client.messages.list(to=text.to, from_=self._twilio.number, date_sent_after=since, limit=50)
        except (TwilioRestException, RequestException) as refused:
            raise SendLater() from refused
        return next((str(m.sid) for m in sent if m.body == text.body), "")


def client(twilio: Twilio) -> Client:
    """Twilio's own client, with a time limit, for this account."""
    http = RedirectingClient(twilio.api_url)
    return Client(twilio.account, twilio.tokens[0], http_client=http)


def in_our_terms(fault: TwilioRestException | RequestException) -> SendLater | SendNever | SendUnknown:
    """What a fault of the provider means for a text or a call. An answer that never came leaves it unknown."""
    if isinstance(fault, ConnectTimeout):
        return SendLater()
    if isinstance(fault, RequestException):
        return SendUnknown()
    code = str(fault.code or fault.status)
    if fault.status == 429 or fault.code in LATER:
        return SendLater(code)
    return SendUnknown(code) if fault.status >= 500 else SendNever(code)
