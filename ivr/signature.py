"""Whether a request comes from Twilio (Twilio docs: security).

The address is taken from our public URL and the raw query string, never from what a proxy or a decoder made of it.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

_PORTS = {"https": 443, "http": 80}


def is_signed(url: str, form: Mapping[str, list[str]], signature: str | None, tokens: Iterable[str]) -> bool:
    """True if one of the account's tokens signed exactly this address and these fields."""
    if not signature or not signature.isascii():
        return False
    fields = "".join(name + value for name in sorted(form) for value in sorted(set(form[name])))
    try:
        return any(
            hmac.compare_digest(_signature(address + fields, token), signature)
            for address in _addresses(url)
            for token in tokens
        )
    except UnicodeEncodeError:  # a lone surrogate: no provider sends one
        return False


def _signature(whole: str, token: str) -> str:
    return b64encode(hmac.digest(token.encode(), whole.encode(), "sha1")).decode()


def _addresses(url: str) -> Iterator[str]:
    """How Twilio may write the address: as it is, and, by what is called and how, without or with its port."""
    yield url
    parts = urlsplit(url)
    host = parts.netloc.removesuffix(f":{parts.port}")
    for netloc in (host, f"{host}:{parts.port or _PORTS[parts.scheme]}"):
        if netloc != parts.netloc:
            yield url.replace(parts.netloc, netloc, 1)
