"""X-Twilio-Signature as Twilio computes it, written from its description and not from its library.

Source: Twilio docs, usage/security ("Validating signatures from Twilio"): base64 of HMAC-SHA1, keyed with
the primary Auth Token, over the URL followed by each POST parameter's name and value, sorted by name,
with nothing in between. The fragment and any `user:password@` are left out; a voice request to https also
leaves out the port.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable

Form = tuple[tuple[str, str], ...]


def signed_url(url: str, *, voice: bool) -> str:
    """The exact text of `url` that Twilio signs; for `voice` over https the port is not part of it."""
    scheme, _, rest = url.partition("#")[0].partition("://")
    end = re.search(r"[/?]|$", rest)
    host = rest[: end.start() if end else None]
    path = rest[len(host) :]
    name = host.rpartition("@")[2]
    return f"{scheme}://{without_port(name) if voice and scheme == 'https' else name}{path}"


def without_port(host: str) -> str:
    """`host:8443` as `host`; an IPv6 address keeps its brackets."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def signature(token: str, url: str, form: Iterable[tuple[str, str]] = ()) -> str:
    """The value of X-Twilio-Signature for `url` (already in its signed form) and the POST parameters `form`.

    A name that comes several times is signed once for each different value, sorted.
    """
    text = url + "".join(name + value for name, value in sorted(set(form)))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
