"""One HTTP request over a real socket, byte for byte as given: the URL is neither decoded nor tidied."""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit


class NotConnected(Exception):
    """No connection: refused, no such host, TLS, or none in time."""


class NoReply(Exception):
    """Connected and asked, but no whole reply came in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request: `url` as the public knows it, `origin` where it is really served (None: where the URL
    says)."""

    url: str
    method: str
    body: bytes | None
    headers: Mapping[str, str]
    origin: str | None = None


def over_http(ask: Ask, connect: float, read: float) -> Reply:
    """Send `ask` and return the reply. Raises NotConnected or NoReply after the given seconds."""
    line = connected(ask.origin or ask.url, connect)
    try:
        line.sock.settimeout(read)
        line.request(ask.method, target(ask.url), body=ask.body, headers=headers(ask))
        reply = line.getresponse()
        found = {name.lower(): value for name, value in reply.getheaders()}
        return Reply(status=reply.status, body=reply.read(), headers=found)
    except (OSError, http.client.HTTPException) as reason:
        raise NoReply(str(reason) or type(reason).__name__) from reason
    finally:
        line.close()


def connected(url: str, seconds: float) -> http.client.HTTPConnection:
    """An open connection to the host of `url`."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.hostname or "", parts.port, timeout=seconds)
    try:
        line.connect()
    except (OSError, ssl.SSLError, socket.gaierror) as reason:
        raise NotConnected(str(reason)) from reason
    return line


def target(url: str) -> str:
    """The part of `url` that stands in the request line: path and query, untouched."""
    rest = url.partition("#")[0].partition("://")[2]
    cut = min((place for mark in "/?" if (place := rest.find(mark)) >= 0), default=len(rest))
    path = rest[cut:]
    return path if path.startswith("/") else "/" + path


def headers(ask: Ask) -> dict[str, str]:
    """The request's headers with Host, and Basic authentication if the URL carries a name and password."""
    user, _, host = urlsplit(ask.url).netloc.rpartition("@")
    basic = {"Authorization": "Basic " + base64.b64encode(user.encode()).decode()} if user else {}
    return {"Host": host, **basic, **ask.headers}
