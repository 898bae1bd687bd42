"""Addresses of our own that Twilio calls back: they carry the turn and the language, signed.

Twilio's signature covers the whole address already; ours keeps a turn from being moved to another call.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from urllib.parse import urlencode

STAFF = "staff"
"""Stands for the call in links that are made before the call has a CallSid."""

RETRY = "#rc=3&rp=5xx,ct,rt&rt=4000"
"""Try three times more on 5xx, connect and read time-outs, each after 4 s: all tries share 15 s (Twilio docs:
connection overrides)."""


def link(path: str, secret: str, call: str, **carried: str) -> str:
    """A signed address for this call, relative to the public URL, asking for retries."""
    fields = {name: value for name, value in carried.items() if value}
    return f"{path}?{urlencode({**fields, 's': _sign(path, secret, call, fields)})}{RETRY}"


def carried(path: str, secret: str, call: str, query: Mapping[str, str]) -> dict[str, str] | None:
    """What a link of ours carries, None if it was not made for this call."""
    fields = {name: value for name, value in query.items() if name != "s"}
    signed = _sign(path, secret, call, fields)
    return fields if hmac.compare_digest(signed, query.get("s", "")) else None


def id_in(path: str, secret: str, query: Mapping[str, str]) -> int | None:
    """The id of ours that a link made for no call in particular carries, None if it is none of ours."""
    fields = carried(path, secret, STAFF, query)
    return int(fields["id"]) if fields and fields.get("id", "").isdigit() else None


def _sign(path: str, secret: str, call: str, fields: Mapping[str, str]) -> str:
    whole = "\x1f".join((path, call, *(f"{k}={fields[k]}" for k in sorted(fields))))
    return hmac.digest(secret.encode(), whole.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]
