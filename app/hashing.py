"""The one way in which secrets that people make up are kept: argon2id (RFC 9106, the library's default: 64 MiB, 3
rounds). It is slow on purpose, so nobody may hold a database's lock meanwhile."""

from __future__ import annotations

import hmac
import secrets
from functools import cached_property
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2
"""Secrets worked on at a time: each takes 64 MiB."""


class SlowHash:
    """Hashes secrets. Safe to share between threads."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._at_once = BoundedSemaphore(AT_ONCE)

    def hash(self, secret: str) -> str:
        """A hash with a salt of its own."""
        with self._at_once:
            return str(self._hasher.hash(secret))

    def fits(self, kept: str, secret: str) -> bool:
        """Whether the hash is this secret's. With `kept` "" it is nobody's, which takes as long to tell."""
        with self._at_once:
            try:
                return bool(self._hasher.verify(kept or self._nobodys, secret)) and kept != ""
            except (VerificationError, InvalidHashError):
                return False

    def is_old(self, kept: str) -> bool:
        """Whether it was made more quickly than hashes are made now."""
        return bool(self._hasher.check_needs_rehash(kept))

    @cached_property
    def _nobodys(self) -> str:
        return str(self._hasher.hash(secrets.token_urlsafe(15)))


class Sealing:
    """Seals secret numbers: `core.ports.Sealer`. Four digits are tried through in minutes by whoever has a slow hash of
    them, so they are keyed first: without the installation's own secret its database tells nothing."""

    def __init__(self, hashing: SlowHash, secret: str) -> None:
        self._hashing = hashing
        self._key = hmac.digest(secret.encode(), b"secret numbers", "sha256")

    def seal(self, digits: str) -> str:
        """The digits, sealed."""
        return self._hashing.hash(self._keyed(digits))

    def fits(self, sealed: str, digits: str) -> bool:
        """Whether these are the digits that were sealed; with "" they are none's, which takes as long to tell."""
        return self._hashing.fits(sealed, self._keyed(digits))

    def _keyed(self, digits: str) -> str:
        return hmac.digest(self._key, digits.encode("utf-8", "surrogatepass"), "sha256").hex()
