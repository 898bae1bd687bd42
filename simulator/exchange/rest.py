"""The REST API, served for real on 127.0.0.1 by threads of its own.

`twilio.rest.Client` reaches it through an HTTP client that replaces scheme and host by `url`.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import parse_qs, urlsplit

from simulator.exchange.leg import API_VERSION
from simulator.exchange.media import Media, Moved, Sent
from simulator.exchange.pages import Body
from simulator.exchange.recordings import Recorded, Recordings
from simulator.exchange.rest_calls import Calls
from simulator.exchange.rest_errors import RestError
from simulator.exchange.rest_messages import Messages
from simulator.exchange.trouble import Arranged, Fault, Line

Many = Mapping[str, list[str]]
Found = Body | Recorded | Sent | Moved
"""What an answer holds: JSON, a file, or where a file is."""


class Answers(Protocol):
    """What stands behind the server."""

    def answer(self, method: str, path: str, query: Many, form: Many, authorization: str) -> tuple[int, Found]: ...


class Api:
    """Paths, methods and authentication; knows nothing of sockets."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        messages: Messages,
        calls: Calls,
        recordings: Recordings,
        media: Media,
    ) -> None:
        self._account = account_sid
        self._token = auth_token
        self._messages = messages
        self._calls = calls
        self._recordings = recordings
        self._media = media

    def answer(self, method: str, path: str, query: Many, form: Many, authorization: str) -> tuple[int, Found]:
        """Status and JSON, or a file, for one request; a refusal is an answer too."""
        try:
            if method == "GET" and path.startswith("/media/"):
                if authorization:
                    raise RestError(20003)
                return 200, self._media.file(path.removeprefix("/media/"))
            self._authenticate(authorization)
            return self._route(method, path, query, form)
        except RestError as refusal:
            return refusal.status, refusal.body

    def _authenticate(self, authorization: str) -> None:
        kind, _, given = authorization.partition(" ")
        try:
            name = base64.b64decode(given, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            name = ""
        expected = f"{self._account}:{self._token}"
        if kind.lower() != "basic" or not hmac.compare_digest(name.encode(), expected.encode()):
            raise RestError(20003)

    def _route(self, method: str, path: str, query: Many, form: Many) -> tuple[int, Found]:
        root = f"/{API_VERSION}/Accounts/{self._account}/"
        if path.startswith(f"{root}Recordings/"):
            return self._recording(method, path.removeprefix(f"{root}Recordings/"))
        message, media, name = path.removeprefix(f"{root}Messages/").partition("/Media")
        if media and path.startswith(f"{root}Messages/"):
            return self._of_message(method, message, name, first(query))
        kind, _, sid = path.removeprefix(root).removesuffix(".json").partition("/")
        known = path.startswith(root) and path.endswith(".json") and kind in {"Messages", "Calls"}
        if not known or "/" in sid:
            raise RestError(20404, path)
        said, asked = first(form), first(query)
        match kind, method, bool(sid):
            case "Messages", "POST", False:
                return self._messages.create(said, tuple(form.get("MediaUrl", ())))
            case "Messages", "GET", False:
                return self._messages.list(asked)
            case "Messages", "GET", True:
                return self._messages.fetch(sid)
            case "Calls", "POST", False:
                return self._calls.create(said, form.get("StatusCallbackEvent", []))
            case "Calls", "GET", False:
                return self._calls.list(asked)
            case "Calls", "GET", True:
                return self._calls.fetch(sid)
            case "Calls", "POST", True:
                return self._calls.update(sid, said)
        raise RestError(20004)

    def _recording(self, method: str, name: str) -> tuple[int, Found]:
        """A recording: `.json` is what is known of it, anything else the file."""
        sid = name.removesuffix(".json")
        match method, name != sid:
            case "GET", True:
                return self._recordings.fetch(sid)
            case "GET", False:
                return 200, self._recordings.file(name)
            case "DELETE", True:
                return self._recordings.delete(sid)
        raise RestError(20004)

    def _of_message(self, method: str, message: str, name: str, query: Mapping[str, str]) -> tuple[int, Found]:
        """What came with a message: with nothing behind it all of that, with a Sid one file."""
        sid = name.removeprefix("/")
        match method, sid:
            case "GET", ".json":
                return self._media.list(message, dict(query))
            case "GET", _:
                return 307, self._media.leads(message, sid)
            case "DELETE", _:
                return self._media.delete(message, sid.removesuffix(".json"))
        raise RestError(20004)


def first(fields: Many) -> dict[str, str]:
    """The first value of each name."""
    return {name: values[0] for name, values in fields.items()}


Reply = tuple[int, bytes, str]
"""Status, body and content type. A body that leads elsewhere (status 307) is where to."""


class Server(ABC):
    """An HTTP server with threads of its own, on `port` (0: a free one); `trouble` holds the faults that its callers
    meet."""

    def __init__(self, trouble: Line, port: int = 0) -> None:
        self.trouble = trouble
        self.closing = threading.Event()
        self.url = ""
        self._port = port
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), handler_for(self))
        self._server.daemon_threads = False
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="exchange-rest", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, reason: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    @abstractmethod
    def reply(self, method: str, target: str, form: Many, authorization: str) -> Reply | None:
        """The answer, or None if the caller gets none at all."""


class RestServer(Server):
    """Serves `answers` while it is open."""

    def __init__(self, answers: Answers, port: int = 0) -> None:
        super().__init__(Line(), port)
        self._answers = answers

    def reply(self, method: str, target: str, form: Many, authorization: str) -> Reply | None:
        parts = urlsplit(target)
        met = self.trouble.take(parts.path)
        if Fault.LOST_REQUEST in met:
            return None
        if Fault.REFUSED in met:
            return refused(met[Fault.REFUSED])
        query = parse_qs(parts.query, keep_blank_values=True)
        status, body = self._answers.answer(method, parts.path, query, form, authorization)
        if Fault.LATE_ANSWER in met:
            self.closing.wait(met[Fault.LATE_ANSWER].seconds)
        if Fault.LOST_ANSWER in met:
            return None
        if isinstance(body, Recorded | Sent):
            return status, body.body, body.kind
        if isinstance(body, Moved):
            return status, body.to.encode(), "text/plain"
        return status, json.dumps(body).encode() if status != 204 else b"", "application/json"


def refused(arranged: Arranged) -> Reply:
    """429 in Twilio's JSON; any other status as a proxy in between would say it, without JSON."""
    if arranged.status == 429:
        refusal = RestError(20429)
        return refusal.status, json.dumps(refusal.body).encode(), "application/json"
    return arranged.status, b"<html><h1>Upstream trouble</h1></html>", "text/html"


def handler_for(server: Server) -> type[BaseHTTPRequestHandler]:
    """The handler class that http.server wants, bound to `server`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_DELETE(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self._answer(parse_qs(self.rfile.read(length).decode(), keep_blank_values=True))

        def _answer(self, form: Many) -> None:
            found = server.reply(self.command, self.path, form, self.headers.get("Authorization", ""))
            if found is None:
                self.close_connection = True
                return
            status, body, kind = found
            with suppress(ConnectionError):  # who asked may have gone
                self.send_response(status)
                self.send_header("Content-Type", kind)
                if status == 307:
                    self.send_header("Location", body.decode())
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: what happened is in the exchange's own lists."""

    return Handler
