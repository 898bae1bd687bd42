"""Twilio's own client, sent to the exchange instead of to api.twilio.com."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from simulator.exchange import Exchange
from tests.exchange.application import TOKEN


class Local(TwilioHttpClient):  # type: ignore[misc]  # Twilio publishes no types
    """Replaces scheme and host, and waits no longer than a test wants to."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=0.3, pool_connections=False)
        self.base = urlsplit(base)

    def request(self, method: str, url: str, *rest: Any, **named: Any) -> Response:
        asked = urlsplit(url)
        local = urlunsplit((self.base.scheme, self.base.netloc, asked.path, asked.query, ""))
        return super().request(method, local, *rest, **named)


def client(exchange: Exchange, token: str = TOKEN) -> Client:
    return Client(exchange.account_sid, token, http_client=Local(exchange.api_url))
