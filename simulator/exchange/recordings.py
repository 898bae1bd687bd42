"""What callers said into a Record: the files, as the REST API serves and deletes them.

Source: Twilio docs, voice/twiml/record and voice/api/recording. A file is a WAV of 16 bits, mono, 8000 Hz.
"""

from __future__ import annotations

import io
import math
import threading
import wave
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from simulator.exchange.leg import API_VERSION
from simulator.exchange.pages import Body, rfc2822
from simulator.exchange.rest_errors import RestError
from simulator.exchange.signing import Form

RATE = 8000
LOUD = 9000
PITCH = 220.0
"""What a voice is here: a tone of so many Hz, of 32767 as loud as this."""


@dataclass(slots=True, kw_only=True)
class Recorded:
    """One recording. A test may put something else into `body` and `kind` (its content type)."""

    sid: str
    call: str
    account: str
    seconds: int
    made: datetime
    body: bytes
    kind: str = "audio/x-wav"
    status: str = "completed"

    def form(self, status: str, url: str) -> Form:
        """What the recordingStatusCallback is told."""
        return (
            ("AccountSid", self.account),
            ("CallSid", self.call),
            ("RecordingSid", self.sid),
            ("RecordingUrl", url),
            ("RecordingStatus", status),
            ("RecordingDuration", str(self.seconds)),
            ("RecordingChannels", "1"),
            ("RecordingStartTime", rfc2822(self.made) or ""),
            ("RecordingSource", "RecordVerb"),
        )


class Recordings:
    """`/Accounts/{sid}/Recordings`. `made` are all there ever were, `deleted` the Sids that were deleted."""

    def __init__(self, account: str, new_sid: Callable[[str], str], now: Callable[[], datetime]) -> None:
        self.made: list[Recorded] = []
        self.deleted: list[str] = []
        self._account = account
        self._new_sid = new_sid
        self._now = now
        self._root = f"/{API_VERSION}/Accounts/{account}/Recordings"
        self._lock = threading.Lock()

    def make(self, call: str, seconds: float, *, silent: bool) -> Recorded:
        """Keep what was said in a call."""
        made = Recorded(
            sid=self._new_sid("RE"),
            call=call,
            account=self._account,
            seconds=round(seconds),
            made=self._now(),
            body=sound(seconds, silent=silent),
        )
        with self._lock:
            self.made.append(made)
        return made

    def url(self, recorded: Recorded) -> str:
        """Where Twilio says that the file is."""
        return f"https://api.twilio.com{self._root}/{recorded.sid}"

    def file(self, name: str) -> Recorded:
        """The recording with this Sid, with or without .wav behind it. Raises RestError."""
        return self._find(name.removesuffix(".wav"))

    def fetch(self, sid: str) -> tuple[int, Body]:
        """What is known of a recording."""
        found = self._find(sid)
        return 200, {
            "sid": found.sid,
            "account_sid": found.account,
            "call_sid": found.call,
            "duration": str(found.seconds),
            "status": found.status,
            "source": "RecordVerb",
            "channels": 1,
            "date_created": rfc2822(found.made),
            "api_version": API_VERSION,
            "uri": f"{self._root}/{found.sid}.json",
        }

    def delete(self, sid: str) -> tuple[int, Body]:
        """Delete it for good."""
        found = self._find(sid)
        with self._lock:
            self.deleted.append(found.sid)
        return 204, {}

    def _find(self, sid: str) -> Recorded:
        with self._lock:
            for one in self.made:
                if one.sid == sid and sid not in self.deleted:
                    return one
        raise RestError(20404, f"{self._root}/{sid}.json")


def sound(seconds: float, *, silent: bool) -> bytes:
    """A WAV of so many seconds: a tone, or the faint noise of a line on which nobody speaks."""
    turn = 2 * math.pi * PITCH / RATE
    period = [n % 7 - 3 if silent else round(LOUD * math.sin(turn * n)) for n in range(RATE)]
    samples = array("h", (period * math.ceil(seconds))[: round(seconds * RATE)])
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return written.getvalue()
