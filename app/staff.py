"""Who may use the console: accounts, signing in, sessions.

Passwords are kept as slow hashes (`app.hashing`); sessions as rows that can be ended, with a hash of the token. Wrong
passwords slow down further tries, and never lock an account for good.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from app.hashing import SlowHash
from core import desk_words as words
from core.errors import Conflict, Misconfigured
from core.staff import Session, Staff

IDLE = timedelta(hours=1)
"""A session ends when nothing was done in it for this long (OWASP ASVS 5.0, 7.3; NIST SP 800-63B)."""

A_WHILE = timedelta(minutes=1)
"""That a session was used is written down so often at most: not a write with every look."""

LONGEST = timedelta(hours=12)
"""A session ends after a working day in any case."""

FREE_TRIES = 5
"""Wrong passwords before further ones have to wait."""

FIRST_WAIT = timedelta(seconds=30)
"""How long after the sixth wrong password; it doubles with each further one, up to `TRIES_WITHIN`."""

TRIES_WITHIN = timedelta(minutes=15)
"""The time over which wrong passwords are counted, for an account and where they come from."""

SHORTEST_PASSWORD = 15
"""Characters of a password that is the only proof (NIST SP 800-63B-4)."""

LONGEST_PASSWORD = 200

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


class StaffStore(Protocol):
    """Accounts and sessions in the database. Each method is one transaction."""

    def add(self, person: Staff, password: str, at: datetime) -> bool:
        """Add an account (its id is chosen here); False if the login is taken."""
        ...

    def all(self) -> tuple[Staff, ...]:
        """Every account, by login."""
        ...

    def by_login(self, login: str) -> tuple[Staff, str] | None:
        """The account and its password's hash."""
        ...

    def set_password(self, staff: int, password: str) -> None:
        """Another password's hash."""
        ...

    def set_active(self, staff: int, active: bool) -> None:
        """Let them in, or not."""
        ...

    def change(self, person: Staff) -> None:
        """Another name, department, phone or language."""
        ...

    def open_session(self, token_hash: str, staff: int, at: datetime) -> None:
        """Begin a session."""
        ...

    def session(self, token_hash: str) -> Session | None:
        """The session, None if there is none."""
        ...

    def seen(self, token_hash: str, at: datetime, used: bool) -> None:
        """The console asked for something, by itself or because it was used."""
        ...

    def end_session(self, token_hash: str) -> None:
        """End it."""
        ...

    def end_sessions(self, staff: int) -> int:
        """End all of a person's; how many there were."""
        ...

    def failed(self, source: str, at: datetime) -> None:
        """A wrong password came from here."""
        ...

    def failures(self, source: str, since: datetime) -> tuple[int, datetime | None]:
        """How many wrong passwords came from here since then, and when the last one did."""
        ...


class Accounts:
    """Accounts, and who is signed in. Safe to share between threads."""

    def __init__(self, store: StaffStore, clock: Callable[[], datetime], hashing: SlowHash | None = None) -> None:
        self.store = store
        self.clock = clock
        self._hashing = hashing or SlowHash()

    def add(self, person: Staff) -> str:
        """Add an account with a random password, which is returned and kept nowhere. Raises `Misconfigured`."""
        if not _LOGIN.fullmatch(person.login):
            raise Misconfigured([f"{person.login}: no login. Use small letters, digits, dots and hyphens, 40 at most."])
        password = secrets.token_urlsafe(15)
        if not self.store.add(person, self._hashing.hash(password), self.clock()):
            raise Misconfigured([f"{person.login}: taken. Choose another login, or `plainline staff reset` it."])
        return password

    def reset(self, login: str) -> str:
        """A new random password; every session of theirs ends. Raises `Misconfigured` for an unknown login."""
        person = self._named(login)
        password = secrets.token_urlsafe(15)
        self.store.set_password(person.id, self._hashing.hash(password))
        self.store.end_sessions(person.id)
        return password

    def set_active(self, login: str, active: bool) -> None:
        """Switch an account on or off; off ends every session of theirs at once."""
        person = self._named(login)
        self.store.set_active(person.id, active)
        if not active:
            self.store.end_sessions(person.id)

    def change_password(self, person: Staff, old: str, new: str) -> None:
        """Their own password, after the old one; other sessions end. Raises `Conflict`."""
        found = self.store.by_login(person.login)
        if found is None or not self._fits(found[1], old):
            raise Conflict(words.WRONG_PASSWORD)
        if not SHORTEST_PASSWORD <= len(new) <= LONGEST_PASSWORD:
            raise Conflict(words.PASSWORD_LENGTH, least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD)
        self.store.set_password(person.id, self._hashing.hash(new))
        self.store.end_sessions(person.id)

    def sign_in(self, login: str, password: str, source: str) -> str:
        """A token for a new session. Raises `Conflict`: wrong, or too many tries. `source` is where it came
        from: an address, or a browser that this account was used in before."""
        at, login = self.clock(), login.strip().lower()
        # Both together: nobody locks out a colleague of theirs, and behind a proxy all come from one address.
        tried = _hashed(f"{login}\n{source}")
        if self._must_wait(tried, at):
            raise Conflict(words.TOO_MANY_SIGN_INS)
        found = self.store.by_login(login)
        fits = self._fits(found[1] if found else "", password)
        if found is None or not fits or not found[0].active:
            self.store.failed(tried, at)
            raise Conflict(words.WRONG_SIGN_IN)
        if self._hashing.is_old(found[1]):
            self.store.set_password(found[0].id, self._hashing.hash(password))
        token = secrets.token_urlsafe(32)
        self.store.open_session(_hashed(token), found[0].id, at)
        return token

    def signed_in(self, token: str, *, used: bool = True) -> Staff | None:
        """Whose session it is, None if it is over or nobody's. `used` is False where the page asks by itself: that
        keeps nobody signed in."""
        found = self.store.session(_hashed(token))
        if found is None:
            return None
        at = self.clock()
        if at - found.began > LONGEST or at - found.used > IDLE or not found.person.active:
            self.store.end_session(_hashed(token))
            return None
        if at - (found.used if used else found.seen) > A_WHILE:
            self.store.seen(_hashed(token), at, used)
        return found.person

    def sign_out(self, token: str) -> None:
        """End the session."""
        self.store.end_session(_hashed(token))

    def sign_out_everywhere(self, person: Staff) -> int:
        """End all of a person's sessions; how many there were."""
        return self.store.end_sessions(person.id)

    def _named(self, login: str) -> Staff:
        found = self.store.by_login(login)
        if found is None:
            raise Misconfigured([f"{login}: no such login. `plainline staff list` shows them."])
        return found[0]

    def _must_wait(self, source: str, at: datetime) -> bool:
        count, last = self.store.failures(source, at - TRIES_WITHIN)
        if count < FREE_TRIES or last is None:
            return False
        doubled = 1 << min(count - FREE_TRIES, 10)
        return at - last < min(FIRST_WAIT * doubled, TRIES_WITHIN)

    def _fits(self, kept: str, password: str) -> bool:
        return self._hashing.fits(kept, password[:LONGEST_PASSWORD])


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
