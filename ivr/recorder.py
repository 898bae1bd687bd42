"""What Twilio recorded, or was sent: fetched from the API's own host alone, and deleted there (Twilio docs: Recording
resource, Media resource).

The address in a callback is never used. Ours is made of the host that the settings name and the Sid of the recording,
or of the message, so that our credentials go nowhere else, whatever a form says. What was sent is kept by Twilio at
another host, to which the API leads; there we go without credentials, and no further.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.exceptions import RequestException

from app.recordings import OF_CALLS
from app.settings import Settings
from core.errors import SendLater, SendNever
from ivr.sending import asking, client, named

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

OGG = frozenset({"audio/ogg"})

MOST_MEDIA = 10
"""Files that one message can have (Twilio docs: webhook request, `NumMedia`)."""

GONE = ("404", "20404")


class TwilioRecorder:
    """Fetches and deletes. `core.ports.Recorder`."""

    def __init__(self, settings: Settings) -> None:
        assert settings.twilio is not None
        self._twilio = settings.twilio
        self._client = client(self._twilio)

    def fetch(self, id: str) -> bytes:
        """The file. One that is not there yet may come; another type and too many bytes are refused, and so is a
        redirect, but for the one by which Twilio hands out what was sent."""
        try:
            if id.startswith(OF_CALLS):
                return self._got(f"Recordings/{id}.wav", WAV)
            found = [sid for sid, kind in self._media(id) if kind in OGG]
            if not found:
                raise SendNever("no_sound")
            return self._got(f"Messages/{id}/Media/{found[0]}", OGG, handed_on=True)
        except RequestException as fault:
            raise SendLater(type(fault).__name__) from fault

    def delete(self, id: str) -> None:
        """Delete it; one that is not there is deleted."""
        try:
            if id.startswith(OF_CALLS):
                with asking():
                    self._client.recordings(id).delete()
                return
            for sid, _ in self._media(id):
                with asking():
                    self._client.messages(id).media(sid).delete()
        except SendNever as fault:
            if fault.code not in GONE:
                raise

    def _media(self, message: str) -> list[tuple[str, str]]:
        """What came with a message: the Sid and the type of each file."""
        with asking():
            found = self._client.messages(message).media.list(limit=MOST_MEDIA)
            return [(named(one.sid), str(one.content_type).partition(";")[0].strip().lower()) for one in found]

    def _got(self, path: str, kinds: frozenset[str], *, handed_on: bool = False) -> bytes:
        api = self._twilio.api_url or API
        url = f"{api}/2010-04-01/Accounts/{self._twilio.account}/{path}"
        with _asked(url, (self._twilio.account, self._twilio.tokens[0])) as answer:
            if not (handed_on and answer.is_redirect):
                return _read(answer, kinds)
            there = urljoin(url, answer.headers["Location"])
        if urlsplit(there).scheme != "https" and urlsplit(there).netloc != urlsplit(api).netloc:
            raise SendNever("redirect")
        with _asked(there, _nobody) as answer:
            return _read(answer, kinds)


def _asked(url: str, auth: Any) -> requests.Response:
    return requests.get(url, auth=auth, stream=True, timeout=WAIT, allow_redirects=False)


def _nobody(asked: requests.PreparedRequest) -> requests.PreparedRequest:
    """No credentials, none of this machine's own either."""
    return asked


def _read(answer: requests.Response, kinds: frozenset[str]) -> bytes:
    _check(answer, kinds)
    return b"".join(_bounded(answer))


def _check(answer: requests.Response, kinds: frozenset[str]) -> None:
    """Refuse what is no file of ours before a byte of it is read."""
    if 300 <= answer.status_code < 400:
        raise SendNever("redirect")
    if answer.status_code != 200:
        raise SendLater(str(answer.status_code))
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in kinds:
        raise SendNever("not_a_wav" if kinds is WAV else "not_an_ogg")


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
