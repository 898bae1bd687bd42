"""Whether a request comes from Twilio (Twilio docs: security).

The address is taken from our public URL and the raw query string, never from what a proxy or a decoder made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from twilio.request_validator import RequestValidator


def is_signed(url: str, form: Mapping[str, list[str]], signature: str | None, tokens: Iterable[str]) -> bool:
    """True if one of the account's tokens signed exactly this address and these fields."""
    if not signature or not signature.isascii():
        return False
    fields = {name: values[0] if len(values) == 1 else values for name, values in form.items()}
    try:
        return any(RequestValidator(token).validate(url, fields, signature) for token in tokens)
    except UnicodeEncodeError:  # a lone surrogate: no provider sends one
        return False
