"""Texts: those that residents send to the application, and those that it sends to them, with every status.

Source: Twilio docs, messaging/api/message-resource (statuses, callbacks), messaging/guides/webhook-request.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from simulator.exchange import optout
from simulator.exchange.delivery import Delivered
from simulator.exchange.leg import API_VERSION
from simulator.exchange.media import Media, Sent
from simulator.exchange.refusal import Refused
from simulator.exchange.segments import segments
from simulator.exchange.signing import Form
from simulator.exchange.twiml import read_sms
from simulator.exchange.verbs import Message
from simulator.exchange.whatsapp import OUTSIDE, PREFIX, WhatsApp, is_whatsapp

FINAL = frozenset({"delivered", "undelivered", "failed", "canceled", "received", "read"})
OPTED_OUT = 21610


@dataclass(slots=True, kw_only=True)
class Text:
    """A text message, or one on WhatsApp. `by_exchange` if the exchange wrote it itself (the replies to STOP, START and
    HELP), `template` the id of the approved message that it is, `kind` the content type of its `media`."""

    sid: str
    from_: str
    to: str
    body: str
    direction: str
    status: str
    created: datetime
    updated: datetime
    status_url: str = ""
    service_sid: str = ""
    media: tuple[str, ...] = ()
    error_code: int | None = None
    sent: datetime | None = None
    by_exchange: bool = False
    template: str = ""
    kind: str = "image/jpeg"
    statuses: list[str] = field(default_factory=list)

    @property
    def segments(self) -> int:
        """What it costs."""
        return 1 if is_whatsapp(self.from_) else segments(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """How texts to a number end: delivered, undelivered, failed, sent (and never more), or on WhatsApp read."""

    status: str = "delivered"
    error_code: int | None = None

    def steps(self) -> tuple[str, ...]:
        """The statuses after queued."""
        short = {"failed": ("failed",), "sent": ("sent",), "read": ("sent", "delivered", "read")}
        return short.get(self.status, ("sent", self.status))


class Post(Protocol):
    """What texts need of the exchange."""

    account_sid: str
    number: str
    sms_url: str
    sms_fallback_url: str
    strict: bool
    media: Media

    def deliver_text(self, url: str, form: Form, method: str) -> Delivered: ...
    def callback(self, url: str, form: Form) -> None: ...
    def later(self, job: Callable[[], None]) -> None: ...
    def note(self, code: int, url: str, what: str, sid: str) -> None: ...
    def now(self) -> datetime: ...
    def new_sid(self, kind: str) -> str: ...


class Texts:
    """Every text of this exchange, who has opted out, and what becomes of texts to whom."""

    def __init__(self, post: Post, *, advanced_opt_out: bool, whatsapp: WhatsApp) -> None:
        self.all: list[Text] = []
        self.opted_out: set[tuple[str, str]] = set()
        self.fates: dict[str, Fate] = {}
        self.refusals: dict[str, int] = {}
        self.whatsapp = whatsapp
        self._post = post
        self._advanced = advanced_opt_out
        self._lock = threading.RLock()

    def fate(self, to: str, status: str, error_code: int | None = None) -> None:
        """From now on texts to `to` end as `status`, with Twilio's `error_code` (30003 ...) if they fail."""
        if status not in {"delivered", "undelivered", "failed", "sent", "read"}:
            raise ValueError(f"a text ends as delivered, undelivered, failed, sent or read, not {status!r}")
        self.fates[to] = Fate(status=status, error_code=error_code)

    def refuse(self, to: str, code: int) -> None:
        """From now on the REST API refuses texts to `to` with `code` (21614, 21408, 21610 ...)."""
        self.refusals[to] = code

    def outbox(self, to: str) -> list[Text]:
        """What was sent to `to`, first to last, the exchange's own replies included."""
        with self._lock:
            return [text for text in self.all if text.to == to and text.direction != "inbound"]

    def find(self, sid: str) -> Text | None:
        """The text with this Sid."""
        with self._lock:
            return next((text for text in self.all if text.sid == sid), None)

    def refused(self, from_: str, to: str) -> int:
        """The code with which a text from `from_` to `to` is refused, or 0."""
        with self._lock:
            return OPTED_OUT if (from_, to) in self.opted_out else self.refusals.get(to, 0)

    # --- from a resident ---------------------------------------------------------------------------------

    def receive(
        self, from_: str, to: str, body: str, media: tuple[str, ...], extra: Form, *, spoken: Sent | None = None
    ) -> Text:
        """A resident's text: answered by the exchange if it is a keyword, then posted to the application. `media` are
        addresses of pictures, `spoken` is a file that the exchange keeps."""
        text = self._new("inbound", from_, to, body, "received", media=(spoken.sid,) if spoken else media)
        if spoken:
            spoken.message = text.sid
            text.media, text.kind = (self._post.media.url(spoken),), spoken.kind
        if is_whatsapp(from_):
            self.whatsapp.wrote(from_, self._post.now())
        kind = "" if is_whatsapp(from_) else optout.keyword(body)
        if kind:
            self._obey(kind, resident=from_, number=to)
        said = (("OptOutType", kind),) if kind and self._advanced else ()
        self.post(text, (*said, *extra))
        return text

    def post(self, text: Text, extra: Form = ()) -> None:
        """Post a resident's text to the application and send what it answers with."""
        form = (*inbound_form(self._post.account_sid, text), *extra)
        error = self._ask(self._post.sms_url, form, text, "POST")
        if error and self._post.sms_fallback_url:
            said = (("ErrorCode", str(error)), ("ErrorUrl", self._post.sms_url.partition("#")[0]))
            self._ask(self._post.sms_fallback_url, (*form, *said), text, "POST")

    def _ask(self, url: str, form: Form, text: Text, method: str) -> int:
        delivered = self._post.deliver_text(url, form, method)
        if delivered.error:
            what = delivered.last.failure or f"status {delivered.last.status}"
            self._post.note(delivered.error, url, what, text.sid)
            return delivered.error
        try:
            verbs = read_sms(delivered.last.body, delivered.last.content_type)
        except Refused as reason:
            self._post.note(reason.code, url, str(reason), text.sid)
            if self._post.strict:
                raise
            return reason.code
        for verb in verbs:
            self._reply(verb, text, url)
        return 0

    def _reply(self, verb: Message, text: Text, url: str) -> None:
        to = verb.to or text.from_
        if code := self.refused(text.to, to):
            self._post.note(code, url, f"a text to {to} was refused", text.sid)
            return
        self.begin(self._new("outbound-reply", text.to, to, verb.body, "queued", media=verb.media))

    def _obey(self, kind: str, *, resident: str, number: str) -> None:
        with self._lock:
            if kind == "STOP":
                self.opted_out.add((number, resident))
            elif kind == "START":
                self.opted_out.discard((number, resident))
        reply = self._new("outbound-reply", number, resident, optout.REPLIES[kind], "delivered")
        reply.by_exchange = True

    # --- to a resident -----------------------------------------------------------------------------------

    def accept(
        self,
        *,
        from_: str,
        to: str,
        body: str,
        media: tuple[str, ...],
        status_url: str,
        service_sid: str,
        template: str = "",
    ) -> Text:
        """A text that the REST API has accepted; begin() lets it go on its way."""
        first = "accepted" if service_sid else "queued"
        text = self._new("outbound-api", from_, to, body, first, media=media)
        text.status_url, text.service_sid, text.template = status_url, service_sid, template
        return text

    def begin(self, text: Text) -> None:
        """Let `text` go through its statuses, apart from whoever asked."""
        fate = self.fates.get(text.to, Fate())
        if is_whatsapp(text.to) and not text.template and not self.whatsapp.open(text.to, self._post.now()):
            fate = Fate(status="failed", error_code=OUTSIDE)
        steps = (("queued",) if text.service_sid else ()) + fate.steps()

        def travel() -> None:
            for step in steps:
                last = step == steps[-1]
                self.report(text, step, fate.error_code if last else None)

        self._post.later(travel)

    def report(self, text: Text, status: str, error_code: int | None = None) -> None:
        """`text` has reached `status`: remember it and tell the application's status callback."""
        with self._lock:
            text.status, text.updated = status, self._post.now()
            text.statuses.append(status)
            text.error_code = error_code
            if status == "sent":
                text.sent = text.updated
        if text.status_url:
            self._post.callback(text.status_url, status_form(self._post.account_sid, text, status))

    def _new(self, direction: str, from_: str, to: str, body: str, status: str, media: tuple[str, ...] = ()) -> Text:
        now = self._post.now()
        text = Text(
            sid=self._post.new_sid("MM" if media else "SM"),
            from_=from_,
            to=to,
            body=body,
            direction=direction,
            status=status,
            created=now,
            updated=now,
            media=media,
            statuses=[status],
        )
        with self._lock:
            self.all.append(text)
        return text


def inbound_form(account: str, text: Text) -> Form:
    """What the application is told about a resident's text."""
    pictures = [(f"MediaUrl{place}", url) for place, url in enumerate(text.media)]
    kinds = [(f"MediaContentType{place}", text.kind) for place, _ in enumerate(text.media)]
    return (
        ("MessageSid", text.sid),
        ("SmsSid", text.sid),
        ("SmsMessageSid", text.sid),
        ("AccountSid", account),
        ("From", text.from_),
        ("To", text.to),
        ("Body", text.body),
        ("SmsStatus", "received"),
        ("NumMedia", str(len(text.media))),
        ("NumSegments", str(text.segments)),
        ("ApiVersion", API_VERSION),
        *_profile(text),
        *pictures,
        *kinds,
    )


def _profile(text: Text) -> Form:
    """Who it is on WhatsApp: the name that they gave themselves, and their id, which is their number."""
    if not is_whatsapp(text.from_):
        return ()
    return (("ProfileName", "Ana"), ("WaId", text.from_.removeprefix(f"{PREFIX}+")))


def status_form(account: str, text: Text, status: str) -> Form:
    """What a status callback says."""
    error = () if text.error_code is None else (("ErrorCode", str(text.error_code)),)
    service = (("MessagingServiceSid", text.service_sid),) if text.service_sid else ()
    channel = (("ChannelPrefix", "whatsapp"),) if is_whatsapp(text.to) else ()
    return (
        ("MessageSid", text.sid),
        ("SmsSid", text.sid),
        ("AccountSid", account),
        ("From", text.from_),
        ("To", text.to),
        ("MessageStatus", status),
        ("SmsStatus", status),
        ("ApiVersion", API_VERSION),
        *service,
        *channel,
        *error,
    )
