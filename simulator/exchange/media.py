"""What residents send on WhatsApp beside words: the files, as the REST API lists, hands on and deletes them.

Source: Twilio docs, messaging/api/media-resource. The file itself is at another address, to which the API leads: there
credentials are refused.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from simulator.exchange.leg import API_VERSION
from simulator.exchange.pages import Body, Fields, page
from simulator.exchange.rest_errors import RestError

OPUS_RATE = 48000


@dataclass(slots=True, kw_only=True)
class Sent:
    """One file of a message. A test may put something else into `body`, `kind` (its content type) and `leads` (where
    the API says that it is)."""

    sid: str
    message: str
    account: str
    body: bytes
    kind: str
    leads: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An answer that leads elsewhere."""

    to: str


class Media:
    """`/Accounts/{sid}/Messages/{sid}/Media`. `sent` are all there ever were, `deleted` the Sids that were deleted."""

    def __init__(self, account: str, new_sid: Callable[[str], str]) -> None:
        self.sent: list[Sent] = []
        self.deleted: list[str] = []
        self._account = account
        self._new_sid = new_sid
        self._lock = threading.Lock()

    def keep(self, body: bytes, kind: str) -> Sent:
        """A file that is about to be sent; `message` is filled in with its message."""
        sid = self._new_sid("ME")
        made = Sent(sid=sid, message="", account=self._account, body=body, kind=kind, leads=f"/media/{sid}")
        with self._lock:
            self.sent.append(made)
        return made

    def url(self, sent: Sent) -> str:
        """Where Twilio says that a file is."""
        return f"https://api.twilio.com/{API_VERSION}/Accounts/{self._account}/Messages/{sent.message}/Media/{sent.sid}"

    def list(self, message: str, query: Fields) -> tuple[int, Body]:
        """The files of a message."""
        with self._lock:
            mine = [one for one in self.sent if one.message == message and one.sid not in self.deleted]
        root = f"/{API_VERSION}/Accounts/{self._account}/Messages/{message}/Media.json"
        return 200, page(mine, "media_list", root, query, self._shape)

    def leads(self, message: str, sid: str) -> Moved:
        """Where a file of a message is."""
        return Moved(to=self._find(message, sid).leads)

    def file(self, sid: str) -> Sent:
        """A file, for whoever knows where it is."""
        return self._find(None, sid)

    def delete(self, message: str, sid: str) -> tuple[int, Body]:
        """Delete it for good."""
        found = self._find(message, sid)
        with self._lock:
            self.deleted.append(found.sid)
        return 204, {}

    def _find(self, message: str | None, sid: str) -> Sent:
        with self._lock:
            for one in self.sent:
                if one.sid == sid and message in (None, one.message) and sid not in self.deleted:
                    return one
        raise RestError(20404, sid)

    def _shape(self, sent: Sent) -> Body:
        return {
            "sid": sent.sid,
            "account_sid": sent.account,
            "parent_sid": sent.message,
            "content_type": sent.kind,
            "date_created": None,
            "date_updated": None,
            "uri": f"/{API_VERSION}/Accounts/{sent.account}/Messages/{sent.message}/Media/{sent.sid}.json",
        }


def voice(seconds: float) -> bytes:
    """An Ogg file as WhatsApp's are, as far as it tells how long it is: a page that begins it and one that ends it
    (RFC 3533, section 6). What is between could not be heard."""
    return _page(0, 2, b"OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00") + _page(
        round(seconds * OPUS_RATE), 4, bytes(200)
    )


def _page(position: int, kind: int, body: bytes) -> bytes:
    head = b"OggS\x00" + bytes([kind]) + position.to_bytes(8, "little", signed=True) + bytes(12)
    return head + bytes([1, len(body)]) + body
