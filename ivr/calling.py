"""Calls out through Twilio's REST API (Twilio docs: Call resource)."""

from __future__ import annotations

from app.settings import Settings
from ivr.links import link
from ivr.sending import asking, client, named

RING = 25
"""Seconds a member of staff's telephone rings."""

STAFF = "staff"
"""Stands for the call in links that are made before the call has a CallSid."""


class TwilioCaller:
    """Rings staff. `core.ports.Caller`."""

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

    def _address(self, path: str, call: int) -> str:
        return self._settings.public_url + link(path, self._settings.secret_key, STAFF, id=str(call))
