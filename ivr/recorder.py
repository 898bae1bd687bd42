"""What Twilio recorded: fetched from the API's own host alone, and deleted there (Twilio docs: Recording resource).

The address in a callback is never used. Ours is made of the host that the settings name and the recording's Sid, so
that our credentials go nowhere else, whatever a form says.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import requests
from requests.exceptions import RequestException

from app.settings import Settings
from core.errors import SendLater, SendNever
from ivr.sending import asking, client

API = "https://api.twilio.com"

LARGEST = 4 * 1024 * 1024
"""Bytes of a file that is taken: a minute is 1 MB (16 bits, 8000 Hz), and four times that with two channels of twice
the rate."""

WAIT = (5.0, 10.0)
"""Seconds to wait for a connection, and for the next bytes."""

LONGEST = 60.0
"""Seconds that the fetching of one file may take in all."""

PIECE = 64 * 1024

WAV = frozenset({"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"})

GONE = ("404", "20404")


class TwilioRecorder:
    """Fetches and deletes. `core.ports.Recorder`."""

    def __init__(self, settings: Settings) -> None:
        assert settings.twilio is not None
        self._twilio = settings.twilio
        self._client = client(self._twilio)

    def fetch(self, id: str) -> bytes:
        """The file. One that is not there yet may come; a redirect, another type and too many bytes are refused."""
        twilio = self._twilio
        url = f"{twilio.api_url or API}/2010-04-01/Accounts/{twilio.account}/Recordings/{id}.wav"
        credentials = (twilio.account, twilio.tokens[0])
        try:
            with requests.get(url, auth=credentials, stream=True, timeout=WAIT, allow_redirects=False) as answer:
                _check(answer)
                return b"".join(_bounded(answer))
        except RequestException as fault:
            raise SendLater(type(fault).__name__) from fault

    def delete(self, id: str) -> None:
        """Delete it; one that is not there is deleted."""
        try:
            with asking():
                self._client.recordings(id).delete()
        except SendNever as fault:
            if fault.code not in GONE:
                raise


def _check(answer: requests.Response) -> None:
    """Refuse what is no file of ours before a byte of it is read."""
    if 300 <= answer.status_code < 400:
        raise SendNever("redirect")
    if answer.status_code != 200:
        raise SendLater(str(answer.status_code))
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in WAV:
        raise SendNever("not_a_wav")


def _bounded(answer: requests.Response) -> Iterator[bytes]:
    """The bytes, as long as they are not too many and do not take too long."""
    began, size = time.monotonic(), 0
    for piece in answer.iter_content(PIECE):
        size += len(piece)
        if size > LARGEST:
            raise SendNever("too_large")
        if time.monotonic() - began > LONGEST:
            raise SendLater("too_slow")
        yield piece
