"""The Bot API, served for real on 127.0.0.1: POST /bot<token>/<method>, as aiogram's `TelegramAPIServer` asks."""

from __future__ import annotations

import json
import re
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from simulator.exchange.bot_api import BotApi
from simulator.exchange.bot_errors import too_many
from simulator.exchange.rest import Many, Reply, Server, first
from simulator.exchange.trouble import Arranged, Fault

_PATH = re.compile(r"^/bot(?P<token>[^/]*)/(?P<method>\w+)$")


class BotServer(Server):
    """Serves one bot while it is open. Faults are arranged by method: `arrange(Fault.REFUSED, "/sendMessage")`."""

    def __init__(self, api: BotApi, port: int = 0) -> None:
        super().__init__(api.trouble, port)
        self._api = api

    def __exit__(
        self, kind: type[BaseException] | None, reason: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._api.updates.close()
        super().__exit__(kind, reason, trace)

    def reply(self, method: str, target: str, form: Many, authorization: str) -> Reply | None:  # noqa: ARG002 the base class passes them
        parts = urlsplit(target)
        asked = _PATH.match(parts.path)
        met = self.trouble.take("/" + asked["method"]) if asked else {}
        if Fault.LOST_REQUEST in met:
            return None
        if Fault.REFUSED in met:
            return _refused(met[Fault.REFUSED])
        given = first(parse_qs(parts.query, keep_blank_values=True)) | first(form)
        status, body = self._api.answer(asked["token"], asked["method"], given) if asked else (404, _NOT_FOUND)
        if Fault.LATE_ANSWER in met:
            self.closing.wait(met[Fault.LATE_ANSWER].seconds)
        if Fault.LOST_ANSWER in met:
            return None
        return status, json.dumps(body).encode(), "application/json"


_NOT_FOUND: dict[str, object] = {"ok": False, "error_code": 404, "description": "Not Found"}


def _refused(arranged: Arranged) -> Reply:
    """429 in Telegram's JSON with `seconds` to wait; any other status as a proxy in between would say it."""
    if arranged.status == 429:
        refusal = too_many(max(1, round(arranged.seconds)))
        return refusal.status, json.dumps(refusal.body).encode(), "application/json"
    return arranged.status, b"<html><h1>Upstream trouble</h1></html>", "text/html"
