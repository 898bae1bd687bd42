"""Calls out through Twilio's REST API (Twilio docs: Call resource)."""

from __future__ import annotations

from app.settings import Settings
from ivr.links import RETRY, STAFF, link
from ivr.sending import asking, client, named

RING = 25
"""Seconds a member of staff's telephone rings."""

RING_BACK = 40
"""Seconds a resident's telephone rings: time to get up and find it."""


class TwilioCaller:
    """Rings staff, and residents who rang. `core.ports.Caller`."""

    def __init__(self, settings: Settings) -> None:
        assert settings.twilio is not None
        self._twilio = settings.twilio
        self._settings = settings
        self._client = client(self._twilio)

    def place(self, to: str, call: int) -> str:
        """Ring, and return the CallSid."""
        with asking():
            placed = self._client.calls.create(
                to=to,
                from_=self._twilio.number,
                timeout=RING,
                url=self._address("/voice/staff", call),
                status_callback=self._address("/voice/staff/status", call),
            )
            return named(placed.sid)

    def call_back(self, to: str, ring: int) -> str:
        """Ring who rang us, and return the CallSid. Who takes it hears what a caller hears."""
        return self._ring(to, ring, f"{self._settings.public_url}/voice{RETRY}")

    def tell(self, to: str, ring: int) -> str:
        """Ring who wants news, and return the CallSid. Nothing of it is private, so a machine may hear it."""
        return self._ring(to, ring, self._address("/voice/news", ring))

    def _ring(self, to: str, ring: int, url: str) -> str:
        with asking():
            placed = self._client.calls.create(
                to=to,
                from_=self._twilio.number,
                timeout=RING_BACK,
                url=url,
                fallback_url=f"{self._settings.public_url}/voice/resume{RETRY}",
                status_callback=self._address("/voice/ring/status", ring),
            )
            return named(placed.sid)

    def _address(self, path: str, call: int) -> str:
        return self._settings.public_url + link(path, self._settings.secret_key, STAFF, id=str(call))
